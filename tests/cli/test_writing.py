"""The verbs that change a home: what they say, what they leave behind, and who may run them."""

from __future__ import annotations

import errno
import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from tests.boards import EN, BoardRepository, overall
from tests.leaderboard_payloads import board, dumped, payload, row
from tests.loopback import Fault, LeaderboardServer
from tests.story import AUGUST, EVENING, FIRST
from tracker.locking import writing
from tracker.settings import load_settings
from tracker.snapshots.runs import Heartbeat
from tracker.snapshots.store import Archive

Run = Callable[..., Any]
Make = Callable[..., BoardRepository]
MTEB = "MTEB(eng, v2)"


@pytest.fixture(autouse=True)
def _no_starter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_STARTER", "0")
    monkeypatch.setenv("TRACKER_RETRIES", "0")
    monkeypatch.setenv("TRACKER_WAKE_UP_SECONDS", "0")
    monkeypatch.setattr("tracker.sources.leaderboard_api.SECONDS_BETWEEN_REQUESTS", 0)
    monkeypatch.setenv("TRACKER_LEADERBOARD_API_BOARDS", f'["{MTEB}"]')


@pytest.fixture
def repository(board_repository: Make) -> BoardRepository:
    made = board_repository()
    made.commit(FIRST, {EN: overall([("lab/one", 60.0)])})
    made.commit(EVENING, {EN: overall([("lab/one", 61.0)])})
    return made


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
    (finding,) = cli("doctor", "--format", "json").rows
    assert (finding["check"], finding["severity"]) == ("unreadable", "error")
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


# Who may write, and where


def test_a_second_writer_is_told_who_holds_the_lock(cli: Run, home: Path) -> None:
    with writing(home):
        for verb in (["load"], ["update"], ["site", "build"], ["fetch", "published-boards"]):
            answer = cli(*verb)
            assert (answer.code, answer.out) == (1, "")
            assert answer.err.count("\n") == 1
            assert answer.err.startswith(
                f"error: {home / 'tracker.lock'}: held by process {os.getpid()} on "
            )
            assert answer.err.endswith("wait until it is done and run it again\n")
    assert cli("load").code == 0


def test_readers_do_not_wait_for_a_writer(cli: Run, home: Path, story: Path) -> None:
    with writing(home):
        assert cli("leaderboard", "en").code == 0


def test_a_full_disk_does_not_turn_the_note_on_the_lock_into_a_failure(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object, **__: object) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.write_text", no_room)
    with writing(home):
        done = True
    assert done


@pytest.mark.parametrize("verb", [["load"], ["fetch", "published-boards"], ["update"]])
def test_a_home_that_cannot_be_made_is_one_line(cli: Run, home: Path, verb: list[str]) -> None:
    home.write_text("a file in its place")
    answer = cli(*verb)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert answer.err.startswith(f"error: {home}")


# Starter and network


def test_without_a_starter_an_empty_home_has_no_catalog(cli: Run, home: Path) -> None:
    answer = cli("boards")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (f"error: no catalog at {home / 'db' / 'catalog.db'}; run: tracker load\n")
    assert not home.exists()
    assert cli("load").code == 0
    assert cli("boards", "--format", "json").rows == []


@pytest.mark.parametrize("source", ["published-boards", "leaderboard-api", "arxiv-papers"])
@pytest.mark.parametrize("location", [None, "https://example.org/x", "git@example.org:x/y"])
def test_offline_no_source_goes_out(
    cli: Run, monkeypatch: pytest.MonkeyPatch, source: str, location: str | None
) -> None:
    monkeypatch.setenv("TRACKER_OFFLINE", "1")
    if location and location.startswith("git@") and source != "published-boards":
        return

    def refuse(*_: object, **__: object) -> Any:
        raise AssertionError("went out")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("subprocess.run", refuse)
    answer = cli("fetch", source, *(["--from", location] if location else []))
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert f"error: {source}: " in answer.err
    assert "offline: no outside connection is allowed" in answer.err


def test_offline_a_local_copy_can_be_fetched(
    cli: Run, monkeypatch: pytest.MonkeyPatch, repository: BoardRepository
) -> None:
    monkeypatch.setenv("TRACKER_OFFLINE", "1")
    for location in (str(repository.path), repository.path.as_uri()):
        assert cli("fetch", "published-boards", "--from", location).code == 0


def test_a_wrong_setting_is_named(cli: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_RETRIES", "many")
    answer = cli("load")
    assert answer.code == 2
    assert answer.err.startswith("error: setting retries: ")
    assert "TRACKER_RETRIES" in answer.err
    monkeypatch.delenv("TRACKER_RETRIES")
    home.mkdir()
    (home / "tracker.toml").write_text("retrys = 3\n")
    answer = cli("load")
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert "retrys" in answer.err
    (home / "tracker.toml").write_text("not toml")
    answer = cli("load")
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert str(home / "tracker.toml") in answer.err


# Verify and export


def test_verify_names_what_is_damaged(cli: Run, story: Path) -> None:
    answer = cli("verify")
    assert (answer.code, answer.out, answer.err) == (0, "", "all is well\n")
    body = next((story / "db" / "snapshots" / "objects").rglob("*.zst"))
    body.write_bytes(b"rotten")
    log = story / "db" / "clones" / "published-boards" / "objects"
    next(p for p in log.rglob("*") if p.is_file() and len(p.name) == 38).unlink(missing_ok=True)
    answer = cli("verify")
    assert (answer.code, answer.out) == (1, "")
    lines = answer.err.splitlines()
    assert lines[0].startswith("error: leaderboard-api: ")
    assert lines[-1] == f"{len(lines) - 1} damaged"


def test_verify_finds_a_damaged_catalog(cli: Run, story: Path) -> None:
    path = story / "db" / "catalog.db"
    content = bytearray(path.read_bytes())
    content[8192:20480] = b"\x55" * 12288
    path.write_bytes(bytes(content))
    answer = cli("verify")
    assert answer.code == 1
    assert "error: catalog " in answer.err
    for verb in (["leaderboard", "en"], ["models"], ["doctor"], ["load"]):
        broken = cli(*verb)
        # Whoever does not need the damaged part does not notice it.
        assert broken.code == 0 or broken.err.splitlines()[-1].startswith("error: catalog")
    path.write_bytes(b"no database at all, just text" * 100)
    for verb in (["boards"], ["load"]):
        broken = cli(*verb)
        assert broken.code == 1
        assert "move it away and run: tracker load" in broken.err


@pytest.mark.parametrize("format_", ["parquet", "csv", "json", "sqlite"])
def test_an_export_can_be_read_again(cli: Run, story: Path, tmp_path: Path, format_: str) -> None:
    import polars as pl

    import tracker

    folder = tmp_path / "out"
    for _ in range(2):
        assert cli("export", format_, str(folder)).code == 0
    expected = cli("sql", "select name from model order by name", "-f", "json").rows
    if format_ == "sqlite":
        with tracker.open(folder / "catalog.db") as catalog:
            found = catalog.sql("select name from model order by name").to_dicts()
    else:
        read = {"parquet": pl.read_parquet, "csv": pl.read_csv, "json": pl.read_ndjson}[format_]
        found = read(folder / f"model.{format_}").sort("name").select("name").to_dicts()
    assert found == expected
    assert not list(folder.glob("*.new"))


def test_an_export_that_finds_no_room_is_one_line(cli: Run, story: Path, small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(b"x" * 390_000)
    for format_ in ("parquet", "csv", "sqlite"):
        answer = cli("export", format_, str(small_disk / "out"))
        assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
        assert "o space left" in answer.err or "full" in answer.err


def test_what_was_built_from_an_answer_can_be_told(cli: Run, story: Path) -> None:
    load_settings.cache_clear()
    answer = cli("leaderboard", MTEB)
    assert f"published {AUGUST}" in answer.err
    assert "leaderboard-api" in answer.err
    assert orjson.loads(cli("model", "lab/one", "-f", "json").out)["links"]
