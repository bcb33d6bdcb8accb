"""Independent bootstrap over the tasks of a board, in plain Python.

It imports nothing of the tracker. Tasks of a type are drawn with replacement among themselves.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from tests.real.independent_board import Board, Row, average_places, mean

N_DRAWS = 8_000
_SHARE = 0.025
"""Share of the draws below a 95 percent interval, and above it."""


def draws(sizes: Sequence[int], n_draws: int = N_DRAWS) -> Iterator[list[list[int]]]:
    """Yield positions of drawn tasks, a list for each type, from the number of tasks by type."""
    generator = random.Random(16)
    for _ in range(n_draws):
        yield [[generator.randrange(size) for _ in range(size)] for size in sizes]


def bounds(values: Sequence[float]) -> tuple[float, float]:
    """The values between which 95 percent of some values are."""
    ordered = sorted(values)
    cut = round(_SHARE * len(ordered))
    return ordered[cut], ordered[-cut - 1]


def difference_bounds(gaps: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Bounds of the mean of differences by type and task."""
    return bounds(
        [
            mean([own[place] for own, places in zip(gaps, drawn, strict=True) for place in places])
            for drawn in draws([len(own) for own in gaps])
        ]
    )


def rank_bounds(
    rows: Sequence[Row], board: Board, types: Mapping[str, Sequence[str]]
) -> list[tuple[float, float]]:
    """Bounds of the rank of some rows, from the points that all models earn on drawn tasks."""
    models = sorted({model for votes in board.ballots.values() for model in votes})
    kinds = list(types.values())
    table = {}
    for task, votes in board.ballots.items():
        places = average_places(votes)
        # A model earns nothing on a task that it lacks.
        table[task] = [len(board.whole) - places[m] if m in places else 0.0 for m in models]
    found: dict[str, list[int]] = {row.model: [] for row in rows}
    for drawn in draws([len(own) for own in kinds], N_DRAWS // 16):
        tasks = [own[p] for own, chosen in zip(kinds, drawn, strict=True) for p in chosen]
        sums = [sum(column) for column in zip(*(table[task] for task in tasks), strict=True)]
        for model, ranks in found.items():
            own_points = sums[models.index(model)]
            ranks.append(1 + sum(points > own_points for points in sums))
    return [bounds(found[row.model]) for row in rows]
