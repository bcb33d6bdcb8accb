"""Zero-shot share: the tasks of a board that a model was not trained on."""

from __future__ import annotations

from collections.abc import Collection, Set

UNDECLARED = -1
"""The share of a model that does not declare its training data; the publisher's value, too."""


def zero_shot_percent(training_tasks: Set[str] | None, tasks: Collection[str]) -> int:
    """Compute the percentage of a board's tasks that a model was not trained on, rounded down.

    Args:
        training_tasks: Tasks that the model was trained on, including those of its base model and
            similar ones; ``None`` if it does not declare them.
        tasks: The distinct tasks of the board.

    Returns:
        0 to 100, or :data:`UNDECLARED`.
    """
    if training_tasks is None or not tasks:
        return UNDECLARED
    return int(100 - 100 * (len(training_tasks & set(tasks)) / len(tasks)))
