"""The choice on the command line: the ranked models, the fronts, and the dropped ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
BOARD = "MTEB(eng, v2)"

pytestmark = pytest.mark.usefixtures("story")


def test_ranked_models_come_with_sentence_and_counts(cli: Run) -> None:
    answer = cli("choose", BOARD, "--type", "Retrieval=2,STS", "--format", "json")
    assert [(row["place"], row["model"], row["score"]) for row in answer.rows] == [
        (1, "yard/new", pytest.approx((2 * 75 + 87.5) / 3, abs=0.001)),
        (2, "lab/one", pytest.approx((2 * 50 + 75) / 3, abs=0.001)),
    ]
    assert "Ranked by the weighted mean of STS × 1, Retrieval × 2" in answer.err
    assert "2 models are ranked, 1 dropped out (tasks 1; --dropped says why)" in answer.err


def test_dropped_models_come_with_their_reasons(cli: Run) -> None:
    answer = cli("choose", BOARD, "--max-parameters", "1B", "--dropped", "--format", "json")
    assert {row["model"]: row["dropped"] for row in answer.rows} == {
        "yard/new": ["number of parameters unknown"],
        "lab/half": ["number of parameters unknown", "1 of 3 tasks; incomplete: Retrieval"],
    }
    chinese = cli("choose", BOARD, "--max-parameters", "1B", "--dropped", "--lang", "zh")
    assert "参数量未知" in chinese.out


def test_the_front_keeps_models_with_known_size(cli: Run) -> None:
    answer = cli("choose", BOARD, "--front", "--format", "json")
    assert [row["model"] for row in answer.rows] == ["lab/one"]
    assert answer.rows[0]["storage_gb"] == 2.048


def test_a_wrong_weight_is_one_line(cli: Run) -> None:
    answer = cli("choose", BOARD, "--type", "STS=-1")
    assert (answer.code, answer.err) == (
        2,
        "error: type: '-1' is not a weight; write STS=2, for example\n",
    )
