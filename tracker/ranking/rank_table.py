"""Ranks of all models on all tasks of a board, summed over the tasks that count.

Ranks are multiples of one half. They are kept as numbers of halves, so their sums are exact in any
order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FEW = 10
"""Number of changed ballots of a task up to which others move by them, and are not all sorted."""


class RankTable:
    """One row a task, one column a model; a new result changes one row only."""

    def __init__(self, models: Iterable[str], n_tasks: int) -> None:
        self.columns = {name: column for column, name in enumerate(dict.fromkeys(models))}
        """Column of each model."""
        shape = (n_tasks, len(self.columns))
        self._ballots = np.full(shape, np.nan)
        """Scores that are ranked; NaN if missing."""
        self._halves = np.zeros(shape, np.int32)
        """Ranks times two; 0 without a ballot."""
        self._has_ballot = np.zeros(shape, bool)
        self._is_present = np.zeros(shape, bool)
        """Whether a model has a result, whole or not."""
        self._n_known = 0
        """Columns up to the last one that got a ballot: columns are in order of first results."""
        self._counted: frozenset[int] = frozenset()
        self._sum_counted()

    def _sum_counted(self) -> None:
        """Sum ranks, ballots and results of each model over the tasks that count."""
        places = sorted(self._counted)
        self._sums = self._halves[places].sum(axis=0)
        self._n_ballots = self._has_ballot[places].sum(axis=0)
        self._n_present = self._is_present[places].sum(axis=0)

    def count(self, places: Iterable[int]) -> None:
        """Set the tasks that count, by position."""
        self._counted = frozenset(places)
        self._sum_counted()

    def change_ballots(self, place: int, changed: Mapping[str, float | None]) -> None:
        """Set some ballots of a task, and rank all models on it again."""
        columns = [self.columns[model] for model in changed]
        scores = [np.nan if score is None else score for score in changed.values()]
        self._n_known = max(self._n_known, max(columns, default=-1) + 1)
        if len(changed) > _FEW:
            row = self._ballots[place]
            row[columns] = scores
            self._replace(place, *_ranked(row))
        elif changed:
            self._change_few(place, columns, scores)

    def _change_few(self, place: int, columns: list[int], scores: list[float]) -> None:
        """Change a few ballots: ranks of lower ones move by one for each, those of equal by half.

        Args:
            place: The task.
            columns: Different columns of models.
            scores: Their new scores; NaN: none.
        """
        row = self._ballots[place, : self._n_known]
        halves, has_ballot = self._halves[place], self._has_ballot[place]
        before = row[columns]
        row[columns] = np.nan  # no score is lower than NaN or equal to it
        moved = np.zeros(len(row), np.int8)
        for old, new in zip(before.tolist(), scores, strict=True):
            if not isnan(old):
                moved -= (row < old).view(np.int8)
                moved -= (row <= old).view(np.int8)
            if not isnan(new):
                moved += (row < new).view(np.int8)
                moved += (row <= new).view(np.int8)
        row[columns] = scores
        was_there, is_there = has_ballot[columns], ~np.isnan(scores)
        has_ballot[columns] = is_there
        n_ballots = int(np.count_nonzero(has_ballot))
        own = [_halves_of(score, row, n_ballots) for score in scores]
        if place in self._counted:
            self._sums[: len(row)] += moved
            self._sums[columns] += np.subtract(own, halves[columns])
            self._n_ballots[columns] += is_there.astype(int) - was_there
        halves[: len(row)] += moved
        halves[columns] = own

    def set_ranks(self, place: int, ranks: Mapping[str, float]) -> None:
        """Set the ranks on a task."""
        columns = [self.columns[model] for model in ranks]
        halves = np.zeros_like(self._halves[place])
        halves[columns] = [round(2 * rank) for rank in ranks.values()]
        self._replace(place, halves, halves > 0)

    def _replace(self, place: int, halves: NDArray[Any], has_ballot: NDArray[Any]) -> None:
        """Replace ranks and ballots of a task."""
        if place in self._counted:
            self._sums += halves - self._halves[place]
            self._n_ballots += has_ballot.astype(int) - self._has_ballot[place]
        self._halves[place] = halves
        self._has_ballot[place] = has_ballot

    def set_present(self, place: int, models: Mapping[str, bool]) -> None:
        """Set whether some models have a result on a task."""
        for model, is_present in models.items():
            column = self.columns[model]
            if place in self._counted:
                self._n_present[column] += is_present - int(self._is_present[place, column])
            self._is_present[place, column] = is_present

    def points(self, n_rows: int) -> NDArray[np.float64]:
        """Compute Borda points: on each task that counts, the number of rows minus the rank.

        Args:
            n_rows: Rows of the board.

        Returns:
            Points by column; NaN for a model without a result on a task that counts.
        """
        points = n_rows * self._n_ballots - self._sums / 2
        return np.where(self._n_present > 0, points, np.nan)


def _halves(n_ballots: int, n_lower: Any, n_up_to: Any) -> Any:
    """Return ranks times two; equal scores share the mean of their ranks.

    Args:
        n_ballots: Scores that are ranked.
        n_lower: How many of them are lower: a number, or an array for many scores.
        n_up_to: How many are lower or equal, the score itself included.
    """
    return 2 * (n_ballots - n_up_to) + (n_up_to - n_lower) + 1


def _halves_of(score: float, ballots: NDArray[np.float64], n_ballots: int) -> int:
    """Return the rank times two of a score that is among the ballots of a task; 0 for NaN."""
    if isnan(score):
        return 0
    lower, up_to = np.count_nonzero(ballots < score), np.count_nonzero(ballots <= score)
    return int(_halves(n_ballots, lower, up_to))


def _ranked(ballots: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Rank the ballots of a task.

    Returns:
        Ranks times two, and whether there is a ballot, by column.
    """
    has_ballot = ~np.isnan(ballots)
    scores = ballots[has_ballot]
    ordered = np.sort(scores)
    lower, up_to = ordered.searchsorted(scores, "left"), ordered.searchsorted(scores, "right")
    halves = np.zeros(len(ballots), np.int32)
    halves[has_ballot] = _halves(len(scores), lower, up_to)
    return halves, has_ballot
