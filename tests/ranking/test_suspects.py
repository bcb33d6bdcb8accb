"""Suspect scores: what contradicts its own file is found, rounding and excluded tasks are not."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.ranking.suspects import exclusion, suspects


def found(task: str = "T", metric: str | None = "ndcg_at_10", **cell: Any) -> list[tuple[Any, ...]]:
    scores = {"test": [{"hf_subset": "de", "languages": ["deu-Latn"], **cell}]}
    return [tuple(one) for one in suspects(task, metric, scores)]


def test_a_file_that_agrees_with_itself_has_no_findings() -> None:
    assert found(main_score=0.5, ndcg_at_10=0.5, mrr_at_1=0.4, precision_at_1=0.4) == []


def test_reciprocal_rank_at_one_is_precision_at_one() -> None:
    assert found(mrr_at_1=0.4, precision_at_1=0.5) == [
        ("mrr-at-1", "test", "de", 0.4, 0.5, "precision_at_1", None)
    ]


@pytest.mark.parametrize("gap", [0.0, 0.0009])
def test_rounding_is_no_finding(gap: float) -> None:
    assert found(mrr_at_1=0.4, precision_at_1=0.4 + gap) == []


def test_a_main_score_is_the_value_of_its_metric() -> None:
    assert found(main_score=0.9, ndcg_at_10=0.5, map_at_10=0.9) == [
        ("main-score", "test", "de", 0.9, 0.5, "ndcg_at_10", "map_at_10")
    ]


def test_a_main_score_that_equals_no_metric_is_found() -> None:
    assert found(main_score=0.9, map_at_10=0.8) == [
        ("main-score", "test", "de", 0.9, None, "ndcg_at_10", None)
    ]


def test_a_main_score_alone_contradicts_nothing() -> None:
    assert found(main_score=0.9) == []


@pytest.mark.parametrize(
    ("metric", "score", "is_found"),
    [("accuracy", 1.01, True), ("accuracy", -0.1, True), ("cosine_spearman", -0.1, False)],
)
def test_a_score_is_in_the_range_of_its_metric(metric: str, score: float, is_found: bool) -> None:
    rules = [one[0] for one in found(metric=metric, main_score=score, **{metric: score})]
    assert rules == (["out-of-range"] if is_found else [])


def test_tasks_for_which_a_rule_does_not_hold_are_left_out() -> None:
    assert found("ArguAna-PL", mrr_at_1=0.4, precision_at_1=0.5) == []
    assert exclusion("mrr-at-1", "ArguAna-PL") is not None
    assert exclusion("main-score", "ArguAna-PL") is None


@pytest.mark.parametrize(
    "scores",
    [{}, {"test": None}, {"test": [3]}, {"test": [{"main_score": "0.5", "ndcg_at_10": True}]}],
)
def test_what_is_no_cell_is_passed_over(scores: dict[str, Any]) -> None:
    assert list(suspects("T", "ndcg_at_10", scores)) == []


def test_without_a_known_metric_the_main_score_is_not_judged() -> None:
    assert found(metric=None, main_score=7.0, map_at_10=0.8) == []
