"""Ranges of metrics, to recognise impossible scores."""

from __future__ import annotations

import pytest

from tracker.ranking.metrics import is_possible, lowest_score


@pytest.mark.parametrize(
    ("metric", "lowest"),
    [
        ("cosine_spearman", -1.0),
        ("spearman", -1.0),
        ("manhattan_pearson", -1.0),
        ("p-MRR", -1.0),
        ("ndcg_at_10", 0.0),
        ("accuracy", 0.0),
        ("v_measure", 0.0),
        ("max_ap", 0.0),
        ("mrr_at_10", 0.0),
        ("cv_recall_at_5", 0.0),
        (None, -1.0),
    ],
)
def test_only_correlations_and_p_mrr_may_be_negative(metric: str | None, lowest: float) -> None:
    assert lowest_score(metric) == lowest


@pytest.mark.parametrize(
    ("score", "metric", "possible"),
    [
        (0.0, "ndcg_at_10", True),
        (1.0, "ndcg_at_10", True),
        (-0.001, "ndcg_at_10", False),
        (1.001, "ndcg_at_10", False),
        (77.5, "accuracy", False),
        (-1.0, "cosine_spearman", True),
        (-1.001, "cosine_spearman", False),
        (-0.5, None, True),
        (float("nan"), "accuracy", False),
    ],
)
def test_a_score_is_possible_within_its_metrics_range(
    score: float, metric: str | None, possible: bool
) -> None:
    assert is_possible(score, metric) is possible
