"""Backups: whole while a run writes; restored into an empty home."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import dump
from tracker.catalog.engine import catalog_url
from tracker.exports import backups
from tracker.io import locks

Run = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("own_data_only")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Switch to another home."""

    def switch(name: str) -> Path:
        monkeypatch.setenv("TRACKER_HOME", str(tmp_path / name))
        return tmp_path / name

    return switch


def rows(home: Path) -> dict[str, Any]:
    return dump(catalog_url(home / "db" / "catalog.db"))


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_restored_home_has_the_same_rows(
    cli: Run, story: Path, tmp_path: Path, elsewhere: Callable[[str], Path]
) -> None:
    (story / "tracker.toml").write_text("retries = 2\n")
    (story / "tracker.toml").chmod(0o600)
    folder = tmp_path / "backup"
    for _ in range(2):
        assert cli("backup", str(folder)).code == 0
    new = elsewhere("new home")
    answer = cli("restore", str(folder))
    assert (answer.code, answer.err.splitlines()[-1]) == (0, "all is well")
    assert rows(new) == rows(story)
    assert (new / "tracker.toml").read_text() == "retries = 2\n"
    assert (new / "tracker.toml").stat().st_mode & 0o777 == 0o600
    assert cli("load").code == 0
    # It has the layout of a home itself.
    elsewhere("backup")
    assert cli("verify").code == 0
    assert cli("leaderboard", "en").code == 0


def test_a_backup_while_a_run_writes_is_whole(
    cli: Run, story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each step of the backup everything is there once more, under another name."""
    objects = story / "db" / "snapshots" / "objects"
    log = story / "db" / "snapshots" / "origins" / "leaderboard-api.jsonl"
    real, count = backups._copy, 0

    def copy_and_write(source: Path, target: Path) -> None:
        nonlocal count
        count += 1
        real(source, target)
        if objects in source.parents:
            (objects / "ff").mkdir(exist_ok=True)
            (objects / "ff" / f"{count}.zst.1.new").write_bytes(b"half")
            with log.open("ab") as file:
                file.write(b'{"stream": "models", "sha256": "of an object to come"')

    monkeypatch.setattr(backups, "_copy", copy_and_write)
    with locks.writing(story):
        assert cli("backup", str(tmp_path / "backup")).code == 0
    assert count > 3
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "backup"))
    answer = cli("verify")
    assert (answer.code, answer.err) == (0, "all is well\n")
    assert not list((tmp_path / "backup").rglob("*.new"))


def test_a_backup_during_loads_has_one_state(cli: Run, story: Path, tmp_path: Path) -> None:
    changes = (
        "update model set slug = slug || 'x' where name = 'lab/one'",
        "update listing set link = link || 'x' where label = 'one'",
    )
    lengths = (
        "select length(slug), length(link) from model, listing"
        " where model.name = 'lab/one' and label = 'one'"
    )
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(story / "db" / "catalog.db", timeout=10)) as connection:
            while not stop.is_set():
                with connection:  # two tables change together, as in a load
                    for change in changes:
                        connection.execute(change)

    def slug_and_link(home: Path) -> tuple[int, int]:
        with closing(sqlite3.connect(home / "db" / "catalog.db")) as connection:
            slug, link = connection.execute(lengths).fetchone()
            return slug, link

    slug, link = slug_and_link(story)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            folder = tmp_path / f"backup-{number}"
            assert cli("backup", str(folder)).code == 0
            longer_slug, longer_link = slug_and_link(folder)
            assert longer_slug - slug == longer_link - link
    finally:
        stop.set()
        writer.join()
    assert longer_slug > slug


def test_a_killed_backup_leaves_the_last_one_whole(
    cli: Run,
    story: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    elsewhere: Callable[[str], Path],
) -> None:
    folder = tmp_path / "backup"

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(backups, "_copy_clones", killed)
        assert cli("backup", str(folder)).code == 130
    assert "the backup was not finished" in cli("restore", str(folder)).err
    assert cli("backup", str(folder)).code == 0
    with monkeypatch.context() as patch:
        patch.setattr(backups, "_copy_clones", killed)
        assert cli("backup", str(folder)).code == 130
    elsewhere("new")
    assert cli("restore", str(folder)).code == 0


def test_what_is_no_backup_and_what_is_no_place_for_one_is_one_line(
    cli: Run, story: Path, tmp_path: Path, elsewhere: Callable[[str], Path]
) -> None:
    folder = tmp_path / "backup"
    refused = [cli("backup", str(story)), cli("backup", str(story / "db" / "x"))]
    assert cli("backup", str(folder)).code == 0
    refused += [cli("restore", str(folder)), cli("restore", str(tmp_path / "nothing"))]
    (tmp_path / "other" / "db" / "clones" / "x").mkdir(parents=True)
    refused.append(cli("backup", str(tmp_path / "other")))
    elsewhere("new")
    refused.append(cli("backup", str(tmp_path / "more")))
    (folder / "db" / "catalog.db").write_bytes(b"other bytes")
    refused.append(cli("restore", str(folder)))
    assert [(answer.code, answer.out, answer.err.count("\n")) for answer in refused] == [
        *[(2, "", 1)] * 6,
        (1, "", 1),
    ]
    assert not (tmp_path / "new" / "db").exists()


def test_damage_in_a_backup_is_told_when_it_is_restored(
    cli: Run, story: Path, tmp_path: Path, elsewhere: Callable[[str], Path]
) -> None:
    folder = tmp_path / "backup"
    cli("backup", str(folder))
    next((folder / "db" / "snapshots" / "objects").rglob("*.zst")).write_bytes(b"rotten")
    elsewhere("new")
    answer = cli("restore", str(folder))
    assert (answer.code, answer.err.splitlines()[-1]) == (1, "1 damaged")
    assert "error: leaderboard-api: " in answer.err


def test_a_backup_that_finds_no_room_is_one_line(cli: Run, story: Path, small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(b"x" * 390_000)
    answer = cli("backup", str(small_disk / "backup"))
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert "o space left" in answer.err or "full" in answer.err


# Homes


@pytest.fixture
def moved_home(story: Path, tmp_path: Path, elsewhere: Callable[[str], Path]) -> Iterator[Path]:
    """The home of the story under another name."""
    new = elsewhere("moved %25 ? home")
    shutil.move(story, new)
    yield new


def test_a_moved_home_is_as_it_was(cli: Run, moved_home: Path) -> None:
    before = rows(moved_home)
    assert cli("verify").code == 0
    assert cli("load", "leaderboard-api").code == 0
    assert len(rows(moved_home)["snapshot"]) == len(before["snapshot"])
    assert str(moved_home.parent / "home") not in cli("doctor").out


def test_two_homes_have_nothing_in_common(
    cli: Run, story: Path, tmp_path: Path, elsewhere: Callable[[str], Path]
) -> None:
    before = files(story / "db" / "snapshots")
    with locks.writing(story):
        other = elsewhere("other")
        assert cli("load").code == 0
        assert cli("boards", "-f", "json").rows == []
    assert files(story / "db" / "snapshots") == before
    assert (other / "db" / "catalog.db").exists()


def test_a_drive_without_locks_is_one_line(
    cli: Run, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotImplementedError("FileSystem does not appear to support flock")

    monkeypatch.setattr("filelock.FileLock._acquire", refuse)
    answer = cli("load")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        f"error: {story / 'tracker.lock'}: this file system has no locks; put the home on a local"
        " disk; a built site or an export can lie anywhere\n"
    )
    assert cli("leaderboard", "en").code == 0
