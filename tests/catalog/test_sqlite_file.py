"""Readers beside a load, damaged catalogs, and homes that cannot be written."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import tracker
from tests.support.boards import EN, BoardRepository, overall
from tests.support.story import EVENING, FIRST
from tracker.catalog import integrity, sqlite_file
from tracker.errors import CatalogError
from tracker.io.files import checksum

Run = Callable[..., Any]
Make = Callable[..., BoardRepository]
pytestmark = [pytest.mark.usefixtures("own_data_only"), pytest.mark.on_a_file]


@pytest.fixture
def repository(board_repository: Make, cli: Run) -> BoardRepository:
    made = board_repository()
    made.commit(FIRST, {EN: overall([("lab/one", 60.0)])})
    cli("fetch", "published-boards", "--from", str(made.path))
    cli("load")
    return made


def add_a_state(cli: Run, repository: BoardRepository) -> None:
    repository.commit(EVENING, {EN: overall([("lab/one", 61.0), ("lab/two", 50.0)])})
    cli("fetch", "published-boards", "--from", str(repository.path))


# Readers and a load


def test_a_reader_of_any_length_blocks_no_load_and_sees_one_state(
    cli: Run, home: Path, repository: BoardRepository
) -> None:
    add_a_state(cli, repository)
    with (
        closing(sqlite3.connect(home / "db" / "catalog.db")) as other,
        tracker.open() as catalog,
    ):
        reading = other.execute("select name from listing, model order by 1")
        reading.fetchone()  # a statement that is not finished holds its state
        before = catalog.leaderboard("en").height
        assert cli("load").code == 0
        assert (before, catalog.leaderboard("en").height) == (1, 1)
        with tracker.open() as newer:
            assert newer.leaderboard("en").height == 2
    assert cli("verify").code == 0


def test_the_log_is_taken_into_the_file_by_the_next_load(
    cli: Run, home: Path, repository: BoardRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "_SETTLE_SECONDS", 0.05)
    add_a_state(cli, repository)
    recorded = home / "db" / "catalog.db.sha256"
    assert recorded.exists()
    with tracker.open():
        cli("load")
        assert not recorded.exists()
    cli("load")
    digest, name = recorded.read_text().split()
    assert (digest, name) == (checksum(home / "db" / "catalog.db"), "catalog.db")
    assert not (home / "db" / "catalog.db-wal").exists()


def test_a_catalog_of_an_earlier_tracker_gets_the_log(
    cli: Run, home: Path, repository: BoardRepository
) -> None:
    path = home / "db" / "catalog.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = delete")
    (home / "db" / "catalog.db.sha256").unlink()
    assert cli("load").code == 0
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)


# Damage


def flip(path: Path, places: list[int]) -> None:
    content = bytearray(path.read_bytes())
    for place in places:
        content[place] ^= 0xA5
    path.write_bytes(content)


def test_damage_is_one_line_with_a_remedy_in_every_command(cli: Run, story: Path) -> None:
    path = story / "db" / "catalog.db"
    whole = path.read_bytes()
    sqlite_file.record_checksum(path, checksum(path))
    asked = (["boards"], ["leaderboard", "en"], ["models"], ["doctor"], ["status"],
             ["history", "en", "lab/one"], ["sql", "select * from listing"])  # fmt: skip
    for seed in range(12):
        drawn = random.Random(seed)
        path.write_bytes(whole)
        flip(path, [drawn.randrange(len(whole)) for _ in range(60 if seed % 2 else 1)])
        for command in (["verify"], ["load"], *asked):
            answer = cli(*command)
            errors = [line for line in answer.err.splitlines() if line.startswith("error: ")]
            assert answer.code == len(errors), (seed, command, answer.err)
            # A page that a question does not need does no harm to it.
            assert errors or command in asked
            for line in errors:
                assert line == (
                    f"error: catalog {path}: its bytes have changed since the last load; run: "
                    "tracker load --rebuild, or delete catalog.db.sha256 if you changed it "
                    "yourself"
                )


def test_damage_without_a_checksum_is_found_by_its_structure(cli: Run, story: Path) -> None:
    path = story / "db" / "catalog.db"
    whole = path.read_bytes()
    for seed in range(6):
        drawn = random.Random(seed)
        path.write_bytes(whole)
        flip(path, [drawn.randrange(len(whole)) for _ in range(200)])
        for command in (["verify"], ["boards"], ["models"], ["sql", "select * from listing"]):
            answer = cli(*command)
            assert answer.code in (0, 1)
            if answer.code:
                errors = [line for line in answer.err.splitlines() if line.startswith("error: ")]
                assert errors[0].endswith("; run: tracker load --rebuild"), answer.err


def test_any_exception_over_a_damaged_catalog_is_explained(
    home: Path, repository: BoardRepository
) -> None:
    with pytest.raises(ZeroDivisionError), tracker.open():
        raise ZeroDivisionError
    path = home / "db" / "catalog.db"
    flip(path, [path.stat().st_size - 1])
    with pytest.raises(CatalogError, match="its bytes have changed since"), tracker.open():
        raise ZeroDivisionError


def test_an_exception_over_a_whole_catalog_costs_no_check_of_its_rows(
    home: Path, repository: BoardRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(integrity, "catalog_damage", lambda url: asked.append(url) or [])
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), tracker.open():
            raise ZeroDivisionError
        (home / "db" / "catalog.db.sha256").unlink(missing_ok=True)
    assert len(asked) == 1  # without a checksum


def test_a_load_after_a_killed_load_is_no_damage(
    cli: Run, home: Path, repository: BoardRepository
) -> None:
    path = home / "db" / "catalog.db"
    with pytest.raises(ZeroDivisionError), sqlite_file.written(path):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("create table half (x)")
        raise ZeroDivisionError
    assert sqlite_file.checksum_damage(path) is None
    assert cli("load").code == 0


def test_a_file_of_another_journal_with_its_checksum_is_no_damage(
    cli: Run, home: Path, repository: BoardRepository
) -> None:
    path = home / "db" / "catalog.db"
    copy = path.with_name("copy.db")
    sqlite_file.copy_file(path, copy)
    copy.replace(path)
    sqlite_file.record_checksum(path, checksum(path))
    assert cli("load").code == 0
    assert cli("verify").code == 0


def test_a_disk_without_room_for_a_reader_is_one_line(
    home: Path, repository: BoardRepository
) -> None:
    # A reader beside a load needs a file for the index of the log. No file may grow here.
    code = (
        "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (0, 0)); import tracker; tracker.open()"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True)
    path = home / "db" / "catalog.db"
    assert done.stderr.splitlines()[-1] == (
        f"tracker.errors.CatalogError: catalog {path}: disk I/O error;"
        " free some room and run it again"
    )


# A home that cannot be written


@pytest.fixture
def read_only(home: Path) -> Iterator[Callable[[], None]]:
    """Make the home read-only; only root can."""
    done = []

    def mount() -> None:
        try:
            for options in (["--bind", str(home), str(home)], ["-o", "remount,ro,bind", str(home)]):
                subprocess.run(["mount", *options], check=True, capture_output=True)
                done.append(options)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("this user cannot mount a folder")

    yield mount
    if done:
        subprocess.run(["umount", str(home)], check=True)


def test_a_home_that_cannot_be_written_can_be_read(
    cli: Run, repository: BoardRepository, read_only: Callable[[], None]
) -> None:
    read_only()
    assert len(cli("leaderboard", "en", "-f", "json").rows) == 1
    assert cli("sql", "select count(*) as n from listing", "-f", "json").rows == [{"n": 1}]
    assert cli("verify").code == 0
    answer = cli("load")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "Read-only file system" in answer.err
