"""Suspect scores: what contradicts its own file is found, rounding and excluded tasks are not."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tracker.ranking.suspect_rules import EvaluatorError, Exclusion, RuleBook, Words
from tracker.ranking.suspects import FileScan, suspects

WORDS = Words("why", "为什么")


def found(metric: str | None = "ndcg_at_10", **cell: Any) -> list[tuple[Any, ...]]:
    """The findings in a cell, which the search through a file's bytes finds, too."""
    scores = {"test": [{"hf_subset": "de", "languages": ["deu-Latn"], **cell}]}
    listed = list(suspects(metric, scores))
    scan = FileScan({} if metric is None else {"T": metric, "Other": "accuracy"})
    assert scan("T", orjson.dumps({"scores": scores})) == listed
    return [tuple(one) for one in listed]


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


def test_a_main_score_is_said_to_equal_the_nearest_metric() -> None:
    near = {"cosine_ap": 0.90005, "dot_ap": 0.9, "max_ap": 0.9}
    assert [one[-1] for one in found(main_score=0.9, ndcg_at_10=0.5, **near)] == ["dot_ap"]


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
    book = RuleBook((Exclusion("mrr-at-1", ("*ArguAna*", "News"), WORDS, "https://x.org"),))
    tasks = ("ArguAna", "NanoArguAna-PL", "News", "Newspaper")
    assert [book.applies("mrr-at-1", task) for task in tasks] == [False, False, False, True]
    assert book.applies("main-score", "News")


@pytest.mark.parametrize(
    ("bounds", "wrong"),
    [
        ((None, "1.18.0", None), ["0.9", "1.2", "1.18.0.dev0", "1.18.0"]),
        ((None, None, "1.18.0"), ["0.9", "1.2", "1.18.0.dev0"]),
        (("1.2", None, "1.18.1"), ["1.2", "1.18.0.dev0", "1.18.0"]),
        ((None, None, None), ["0.9", "1.2", "1.18.0.dev0", "1.18.0", "1.18.1", None, "?"]),
    ],
)
def test_an_evaluator_error_holds_for_its_versions(
    bounds: tuple[str | None, str | None, str | None], wrong: list[str | None]
) -> None:
    error = EvaluatorError(("T*",), *bounds, WORDS, "https://x.org")
    book = RuleBook(evaluators=(error,))
    versions = ["0.9", "1.2", "1.18.0.dev0", "1.18.0", "1.18.1", None, "?"]
    assert [v for v in versions if book.evaluator_error("TaskA", v)] == wrong
    assert book.evaluator_error("Other", "0.9") is None


@pytest.mark.parametrize(
    "scores",
    [{}, {"test": None}, {"test": [3]}, {"test": [{"main_score": "0.5", "ndcg_at_10": True}]}],
)
def test_what_is_no_cell_is_passed_over(scores: dict[str, Any]) -> None:
    assert list(suspects("ndcg_at_10", scores)) == []
    assert FileScan({"T": "ndcg_at_10"})("T", orjson.dumps({"scores": scores})) == []


@pytest.mark.parametrize("body", [None, b"", b"{", b"[1]", b"\xff", b'{"scores": NaN}'])
def test_what_is_no_result_file_has_no_findings(body: bytes | None) -> None:
    assert FileScan({"T": "accuracy"})("T", body) == []


def test_a_metric_that_is_not_a_number_hides_no_other_finding() -> None:
    body = (
        b'{"scores": {"test": [{"hf_subset": "de", "main_score": 0.5, "ndcg_at_10": NaN,'
        b' "mrr_at_1": 0.2, "precision_at_1": 0.4}]}}'
    )
    rules = [one.rule for one in FileScan({"T": "ndcg_at_10"})("T", body)]
    assert rules == ["mrr-at-1", "main-score"]


def test_a_task_may_name_the_main_score_itself_as_its_metric() -> None:
    assert found(metric="main_score", main_score=0.5) == []
    assert [one[:4] for one in found(metric="main_score", main_score=1.5)] == [
        ("out-of-range", "test", "de", 1.5)
    ]


@pytest.mark.parametrize("metric", ["mrr_at_1", "precision_at_1", "metric_0", ""])
def test_any_name_may_be_a_metric(metric: str) -> None:
    assert found(metric=metric, **{metric: 0.5, "main_score": 0.5}) == []


def test_without_a_known_metric_the_main_score_is_not_judged() -> None:
    assert found(metric=None, main_score=7.0, map_at_10=0.8) == []
