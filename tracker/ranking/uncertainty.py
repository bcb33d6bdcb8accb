"""How far a board's ranks and means depend on which tasks it happens to have.

The tasks of a board are taken as a sample of what a reader might care about: they are drawn again
with replacement, and the board is computed by its own rule from each draw. The intervals say how
much would change with other tasks of the same kind. They say nothing of the error of a single
score, of training on the tasks, or of tasks of another kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

N_DRAWS = 10_000
SEED = 20_240_706
LEVEL = 95.0
"""Percent of the draws that an interval holds."""

_Matrix = NDArray[np.float64]


class TaskTable(NamedTuple):
    """The scores from which a board ranks."""

    points: _Matrix | None
    """Borda points by row and task, 0 without a score; ``None`` for a board that ranks by means."""
    scores: _Matrix
    """Scores from 0 to 1 by row and task, NaN if missing."""
    types: Sequence[str]
    """Type of each task."""
    by_type: bool = False
    """Whether the board ranks by the mean of the means of types."""


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


class Difference(NamedTuple):
    """The mean of one row against that of another, over the same tasks, from 0 to 1."""

    mean: float
    low: float
    high: float
    n_ahead: int
    """Tasks on which the first row has the higher score."""
    n_tasks: int
    """Tasks that both have."""


def draw_weights(types: Sequence[str], n_draws: int = N_DRAWS, seed: int = SEED) -> _Matrix:
    """How often each task was drawn, by draw and task.

    Tasks of one type are drawn among themselves, so that each draw has as many of a type as the
    board has.
    """
    generator = np.random.default_rng(seed)
    weights = np.zeros((n_draws, len(types)))
    for places in _places(types).values():
        n = len(places)
        weights[:, places] = generator.multinomial(n, np.full(n, 1 / n), size=n_draws)
    return weights


def board_intervals(table: TaskTable, weights: _Matrix, top: int) -> Intervals:
    """Intervals of the first rows of a board.

    Args:
        table: All ranked rows, best first: the others take part in every draw.
        weights: From :func:`draw_weights`.
        top: For how many rows the answer is wanted.
    """
    means = _means(table, weights)
    decisive = means if table.points is None else weights @ table.points.T
    missing = np.isnan(decisive)
    values = np.where(missing, -np.inf, np.round(decisive, 9))
    n = values.shape[1]
    top = min(top, n)
    tail = (100 - LEVEL) / 2
    enough = (100 - tail) / 100
    ranks = np.empty((len(values), top), np.int64)
    ahead = np.empty(top, np.int64)
    behind = np.empty(top, np.int64)
    for row in range(top):
        own = values[:, row : row + 1]
        is_higher = values > own
        # The rank is one more than the number of rows with a higher value.
        ranks[:, row] = 1 + is_higher.sum(axis=1)
        ahead[row] = (is_higher.mean(axis=0) >= enough).sum()
        behind[row] = ((values < own).mean(axis=0) >= enough).sum()
    rank_low, rank_high = np.percentile(ranks, [tail, 100 - tail], axis=0, method="nearest")
    with np.errstate(invalid="ignore"):
        bounds = np.percentile(means[:, :top], [tail, 100 - tail], axis=0)
    return Intervals(
        rank_low.astype(np.int64),
        rank_high.astype(np.int64),
        bounds[0],
        bounds[1],
        ahead + 1,
        n - behind,
    )


def difference(
    first: Sequence[float | None],
    second: Sequence[float | None],
    types: Sequence[str],
    n_draws: int = N_DRAWS,
    seed: int = SEED,
) -> Difference | None:
    """The mean difference of two rows over the tasks that both have, and its interval.

    Args:
        first: Scores by task, ``None`` if missing.
        second: Likewise.
        types: Type of each task.
        n_draws: Number of draws.
        seed: Of the random numbers.

    Returns:
        ``None`` where they have no task in common.
    """
    pairs = [
        (a - b, kind)
        for a, b, kind in zip(first, second, types, strict=True)
        if a is not None and b is not None
    ]
    if not pairs:
        return None
    gaps = np.array([gap for gap, _ in pairs])
    drawn = draw_weights([kind for _, kind in pairs], n_draws, seed) @ gaps / len(gaps)
    tail = (100 - LEVEL) / 2
    low, high = np.percentile(drawn, [tail, 100 - tail])
    return Difference(
        float(gaps.mean()), float(low), float(high), int((gaps > 0).sum()), len(pairs)
    )


def _means(table: TaskTable, weights: _Matrix) -> _Matrix:
    """The mean of each draw and row; NaN where a row lacks any task of the board."""
    if not table.by_type:
        drawn: _Matrix = weights @ table.scores.T / weights.sum(axis=1, keepdims=True)
        return drawn
    places = _places(table.types).values()
    by_type = [weights[:, p] @ table.scores[:, p].T / len(p) for p in places]
    whole: _Matrix = np.mean(by_type, axis=0)
    return whole


def _places(types: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, kind in enumerate(types):
        places[kind].append(place)
    return places
