"""Rules of the choice of a model: conditions, weighted scores, places and Pareto fronts.

The page of choices has the same rules in ``site/docs/assets/choose_rules.js``; a test runs the same
cases through both. Scores are whole numbers of thousandths of a percent and every sum has one
order, so both compute the same numbers to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any, Literal

Operator = Literal["at_most", "at_least", "is", "one_of", "contains"]

SCALE = 1000
"""Units of a score in one percent."""

BYTES_PER_DIMENSION = 4
VECTORS = 1_000_000
"""Storage is that of so many vectors."""


def meets(operator: str, value: Any, wanted: Any) -> bool | None:
    """Whether a value meets a condition; ``None`` where the value is unknown.

    Args:
        operator: What the condition compares.
        value: The value of a model; a tuple where it has several, empty where none is known.
        wanted: What the condition asks for; a tuple for ``one_of``.
    """
    if value is None or value == ():
        return None
    if operator == "at_most":
        return bool(value <= wanted)
    if operator == "at_least":
        return bool(value >= wanted)
    if operator == "is":
        return bool(value is wanted)
    values = value if isinstance(value, tuple) else (value,)
    if operator == "one_of":
        return any(one in wanted for one in values)
    return any(wanted in one for one in values)


def scaled(percent: float) -> int:
    """A score in thousandths of a percent."""
    return floor(percent * SCALE + 0.5)


def weighted_mean(values: Mapping[str, float], weights: Mapping[str, float]) -> float | None:
    """The weighted mean of some values, in the order of the weights.

    Returns:
        ``None`` where a value is missing, or nothing has a weight.
    """
    total = weight_sum = 0.0
    for name, weight in weights.items():
        if name not in values:
            return None
        total += weight * values[name]
        weight_sum += weight
    return total / weight_sum if weight_sum else None


def places(scores: Sequence[float]) -> list[int]:
    """Places of scores, the highest first; equal scores share the better place."""
    best_first = sorted(scores, reverse=True)
    first: dict[float, int] = {}
    for place, score in enumerate(best_first, 1):
        first.setdefault(score, place)
    return [first[score] for score in scores]


def storage_gb(dimensions: int | None) -> float | None:
    """Gigabytes (of 10^9 bytes) that a million vectors of 32-bit floats take."""
    return None if dimensions is None else dimensions * BYTES_PER_DIMENSION * VECTORS / 1e9


def pareto_front(scores: Sequence[float], costs: Sequence[float | None]) -> list[bool]:
    """Which entries no other one beats: none has at least its score for less, or more for its cost.

    Args:
        scores: Higher is better.
        costs: Lower is better; an entry with an unknown cost is never on the front.
    """
    known = [place for place, cost in enumerate(costs) if cost is not None]
    known.sort(key=lambda place: (costs[place], -scores[place]))
    front = [False] * len(scores)
    best: float | None = None
    cheapest: float | None = None
    for place in known:
        score = scores[place]
        if best is None or score > best or (score == best and costs[place] == cheapest):
            front[place] = True
            best, cheapest = score, costs[place]
    return front
