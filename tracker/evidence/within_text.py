"""Weigh the candidates of one text against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

from tracker.evidence.precedence import same_value
from tracker.evidence.records import SINGLE, Candidate, Confidence

_ORDER: dict[Confidence, int] = {"high": 0, "medium": 1, "low": 2}
_PARTS = {
    "latent-attention": frozenset({"mean"}),
    "causal-to-bidirectional": frozenset({"causal", "bidirectional"}),
}
"""Values whose description names other values, which the text then does not mean."""


def best_of_each(found: Iterable[Candidate]) -> list[Candidate]:
    """The most confident candidate of each value, in the order of the text."""
    best: dict[tuple[str, str], Candidate] = {}
    for candidate in found:
        key = (candidate.property, candidate.value)
        if key not in best or _ORDER[candidate.confidence] < _ORDER[best[key].confidence]:
            best[key] = candidate
    return sorted(best.values(), key=lambda c: (c.start, c.property, c.value))


def without_contradictions(found: list[Candidate]) -> list[Candidate]:
    """Lower values to low confidence where the text states different ones equally surely.

    This concerns properties of which a model has one.
    """
    unsure = _parts_of_others(found)
    equally_sure: dict[tuple[str, Confidence], list[Candidate]] = defaultdict(list)
    for c in found:
        if c.property in SINGLE and (c.property, c.value) not in unsure:
            equally_sure[c.property, c.confidence].append(c)
    for (property_, _), candidates in equally_sure.items():
        pairs = combinations(candidates, 2)
        if not all(same_value(property_, one.value, other.value) for one, other in pairs):
            unsure |= {(property_, c.value) for c in candidates}
    return [replace(c, confidence="low") if (c.property, c.value) in unsure else c for c in found]


def _parts_of_others(found: Iterable[Candidate]) -> set[tuple[str, str]]:
    """Values that are only parts of another value of high confidence."""
    return {
        (c.property, part)
        for c in found
        if c.property in SINGLE and c.confidence == "high"
        for part in _PARTS.get(c.value, ())
    }
