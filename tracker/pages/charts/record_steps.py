"""Steps of the best mean on an edition through time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.answers.boards import EditionInfo
from tracker.answers.history import HistoryPoint
from tracker.pages.language.filters import score


@dataclass(frozen=True, slots=True)
class RecordStep:
    """The best mean on an edition from one moment to the next step."""

    edition: EditionInfo
    at: str
    model: str
    mean: float
    rank: int | None
    """The model's rank then; the model with the best mean need not be first."""
    n_tasks: int
    """Tasks of the board then."""


def record_steps(
    edition: EditionInfo, points: Mapping[str, Sequence[HistoryPoint]], moments: Sequence[str]
) -> Iterator[RecordStep]:
    """Find the best mean at every moment, one step whenever its model or value changes.

    Only ranked models with results for all tasks count. When the best model leaves or loses its
    value, the best remaining one follows.

    Args:
        edition: The edition.
        points: The points of every model on it.
        moments: Every moment at which anything changed, oldest first.
    """
    events = sorted(
        (
            (point.from_at, index, model, point)
            for index, (model, own) in enumerate(points.items())
            for point in own
            if _is_complete(point, edition)
        ),
        key=lambda event: event[:3],
    )
    # The best mean is on top of the heap; entries that ended are dropped when they get there.
    held: list[tuple[float, str, str, int, HistoryPoint]] = []
    last: tuple[str, str] | None = None
    following = 0
    for moment in moments:
        while following < len(events) and events[following][0] <= moment:
            _, _, model, point = events[following]
            entry = -(point.mean_task or 0.0), model, point.to_at or "9", following, point
            heapq.heappush(held, entry)
            following += 1
        while held and held[0][2] <= moment:
            heapq.heappop(held)
        if held and (held[0][1], score(-held[0][0])) != last:
            negated, model, *_, point = held[0]
            last = model, score(-negated)
            n_tasks = point.n_tasks_total or edition.n_tasks
            yield RecordStep(edition, moment, model, -negated, point.rank, n_tasks)


def _is_complete(point: HistoryPoint, edition: EditionInfo) -> bool:
    complete = point.n_tasks is None or point.n_tasks == (point.n_tasks_total or edition.n_tasks)
    return complete and point.rank is not None and point.mean_task is not None
