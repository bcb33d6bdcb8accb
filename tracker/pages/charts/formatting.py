"""Names, tooltips and limits that charts have in common."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.pages.language.filters import count, day, plain, score, short_name

_LONGEST_NAME = 32


def label(model: str) -> str:
    """Shorten a model's name for a chart: without organisation, cut if it is too long."""
    return plain(short_name(model), _LONGEST_NAME)


def tooltip(
    model: str, moment: str, rank: int | None, mean: float | None, **more: str
) -> tuple[tuple[str, str], ...]:
    """Format what an interactive chart shows at a point, the same in both languages."""
    values = {"model": plain(model), "day": day(moment), "rank": count(rank)}
    return tuple({**values, "mean_task": score(mean), **more}.items())


def padded(values: Sequence[float]) -> tuple[float, float]:
    """Return the range of values with a margin above and below."""
    low, high = min(values), max(values)
    margin = max((high - low) * 0.08, 0.5)
    return low - margin, high + margin
