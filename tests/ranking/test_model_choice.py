"""Rules of a choice: unknown values meet nothing, equal scores share a place, fronts hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.campaigns import examples
from tracker.ranking.model_choice import (
    meets,
    pareto_front,
    places,
    scaled,
    storage_gb,
    weighted_mean,
)


@pytest.mark.parametrize(
    ("operator", "value", "wanted", "met"),
    [
        ("at_most", 5, 5.0, True),
        ("at_most", 6, 5.0, False),
        ("at_most", 0, 5.0, True),
        ("at_least", "2025-01-01", "2025-01-01", True),
        ("is", True, True, True),
        ("is", True, False, False),
        ("one_of", "mit", ("apache-2.0", "mit"), True),
        ("one_of", ("a", "b"), ("b",), True),
        ("one_of", "mit", ("mi",), False),
        ("contains", ("qwen/qwen3-0.6b",), "qwen3", True),
        ("contains", ("bert",), "qwen", False),
    ],
)
def test_an_operator_compares_known_values(
    operator: str, value: Any, wanted: Any, met: bool
) -> None:
    assert meets(operator, value, wanted) is met


@pytest.mark.parametrize("operator", ["at_most", "at_least", "is", "one_of", "contains"])
@pytest.mark.parametrize("value", [None, ()])
def test_an_unknown_value_meets_no_condition(operator: str, value: Any) -> None:
    assert meets(operator, value, None) is None


def test_weights_count_in_proportion_and_a_missing_mean_counts_as_none() -> None:
    values = {"STS": scaled(70.0), "Retrieval": scaled(40.0005)}
    assert weighted_mean(values, {"STS": 1.0, "Retrieval": 2.0}) == (70000 + 80002) / 3
    assert weighted_mean(values, {"STS": 1.0, "Clustering": 1.0}) is None
    assert weighted_mean(values, {}) is None


def test_equal_scores_share_the_better_place() -> None:
    assert places([1.0, 3.0, 3.0, 2.0]) == [4, 1, 1, 3]


def test_a_million_vectors_of_1024_dimensions_take_4_096_gigabytes() -> None:
    assert (storage_gb(1024), storage_gb(None)) == (4.096, None)


ENTRIES = st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)), max_size=8)


@given(ENTRIES)
@settings(max_examples=examples(60))
def test_the_front_is_what_no_other_entry_beats(entries: list[tuple[int, int | None]]) -> None:
    scores, costs = [float(s) for s, _ in entries], [c for _, c in entries]
    expected = [
        cost is not None
        and not any(
            other_cost is not None
            and other >= score
            and other_cost <= cost
            and (other, other_cost) != (score, cost)
            for other, other_cost in entries
        )
        for score, cost in entries
    ]
    assert pareto_front(scores, costs) == expected
