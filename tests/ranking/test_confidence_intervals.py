"""Intervals of ranks and means agree with drawing tasks by hand, in any order of rows."""

from __future__ import annotations

import random
from statistics import fmean

import numpy as np
import pytest

from tracker.ranking.confidence_intervals import (
    TaskTable,
    board_intervals,
    difference,
    draw_weights,
)

TYPES = ["STS"] * 6 + ["Retrieval"] * 5


def made(n_rows: int = 6, seed: int = 7) -> list[list[float]]:
    """Scores by row and task: later rows are worse, with noise."""
    chance = random.Random(seed)
    return [[0.7 - 0.02 * row + chance.gauss(0, 0.04) for _ in TYPES] for row in range(n_rows)]


def borda(scores: list[list[float]]) -> list[list[float]]:
    """Points by row and task: the number of rows, less the rank."""
    n = len(scores)
    return [
        [n - (1 + sum(other[t] > row[t] for other in scores)) for t in range(len(TYPES))]
        for row in scores
    ]


def drawn_by_hand(values: list[list[float]], draws: int, seed: int) -> list[list[int]]:
    """Ranks by draw: within each type as many tasks as it has, one by one."""
    chance = random.Random(seed)
    places = {kind: [t for t, k in enumerate(TYPES) if k == kind] for kind in TYPES}
    found = []
    for _ in range(draws):
        tasks = [chance.choice(of_type) for of_type in places.values() for _ in of_type]
        totals = [sum(row[t] for t in tasks) for row in values]
        found.append([1 + sum(other > total for other in totals) for total in totals])
    return found


def test_intervals_agree_with_draws_by_hand() -> None:
    scores = made()
    points = borda(scores)
    table = TaskTable(np.array(points, float), np.array(scores), TYPES)
    found = board_intervals(table, draw_weights(TYPES), range(6))
    by_hand = drawn_by_hand(points, 4000, seed=3)
    for row in range(6):
        ranks = sorted(draw[row] for draw in by_hand)
        expected = (ranks[100], ranks[-101])
        assert abs(found.rank_low[row] - expected[0]) <= 1
        assert abs(found.rank_high[row] - expected[1]) <= 1
        assert found.mean_low[row] < fmean(scores[row]) < found.mean_high[row]


def test_the_order_of_rows_changes_nothing() -> None:
    scores = np.array(made())
    points = np.array(borda(made()), float)
    weights = draw_weights(TYPES, 500)
    first = board_intervals(TaskTable(points, scores, TYPES), weights, range(6))
    turned = board_intervals(TaskTable(points[::-1], scores[::-1], TYPES), weights, range(6))
    for one, other in zip(first, turned, strict=True):
        assert np.allclose(one, other[::-1])


def test_rows_with_the_same_scores_are_tied() -> None:
    scores = np.array([made()[0]] * 3)
    points = np.zeros((3, len(TYPES)))
    found = board_intervals(TaskTable(points, scores, TYPES), draw_weights(TYPES, 200), range(3))
    assert [list(values) for values in (found.rank_low, found.rank_high)] == [[1, 1, 1]] * 2
    assert [list(values) for values in (found.tie_first, found.tie_last)] == [[1] * 3, [3] * 3]


def test_a_row_that_is_ahead_everywhere_is_tied_with_nobody() -> None:
    scores = np.array([[0.9] * len(TYPES), [0.5] * len(TYPES), [0.4] * len(TYPES)])
    found = board_intervals(TaskTable(None, scores, TYPES), draw_weights(TYPES, 200), range(3))
    assert [list(v) for v in (found.tie_first, found.tie_last)] == [[1, 2, 3], [1, 2, 3]]


def test_a_row_without_a_whole_mean_has_no_bounds() -> None:
    scores = np.array([[0.9] * len(TYPES), [np.nan, *[0.5] * (len(TYPES) - 1)]])
    points = np.array([[1.0] * len(TYPES), [0.0] * len(TYPES)])
    found = board_intervals(TaskTable(points, scores, TYPES), draw_weights(TYPES, 100), range(2))
    assert list(np.isnan(found.mean_low)) == [False, True]
    assert list(found.rank_low) == [1, 2]


def test_each_draw_has_as_many_tasks_of_a_type_as_the_board() -> None:
    weights = draw_weights(TYPES, 50)
    assert (weights[:, :6].sum(axis=1) == 6).all()
    assert (weights[:, 6:].sum(axis=1) == 5).all()


def test_a_mean_of_types_weighs_types_alike() -> None:
    # Ahead on one of two types by more than behind on the other, which has more tasks.
    first = [0.9] * 2 + [0.5] * 9
    second = [0.5] * 2 + [0.6] * 9
    types = ["STS"] * 2 + ["Retrieval"] * 9
    table = TaskTable(None, np.array([first, second]), types, by_type=True)
    found = board_intervals(table, draw_weights(types, 100), range(2))
    assert list(found.rank_high) == [1, 2]
    plain = board_intervals(table._replace(by_type=False), draw_weights(types, 100), range(2))
    assert list(plain.rank_high) == [2, 1]


def test_a_difference_counts_only_tasks_that_both_have() -> None:
    found = difference([0.5, 0.6, None], [0.4, None, 0.3], ["STS"] * 3, n_draws=100)
    assert found is not None
    assert (found.n_tasks, found.n_ahead, round(found.mean, 6)) == (1, 1, 0.1)
    assert difference([None], [0.3], ["STS"]) is None


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_gives_the_same_draws(seed: int) -> None:
    assert (draw_weights(TYPES, 20, seed) == draw_weights(TYPES, 20, seed)).all()


def test_one_task_of_each_type_gives_no_interval() -> None:
    found = difference([0.5, 0.9], [0.4, 0.7], ["STS", "Retrieval"])
    assert found is not None
    assert (round(found.mean, 6), found.low, found.high) == (0.15, None, None)
