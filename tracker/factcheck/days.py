"""Sets of days as sorted lists of stretches, with their unions and intersections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

Days = tuple[tuple[str, str | None], ...]
"""Stretches of days, both ends included; ``None`` where it still holds. Sorted, never adjacent."""

_OPEN = "9999-12-31"


def union(stretches: Iterable[tuple[str, str | None]]) -> Days:
    """All days that are in any of the stretches."""
    found: list[tuple[str, str]] = []
    for first, last in sorted((a, b or _OPEN) for a, b in stretches):
        if found and first <= _after(found[-1][1]):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return _closed(found)


def intersection(one: Days, other: Days) -> Days:
    """All days that are in both."""
    found = []
    for first, last in one:
        for second, end in other:
            begins, ends = max(first, second), min(last or _OPEN, end or _OPEN)
            if begins <= ends:
                found.append((begins, ends))
    return _closed(found)


def meets(days: Days, first: str, last: str) -> bool:
    """Whether any day of a period is among them."""
    return any(a <= last and first <= (b or _OPEN) for a, b in days)


@lru_cache(maxsize=4096)
def _after(day: str) -> str:
    return day if day == _OPEN else (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _closed(found: Sequence[tuple[str, str]]) -> Days:
    return tuple((a, None if b == _OPEN else b) for a, b in sorted(found))
