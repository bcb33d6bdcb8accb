"""The scores of single tasks on a board as files: a compact one for its page, and a whole one."""

from __future__ import annotations

from collections import defaultdict

import orjson
import polars as pl

from tracker.answers import Leaderboard, LeaderboardRow
from tracker.exports import frames
from tracker.pages.contexts import TaskScores
from tracker.pages.filters import state_day

COLUMNS = ("rank", "model", "slug", "mean_task", "scores")
"""What a row of the file has; ``scores`` are in the order of the file's ``tasks``."""

_DECIMALS = 2
"""As on the pages: more digits would double what a reader waits for. The CSV has them all."""


def task_matrix(
    board: Leaderboard, scores: pl.DataFrame, path: str
) -> tuple[TaskScores | None, dict[str, bytes]]:
    """What a page says of its matrix, and the files, by their path; nothing without scores.

    Args:
        board: The state of the page; lines that it does not show stay out.
        scores: ``label``, ``task`` and ``score`` of the same state.
        path: Where the page is.
    """
    known: dict[str, dict[str, float]] = defaultdict(dict)
    for label, task, score in scores.iter_rows():
        known[label][task] = score
    shown = {row.label for row in board.rows}
    seen = {task for label, its in known.items() if label in shown for task in its}
    tasks = [task for task in dict.fromkeys(board.edition.tasks) if task in seen]
    if not tasks:
        return None, {}
    lines = [(row, list(map(known[row.label].get, tasks))) for row in board.rows]
    content = orjson.dumps(
        {
            "board": board.edition.name,
            "day": state_day(board),
            "unit": "percent",
            "tasks": tasks,
            "columns": COLUMNS,
            "rows": [
                (row.rank, row.model, row.slug, *_short([row.mean_task]), _short(its))
                for row, its in lines
            ],
        }
    )
    stem = f"{path}{board.edition.slug}.tasks"
    told = TaskScores(f"{stem}.json", f"{stem}.csv", len(content), len(tasks), len(lines))
    return told, {told.json_path: content, told.csv_path: frames.frame_csv(_wide(tasks, lines))}


def _short(scores: list[float | None]) -> list[float | None]:
    return [None if score is None else round(score, _DECIMALS) for score in scores]


def _wide(tasks: list[str], lines: list[tuple[LeaderboardRow, list[float | None]]]) -> pl.DataFrame:
    """One line a model, one column a task, unrounded."""
    first = {"rank": pl.Int64, "model": pl.String, "mean_task": pl.Float64}
    return pl.DataFrame(
        [(row.rank, row.model, row.mean_task, *its) for row, its in lines],
        schema={**first, **dict.fromkeys(tasks, pl.Float64)},
        orient="row",
    )
