"""Ranks and points that change result by result equal those of all ballots together."""

from __future__ import annotations

from math import isnan

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.ranking import rank_table
from tracker.ranking.borda import borda_points
from tracker.ranking.rank_table import RankTable

MODELS, TASKS = ("a", "b", "c", "d"), (0, 1, 2)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(TASKS),
        st.dictionaries(
            st.sampled_from(MODELS), st.none() | st.sampled_from([0.0, 0.25, 0.5, 1.0])
        ),
    ),
    max_size=12,
)


@pytest.mark.parametrize("few", [0, 2, 10])
@given(changes=CHANGES, counted=st.sets(st.sampled_from(TASKS)))
def test_points_equal_those_of_all_ballots(
    changes: list[tuple[int, dict[str, float | None]]], counted: set[int], few: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rank_table, "_FEW", few)
        check_points(changes, counted)


def check_points(changes: list[tuple[int, dict[str, float | None]]], counted: set[int]) -> None:
    table = RankTable(MODELS, len(TASKS))
    table.count(counted)
    ballots: dict[tuple[int, str], float] = {}
    for place, changed in changes:
        table.change_ballots(place, changed)
        table.set_present(place, {model: score is not None for model, score in changed.items()})
        for model, score in changed.items():
            ballots.pop((place, model), None)
            if score is not None:
                ballots[place, model] = score
    rows = [(m, str(p), s) for (p, m), s in ballots.items() if p in counted]
    schema = {"model": pl.String, "task": pl.String, "score": pl.Float64}
    expected = borda_points(pl.DataFrame(rows, schema=schema, orient="row"), len(MODELS))
    assert points(table, len(MODELS)) == dict(expected.iter_rows())
    # Counting the tasks only now gives the same sums.
    table.count(TASKS)
    table.count(counted)
    assert points(table, len(MODELS)) == dict(expected.iter_rows())


def points(table: RankTable, n_rows: int) -> dict[str, float]:
    """Points by model, of models with a result."""
    found = table.points(n_rows).tolist()
    return {model: found[c] for model, c in table.columns.items() if not isnan(found[c])}


def test_equal_scores_share_the_mean_of_their_ranks() -> None:
    table = RankTable("abc", 1)
    table.count([0])
    table.change_ballots(0, {"a": 0.5, "b": 0.5, "c": 0.25})
    table.set_present(0, dict.fromkeys("abc", True))
    assert points(table, 3) == pytest.approx({"a": 1.5, "b": 1.5, "c": 0.0}, abs=0)
