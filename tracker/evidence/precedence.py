"""Decide which value holds where texts disagree about a property of which a model has one.

Lines are ranked by who states them, then by confidence, then by the kind of text. Every
disagreement becomes one sentence that names the value that holds, the others, and the reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.evidence.records import REFINES, SINGLE
from tracker.evidence.stated import licence_name


class Line(Protocol):
    """What a text or a person states of a model; candidates and lines of evidence are such."""

    @property
    def value(self) -> str:
        """Its value."""

    @property
    def kind(self) -> str:
        """``config``, ``card`` or ``paper`` where a text states it; else who does."""

    @property
    def confidence(self) -> str:
        """``high``, ``medium`` or ``low``."""

    @property
    def rule(self) -> str | None:
        """Name of the rule that read it."""

    @property
    def section(self) -> str | None:
        """Where in its source it is."""

    @property
    def source(self) -> str:
        """Address of its source."""

    @property
    def property(self) -> str:  # last, as it hides the decorator
        """Name of the property."""


L = TypeVar("L", bound=Line)
_READ = ("config", "front matter", "card", "paper", "registry")
"""Kinds of texts from the most to the least authoritative: what the library runs, what the
publisher declares under a key, what the publisher writes, what a paper states of the method,
what the registry declares."""
_PLURAL = {
    "config": "configuration files",
    "front matter": "the front matter",
    "card": "the card",
    "paper": "the paper",
    "registry": "the registry",
}
_CONFIDENCE = ("high", "medium", "low")
_PUNCTUATION = re.compile(r"[^a-z0-9\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Decision(Generic[L]):
    """Which lines hold about one property of a model."""

    name: str
    """The property."""
    winners: tuple[L, ...]
    """Several where one source states several values, as a merge of two bases does."""
    others: tuple[L, ...]
    """Lines that state something else."""
    reason: str

    @property
    def is_disputed(self) -> bool:
        """Whether a line of more than low confidence states something else."""
        return any(line.confidence != "low" for line in self.others)

    def __str__(self) -> str:
        """One sentence: what holds, what else is stated, and why."""
        return (
            f"{self.name}: {_listed(self.winners)} holds, not {_listed(self.others)}: {self.reason}"
        )


def decisions(lines: Iterable[L]) -> list[Decision[L]]:
    """Decide each property of which a model has one.

    Args:
        lines: Everything that is stated of one model, in the order of its sources.

    Returns:
        One decision for each such property that any line states, in alphabetical order; those
        without others are not in dispute.
    """
    of_property: dict[str, list[L]] = defaultdict(list)
    for line in lines:
        if line.property in SINGLE and line.value != NOT_DOCUMENTED:
            of_property[line.property].append(line)
    return [_decide(name, found) for name, found in sorted(of_property.items())]


def disagreements(lines: Iterable[L]) -> list[Decision[L]]:
    """The decisions between different values."""
    return [decision for decision in decisions(lines) if decision.others]


def same_value(property_: str, one: str, other: str) -> bool:
    """Whether two values of a property mean the same, perhaps in different detail."""
    if property_ == "base_model":
        short, long = sorted((_bare(one), _bare(other)), key=len)
        return bool(short) and long.startswith(short)
    if property_ == "licence":
        return licence_name(one) == licence_name(other)
    return REFINES.get(one, one) == REFINES.get(other, other)


def _bare(name: str) -> str:
    """A model's name without organisation and punctuation."""
    return _PUNCTUATION.sub("", name.rpartition("/")[2].casefold())


def _decide(name: str, lines: Sequence[L]) -> Decision[L]:
    ranked = sorted(lines, key=_rank)
    best = ranked[0]
    winners = [line for line in ranked if _is_with(best, line)]
    others = [
        line
        for line in ranked
        if not any(same_value(name, line.value, winner.value) for winner in winners)
    ]
    reason = _reason(best, others[0]) if others else ""
    return Decision(name, _each_once(name, winners), tuple(others), reason)


def _is_with(best: L, line: L) -> bool:
    """Whether a line is part of the winning statement: same key, or files read together."""
    if _rank(line) != _rank(best):
        return False
    return line.kind == "config" or (line.source, line.rule) == (best.source, best.rule)


def _each_once(name: str, winners: Sequence[L]) -> tuple[L, ...]:
    kept: list[L] = []
    for line in winners:
        if not any(same_value(name, line.value, other.value) for other in kept):
            kept.append(line)
    return tuple(kept)


def _origin(line: Line) -> str:
    is_declared = line.kind == "card" and (line.rule or "").startswith("front-matter")
    return "front matter" if is_declared else line.kind


def _rank(line: Line) -> tuple[bool, int, int]:
    origin = _origin(line)
    is_read = origin in _READ
    return is_read, _CONFIDENCE.index(line.confidence), _READ.index(origin) if is_read else 0


def _reason(best: Line, other: Line) -> str:
    mine, theirs = _rank(best), _rank(other)
    if mine[0] != theirs[0]:
        return "what people checked counts more than what was read"
    if mine[1] != theirs[1]:
        return f"{best.confidence} confidence counts more than {other.confidence}"
    if mine[2] != theirs[2]:
        return f"{_PLURAL[_origin(best)]} counts more than {_PLURAL[_origin(other)]}".replace(
            "files counts", "files count"
        )
    return "both count the same, so the first one holds until a person decides"


def _listed(lines: Iterable[Line]) -> str:
    return ", ".join(_shown(value, found) for value, found in _by_value(lines))


def _by_value(lines: Iterable[L]) -> Iterator[tuple[str, list[L]]]:
    for value, found in groupby(lines, key=lambda line: line.value):
        yield value, list(found)


def _shown(value: str, lines: Sequence[Line]) -> str:
    first = lines[0]
    where = f", {first.section}" if first.section else ""
    return f"{value} ({_origin(first)}{where})"
