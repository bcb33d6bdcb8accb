"""The scores of single tasks on a board, for its page and the files beside it."""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from tracker.answers.boards import Leaderboard
from tracker.exports import frames
from tracker.pages.contexts import TaskScores
from tracker.pages.language.filters import state_day


def task_matrix(board: Leaderboard, scores: pl.DataFrame, path: str) -> TaskScores | None:
    """The scores of the lines that a page shows; nothing where no task has any.

    Args:
        board: The state of the page.
        scores: ``label``, ``task`` and ``score`` of the same state.
        path: Where the page is.
    """
    known: dict[str, dict[str, float]] = defaultdict(dict)
    for label, task, score in scores.iter_rows():
        known[label][task] = score
    shown = {row.label for row in board.rows}
    seen = {task for label, its in known.items() if label in shown for task in its}
    tasks = tuple(task for task in dict.fromkeys(board.edition.tasks) if task in seen)
    if not tasks:
        return None
    lines = tuple(
        (row.rank, row.model, row.slug, row.mean_task, tuple(map(known[row.label].get, tasks)))
        for row in board.rows
    )
    stem = f"{path}{board.edition.slug}.tasks"
    day = state_day(board)
    return TaskScores(board.edition.name, day, tasks, lines, f"{stem}.json", f"{stem}.csv")


def matrix_csv(matrix: TaskScores) -> bytes:
    """One line a model, one column a task, unrounded."""
    first = {"rank": pl.Int64, "model": pl.String, "mean_task": pl.Float64}
    table = pl.DataFrame(
        [(rank, model, mean, *scores) for rank, model, _, mean, scores in matrix.lines],
        schema={**first, **dict.fromkeys(matrix.tasks, pl.Float64)},
        orient="row",
    )
    return frames.frame_csv(table)
