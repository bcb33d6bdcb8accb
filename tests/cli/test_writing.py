"""The verbs that change a home: what they say, and what they leave behind."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.boards import EN, BoardRepository, overall
from tests.support.leaderboard_payloads import board, dumped, payload, row
from tests.support.loopback import Fault, LeaderboardServer
from tests.support.story import EVENING, FIRST
from tracker.snapshots.heartbeat import Heartbeat
from tracker.snapshots.store import Archive

Run = Callable[..., Any]
Make = Callable[..., BoardRepository]
MTEB = "MTEB(eng, v2)"
pytestmark = pytest.mark.usefixtures("bare_home")


def state(cli: Run, source: str) -> dict[str, Any]:
    answer = cli("status", "--format", "json")
    assert answer.code == 0
    return next(line for line in answer.rows if line["source"] == source)


# Fetch and load


def test_fetch_and_load_talk_on_stderr_only(cli: Run, repository: BoardRepository) -> None:
    fetched = cli("fetch", "published-boards", "--from", str(repository.path))
    assert (fetched.code, fetched.out) == (0, "")
    assert fetched.err == "published-boards: 2 new, 0 unchanged\n"
    again = cli("fetch", "published-boards", "--from", str(repository.path))
    assert again.err == "published-boards: 0 new, 2 unchanged\n"
    loaded = cli("load")
    assert (loaded.code, loaded.out) == (0, "")
    assert "2 states read" in loaded.err
    assert "0 states read, 0 rows new" in cli("load").err
    points = cli("history", "en", "lab/one", "--format", "json").rows
    assert [(p["from_at"], p["mean_task"]) for p in points] == [(FIRST, 60.0), (EVENING, 61.0)]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2024-07-08", None, [EVENING]),
        (None, "2024-07-07", [FIRST]),
        ("2024-07-07", "2024-07-08", [FIRST, EVENING]),
    ],
)
def test_a_fetch_may_ask_for_some_days_only(
    cli: Run, repository: BoardRepository, since: str | None, until: str | None, expected: list[str]
) -> None:
    bounds = [*(["--since", since] if since else []), *(["--until", until] if until else [])]
    cli("fetch", "published-boards", "--from", str(repository.path), *bounds)
    cli("load")
    points = cli("history", "en", "lab/one", "--format", "json").rows
    assert [p["from_at"] for p in points] == expected


def test_a_missing_repository_is_exit_1_and_one_line(cli: Run, tmp_path: Path) -> None:
    answer = cli("fetch", "published-boards", "--from", str(tmp_path / "gone"))
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (f"error: published-boards: {tmp_path / 'gone'}: no such file or folder\n")
    assert cli("load").code == 0


def test_invalid_text_in_one_table_costs_that_state_only(
    cli: Run, repository: BoardRepository
) -> None:
    commit = repository.commit("2024-07-09T00:00:00Z", {EN: b'{"Rank":1,"Model":"\xff\xfe"}\n'})
    repository.commit("2024-07-10T00:00:00Z", {EN: overall([("lab/one", 62.0)])})
    cli("fetch", "published-boards", "--from", str(repository.path))
    for _ in range(2):
        loaded = cli("load")
        assert loaded.code == 1
        line = next(x for x in loaded.err.splitlines() if x.startswith("error:"))
        assert line.startswith(f"error: published-boards: {commit[:12]}:{EN}:1: not a JSON line")
    points = cli("history", "en", "lab/one", "--format", "json").rows
    assert [p["mean_task"] for p in points] == [60.0, 61.0, 62.0]
    # The shipped knowledge has findings of its own.
    rows = cli("doctor", "--format", "json").rows
    (finding,) = (its for its in rows if its["check"] == "unreadable")
    assert finding["severity"] == "error"
    assert f"{commit[:12]}:{EN}" in finding["place"]


def test_a_table_that_was_removed_ends(cli: Run, repository: BoardRepository) -> None:
    repository.commit("2024-07-09T00:00:00Z", {EN: None})
    cli("fetch", "published-boards", "--from", str(repository.path))
    assert cli("load").code == 0
    answer = cli("leaderboard", "en", "--format", "json")
    assert (answer.code, answer.out) == (1, "")
    assert "lists no model" in answer.err
    assert cli("leaderboard", "en", "--as-of", "2024-07-08", "--format", "json").code == 0
    points = cli("history", "en", "lab/one", "--format", "json").rows
    assert points[-1]["to_at"] == "2024-07-09T00:00:00Z"
    repository.commit("2024-07-10T00:00:00Z", {EN: overall([("lab/one", 61.0)])})
    cli("fetch", "published-boards", "--from", str(repository.path))
    cli("load")
    points = cli("history", "en", "lab/one", "--format", "json").rows
    assert points[-1]["from_at"] == "2024-07-10T00:00:00Z"


def test_a_damaged_clone_costs_its_own_news_only(
    cli: Run, home: Path, repository: BoardRepository
) -> None:
    clone = home / "db" / "clones" / "published-boards"
    clone.mkdir(parents=True)
    (clone / "HEAD").write_text("ref: refs/heads/main\n")
    with LeaderboardServer(payload(MTEB)) as server:
        assert cli("fetch", "leaderboard-api", "--from", server.url).code == 0
    loaded = cli("load")
    assert loaded.code == 1
    assert "error: published-boards: " in loaded.err
    assert cli("leaderboard", MTEB, "--format", "json").code == 0


def test_the_live_leaderboard_through_a_server_that_says_304(cli: Run, home: Path) -> None:
    with LeaderboardServer(payload(MTEB)) as server:
        first = cli("fetch", "leaderboard-api", "--from", server.url, "--observed-at", "2026-06-01")
        assert (first.code, first.err) == (0, "leaderboard-api: 4 new, 0 unchanged\n")
        cli("load")
        before = sum(p.stat().st_size for p in home.rglob("*") if p.is_file())
        again = cli("fetch", "leaderboard-api", "--from", server.url)
        assert (again.code, again.err) == (0, "leaderboard-api: 0 new, 4 unchanged\n")
        assert {seen.status for seen in server.log[4:]} == {304}
        assert "4 states read" not in cli("load").err
    after = sum(p.stat().st_size for p in home.rglob("*") if p.is_file())
    assert after - before < 20_000


def test_the_same_bytes_without_304_are_unchanged_too(cli: Run, tmp_path: Path) -> None:
    what = payload(MTEB)
    folder = tmp_path / "recorded"
    (folder / "scores").mkdir(parents=True)
    for name in ("benchmarks", "models", "tasks"):
        (folder / f"{name}.json.gz").write_bytes(gzip.compress(dumped(what[name])))
    path = folder / "scores" / f"{quote(MTEB, safe='')}.json.gz"
    path.write_bytes(gzip.compress(dumped(what["scores"][MTEB])))
    for expected in ("4 new, 0 unchanged", "0 new, 4 unchanged"):
        answer = cli("fetch", "leaderboard-api", "--from", str(folder))
        assert (answer.code, answer.err) == (0, f"leaderboard-api: {expected}\n")


def test_a_damaged_document_is_asked_for_again_and_mended(cli: Run, home: Path) -> None:
    with LeaderboardServer(payload(MTEB)) as server:
        cli("fetch", "leaderboard-api", "--from", server.url)
        for body in (home / "db" / "snapshots" / "objects").rglob("*.zst"):
            body.write_bytes(b"rotten")
        assert cli("verify").code == 1
        assert cli("load").code == 1
        assert cli("fetch", "leaderboard-api", "--from", server.url).code == 0
    assert cli("verify").code == 0
    assert cli("load").code == 0
    assert len(cli("leaderboard", MTEB, "--format", "json").rows) == 2


def many(count: int, first: str = "lab") -> dict[str, Any]:
    rows = [row(f"{first}/m{n}", n, {"T1": 0.5, "T2": 0.25}) for n in range(1, count + 1)]
    return payload(MTEB) | {"scores": {MTEB: board(MTEB, rows)}}


def test_an_implausible_answer_is_archived_rejected_and_never_shown(cli: Run, home: Path) -> None:
    with LeaderboardServer(many(20)) as server:
        cli("fetch", "leaderboard-api", "--from", server.url)
        server.serve(many(3))
        answer = cli("fetch", "leaderboard-api", "--from", server.url)
        assert answer.code == 1
        assert "rejected: only 3 rows, but 20 last time; the last good snapshot stays" in answer.err
    cli("load")
    assert len(cli("leaderboard", MTEB, "--format", "json").rows) == 20
    assert len(Archive(home / "db" / "snapshots").rejected("leaderboard-api")) == 1
    assert state(cli, "leaderboard-api")["rejected"] == 1


def test_an_older_copy_that_comes_later_is_not_judged_by_the_newer_one(
    cli: Run,
) -> None:
    with LeaderboardServer(many(20)) as server:
        cli("fetch", "leaderboard-api", "--from", server.url, "--observed-at", "2026-08-20")
        server.serve(many(3))
        answer = cli(
            "fetch", "leaderboard-api", "--from", server.url, "--observed-at", "2026-06-01"
        )
        assert (answer.code, answer.err.count("error")) == (0, 0)
    cli("load")
    for day, count in (("2026-06-01", 3), ("2026-08-20", 20)):
        answer = cli("leaderboard", MTEB, "--as-of", day, "--format", "json")
        assert len(answer.rows) == count


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault(status=500), "500"),
        (Fault(status=429, headers={"Retry-After": "9999"}), "429"),
        (Fault(truncate=True), "cut off"),
        (Fault(body=b"<!DOCTYPE html><p>building"), "HTML"),
        (Fault(drop=True), ""),
        (Fault(body=b"[]"), "rejected"),
        (Fault(body=b'{"benchmarkName": "x"}'), "rejected"),
    ],
)
def test_whatever_a_server_does_wrong_is_one_line_and_loses_nothing(
    cli: Run, fault: Fault, cause: str
) -> None:
    with LeaderboardServer(payload(MTEB)) as server:
        cli("fetch", "leaderboard-api", "--from", server.url, "--observed-at", "2026-06-01")
        cli("load")
        before = cli("leaderboard", MTEB, "--format", "json").rows
        rows = [
            row(name, 1 + n, {"T1": 0.5, "T2": 0.25})
            for n, name in enumerate(["org/a", "org/b", "org/c"])
        ]
        server.serve(payload(MTEB) | {"scores": {MTEB: board(MTEB, rows)}})
        server.fail_board(MTEB, fault)
        answer = cli("fetch", "leaderboard-api", "--from", server.url)
        assert answer.code == 1
        (line,) = [one for one in answer.err.splitlines() if one.startswith("error:")]
        assert line.startswith("error: leaderboard-api: ")
        assert cause.lower() in line.lower()
        cli("load")
        assert cli("leaderboard", MTEB, "--format", "json").rows == before
        server.heal()
        assert cli("fetch", "leaderboard-api", "--from", server.url).code == 0
        cli("load")
        assert len(cli("leaderboard", MTEB, "--format", "json").rows) == 3


# Status


def test_status_goes_from_never_to_fresh_to_failing(cli: Run, home: Path) -> None:
    cli("load")
    assert state(cli, "leaderboard-api")["state"] == "never"
    with LeaderboardServer(payload(MTEB)) as server:
        cli("fetch", "leaderboard-api", "--from", server.url)
        cli("load")
        assert state(cli, "leaderboard-api")["state"] == "fresh"
        # What a person mistyped says nothing of the source.
        assert cli("fetch", "leaderboard-api", "--since", "2024-01-01").code == 2
        assert state(cli, "leaderboard-api")["state"] == "fresh"
        heartbeat = Heartbeat(home / "db" / "snapshots")
        heartbeat.success("leaderboard-api", "2020-01-01T00:00:00Z")
        assert state(cli, "leaderboard-api")["state"] == "late"
        server.fail("/v1/benchmarks", Fault(status=500))
        server.fail("/v1/models", Fault(status=500))
        server.fail("/v1/tasks", Fault(status=500))
        server.fail_board(MTEB, Fault(status=500))
        assert cli("fetch", "leaderboard-api", "--from", server.url).code == 1
    failing = state(cli, "leaderboard-api")
    assert failing["state"] == "failing"
    assert "500" in failing["failure"]
    assert "500" in cli("status").err


def test_the_archived_source_is_never_late(cli: Run, repository: BoardRepository) -> None:
    cli("fetch", "published-boards", "--from", str(repository.path))
    cli("load")
    found = state(cli, "published-boards")
    assert (found["state"], found["snapshots"], found["data_until"]) == ("archived", 2, EVENING)


def test_a_damaged_heartbeat_is_one_line(cli: Run, home: Path) -> None:
    cli("load")
    (home / "db" / "snapshots").mkdir(parents=True, exist_ok=True)
    (home / "db" / "snapshots" / "heartbeat.json").write_bytes(b"{half")
    answer = cli("status")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "delete it; the next run writes it again" in answer.err
