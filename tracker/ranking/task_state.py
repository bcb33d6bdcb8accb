"""Scores, ballots and ranks of one task at one moment of a replay of a board's history."""

from __future__ import annotations

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
        """Contents that count, by row; changed by :meth:`put` only."""
        self.scores: dict[tuple[str, str], float] = {}
        """Whole scores, by row."""
        self.rows_of: dict[str, set[str]] = {}
        """Experiments with a result, by model."""
        self._full: set[tuple[str, str]] = set()
        """Rows that have a full file."""
        self._found: dict[tuple[str, str], float] = {}
        """Whole scores at the last computation."""
        self._was_full = False
        """Whether a row had a full file then."""
        self._unscored: set[tuple[str, str]] = set()
        """Rows that changed since then."""
        self._unranked: set[str] = set()
        """Models that changed since their ballots were asked for."""

    def put(self, key: tuple[str, str], contents: tuple[int, ...]) -> None:
        """Set the contents that count for a row; none if it has no result any more."""
        model, experiment = key
        self._full.discard(key)
        if contents:
            self.contents[key] = contents
            self.rows_of.setdefault(model, set()).add(experiment)
            if any(self._content_scores[content].is_full for content in contents):
                self._full.add(key)
        elif self.contents.pop(key, None) is not None:
            self.rows_of[model].discard(experiment)
            if not self.rows_of[model]:
                del self.rows_of[model]
        self._unscored.add(key)
        self._unranked.add(model)

    def row_scores(self) -> dict[tuple[str, str], float]:
        """Compute whole scores by row, equal to :func:`tracker.ranking.task_scores.task_scores`."""
        self.rescore()
        return dict(self._found)

    def rescore(self) -> dict[tuple[str, str], float | None]:
        """Compute whole scores again, and return those that changed, by row.

        While some row has a full file, the score of a row depends on its own files only.
        """
        if self._full and self._was_full:
            now = {key: self._score(key, self._n_cells) for key in self._unscored}
        else:
            rows = self.contents.keys() | self._found.keys()
            needed = self._n_cells if self._full else self._n_observed(self.contents)
            now = {key: self._score(key, needed) for key in rows}
        changed = {key: score for key, score in now.items() if self._found.get(key) != score}
        for key, score in changed.items():
            if score is None:
                del self._found[key]
            else:
                self._found[key] = score
        self._was_full = bool(self._full)
        self._unscored = set()
        return changed

    def _score(self, key: tuple[str, str], n_needed: int) -> float | None:
        """Return the whole score of a row; ``None`` if it has none."""
        contents = self.contents.get(key)
        if contents is None:
            return None
        mean, n_scored = self._pooled(contents)
        if key in self._full:
            return mean
        if self._full and len(contents) == 1:
            return None
        # Several files of one row may together have all cells that none of them has alone.
        cells = frozenset().union(*(self._content_scores[content].cells for content in contents))
        return mean if n_scored and len(cells) >= n_needed else None

    @property
    def _n_cells(self) -> int:
        """Number of cells of a full file."""
        return next(
            self._content_scores[content].scored
            for content in self.contents[next(iter(self._full))]
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
        found = {model: self._ballot(model) for model in self.rows_of}
        return {model: score for model, score in found.items() if score is not None}

    def changed_ballots(self) -> dict[str, float | None]:
        """Return the ballots of the models that changed since the last call."""
        models, self._unranked = self._unranked, set()
        return {model: self._ballot(model) for model in models}

    def _ballot(self, model: str) -> float | None:
        rows = self.rows_of.get(model, ())
        parts = [self._pooled(self.contents[model, experiment]) for experiment in rows]
        return parts[0][0] if len(parts) == 1 else pooled(parts)[0]


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
