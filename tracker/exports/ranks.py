"""One table of all ranks through time, which needs no join: who had which rank on which days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from tracker.answers.boards import EditionInfo
from tracker.answers.history import HistoryPoint
from tracker.common.times import days_held

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
    "points": (
        pl.Float64,
        "Borda points on the first day; they also change with other models. Missing where the board"
        " does not rank by them.",
    ),
    "n_tasks": (pl.Int64, "Tasks of the board with a score of the model."),
    "n_tasks_total": (pl.Int64, "Tasks of the board that counted then."),
    "partial": (pl.Boolean, "Whether the model had scores for fewer than half of the tasks."),
    "origin": (pl.String, "published, recorded, or recomputed from the result files."),
}
"""Types and meanings."""


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
            days[0],
            days[1],
            point.rank,
            point.mean_task,
            point.mean_task_type,
            point.points,
            point.n_tasks,
            point.n_tasks_total,
            point.partial,
            point.origin,
        )
        for model_now, points in histories
        for point in points
        if (days := days_held(point.from_at, point.to_at))
    ]
    as_text = {"day_from": pl.String, "day_until": pl.String}
    schema = {name: as_text.get(name, type_) for name, (type_, _) in COLUMNS.items()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    frame = frame.with_columns(pl.col(*as_text).str.to_date())
    return frame.sort("board", "day_from", "rank", "model", nulls_last=True)
