"""One task of a board while it is followed through time: whole scores, ballots and ranks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import fsum
from operator import itemgetter
from typing import NamedTuple


class ContentScore(NamedTuple):
    """What one result file says of a task of a board, over the cells that the board counts."""

    mean: float | None
    """Mean of the scores that are there."""
    scored: int
    """How many of them there are."""
    is_full: bool
    """Whether each cell that the board counts is scored."""
    cells: frozenset[tuple[str, str]]
    """Splits and subsets with a score; empty where the file is full."""


class TaskState:
    """What lines have on a task while it is followed."""

    def __init__(self, scores: Mapping[int, ContentScore]) -> None:
        self._of = scores
        self.contents: dict[tuple[str, str], tuple[int, ...]] = {}
        self.scores: dict[tuple[str, str], float] = {}
        self.ranks: dict[str, float] = {}
        self.present: set[str] = set()

    def line_scores(self) -> dict[tuple[str, str], float]:
        """Whole scores by line, as :func:`tracker.ranking.task_scores.task_scores` gives them."""
        of = self._of
        some_line_is_full = False
        unclear: list[tuple[str, str]] = []
        found: dict[tuple[str, str], float] = {}
        for key, contents in self.contents.items():
            if any(of[content].is_full for content in contents):
                some_line_is_full = True
                mean = self._pooled(contents)[0]
                if mean is not None:
                    found[key] = mean
            else:
                unclear.append(key)
        if some_line_is_full:
            # Several files of a line may have together what none of them has alone.
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
        """How many cells a full file has."""
        return next(
            self._of[content].scored
            for contents in self.contents.values()
            for content in contents
            if self._of[content].is_full
        )

    def _n_observed(self, lines: Iterable[tuple[str, str]]) -> int:
        """Splits times subsets on which any line has a score, where no line has all of them."""
        cells = {
            cell
            for key in lines
            for content in self.contents[key]
            for cell in self._of[content].cells
        }
        return len({split for split, _ in cells}) * len({subset for _, subset in cells})

    def _pooled(self, contents: tuple[int, ...]) -> tuple[float | None, int]:
        if len(contents) == 1:
            only = self._of[contents[0]]
            return only.mean, only.scored
        return pooled([(self._of[content].mean, self._of[content].scored) for content in contents])

    def ballots(self) -> dict[str, float]:
        """Scores by model, of incomplete tasks too; experiments of a model are pooled."""
        by_model: dict[str, list[tuple[float | None, int]]] = defaultdict(list)
        for (model, _), contents in self.contents.items():
            by_model[model].append(self._pooled(contents))
        found = {}
        for model, parts in by_model.items():
            mean = parts[0][0] if len(parts) == 1 else pooled(parts)[0]
            if mean is not None:
                found[model] = mean
        return found


def pooled(parts: Sequence[tuple[float | None, int]]) -> tuple[float | None, int]:
    """The mean of all cells behind some means, and how many there are."""
    n = sum(scored for _, scored in parts)
    total = fsum(mean * scored for mean, scored in parts if mean is not None)
    return (total / n if n else None), n


def average_ranks(scores: Mapping[str, float]) -> dict[str, float]:
    """Ranks from 1 for the highest; equal scores share the mean of their ranks."""
    ordered = sorted(scores.items(), key=itemgetter(1), reverse=True)
    ranks: dict[str, float] = {}
    place = 1
    for _, group in groupby(ordered, key=itemgetter(1)):
        equals = [model for model, _ in group]
        for model in equals:
            ranks[model] = place + (len(equals) - 1) / 2
        place += len(equals)
    return ranks
