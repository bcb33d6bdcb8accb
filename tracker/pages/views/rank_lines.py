"""Rank of a model on a board through time, as the path of a small SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.answers.history import HistoryPoint
from tracker.pages.contexts import RankLine

WIDTH, HEIGHT = 300, 40
"""Units of the drawing, which the page stretches to its width."""
_EDGE = 2.0


def rank_line(points: Sequence[HistoryPoint], until: str) -> RankLine | None:
    """Return the line of a history; ``None`` where the rank never changed.

    Args:
        points: Oldest first.
        until: Last moment for which the board is known.
    """
    ranks = [point.rank for point in points if point.rank is not None]
    if len(set(ranks)) < 2:
        return None
    best, worst = min(ranks), max(ranks)
    start = _seconds(points[0].from_at)
    scale = WIDTH / max(_seconds(until) - start, 1)

    def across(moment: str) -> float:
        return round((_seconds(moment) - start) * scale, 1)

    def down(rank: int) -> float:
        return round(_EDGE + (rank - best) / (worst - best) * (HEIGHT - 2 * _EDGE), 1)

    path: list[str] = []
    previous: HistoryPoint | None = None
    for point in _changed(points):
        if point.rank is None:
            previous = None
            continue
        joins = previous is not None
        path.append(f"{'V' if joins else f'M{across(point.from_at):g} '}{down(point.rank):g}")
        path.append(f"H{across(point.to_at or until):g}")
        previous = point
    return RankLine("".join(path), points[0].from_at[:10], until[:10], best, worst)


def _changed(points: Sequence[HistoryPoint]) -> Iterator[HistoryPoint]:
    """Points joined as long as the rank stays."""
    held: HistoryPoint | None = None
    for point in points:
        if held is not None and held.rank == point.rank and held.to_at == point.from_at:
            held = replace(held, to_at=point.to_at)
            continue
        if held is not None:
            yield held
            if held.to_at != point.from_at:
                yield _unranked(held, point)
        held = point
    if held is not None:
        yield held


def _unranked(before: HistoryPoint, after: HistoryPoint) -> HistoryPoint:
    """The time between two points in which the board did not list the model."""
    return replace(before, from_at=before.to_at or after.from_at, to_at=after.from_at, rank=None)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
