"""``kill -9`` during a fetch or load: stored data survives and the next run completes it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.boards import EN, ZH, BoardRepository, overall, task_path, tasks
from tests.support.catalogs import dump
from tests.support.leaderboard_payloads import board, payload, row
from tests.support.loopback import LeaderboardServer

Run = Callable[..., Any]
Killed = Callable[..., None]
MTEB = "MTEB(eng, v2)"


# Runs the command line and kills itself when a function is entered for the n-th time.
@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, few_facts: Path) -> None:
    monkeypatch.setenv("TRACKER_CURATED", str(few_facts))
    monkeypatch.setenv("TRACKER_STARTER", "0")
    monkeypatch.setenv("TRACKER_LEADERBOARD_API_BOARDS", f'["{MTEB}"]')
    monkeypatch.setattr("tracker.sources.leaderboard_api.SECONDS_BETWEEN_REQUESTS", 0)
    root = Path(__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", str(root))


@pytest.fixture
def catalog(home: Path, blank: Path) -> None:
    """An empty catalog, which saves making one."""
    (home / "db").mkdir(parents=True)
    shutil.copyfile(blank, home / "db" / "catalog.db")


def payload_with(count: int) -> dict[str, Any]:
    rows = [row(f"lab/m{n}", n, {"T1": 0.5, "T2": 0.25}) for n in range(1, count + 1)]
    return payload(MTEB) | {"scores": {MTEB: board(MTEB, rows)}}


@pytest.fixture
def repository(board_repository: Callable[..., BoardRepository]) -> BoardRepository:
    made = board_repository()
    for day in range(1, 6):
        entries = [("lab/one", 60.0 + day), ("mill/two", 50.0)]
        made.commit(
            f"2024-08-0{day}T02:52:00Z",
            {
                EN: overall(entries),
                ZH: overall(entries[:day]),
                task_path("law", "Retrieval"): tasks(
                    [("lab/one", {"A": 1.0 * day})], average=False
                ),
            },
        )
    return made


def states(home: Path) -> dict[str, Any]:
    return dump(f"sqlite:///{home / 'db' / 'catalog.db'}")


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize(
    ("place", "count"),
    [
        ("tracker.snapshots.store:_append", 4),
        ("tracker.snapshots.store:write_atomically", 1),
        # Between an object and its record.
        ("os:fsync", 4),
    ],
)
def test_a_killed_fetch_is_completed_by_the_next_one(
    killed: Killed, cli: Run, home: Path, place: str, count: int
) -> None:
    with LeaderboardServer(payload_with(3)) as server:
        fetch = ("fetch", "leaderboard-api", "--from", server.url, "--observed-at")
        cli(*fetch, "2026-06-01")
        cli("load")
        before = cli("leaderboard", MTEB, "--format", "json").rows
        server.serve(payload_with(4))
        killed(place, count, "fetch", "leaderboard-api", "--from", server.url)
        # What was there before is there, and so is the way to go on.
        assert cli("verify").code == 0
        assert cli("load").code == 0
        assert cli("leaderboard", MTEB, "--as-of", "2026-06-01", "-f", "json").rows == before
        assert cli("fetch", "leaderboard-api", "--from", server.url).code == 0
        assert cli("load").code == 0
        assert cli("verify").code == 0
        assert len(cli("leaderboard", MTEB, "--format", "json").rows) == 4


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize(
    ("place", "count"),
    [
        ("tracker.git.clone:_fetch", 1),
        ("tracker.git.clone:run", 4),
        ("tracker.git.clone:set_window", 1),
    ],
)
def test_a_killed_clone_is_completed_by_the_next_one(
    killed: Killed, cli: Run, home: Path, repository: BoardRepository, place: str, count: int
) -> None:
    fetch = ("fetch", "published-boards", "--from", str(repository.path))
    killed(place, count, *fetch)
    assert cli("load").code == 0
    assert cli("verify").code == 0
    assert cli(*fetch).code == 0
    assert cli("load").code == 0
    points = cli("history", "en", "lab/one", "--format", "json").rows
    assert [p["mean_task"] for p in points] == [61.0, 62.0, 63.0, 64.0, 65.0]


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize(
    ("place", "count"),
    [
        ("tracker.catalog.loader:Loader.finish", 1),
        ("tracker.catalog.load:_write_findings", 1),
        ("sqlalchemy.engine.default:DefaultDialect.do_commit", 1),
    ],
)
def test_a_killed_load_leaves_the_catalog_unchanged(
    killed: Killed, cli: Run, home: Path, repository: BoardRepository, place: str, count: int
) -> None:
    fetch = ("fetch", "published-boards", "--from", str(repository.path))
    cli(*fetch, "--until", "2024-08-02")
    cli("load")
    before = states(home)
    cli(*fetch)
    killed(place, count, "load")
    assert cli("leaderboard", "en", "--format", "json").code == 0
    assert states(home) == before
    assert cli("load").code == 0
    after = states(home)
    (home / "db" / "catalog.db").unlink()
    cli("load")
    assert states(home) == after
    assert cli("verify").code == 0


def test_a_killed_first_load_leaves_no_partial_catalog(
    killed: Killed, cli: Run, home: Path, repository: BoardRepository
) -> None:
    cli("fetch", "published-boards", "--from", str(repository.path))
    killed("tracker.catalog.starter:_fill", 1, "load")
    assert "no catalog at" in cli("boards").err
    assert cli("load").code == 0
    assert cli("leaderboard", "en").code == 0
