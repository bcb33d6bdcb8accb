"""How well cards and configuration files are read: precision and recall by property.

``python -m benchmarks.cards`` reads the 60 cards of ``tests/evidence/cards``, English and Chinese,
each with its files and the right values: 30 with which the rules were written (``seen``) and 30
that were set aside before (``held_out``). ``--judge`` prints each wrong and each missing value.

A value is an answer where it holds after the model's texts were weighed against each other
(:mod:`tracker.evidence.precedence`); of training data every statement above low confidence is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from benchmarks.common import ROOT
from tracker.catalog.knowledge.candidates import cue_extractor
from tracker.common.paths import resource
from tracker.curated import read_curated
from tracker.errors import SourceError
from tracker.evidence import Candidate
from tracker.evidence.card_metadata import front_candidates
from tracker.evidence.configs import config_candidates
from tracker.evidence.markdown import card_document
from tracker.evidence.precedence import decisions, same_value
from tracker.sources import model_cards

CARDS = ROOT / "tests" / "evidence" / "cards"
PROPERTIES = (
    "pooling", "base_model", "embedding_dimensions", "max_tokens", "licence", "training_data",
)  # fmt: skip
PRECISION, RECALL = 0.97, 0.80
"""Demanded of each property on the cards that were set aside."""
_PART = re.compile(r"^=== (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class WrittenCard:
    """A card with its files and the values that are right."""

    name: str
    model: str
    right: dict[str, tuple[str, ...]]
    files: dict[str, bytes]


@dataclass
class Score:
    """Counts of one property, and what is wrong or missing."""

    answers: int = 0
    right: int = 0
    truths: int = 0
    found: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the answers that are right; 1 where there is none."""
        return self.right / self.answers if self.answers else 1.0

    @property
    def recall(self) -> float:
        """Share of the truths that are found; 1 where there is none."""
        return self.found / self.truths if self.truths else 1.0


def written_cards(part: str) -> Iterator[WrittenCard]:
    """The cards of ``seen`` or ``held_out``, by number."""
    for path in sorted((CARDS / part).glob("*.txt")):
        pieces = _PART.split(path.read_text(encoding="utf-8"))[1:]
        files = dict(zip(pieces[::2], pieces[1::2], strict=True))
        right = yaml.safe_load(files.pop("right"))
        model = right.pop("model")
        values = {name: tuple(map(str, _listed(value))) for name, value in right.items()}
        bodies = {name: text.encode() for name, text in files.items()}
        yield WrittenCard(path.stem, model, values, bodies)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Reader:
    """The extractor with the shipped vocabulary, and the spellings of data sets."""

    def __init__(self) -> None:
        curated = read_curated(resource("db/curated"))
        self.extractor = cue_extractor(curated)
        self._datasets = {
            spelling.casefold(): dataset.slug
            for _, dataset in curated.datasets
            for spelling in (dataset.name, *dataset.aliases)
        }

    def agrees(self, name: str, value: str, truth: str) -> bool:
        """Whether a value is the right one, whatever its spelling."""
        value, truth = value.casefold(), truth.casefold()
        if name == "training_data":
            return self._datasets.get(value, value) == self._datasets.get(truth, truth)
        if name == "base_model" and "/" not in value:
            return same_value(name, value, truth)
        return value == truth


def candidates(card: WrittenCard, reader: Reader) -> Iterator[Candidate]:
    """Everything that is read in a card and its files."""
    parsed: dict[str, tuple[str, Any]] = {}
    for name, body in card.files.items():
        source = f"https://huggingface.co/{card.model}/blob/main/{name}"
        if name == model_cards.CARD:
            read = model_cards.parse_card(name, body)
            yield from front_candidates(card.model, source, read.front)
            yield from reader.extractor.extract(card_document(card.model, source, read.text))
            continue
        try:
            parsed[name] = (source, model_cards.parse_config(name, body))
        except SourceError:
            continue
    yield from (candidate for _, candidate in config_candidates(card.model, parsed))


def answers(found: Iterable[Candidate]) -> dict[str, tuple[str, ...]]:
    """What holds of a model, by property."""
    found = list(found)
    values = {
        decision.name: tuple(line.value for line in decision.winners if line.confidence != "low")
        for decision in decisions(found)
    }
    sure = [c.value for c in found if c.property == "training_data" and c.confidence != "low"]
    return values | {"training_data": tuple(dict.fromkeys(sure))}


def score(part: str, reader: Reader) -> dict[str, Score]:
    """Score the cards of one part."""
    scores = {name: Score() for name in PROPERTIES}
    for card in written_cards(part):
        given = answers(candidates(card, reader))
        for name, counts in scores.items():
            _count(counts, card, name, given.get(name, ()), reader)
    return scores


def _count(
    counts: Score, card: WrittenCard, name: str, given: tuple[str, ...], reader: Reader
) -> None:
    truths = card.right.get(name, ())
    counts.answers += len(given)
    counts.truths += len(truths)
    for value in given:
        if any(reader.agrees(name, value, truth) for truth in truths):
            counts.right += 1
        else:
            counts.faults.append(f"{card.name}: wrong {name} {value}")
    for truth in truths:
        if any(reader.agrees(name, value, truth) for value in given):
            counts.found += 1
        else:
            counts.faults.append(f"{card.name}: missing {name} {truth}")


def report(title: str, scores: dict[str, Score], *, judge: bool) -> None:
    """Print the table of one part."""
    print(f"\n| {title} | answers | right | precision | recall |")
    print("| --- | --- | --- | --- | --- |")
    for name, counts in scores.items():
        print(
            f"| {name} | {counts.answers} | {counts.right} | {counts.precision:.2f} |"
            f" {counts.recall:.2f} |"
        )
    for fault in (fault for counts in scores.values() for fault in counts.faults if judge):
        print(f"? {fault}")


def main() -> None:
    """Score both parts; exit 1 where a demand on the held-out part is missed."""
    reader, judge = Reader(), "--judge" in sys.argv
    report("seen", score("seen", reader), judge=judge)
    held_out = score("held_out", reader)
    report("held out", held_out, judge=judge and "--held-out" in sys.argv)
    sys.exit(any(s.precision < PRECISION or s.recall < RECALL for s in held_out.values()))


if __name__ == "__main__":
    main()
