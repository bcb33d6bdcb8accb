"""No answer that was accepted once may stop later loads or readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.leaderboard_payloads import board, dumped, model, payload, row
from tests.support.loopback import Fault, LeaderboardServer
from tracker.catalog.documents import one_document
from tracker.errors import ArchiveError, SourceError

Run = Callable[..., Any]
MTEB = "MTEB(eng, v2)"
HUGE = 2**63
SCORES = {"T1": 0.5, "T2": 0.25}

pytestmark = pytest.mark.usefixtures("bare_home")


def answers(first_row: dict[str, Any], first_model: dict[str, Any]) -> dict[str, Any]:
    rows = [row("org/a", 1, SCORES, **first_row), row("org/b", 2, SCORES)]
    models = [model("org/a", **first_model), model("org/b", totalParamsB=0.5)]
    return payload(MTEB) | {"scores": {MTEB: board(MTEB, rows)}, "models": models}


def findings(cli: Run) -> list[tuple[str, str]]:
    return [(f["severity"], f["message"]) for f in cli("doctor", "-f", "json").rows]


def test_values_that_cannot_be_meant_cost_themselves_until_they_are_mended(cli: Run) -> None:
    wrong_row = {"zeroShotPct": HUGE, "trainedOnTasks": 5}
    wrong_model = {"totalParamsB": "xxxx", "languages": 5, "trainingDatasets": True}
    with LeaderboardServer(answers(wrong_row, wrong_model)) as server:
        assert cli("fetch", "leaderboard-api", "--from", server.url).code == 0
        for _ in range(2):
            assert cli("load").code == 0
            found = [message for severity, message in findings(cli) if severity == "warning"]
            told = [f for f in found if f.endswith("; left out")]
            assert len(told) == 5
            assert any(f.startswith("'zeroShotPct' of row 1 (org/a) is 9223372036") for f in told)
            assert any(f.startswith("'totalParamsB' of org/a is 'xxxx', not a nu") for f in told)
        rows = cli("leaderboard", MTEB, "-f", "json").rows
        assert [(r["rank"], r["model"], r["mean_task"]) for r in rows] == [
            (1, "org/a", 37.5),
            (2, "org/b", 37.5),
        ]
        listed = {r["model"]: r["parameters"] for r in cli("models", "-f", "json").rows}
        assert {name: listed[name] for name in ("org/a", "org/b")} == {
            "org/a": None,
            "org/b": 500_000_000,
        }
        server.serve(answers({}, {"totalParamsB": 1.5}))
        cli("fetch", "leaderboard-api", "--from", server.url)
        cli("load")
        assert [f for f in findings(cli) if f[1].endswith("; left out")] == []


def test_a_document_that_cannot_be_read_is_rejected_and_the_others_go_on(cli: Run) -> None:
    deep = dumped([model("org/a", trainingDatasets="HERE")])
    deep = deep.replace(b'"HERE"', b"[" * 900 + b"]" * 900)
    with LeaderboardServer(answers({}, {})) as server:
        server.fail("/v1/models", Fault(body=deep))
        answer = cli("fetch", "leaderboard-api", "--from", server.url)
    assert answer.code == 1
    (line,) = [one for one in answer.err.splitlines() if one.startswith("error:")]
    assert line == (
        "error: leaderboard-api: models: rejected: 'trainingDatasets' of org/a has more than "
        "20 levels; the publisher has to fix it; it is fetched again when it changes"
    )
    assert cli("load").code == 0
    assert len(cli("leaderboard", MTEB, "-f", "json").rows) == 2
    (state,) = [s for s in cli("status", "-f", "json").rows if s["source"] == "leaderboard-api"]
    assert (state["state"], "20 levels" in orjson.dumps(state).decode()) == ("failing", True)


def test_a_mistake_of_a_parser_costs_its_document_only(
    cli: Run, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    with LeaderboardServer(answers({}, {})) as server:
        cli("fetch", "leaderboard-api", "--from", server.url)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    with monkeypatch.context() as patch:
        patch.setattr("tracker.sources.leaderboard_api.parse_models", broken)
        answer = cli("load")
    assert answer.code == 1
    assert "error: leaderboard-api: models: the document cannot be read: ZeroDiv" in answer.err
    assert len(cli("leaderboard", MTEB, "-f", "json").rows) == 2
    assert cli("load").code == 0


def test_only_reading_is_excused() -> None:
    found: list[SourceError] = []
    for error in (
        SourceError("s", "cause", place="p"),
        ArchiveError("damaged", remedy="fetch"),
        RecursionError("deep"),
        OverflowError("large"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"),
    ):
        with one_document("s", "p", found.append):
            raise error
    assert [(f.place, f.cause) for f in found[:3]] == [
        ("p", "cause"),
        ("p", "damaged"),
        ("p", "the document cannot be read: RecursionError: deep"),
    ]
    for error in (KeyboardInterrupt(), SystemExit()):
        with pytest.raises(type(error)), one_document("s", "p", found.append):
            raise error
    assert len(found) == 5
