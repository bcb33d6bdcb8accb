"""How well the extractor reads: precision and recall against curated truth, by property.

``python -m benchmarks.extraction TEXTS [--judge]`` reads ``TEXTS/<org>__<name>/`` with a model's
card (``README.md``), its code repository's (``repository.md``), papers (``paper.md`` converted,
``*.html`` by LaTeXML) and configuration files as the Hub names them. The texts are other people's,
so none is part of this repository; ``extraction_texts.yaml`` says where they are and which models
the rules were written with, and ``benchmarks.extraction_texts`` takes them from there.

An answer is a candidate of high or medium confidence. It is right where the curated facts of the
model have the same value. What they do not have may still be true: ``--judge`` prints each such
answer with its quote for a person to judge. Configuration files are scored on their own, as
nothing has to be understood there.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson

from benchmarks.extraction_texts import models
from tracker.catalog.knowledge.candidates import cue_extractor
from tracker.common.paths import resource
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.curated import Curated, ModelEntry, read_curated
from tracker.evidence import REFINES, Candidate
from tracker.evidence.card_metadata import front_candidates
from tracker.evidence.configs import config_candidates
from tracker.evidence.cue_extractor import CueExtractor
from tracker.evidence.markdown import card_document
from tracker.evidence.papers import paper_document
from tracker.sources import arxiv_fulltext, model_cards

PROPERTIES = (
    "pooling", "attention", "base_model", "objective", "negatives", "stages", "training_data",
    "innovation", "technique",
)  # fmt: skip
_FILE = "{}/blob/main/{}"
_NAMED = ("base_model", "training_data")
"""Properties whose values are names, which texts spell in many ways."""
_SHORTEST = 3


@dataclass
class Score:
    """Counts of one property."""

    right: int = 0
    unknown: list[Candidate] = field(default_factory=list)
    """Answers that the curated facts do not have."""
    truths: int = 0
    """What there was to find; nothing for techniques, which are no property of curated facts."""
    found: int = 0
    """How much of it was found."""

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return self.right + len(self.unknown)


Scores = dict[str, dict[str, Score]]
"""By kind of source, ``texts`` or ``config``, and property."""


def candidates(folder: Path, model: str, extractor: CueExtractor) -> Iterator[Candidate]:
    """Everything that is read in the texts of one model."""
    files: dict[str, tuple[str, object]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        source = _FILE.format(model, name)
        if name.startswith("paper") and path.suffix == ".md":
            document = card_document(model, source, path.read_text(encoding="utf-8"))
            yield from extractor.extract(replace(document, kind="paper"))
        elif path.suffix == ".md":
            card = model_cards.parse_card(name, path.read_bytes())
            yield from front_candidates(model, source, card.front)
            yield from extractor.extract(card_document(model, source, card.text))
        elif path.suffix == ".html":
            paper = arxiv_fulltext.parse(name, path.read_bytes())
            yield from extractor.extract(paper_document(model, source, paper))
        elif path.suffix == ".json":
            files[name] = (source, orjson.loads(path.read_bytes()))
    yield from (one for _, one in config_candidates(model, files))


def score(texts: Path, part: tuple[str, ...], curated: Curated) -> Scores:
    """Scores by source and property over those models that have texts."""
    extractor = cue_extractor(curated)
    by_name = {model.name: model for model in curated.models}
    datasets = {
        _folded(name): _folded(dataset.name)
        for _, dataset in curated.datasets
        for name in (dataset.name, *dataset.aliases)
    }
    scores: Scores = {"texts": defaultdict(Score), "config": defaultdict(Score)}
    for model in part:
        folder = texts / model.replace("/", "__")
        if not folder.is_dir():
            print(f"no texts of {model}")
            continue
        found = list(candidates(folder, model, extractor))
        sure = [one for one in found if one.confidence != "low"]
        for source, of_source in scores.items():
            if source == "config" and not any(folder.rglob("*.json")):
                continue
            read = [one for one in sure if (one.kind == "config") == (source == "config")]
            for property_ in PROPERTIES:
                _count(of_source[property_], by_name[model], property_, read, datasets)
    return scores


def _count(
    counts: Score,
    model: ModelEntry,
    property_: str,
    sure: list[Candidate],
    datasets: Mapping[str, str],
) -> None:
    facts = [fact for fact in model.facts if fact.value != NOT_DOCUMENTED]
    truth = {_same(property_, fact.value, datasets) for fact in facts if fact.property == property_}
    # A term means the same wherever a curator put it: an objective may stand as an innovation.
    known = truth
    if property_ not in (*_NAMED, "innovation"):
        known = truth | {_same(property_, fact.value, datasets) for fact in facts}
    said = [one for one in sure if one.property == property_]
    answers = {_same(property_, one.value, datasets): one for one in said}
    named = property_ in _NAMED
    met = {value: {k for k in known if _agrees(value, k, named=named)} for value in answers}
    counts.truths += len(truth)
    counts.found += len(truth & set().union(*met.values()))
    counts.right += sum(1 for agreeing in met.values() if agreeing)
    counts.unknown += [one for value, one in answers.items() if not met[value]]


def _same(property_: str, value: str, datasets: Mapping[str, str]) -> str:
    """One spelling of a value: names without organisation and punctuation, refined terms plain."""
    if property_ in _NAMED:
        return datasets.get(_folded(value), _folded(value))
    return REFINES.get(value, value)


def _folded(value: str) -> str:
    name = value.partition(" (")[0].rpartition("/")[2]
    return re.sub(r"[^a-z0-9\u3400-\u9fff]", "", name.casefold())


def _agrees(answer: str, truth: str, *, named: bool) -> bool:
    """The same, or of two names the one begins with the other: Gemma 3 is no wrong Gemma 3 300M."""
    if not named or min(len(answer), len(truth)) < _SHORTEST:
        return answer == truth
    return answer.startswith(truth) or truth.startswith(answer)


def report(title: str, scores: Scores, *, judge: bool) -> None:
    """Print a table, and every answer that a person has to judge."""
    print(f"\n{title}\n{'property':<22}{'answers':>8}{'right':>8}{'precision':>11}{'recall':>8}")
    for source, of_source in scores.items():
        for property_ in PROPERTIES:
            if source == "texts" or of_source[property_].answers:
                name = property_ if source == "texts" else f"{property_} (config)"
                _line(name, of_source[property_])
        if source == "texts":
            _line("all but config", _sum(of_source.values()))
    if not judge:
        return
    for of_source in scores.values():
        for property_ in PROPERTIES:
            for answer in of_source[property_].unknown:
                said = f"{property_} = {answer.value} [{answer.rule}, {answer.section}]"
                print(f"? {answer.model}: {said}: {answer.quote}")


def _sum(scores: Iterable[Score]) -> Score:
    total = Score()
    for one in scores:
        total.right += one.right
        total.unknown += one.unknown
        total.truths += one.truths
        total.found += one.found
    return total


def _line(name: str, one: Score) -> None:
    precision = f"{one.right / one.answers:.2f}" if one.answers else "-"
    recall = f"{one.found / one.truths:.2f}" if one.truths else "-"
    print(f"{name:<22}{one.answers:>8}{one.right:>8}{precision:>11}{recall:>8}")


def main() -> None:
    """Score both lists."""
    asked = [word for word in sys.argv[1:] if not word.startswith("--")]
    if len(asked) != 1:
        sys.exit("name the folder of texts: python -m benchmarks.extraction TEXTS [--judge]")
    judge = "--judge" in sys.argv
    texts, curated = Path(asked[0]), read_curated(resource("db/curated"))
    for title, part in (("Development", "development"), ("Held out", "held_out")):
        if f"--{part}-only" in sys.argv or not any(w.endswith("-only") for w in sys.argv):
            report(title, score(texts, models(part), curated), judge=judge)


if __name__ == "__main__":
    main()
