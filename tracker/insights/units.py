"""The unit of stored values and that of answers."""

from __future__ import annotations

from typing import overload

FRACTION = "fraction"
"""The unit of result files and of the live leaderboard: 0 to 1."""


@overload
def percent(value: float, unit: str) -> float: ...
@overload
def percent(value: float | None, unit: str) -> float | None: ...
def percent(value: float | None, unit: str) -> float | None:
    """A stored value in percent; fractions are converted here and nowhere else.

    Args:
        value: ``None`` stays ``None``.
        unit: ``percent`` or ``fraction``, as the edition says.
    """
    return value if value is None or unit == "percent" else value * 100
