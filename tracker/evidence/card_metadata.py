"""Candidates from the front matter of a card and from the tags of the Hub."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urljoin

from tracker.evidence.records import MOST_WORDS, Candidate, Confidence
from tracker.evidence.stated import hub_id, is_nothing, licence_name

EXTRACTOR, VERSION = "front-matter", "3"
OWN_LICENCE = "other"
"""The Hub's value for a licence that is not on its list; ``license_name`` then names it."""
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
    """Candidates of a card's front matter; ``null``, ``none`` and the like state nothing.

    Args:
        model: Public id.
        source: Address of the card.
        front: Values by key, as :class:`tracker.sources.model_cards.Card` has them.
    """
    yield from _licences(model, source, front)
    for value in dict.fromkeys(front.get("base_model", ())):
        name = hub_id(value)
        # The card of a conversion may still be the original's, which names itself as the base.
        if name is not None and name.casefold() != model.casefold():
            yield _candidate(model, source, "base_model", name, "base_model", value, "high")
    for value in dict.fromkeys(front.get("datasets", ())):
        name = hub_id(value, kind="datasets") or value.strip()
        if not is_nothing(name):
            # Most, but not all, data sets of front matter are training data.
            yield _candidate(model, source, "training_data", name, "datasets", value, "medium")
    yield from _losses(model, source, front.get("tags", ()))


def _licences(model: str, source: str, front: Mapping[str, Sequence[str]]) -> Iterator[Candidate]:
    """The licences, or the named licence where the Hub's list does not have it."""
    names = [value for value in front.get("license_name", ()) if not is_nothing(value)]
    links = [value for value in front.get("license_link", ()) if not is_nothing(value)]
    for value in dict.fromkeys(front.get("license", ())):
        if is_nothing(value):
            continue
        if licence_name(value) != OWN_LICENCE:
            licence = licence_name(value)
            yield _candidate(model, source, "licence", licence, "license", value, "high")
            continue
        link = f", license_link: {urljoin(source, links[0])}" if links else ""
        if names:
            declaration = f"{names[0]}{link}"
            yield _candidate(
                model, source, "licence", names[0].strip(), "license_name", declaration, "high"
            )
        else:
            yield _candidate(
                model, source, "licence", OWN_LICENCE, "license", f"{value}{link}", "medium"
            )


def tag_candidates(
    model: str,
    source: str,
    *,
    licence: str | None,
    base_models: Sequence[str],
    papers: Sequence[str],
    base_kinds: Iterable[tuple[str, str]] = (),
) -> Iterator[Candidate]:
    """Candidates of the tags that the Hub shows of a model.

    Args:
        model: Public id.
        source: Address of the model.
        licence: Of its ``license:`` tag.
        base_models: Of its ``base_model:`` tags.
        papers: arXiv ids of its ``arxiv:`` tags; the Hub finds them in the card, so they may be
            papers of others.
        base_kinds: Bases with how the model was made of them, of its second ``base_model:`` tags.
    """
    kinds = dict(base_kinds)
    if licence is not None and not is_nothing(licence):
        declaration = f"license:{licence}"
        # For a licence of the publisher's own, only the card has its name.
        level: Confidence = "low" if licence == OWN_LICENCE else "high"
        yield _candidate(
            model, source, "licence", licence_name(licence), "tags", declaration, level
        )
    for base in base_models:
        if not is_nothing(base):
            kind = f"{kinds[base]}:" if base in kinds else ""
            declaration = f"base_model:{kind}{base}"
            yield _candidate(model, source, "base_model", base, "tags", declaration, "high")
    for paper in papers:
        yield _candidate(model, source, "paper", paper, "tags", f"arxiv:{paper}", "medium")


def _losses(model: str, source: str, tags: Iterable[str]) -> Iterator[Candidate]:
    """Losses that the trainer of Sentence Transformers writes into a card's tags."""
    for tag in dict.fromkeys(tags):
        match = _LOSS.fullmatch(tag)
        if match and match[1] in _LOSSES:
            yield _candidate(model, source, "objective", _LOSSES[match[1]], "tags", tag, "high")
        elif match and match[1] in _MATRYOSHKA:
            yield _candidate(model, source, "technique", "matryoshka", "tags", tag, "high")


def _candidate(
    model: str,
    source: str,
    property_: str,
    value: str,
    key: str,
    declaration: str,
    level: Confidence,
) -> Candidate:
    return Candidate(
        model=model,
        property=property_,
        value=value,
        quote=" ".join(f"{key}: {declaration}".split()[:MOST_WORDS]),
        start=0,
        section=key,
        rule=f"front-matter-{key}",
        confidence=level,
        kind="card",
        source=source,
        extractor=EXTRACTOR,
        version=VERSION,
    )
