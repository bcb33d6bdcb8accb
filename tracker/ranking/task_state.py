"""Scores, ballots and ranks of one task at one moment of a replay of a board's history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import fsum
from operator import itemgetter
from typing import NamedTuple

from tracker.ranking.benchmark import TaskSelection


class ContentScore(NamedTuple):
    """The scores of one result file in the cells of a task that a board counts."""

    mean: float | None
    """Mean of the scores that are present; ``None`` if there are none."""
    scored: int
    """Number of scores."""
    is_full: bool
    """Whether each cell that the board counts has a score."""
    cells: frozenset[tuple[str, str]]
    """Split and subset of each score; empty if the file is full."""


class TaskState:
    """The results of all rows on one task. Rows are keyed by model and experiment."""

    def __init__(self, scores: Mapping[int, ContentScore]) -> None:
        self._content_scores = scores
        self.contents: dict[tuple[str, str], tuple[int, ...]] = {}
        """Contents that count, by row."""
        self.scores: dict[tuple[str, str], float] = {}
        """Whole scores, by row."""
        self.ranks: dict[str, float] = {}
        """Ranks among all models with a result, by model."""
        self.present: set[str] = set()
        """Models with a result, whole or not."""

    def row_scores(self) -> dict[tuple[str, str], float]:
        """Compute whole scores by row, equal to :func:`tracker.ranking.task_scores.task_scores`."""
        of = self._content_scores
        some_row_is_full = False
        unclear: list[tuple[str, str]] = []
        found: dict[tuple[str, str], float] = {}
        for key, contents in self.contents.items():
            if any(of[content].is_full for content in contents):
                some_row_is_full = True
                mean = self._pooled(contents)[0]
                if mean is not None:
                    found[key] = mean
            else:
                unclear.append(key)
        if some_row_is_full:
            # Several files of one row may together have all cells that none of them has alone.
            unclear = [key for key in unclear if len(self.contents[key]) > 1]
            n_needed = self._n_cells
        else:
            n_needed = self._n_observed(unclear)
        for key in unclear:
            contents = self.contents[key]
            cells = frozenset().union(*(of[content].cells for content in contents))
            mean, n_scored = self._pooled(contents)
            if mean is not None and n_scored and len(cells) >= n_needed:
                found[key] = mean
        return found

    @property
    def _n_cells(self) -> int:
        """Number of cells of a full file."""
        return next(
            self._content_scores[content].scored
            for contents in self.contents.values()
            for content in contents
            if self._content_scores[content].is_full
        )

    def _n_observed(self, rows: Iterable[tuple[str, str]]) -> int:
        """Count splits times subsets on which any of some rows has a score."""
        cells = {
            cell
            for key in rows
            for content in self.contents[key]
            for cell in self._content_scores[content].cells
        }
        return len({split for split, _ in cells}) * len({subset for _, subset in cells})

    def _pooled(self, contents: tuple[int, ...]) -> tuple[float | None, int]:
        if len(contents) == 1:
            only = self._content_scores[contents[0]]
            return only.mean, only.scored
        of = self._content_scores
        return pooled([(of[content].mean, of[content].scored) for content in contents])

    def ballots(self) -> dict[str, float]:
        """Compute scores by model, incomplete ones included; experiments of a model are pooled."""
        by_model: dict[str, list[tuple[float | None, int]]] = defaultdict(list)
        for (model, _), contents in self.contents.items():
            by_model[model].append(self._pooled(contents))
        found = {}
        for model, parts in by_model.items():
            mean = parts[0][0] if len(parts) == 1 else pooled(parts)[0]
            if mean is not None:
                found[model] = mean
        return found


class SharedTasks:
    """Scores and ranks of tasks at moments, computed once for all boards that count the same.

    For boards that are extended by a few moments; over a whole history it would grow too large.
    """

    def __init__(self) -> None:
        self._scores: dict[tuple[TaskSelection, str], dict[tuple[str, str], float]] = {}
        self._ranks: dict[tuple[TaskSelection, str], dict[str, float]] = {}

    def row_scores(
        self, task: TaskSelection, at: str, state: TaskState
    ) -> dict[tuple[str, str], float]:
        """Return :meth:`TaskState.row_scores` of a task whose state at a moment is ``state``."""
        key = (task, at)
        if key not in self._scores:
            self._scores[key] = state.row_scores()
        return self._scores[key]

    def ranks(self, task: TaskSelection, at: str, state: TaskState) -> dict[str, float]:
        """Return the ranks of the ballots of the same."""
        key = (task, at)
        if key not in self._ranks:
            self._ranks[key] = average_ranks(state.ballots())
        return self._ranks[key]


def pooled(parts: Sequence[tuple[float | None, int]]) -> tuple[float | None, int]:
    """Combine pairs of mean and number of cells into the mean and number of all cells."""
    n = sum(scored for _, scored in parts)
    total = fsum(mean * scored for mean, scored in parts if mean is not None)
    return (total / n if n else None), n


def average_ranks(scores: Mapping[str, float]) -> dict[str, float]:
    """Rank from 1 for the highest score; equal scores share the mean of their ranks."""
    ordered = sorted(scores.items(), key=itemgetter(1), reverse=True)
    ranks: dict[str, float] = {}
    place = 1
    for _, group in groupby(ordered, key=itemgetter(1)):
        equals = [model for model, _ in group]
        for model in equals:
            ranks[model] = place + (len(equals) - 1) / 2
        place += len(equals)
    return ranks
