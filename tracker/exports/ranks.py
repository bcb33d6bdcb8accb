"""One table of all ranks through time, which needs no join: who had which rank on which days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from tracker.answers.boards import EditionInfo
from tracker.answers.history import HistoryPoint

NAME = "ranks"
COLUMNS = {
    "series": (pl.String, "Series of the board, for example mteb-english."),
    "board": (pl.String, "The board, for example MTEB(eng, v2)."),
    "model": (pl.String, "Public id of the model at the time."),
    "model_now": (pl.String, "Its present public id."),
    "day_from": (pl.Date, "First day at whose end (UTC) this held."),
    "day_until": (pl.Date, "Last such day; missing if it still holds."),
    "rank": (pl.Int64, "Rank by the board's own rule; missing if it had none."),
    "mean_task": (pl.Float64, "Mean over all tasks of the board, in percent; missing without all."),
    "mean_task_type": (pl.Float64, "Mean of the means of task types, in percent."),
    "n_tasks": (pl.Int64, "Tasks of the board with a score of the model."),
    "n_tasks_total": (pl.Int64, "Tasks of the board that counted then."),
    "partial": (pl.Boolean, "Whether the model had scores for fewer than half of the tasks."),
    "origin": (pl.String, "published, recorded, or recomputed from the result files."),
}
"""Types and meanings."""
_END = "T23:59:59Z"


def ranks_frame(
    histories: Iterable[tuple[str, Sequence[HistoryPoint]]], editions: Iterable[EditionInfo]
) -> pl.DataFrame:
    """Put the histories of all models into one table.

    Args:
        histories: By the present public id of the model.
        editions: The boards.

    Returns:
        The columns of ``COLUMNS``, by board, day and rank. A state that held at the end of no day
        is left out.
    """
    series: Mapping[str, str] = {edition.slug: edition.series for edition in editions}
    rows = [
        (
            series.get(point.edition_slug, ""),
            point.edition,
            point.model,
            model_now,
            first,
            last,
            point.rank,
            point.mean_task,
            point.mean_task_type,
            point.n_tasks,
            point.n_tasks_total,
            point.partial,
            point.origin,
        )
        for model_now, points in histories
        for point in points
        for first, last in [_days(point)]
        if last is None or first <= last
    ]
    schema = {name: type_ for name, (type_, _) in COLUMNS.items()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort("board", "day_from", "rank", "model", nulls_last=True)


def _days(point: HistoryPoint) -> tuple[date, date | None]:
    """First and last day at whose end a point held."""
    first = date.fromisoformat(point.from_at[:10])
    if point.from_at[10:] > _END:
        first += timedelta(days=1)
    if point.to_at is None:
        return first, None
    return first, date.fromisoformat(point.to_at[:10]) - timedelta(days=1)
