"""Ranks of all models on all tasks of a board, summed over the tasks that count.

Ranks are multiples of one half. They are kept as numbers of halves, so their sums are exact in any
order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FEW = 10
"""Number of changed ballots of a task up to which each is changed alone, not all are sorted."""


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
        row = self._ballots[place]
        if len(changed) > _FEW:
            for model, score in changed.items():
                row[self.columns[model]] = np.nan if score is None else score
            self._replace(place, *_ranked(row))
            return
        for model, score in changed.items():
            self._change_ballot(place, self.columns[model], score)

    def _change_ballot(self, place: int, column: int, score: float | None) -> None:
        """Change one ballot: the ranks of lower ones move by one, those of equal ones by half."""
        row, halves = self._ballots[place], self._halves[place]
        old, new = row[column], np.nan if score is None else score
        row[column] = np.nan
        lower, up_to = row < new, row <= new
        moved = lower.view(np.int8) + up_to.view(np.int8)
        moved -= (row < old).view(np.int8)
        moved -= (row <= old).view(np.int8)
        had_ballot = self._has_ballot[place, column]
        own = 0
        if score is not None:
            n_others = np.count_nonzero(self._has_ballot[place]) - int(had_ballot)
            n_up_to = np.count_nonzero(up_to)
            own = int(2 * (n_others - n_up_to + 1) + n_up_to - np.count_nonzero(lower))
            row[column] = score
        # Its own ballot is not among the others, so nothing has moved here.
        own_moved = own - halves[column]
        halves += moved
        halves[column] = own
        self._has_ballot[place, column] = score is not None
        if place in self._counted:
            self._sums += moved
            self._sums[column] += own_moved
            self._n_ballots[column] += int(score is not None) - int(had_ballot)

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


def _ranked(ballots: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Rank the ballots of a task.

    Returns:
        Ranks times two, and whether there is a ballot, by column.
    """
    has_ballot = ~np.isnan(ballots)
    scores = ballots[has_ballot]
    ordered = np.sort(scores)
    up_to = ordered.searchsorted(scores, "right")
    equal = up_to - ordered.searchsorted(scores, "left")
    halves = np.zeros(len(ballots), np.int32)
    # Equal scores share the mean of their ranks.
    halves[has_ballot] = 2 * (len(scores) - up_to) + equal + 1
    return halves, has_ballot
