"""How far a board's ranks and means depend on which tasks it happens to have.

The tasks of a board are taken as a sample of what a reader might care about: they are drawn again
with replacement, and the board is computed by its own rule from each draw. The intervals say how
much would change with other tasks of the same kind. They say nothing of the error of a single
score, of training on the tasks, or of tasks of another kind.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

N_DRAWS = 10_000
SEED = 20_240_706
LEVEL = 95.0
"""Percent of the draws that an interval holds."""

_BOUNDS = ((100 - LEVEL) / 2, (100 + LEVEL) / 2)
_DIGITS = 9
"""Values are compared to this many digits, since the order of a sum changes the last bits."""

_Matrix = NDArray[np.float64]


class TaskTable(NamedTuple):
    """The scores from which a board ranks."""

    points: _Matrix | None
    """Borda points by model and task, 0 without a score, also of models without a row; ``None``
    for a board that ranks by means."""
    scores: _Matrix
    """Scores from 0 to 1 by row and task, NaN if missing."""
    types: Sequence[str]
    """Type of each task."""
    by_type: bool = False
    """Whether the mean is the mean of the means of types."""
    models: Sequence[int] | None = None
    """Of each row of ``scores``, the row of ``points``; by default the same one."""


class Intervals(NamedTuple):
    """What of some rows holds in the middle 95 percent of the draws; one entry a row.

    Of a row without a whole mean the bounds of the mean are NaN.
    """

    rank_low: NDArray[np.int64]
    rank_high: NDArray[np.int64]
    mean_low: _Matrix
    mean_high: _Matrix
    tie_first: NDArray[np.int64]
    """One more than the number of rows that are ahead in at least 97.5 percent of the draws."""
    tie_last: NDArray[np.int64]
    """All rows, less those that are behind in at least 97.5 percent of the draws."""


class IntervalJob(NamedTuple):
    """What the intervals of some rows are drawn from; another process can do it."""

    table: TaskTable
    wanted: list[int]
    """Positions of the rows in the table."""
    labels: list[str]
    """Labels of these rows on their board."""
    has_mean: bool
    """Whether the mean that the board shows is the one that is drawn."""

    def draw(self) -> Intervals:
        """Draw the intervals."""
        return board_intervals(self.table, draw_weights(self.table.types), self.wanted)


class Difference(NamedTuple):
    """The mean of one row against that of another, over the same tasks, from 0 to 1."""

    mean: float
    low: float | None
    """Bounds of the interval; ``None`` where no two of the tasks are of one type."""
    high: float | None
    n_ahead: int
    """Tasks on which the first row has the higher score."""
    n_behind: int
    """Tasks on which the second row has the higher score."""
    n_tasks: int
    """Tasks that both have."""


def can_be_drawn(types: Sequence[str]) -> bool:
    """Whether draws of tasks differ at all: one of a type is always drawn again."""
    return max(Counter(types).values(), default=0) > 1


def draw_weights(types: Sequence[str], n_draws: int = N_DRAWS, seed: int = SEED) -> _Matrix:
    """How often each task was drawn, by draw and task.

    Tasks of one type are drawn among themselves, so that each draw has as many of a type as the
    board has.
    """
    generator = np.random.default_rng(seed)
    weights = np.zeros((n_draws, len(types)))
    for places in _places(types).values():
        n = len(places)
        drawn = generator.integers(n, size=(n_draws, n))
        # One number for each pair of draw and task, so that all draws are counted at once.
        pairs = drawn + n * np.arange(n_draws)[:, None]
        counts = np.bincount(pairs.ravel(), minlength=n * n_draws)
        weights[:, places] = counts.reshape(n_draws, n)
    return weights


def board_intervals(table: TaskTable, weights: _Matrix, wanted: Sequence[int]) -> Intervals:
    """Intervals of some rows of a board.

    Args:
        table: All rows: the others take part in every draw.
        weights: From :func:`draw_weights`.
        wanted: Positions of the rows for which the answer is wanted.
    """
    means = _means(table, weights)
    ranks = _ranks(means if table.points is None else weights @ table.points.T)
    n, n_draws = ranks.shape
    rows = list(wanted if table.models is None else np.array(table.models)[wanted])
    low, high = np.percentile(ranks[rows], _BOUNDS, axis=1, method="nearest")
    enough = n_draws * _BOUNDS[1] / 100
    ahead = [(np.count_nonzero(ranks < ranks[row], axis=1) >= enough).sum() for row in rows]
    behind = [(np.count_nonzero(ranks > ranks[row], axis=1) >= enough).sum() for row in rows]
    with np.errstate(invalid="ignore"):
        mean_low, mean_high = np.percentile(means[:, wanted], _BOUNDS, axis=0)
    return Intervals(
        low.astype(np.int64),
        high.astype(np.int64),
        mean_low,
        mean_high,
        np.array(ahead, np.int64) + 1,
        n - np.array(behind, np.int64),
    )


def difference(
    first: Sequence[float | None] | _Matrix,
    second: Sequence[float | None] | _Matrix,
    types: Sequence[str],
    *,
    by_type: bool = False,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
) -> Difference | None:
    """The mean difference of two rows over the tasks that both have, and its interval.

    Args:
        first: Scores by task, ``None`` or NaN if missing.
        second: Likewise.
        types: Type of each task.
        by_type: Whether the mean is the mean of the means of types.
        n_draws: Number of draws.
        seed: Of the random numbers.

    Returns:
        ``None`` where they have no task in common.
    """
    gaps = np.array(first, np.float64) - np.array(second, np.float64)
    shared = np.flatnonzero(~np.isnan(gaps))
    if not len(shared):
        return None
    kinds = tuple(types[place] for place in shared.tolist())
    gaps = gaps[shared]
    shares = gaps * _shares(kinds, by_type=by_type)
    low = high = None
    if can_be_drawn(kinds):
        drawn = _kept_weights(kinds, n_draws, seed) @ shares
        low, high = np.percentile(drawn, _BOUNDS).tolist()
    return Difference(
        float(shares.sum()),
        low,
        high,
        int((gaps > 0).sum()),
        int((gaps < 0).sum()),
        len(gaps),
    )


@lru_cache(maxsize=4)
def _kept_weights(types: tuple[str, ...], n_draws: int, seed: int) -> _Matrix:
    """Weights that are kept, since most rows of a board have the same tasks."""
    return draw_weights(types, n_draws, seed)


def _ranks(values: _Matrix) -> NDArray[np.int16]:
    """Rank of each entry in each draw, by entry and draw: one more than the number ahead of it.

    Args:
        values: By draw and entry; an entry without a value (NaN) is behind all that have one.
    """
    rounded = np.where(np.isnan(values), -np.inf, np.round(values, _DIGITS))
    order = np.argsort(-rounded, axis=1, kind="stable")
    ordered = np.take_along_axis(rounded, order, axis=1)
    places = np.arange(values.shape[1], dtype=np.int16)
    is_first = np.ones(values.shape, bool)
    is_first[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    # Equal values share the place of the first of them.
    shared = np.maximum.accumulate(np.where(is_first, places, np.int16(0)), axis=1) + np.int16(1)
    ranks = np.empty(values.shape, np.int16)
    np.put_along_axis(ranks, order, shared, axis=1)
    return np.ascontiguousarray(ranks.T)


def _means(table: TaskTable, weights: _Matrix) -> _Matrix:
    """The mean of each draw and row; NaN where a row lacks any task of the board."""
    means: _Matrix = weights @ (table.scores * _shares(table.types, by_type=table.by_type)).T
    return means


def _shares(types: Sequence[str], *, by_type: bool) -> _Matrix:
    """Share of each task in a mean over tasks, or in the mean of the means of types."""
    if not by_type:
        return np.full(len(types), 1 / len(types))
    counts = Counter(types)
    return np.array([1 / (len(counts) * counts[kind]) for kind in types])


def _places(types: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, kind in enumerate(types):
        places[kind].append(place)
    return places
