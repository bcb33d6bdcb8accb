"""Units of scores: stored as percent or fractions, answered in percent."""

from __future__ import annotations

from typing import overload

FRACTION = "fraction"
"""Unit of result files and of the live leaderboard: 0 to 1."""


@overload
def percent(value: float, unit: str) -> float: ...
@overload
def percent(value: float | None, unit: str) -> float | None: ...
def percent(value: float | None, unit: str) -> float | None:
    """Convert a stored value to percent; fractions are converted here and nowhere else.

    Args:
        value: ``None`` stays ``None``.
        unit: ``percent`` or ``fraction``, by edition.
    """
    return value if value is None or unit == "percent" else value * 100
