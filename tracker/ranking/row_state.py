"""Scores of one row at one moment of a replay of a board's history."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple


class RowValues(NamedTuple):
    """The values that a board shows in a row; scores from 0 to 1, ``None`` if missing."""

    mean_task: float | None
    mean_task_type: float | None
    mean_public: float | None
    mean_private: float | None
    task_types: tuple[tuple[str, float], ...]
    n_tasks: int
    zero_shot_pct: int
    """0 to 100; -1 if the model does not declare its training data."""


class RowState:
    """The current scores of a row of a board."""

    def __init__(self) -> None:
        self.names: dict[str, int] = defaultdict(int)
        """Number of tasks by name of the model."""
        self.scores: dict[int, float] = {}
        """Whole scores by position of the task."""
        self.values: RowValues | None = None

    @property
    def name(self) -> str:
        """The name that most tasks have."""
        return max(self.names, key=lambda name: (self.names[name], name))
