"""The scheduled run: what fails costs itself only, and every run and every gap is on record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.clock import Clock
from tests.support.curated_folder import write_folder
from tests.support.leaderboard_payloads import payload
from tests.support.loopback import Fault, LeaderboardServer
from tracker.answers.health import Gap
from tracker.catalog.engine import open_engine
from tracker.errors import CatalogError
from tracker.insights.health.gaps import read_gaps
from tracker.settings import load_settings
from tracker.snapshots.run_log import RunLog
from tracker.sources import header
from tracker.update import daily, run

Run = Callable[..., Any]
MTEB = "MTEB(eng, v2)"


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A small leaderboard is the only source that answers; no site is built, only noted."""
    for name, value in {
        "STARTER": "0",
        "RETRIES": "0",
        "WAKE_UP_SECONDS": "0",
        "LEADERBOARD_API_BOARDS": f'["{MTEB}"]',
        "ARXIV_SECONDS_BETWEEN_REQUESTS": "0",
    }.items():
        monkeypatch.setenv(f"TRACKER_{name}", value)
    monkeypatch.setattr("tracker.sources.leaderboard_api.SECONDS_BETWEEN_REQUESTS", 0)
    calls: list[str] = []
    monkeypatch.setattr(daily, "build_reported", lambda *_: calls.append("built"))
    # Reading all that is curated would take longer than everything else here.
    monkeypatch.setenv("TRACKER_CURATED", str(write_folder(tmp_path / "curated")))
    return calls


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    with LeaderboardServer(payload(MTEB)) as made:
        monkeypatch.setenv("TRACKER_LEADERBOARD_API_URL", made.url)
        yield made


@pytest.fixture
def no_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_PUBLISHED_BOARDS_URL", "/no/such/repository")


TWO = ("--only", "published-boards", "--only", "leaderboard-api")


def without_steps(text: str) -> list[str]:
    return [
        line
        for line in text.splitlines()
        if not line.startswith(("loading ", "reading ", "computing "))
    ]


def states(cli: Run) -> dict[str, tuple[str, str | None]]:
    rows = cli("status", "-f", "json").rows
    return {
        r["source"]: (r["state"], r["failure"]) for r in rows if r["last_success"] or r["failure"]
    }


@pytest.mark.usefixtures("server", "no_papers")
def test_a_failing_source_stops_no_other(cli: Run, built: list[str]) -> None:
    cause = "published-boards: /no/such/repository: no such file or folder"
    answer = cli("update", *TWO)
    assert (answer.code, answer.out) == (0, "")
    assert without_steps(answer.err) == [
        f"error: {cause}",
        "leaderboard-api: 4 new, 0 unchanged",
        "2 states read, 18 rows new",
        "failed: published-boards; the last good data are shown",
    ]
    assert built == ["built"]
    assert states(cli) == {
        "published-boards": ("failing", cause),
        "leaderboard-api": ("fresh", None),
    }
    (last,) = cli("status", "--runs", "-f", "json").rows
    assert last | {"started": "", "finished": ""} == {
        "started": "", "finished": "", "command": "update", "outcome": "degraded", "new": 4,
        "failed": ["published-boards"], "reason": cause,
    }  # fmt: skip


@pytest.mark.usefixtures("server", "no_papers")
def test_strict_turns_a_failed_source_into_an_exit_status(
    cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "load_reported", lambda *_: True)
    assert cli("update", *TWO, "--strict").code == 1
    assert cli("update", "--only", "leaderboard-api", "--strict").code == 0


@pytest.mark.usefixtures("server")
def test_an_error_that_no_source_explains_is_one_line(
    cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("rows")

    monkeypatch.setattr("tracker.sources.published_boards.refresh", broken)
    answer = cli("update", *TWO)
    line = "published-boards: unexpected KeyError: 'rows'; please report it"
    assert (answer.code, answer.err.splitlines()[0]) == (0, f"error: {line}")
    assert states(cli)["published-boards"] == ("failing", line)


@pytest.mark.usefixtures("server")
def test_the_site_is_built_from_the_last_good_data_if_a_load_fails(
    cli: Run, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise CatalogError("no room", remedy="make some")

    monkeypatch.setattr(run, "load_catalog", broken)
    answer = cli("update", "--only", "leaderboard-api")
    assert answer.code == 1
    assert "error: no room; make some" in answer.err
    assert built == ["built"]
    (last,) = cli("status", "--runs", "-f", "json").rows
    assert (last["outcome"], last["reason"]) == ("failed", "no room; make some")


@pytest.mark.usefixtures("server")
def test_a_second_update_changes_nothing(cli: Run, home: Path) -> None:
    def content() -> list[Any]:
        engine = open_engine(load_settings().catalog_url, read_only=True)
        with engine.connect() as connection:
            tables = connection.exec_driver_sql(
                "select name from sqlite_master where type = 'table' order by name"
            ).scalars()
            found = [connection.exec_driver_sql(f"select * from {t}").fetchall() for t in tables]
        engine.dispose()
        return found

    cli("update", "--only", "leaderboard-api")
    before = content()
    answer = cli("update", "--only", "leaderboard-api")
    assert without_steps(answer.err) == [
        "leaderboard-api: 0 new, 4 unchanged",
        "0 states read, 0 rows new",
    ]
    assert [len(rows) for rows in content()] == [len(rows) for rows in before]


def test_a_killed_run_and_a_torn_line_stay_on_record(home: Path) -> None:
    log = RunLog(home)
    log.start("update").source("arxiv-papers", new=3)
    with (home / "runs.jsonl").open("ab") as file:
        file.write(b'{"run":"torn')
    log.start("fetch").finish("good")
    assert [(r.command, r.outcome, len(r.attempts)) for r in log.read()] == [
        ("update", None, 1),
        ("fetch", "good", 0),
    ]


def test_a_day_without_success_is_a_gap_with_its_reason(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, log = Clock(monkeypatch, ""), RunLog(home)
    ids = ("leaderboard-api", "result-files", "arxiv-papers")
    for day in (1, 2, 5, 6, 8, 10, 12):
        clock.now = f"2026-06-{day:02}T05:17:00Z"
        if day == 10:
            log.start("update")  # killed
            continue
        record = log.start("update")
        for source in ids:
            failure = "503" if day == 6 and source == "leaderboard-api" else None
            record.source(source, failure=failure)
        record.finish("good")
    headers = [header(source) for source in ids]
    assert read_gaps(headers, log.read(), "2026-06-15T00:00:00Z") == [
        Gap("leaderboard-api", "2026-06-03", "2026-06-04", 2, "lost", "no run"),
        Gap("leaderboard-api", "2026-06-06", "2026-06-07", 2, "lost", "503"),
        Gap("leaderboard-api", "2026-06-09", "2026-06-11", 3, "lost", "stopped"),
        Gap("leaderboard-api", "2026-06-13", "2026-06-14", 2, "open", "no run"),
        Gap("result-files", "2026-06-03", "2026-06-04", 2, "filled", "no run"),
        Gap("result-files", "2026-06-07", "2026-06-07", 1, "filled", "no run"),
        Gap("result-files", "2026-06-09", "2026-06-11", 3, "filled", "stopped"),
        Gap("result-files", "2026-06-13", "2026-06-14", 2, "open", "no run"),
    ]


def test_a_health_check_does_not_check_the_whole_catalog(
    cli: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("load")
    (home / "db" / "catalog.db.sha256").unlink(missing_ok=True)

    def refuse(_: str) -> list[str]:
        raise AssertionError("that takes minutes")

    monkeypatch.setattr("tracker.catalog.integrity.catalog_damage", refuse)
    for option in ("--within", "--failing-days"):
        assert cli("status", option, "26").code == int(option == "--within")


def test_a_monitor_asks_for_the_age_of_the_last_update(
    cli: Run, server: LeaderboardServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("load")
    monkeypatch.setattr(daily, "load_reported", lambda *_: True)
    assert cli("status", "--within", "26").err == (
        "error: no update has ended yet; run: tracker update\n"
    )
    clock = Clock(monkeypatch, "2026-06-01T05:17:00Z")
    cli("update", "--only", "leaderboard-api")
    good = cli("status", "--within", "26")
    assert (good.code, good.err) == (0, "the last update ended at 2026-06-01T05:17:00Z: good\n")
    assert cli("status", "--failing-days", "3").code == 0
    server.fail("/v1/benchmarks", Fault(status=503))
    for day in (2, 3, 4, 5):
        clock.now = f"2026-06-{day:02}T05:17:00Z"
        cli("update", "--only", "leaderboard-api")
        answer = cli("status", "--failing-days", "3", "-f", "json")
        assert (answer.code, len(answer.rows)) == ((1, 1) if day == 5 else (0, 0))
    assert answer.rows[0]["failing_since"] == "2026-06-02T05:17:00Z"
    assert answer.err.startswith(f"leaderboard-api: {server.url}/benchmarks?")
    assert cli("status", "-f", "json").rows[1]["missed_days"] == 3
    clock.now = "2026-06-06T08:17:00Z"
    assert cli("status", "--within", "26").code == 1
    assert cli("status", "--within", "48").code == 0
