"""How much of a board a model has not been trained on, by what is told of it."""

from __future__ import annotations

from collections.abc import Collection, Set

UNTOLD = -1
"""The share of a model that does not tell what it was trained on, as the publisher has it."""


def zero_shot_percent(training_tasks: Set[str] | None, tasks: Collection[str]) -> int:
    """Percent of a board's tasks that a model has not been trained on, rounded down.

    Args:
        training_tasks: Tasks that it was trained on, similar ones and its base's too; ``None``:
            untold.
        tasks: The different tasks of the board.
    """
    if training_tasks is None or not tasks:
        return UNTOLD
    return int(100 - 100 * (len(training_tasks & set(tasks)) / len(tasks)))
