"""The gate: an answer that lost what was known is refused, an ordinary day passes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.leaderboard_payloads import TASK, benchmark, board, dumped, model, row
from tracker.errors import SourceError
from tracker.sources.leaderboard_api import judge


def scores(*names: str, filled: float = 1.0, tasks: int = 10) -> bytes:
    columns = [f"T{number}" for number in range(tasks)]
    some = dict.fromkeys(columns[: round(tasks * filled)], 0.5)
    rows = [row(name, rank, some) for rank, name in enumerate(names, 1)]
    meta = [{"name": name, "type": "STS"} for name in columns]
    return dumped(board(rows=rows, tasks=columns, tasksMeta=meta))


def models(count: int) -> list[str]:
    return [f"org/m{number}" for number in range(count)]


TWENTY = models(20)


def test_an_ordinary_day_passes() -> None:
    newcomers = ["new/1", "new/2", *TWENTY]
    assert judge("scores/B", scores(*newcomers), scores(*TWENTY), 20) is None
    assert judge("scores/B", scores(*TWENTY), None, 20) is None


def test_an_emptied_board_is_refused() -> None:
    assert judge("scores/B", scores(), scores(*TWENTY), 20) == "no rows, but 20 last time"
    reason = "no rows, but the list of benchmarks counts 20 models"
    assert judge("scores/B", scores(), None, 20) == reason


def test_a_board_that_was_always_empty_passes() -> None:
    assert judge("scores/B", scores(), None, 0) is None
    assert judge("scores/B", scores(), scores(), 0) is None
    assert judge("scores/B", scores(), None, None) is None


@pytest.mark.parametrize(("kept", "fine"), [(16, True), (15, False)])
def test_a_board_may_not_lose_more_than_a_fifth(kept: int, fine: bool) -> None:
    reason = judge("scores/B", scores(*TWENTY[:kept]), scores(*TWENTY), 20)
    assert (reason is None) is fine


@pytest.mark.parametrize(("newcomers", "fine"), [(6, True), (8, True), (9, False), (12, False)])
def test_newcomers_do_not_take_the_whole_top_at_once(newcomers: int, fine: bool) -> None:
    now = [f"new/{number}" for number in range(newcomers)] + TWENTY
    reason = judge("scores/B", scores(*now), scores(*TWENTY), 20)
    assert (reason is None) is fine


@pytest.mark.parametrize(("fallen", "fine"), [(5, True), (6, False)])
def test_half_of_the_first_ten_stay_there_newcomers_aside(fallen: int, fine: bool) -> None:
    now = ["new/1", *TWENTY[fallen:], *TWENTY[:fallen]]
    reason = judge("scores/B", scores(*now), scores(*TWENTY), 20)
    assert (reason is None) is fine
    if not fine:
        assert reason == "newcomers aside, only 4 of the first 10 models stayed there"


def test_other_tasks_may_give_other_ranks() -> None:
    now = [*TWENTY[7:], *TWENTY[:7]]
    assert judge("scores/B", scores(*now, tasks=11), scores(*TWENTY), 20) is None


def test_a_board_of_other_models_is_refused() -> None:
    others = [f"other/{number}" for number in range(20)]
    reason = judge("scores/B", scores(*others, tasks=11), scores(*TWENTY), 20)
    assert reason == "only 0 of the first 10 models of last time are still listed"


def test_small_boards_are_measured_by_their_own_size() -> None:
    assert judge("scores/B", scores("a", "b"), scores("a", "c"), 2) is None
    assert judge("scores/B", scores("c", "d", "e", "f", "g", "h", "a"), scores("a"), 7) is None
    assert judge("scores/B", scores("x"), scores("a"), 1) is not None


def test_tasks_without_scores_leave_the_list_and_are_missed() -> None:
    reason = judge("scores/B", scores(*TWENTY, tasks=7), scores(*TWENTY, tasks=10), 20)
    assert reason == "only 140 scores, but 200 last time"


@pytest.mark.parametrize(("without", "fine"), [(3, True), (5, False)])
def test_scores_do_not_go_missing(without: int, fine: bool) -> None:
    full = json.loads(scores(*TWENTY))
    for line in full["rows"][-without:]:
        line["scoresByTask"] = {}
    reason = judge("scores/B", dumped(full), scores(*TWENTY), 20)
    assert (reason is None) is fine
    if not fine:
        assert reason == "25% of the scores are missing, but 0% last time"


def test_bundled_data_is_a_measure_where_nothing_is_archived() -> None:
    assert judge("scores/B", scores(), None, 0, TWENTY) == "no rows, but 20 last time"
    assert judge("scores/B", scores(*TWENTY), None, 0, TWENTY) is None


def test_what_cannot_be_read_is_refused_with_its_reason() -> None:
    broken = board()
    del broken["rows"][0]["rank"]
    with pytest.raises(SourceError, match="lacks the required field 'rank'"):
        judge("scores/B", dumped(broken), None, 2)
    for stream in ("benchmarks", "models", "tasks", "scores/B"):
        with pytest.raises(SourceError, match="not JSON"):
            judge(stream, b"<html>", None, None)


def test_an_unreadable_last_answer_is_no_measure() -> None:
    assert judge("scores/B", scores(*TWENTY), b"nonsense", 20) is None


@pytest.mark.parametrize(
    ("stream", "make"),
    [
        ("benchmarks", benchmark),
        ("models", model),
        ("tasks", lambda name: TASK | {"name": name}),
    ],
)
def test_lists_do_not_shrink_either(stream: str, make: Any) -> None:
    def listed(count: int) -> bytes:
        return json.dumps([make(name) for name in models(count)]).encode()

    assert judge(stream, listed(16), listed(20), None) is None
    assert judge(stream, listed(15), listed(20), None) == "only 15 rows, but 20 last time"
    assert judge(stream, listed(0), None, None) == "no entries"
