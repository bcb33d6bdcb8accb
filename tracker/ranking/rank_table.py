"""Ranks of all models on all tasks of a board, summed over the tasks that count.

Ranks are multiples of one half, so their sums are exact in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

_FEW = 10
"""Number of changed ballots of a task up to which each is changed alone, not all are sorted."""


class RankTable:
    """One row a task, one column a model; a new result changes one row only."""

    def __init__(self, models: Iterable[str], n_tasks: int) -> None:
        self._columns = {name: column for column, name in enumerate(dict.fromkeys(models))}
        shape = (n_tasks, len(self._columns))
        self._ballots = np.full(shape, np.nan)
        """Scores that are ranked; NaN if missing."""
        self._ranks = np.zeros(shape)
        self._has_ballot = np.zeros(shape, bool)
        self._is_present = np.zeros(shape, bool)
        """Whether a model has a result, whole or not."""

    def change_ballots(self, place: int, changed: Mapping[str, float | None]) -> None:
        """Set some ballots of a task, and rank all models on it again."""
        row = self._ballots[place]
        if len(changed) > _FEW:
            for model, score in changed.items():
                row[self._columns[model]] = np.nan if score is None else score
            self._rank_all(place)
            return
        for model, score in changed.items():
            self._change_ballot(place, self._columns[model], score)

    def _change_ballot(self, place: int, column: int, score: float | None) -> None:
        """Change one ballot: the ranks of lower ones move by one, those of equal ones by half."""
        row, ranks = self._ballots[place], self._ranks[place]
        old = row[column]
        if not np.isnan(old):
            ranks -= row < old
            ranks[row == old] -= 0.5
        row[column] = np.nan
        ranks[column] = 0.0
        self._has_ballot[place, column] = score is not None
        if score is not None:
            equal = row == score
            ranks += row < score
            ranks[equal] += 0.5
            ranks[column] = np.count_nonzero(row > score) + 1 + np.count_nonzero(equal) / 2
            row[column] = score

    def _rank_all(self, place: int) -> None:
        row = self._ballots[place]
        has = ~np.isnan(row)
        scores = row[has]
        ordered = np.sort(scores)
        up_to = ordered.searchsorted(scores, "right")
        equal = up_to - ordered.searchsorted(scores, "left")
        self._ranks[place] = 0.0
        # Equal scores share the mean of their ranks.
        self._ranks[place, has] = len(scores) - up_to + (equal + 1) / 2
        self._has_ballot[place] = has

    def set_ranks(self, place: int, ranks: Mapping[str, float]) -> None:
        """Set the ranks on a task."""
        columns = [self._columns[model] for model in ranks]
        self._ranks[place] = 0.0
        self._ranks[place, columns] = list(ranks.values())
        self._has_ballot[place] = False
        self._has_ballot[place, columns] = True

    def set_present(self, place: int, models: Mapping[str, bool]) -> None:
        """Set whether some models have a result on a task."""
        for model, is_present in models.items():
            self._is_present[place, self._columns[model]] = is_present

    def points(self, counted: Sequence[int], n_rows: int) -> dict[str, float]:
        """Compute Borda points: on each task, the number of rows minus the rank.

        Args:
            counted: Positions of the tasks that count.
            n_rows: Rows of the board.

        Returns:
            Points by model, for each model with a result on a task that counts.
        """
        places = list(counted)
        n_ballots = self._has_ballot[places].sum(axis=0)
        points = n_rows * n_ballots - self._ranks[places].sum(axis=0)
        found = self._is_present[places].any(axis=0)
        names = np.fromiter(self._columns, object, len(self._columns))
        return dict(zip(names[found].tolist(), points[found].tolist(), strict=True))
