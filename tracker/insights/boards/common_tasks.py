"""Tasks that all of the first rows of a computed board have, and means over these tasks."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.answers.boards import CommonTasks
from tracker.ranking.recompute import ComputedBoard
from tracker.ranking.states import TOP


def common_tasks(
    found: ComputedBoard, counted: frozenset[str]
) -> tuple[CommonTasks | None, dict[tuple[str, str], float | None]]:
    """Find the tasks that all of the first twenty rows of a board have.

    Args:
        found: The computed board, or a part of it.
        counted: Names of the tasks that count.

    Returns:
        The tasks, and each row's mean over them (from 0 to 1) by model and experiment; ``None``
        and nothing where the first rows have all tasks, or no task in common.
    """
    rows = found.rows.select("model", "experiment", "rank", "task_scores").rows()
    places = [place for place, task in enumerate(found.tasks) if task in counted]
    leading = [row[3] for row in rows if row[2] is not None][:TOP]
    common = [p for p in places if all(scores[p] is not None for scores in leading)]
    if not common or len(common) == len(places):
        return None, {}
    missing = tuple(found.tasks[p] for p in places if p not in set(common))
    means = {(row[0], row[1]): _mean([row[3][p] for p in common]) for row in rows}
    return CommonTasks(len(common), len(places), missing), means


def _mean(scores: Sequence[float | None]) -> float | None:
    present = [score for score in scores if score is not None]
    return sum(present) / len(present) if len(present) == len(scores) else None
