"""Scores of single tasks on a board, for its page and data files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from types import MappingProxyType

import polars as pl

from tracker.answers.boards import Leaderboard
from tracker.exports import frames
from tracker.insights.references.boards import state_day
from tracker.pages.contexts import TaskScores


def task_matrix(
    board: Leaderboard,
    scores: pl.DataFrame,
    path: str,
    slugs: Mapping[str, str],
    suspects: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> TaskScores | None:
    """Return the task scores of a page's rows; ``None`` if no task has a score.

    Args:
        board: The board state of the page.
        scores: ``label``, ``task`` and ``score`` (percent) of the same state.
        path: Path of the page.
        slugs: Slugs of the tasks that have a page, by name.
        suspects: Present names of models with a suspect score, by task.
    """
    known: dict[str, dict[str, float]] = defaultdict(dict)
    for label, task, score in scores.iter_rows():
        known[label][task] = score
    shown = {row.label for row in board.rows}
    seen = {task for label, found in known.items() if label in shown for task in found}
    tasks = tuple(task for task in dict.fromkeys(board.edition.tasks) if task in seen)
    if not tasks:
        return None
    rows = tuple(
        (row.rank, row.model, row.slug, row.mean_task, tuple(map(known[row.label].get, tasks)))
        for row in board.rows
    )
    stem = f"{path}{board.edition.slug}.tasks"
    day = state_day(board)

    files = f"{stem}.json", f"{stem}.csv"
    marked = tuple(
        tuple(
            place
            for place, task in enumerate(tasks)
            if (row.model_now or row.model) in suspects.get(task, ()) and task in known[row.label]
        )
        for row in board.rows
        if suspects
    )
    return TaskScores(
        board.edition.name, day, tasks, rows, *files, tuple(map(slugs.get, tasks)), marked
    )


def matrix_csv(matrix: TaskScores) -> bytes:
    """Return the task scores as CSV: one row per model, one column per task, unrounded."""
    first = {"rank": pl.Int64, "model": pl.String, "mean_task": pl.Float64}
    table = pl.DataFrame(
        [(rank, model, mean, *scores) for rank, model, _, mean, scores in matrix.rows],
        schema={**first, **dict.fromkeys(matrix.tasks, pl.Float64)},
        orient="row",
    )
    return frames.frame_csv(table)
