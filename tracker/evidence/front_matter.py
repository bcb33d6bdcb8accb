"""What a card's front matter and the Hub's tags declare: statements with a key, not sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tracker.evidence.records import MOST_WORDS, Candidate, Confidence

EXTRACTOR, VERSION = "front-matter", "1"
_PROPERTY = {"license": "licence", "base_model": "base_model", "datasets": "training_data"}
_LOSS = re.compile(r"loss:(\w+)")
_LOSSES = {
    "MultipleNegativesRankingLoss": "in-batch-softmax",
    "CachedMultipleNegativesRankingLoss": "in-batch-softmax",
    "CoSENTLoss": "cosent",
    "AnglELoss": "angle",
    "TripletLoss": "triplet",
}
_MATRYOSHKA = frozenset({"MatryoshkaLoss", "Matryoshka2dLoss"})


def front_candidates(
    model: str, source: str, front: Mapping[str, Sequence[str]]
) -> Iterator[Candidate]:
    """Candidates of a card's front matter.

    Args:
        model: Public id.
        source: Address of the card.
        front: Values by key, as :class:`tracker.sources.model_cards.Card` has them.
    """
    for key, property_ in _PROPERTY.items():
        for value in dict.fromkeys(front.get(key, ())):
            if value.strip().casefold() == model.casefold():
                continue  # a card that was taken over by a conversion names the model as its base
            # A data set of a card is most often, but not always, one that it was trained on.
            level: Confidence = "medium" if key == "datasets" else "high"
            yield _candidate(model, source, property_, value.strip(), key, value, level)
    yield from _losses(model, source, front.get("tags", ()))


def tag_candidates(
    model: str,
    source: str,
    *,
    licence: str | None,
    base_models: Sequence[str],
    papers: Sequence[str],
) -> Iterator[Candidate]:
    """Candidates of the tags that the Hub shows of a model.

    Args:
        model: Public id.
        source: Address of the model.
        licence: Of its ``license:`` tag.
        base_models: Of its ``base_model:`` tags.
        papers: arXiv ids of its ``arxiv:`` tags; the Hub finds them in the card, so they may be
            papers of others.
    """
    if licence is not None:
        said = f"license:{licence}"
        yield _candidate(model, source, "licence", licence, "tags", said, "high")
    for base in base_models:
        said = f"base_model:{base}"
        yield _candidate(model, source, "base_model", base, "tags", said, "high")
    for paper in papers:
        yield _candidate(model, source, "paper", paper, "tags", f"arxiv:{paper}", "medium")


def _losses(model: str, source: str, tags: Iterable[str]) -> Iterator[Candidate]:
    """The losses that the trainer of Sentence Transformers notes in its tags."""
    for tag in dict.fromkeys(tags):
        match = _LOSS.fullmatch(tag)
        if match and match[1] in _LOSSES:
            yield _candidate(model, source, "objective", _LOSSES[match[1]], "tags", tag, "high")
        elif match and match[1] in _MATRYOSHKA:
            yield _candidate(model, source, "technique", "matryoshka", "tags", tag, "high")


def _candidate(
    model: str, source: str, property_: str, value: str, key: str, said: str, level: Confidence
) -> Candidate:
    return Candidate(
        model=model,
        property=property_,
        value=value,
        quote=" ".join(f"{key}: {said}".split()[:MOST_WORDS]),
        start=0,
        section=key,
        rule=f"front-matter-{key}",
        confidence=level,
        kind="card",
        source=source,
        extractor=EXTRACTOR,
        version=VERSION,
    )
