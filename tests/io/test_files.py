"""Atomic writes, and the temporary files of killed processes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.processes import dead_process
from tracker.io.files import not_open, remove_leftovers, replacing, temporary, write_atomically


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "made" / "file"
    write_atomically(target, b"one")
    write_atomically(target, b"two")
    assert (target.read_bytes(), names(target.parent)) == (b"two", ["file"])


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), replacing(target) as new:
        new.write_bytes(b"half")
        new.with_name(f"{new.name}-wal").write_bytes(b"journal")
        raise ZeroDivisionError
    assert (target.read_bytes(), names(tmp_path)) == (b"old", ["file"])


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_umask_decides_who_may_read_a_file(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        write_atomically(tmp_path / "file", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_a_leftover_of_the_same_process_number_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f"file.{os.getpid()}.new").write_bytes(b"an older half")
    with temporary(tmp_path / "file") as new:
        assert not new.exists()


@pytest.mark.parametrize("name", ["file", "a[1]", "a*b", "ä ?%25#"])
def test_only_the_leftovers_of_dead_processes_are_removed(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    dead = dead_process()
    kept = [name, f"{name}.{os.getpid()}.new", f"{name}.{dead}.newer", f"{name}.x.new", "1.new"]
    for left in (*kept, *(f"{name}.{dead}.new{end}" for end in ("", "-journal", "-wal", "-shm"))):
        (folder / left).write_bytes(b"")
    remove_leftovers(folder)
    assert names(folder) == sorted(kept)


def test_files_that_a_process_has_open_are_recognised(tmp_path: Path) -> None:
    opened, closed = tmp_path / "opened", tmp_path / "closed"
    closed.write_bytes(b"")
    with opened.open("wb"):
        assert not_open([opened, closed]) == [closed]
    assert not_open([opened, closed]) == [opened, closed]
