"""The archive: what went in comes out, nothing is written twice, and a crash loses nothing."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.processes import dead_process
from tracker.errors import ArchiveError
from tracker.snapshots.origin import Origin, Sighting, from_line, to_line
from tracker.snapshots.store import Archive, Observation
from tracker.sources.records import Fetched

DAY = ["2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z", "2026-06-03T00:00:00Z"]


def fetched(body: bytes | None, at: str = DAY[0], stream: str = "models") -> Fetched:
    return Fetched(stream, f"https://example.org/{stream}", body, at, etag='"tag"')


def put(
    folder: Path, body: bytes | None, at: str = DAY[0], **more: Any
) -> Origin | Sighting | None:
    """Through an archive of its own each time: what counts is on disk."""
    return Archive(folder).add("source", "CC0", fetched(body, at), **more)


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_went_in_comes_out_with_its_origin(tmp_path: Path) -> None:
    body = b"\x00\xff" * 1000
    origin = put(tmp_path, body)
    assert origin == Origin(
        source="source",
        stream="models",
        url="https://example.org/models",
        published_at=DAY[0],
        fetched_at=DAY[0],
        etag='"tag"',
        last_modified=None,
        sha256=origin.sha256,
        size=2000,
        licence="CC0",
    )
    archive = Archive(tmp_path)
    assert archive.read(origin.sha256) == body
    assert archive.observations("source") == [Observation("models", DAY[0], origin)]
    assert archive.latest("source") == {"models": origin}
    assert list(archive.verify()) == []


@given(st.binary(max_size=3000))
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    folder = tmp_path_factory.mktemp("archive")
    origin = put(folder, body)
    assert Archive(folder).read(origin.sha256) == body


@given(st.text(), st.text(), st.none() | st.text())
def test_an_origin_is_one_line_whatever_its_names(
    stream: str, url: str, reason: str | None
) -> None:
    record = Origin("s", stream, url, DAY[0], DAY[0], None, None, "0", 1, "", "rejected", reason)
    if any(0xD800 <= ord(c) < 0xE000 for text in (stream, url, reason or "") for c in text):
        return  # no JSON can hold half a character
    line = to_line(record)
    assert line.count(b"\n") == 1
    assert from_line(line) == record


def test_unchanged_bytes_add_a_sighting_and_no_copy(tmp_path: Path) -> None:
    first = put(tmp_path, b"same")
    before = files(tmp_path)
    assert put(tmp_path, b"same", DAY[1]) == Sighting("models", first.sha256, DAY[1])
    after = files(tmp_path)
    assert [name for name in after if after[name] != before.get(name)] == ["origins/source.jsonl"]
    assert [(o.seen_at, o.origin) for o in Archive(tmp_path).observations("source")] == [
        (DAY[0], first),
        (DAY[1], first),
    ]


def test_not_modified_is_a_sighting_of_the_last_state(tmp_path: Path) -> None:
    put(tmp_path, b"old", DAY[0])
    new = put(tmp_path, b"new", DAY[1])
    assert put(tmp_path, None, DAY[2]) == Sighting("models", new.sha256, DAY[2])


def test_not_modified_without_anything_archived_says_so(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="not modified, but nothing is archived"):
        put(tmp_path, None)


def test_importing_the_same_date_twice_adds_nothing(tmp_path: Path) -> None:
    put(tmp_path, b"one", DAY[2], observed_at=DAY[0])
    put(tmp_path, b"two", DAY[2], observed_at=DAY[1])
    before = files(tmp_path)
    assert put(tmp_path, b"one", DAY[2], observed_at=DAY[0]) is None
    assert put(tmp_path, b"two", DAY[2], observed_at=DAY[1]) is None
    assert files(tmp_path) == before


def test_a_copy_imported_late_stands_at_its_own_time(tmp_path: Path) -> None:
    new = put(tmp_path, b"new", DAY[2])
    old = put(tmp_path, b"old", DAY[2], observed_at=DAY[0])
    archive = Archive(tmp_path)
    assert [o.origin for o in archive.observations("source")] == [old, new]
    assert archive.latest("source") == {"models": new}


def test_what_was_rejected_is_kept_and_never_shown(tmp_path: Path) -> None:
    good = put(tmp_path, b"good", DAY[0])
    bad = put(tmp_path, b"bad", DAY[1], reason="half of the rows are gone")
    archive = Archive(tmp_path)
    assert archive.latest("source") == {"models": good}
    assert archive.rejected("source") == [bad]
    assert archive.read(bad.sha256) == b"bad"
    # A person may find out later that it was right.
    accepted = put(tmp_path, b"bad", DAY[2])
    assert isinstance(accepted, Origin)
    assert Archive(tmp_path).latest("source") == {"models": accepted}


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_last_line_that_a_crash_cut_off_is_dropped_and_written_again(
    tmp_path: Path, kept: int
) -> None:
    put(tmp_path, b"one", DAY[0])
    log = tmp_path / "origins" / "source.jsonl"
    whole = log.read_bytes()
    put(tmp_path, b"two", DAY[1])
    both = log.read_bytes()
    log.write_bytes(both[: len(whole) + kept] if kept > 0 else both[:kept])
    assert [o.seen_at for o in Archive(tmp_path).observations("source")] == [DAY[0]]
    assert list(Archive(tmp_path).verify()) == []
    put(tmp_path, b"two", DAY[1])
    assert log.read_bytes() == both


def test_a_damaged_line_in_the_middle_names_its_place(tmp_path: Path) -> None:
    for day, body in zip(DAY, (b"1", b"2", b"3"), strict=True):
        put(tmp_path, body, day)
    log = tmp_path / "origins" / "source.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(lines[0] + b'{"half": \n' + lines[2])
    with pytest.raises(ArchiveError, match=r"source\.jsonl:2: damaged origin record"):
        Archive(tmp_path).observations("source")
    (damage,) = Archive(tmp_path).verify()
    assert damage.place == str(log)
    assert "2: damaged origin record" in damage.cause


def _object(folder: Path, origin: Any) -> Path:
    return folder / "objects" / origin.sha256[:2] / f"{origin.sha256[2:]}.zst"


@pytest.mark.parametrize(
    ("harm", "cause"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b""), "zst"),
        (lambda path: path.write_bytes(path.read_bytes()[:-3]), "zst"),
        (lambda path: path.write_bytes(b"not zstd"), "zst"),
    ],
)
def test_verify_finds_a_damaged_object_and_the_next_download_mends_it(
    tmp_path: Path, harm: Any, cause: str
) -> None:
    origin = put(tmp_path, b"precious" * 100)
    harm(_object(tmp_path, origin))
    (damage,) = Archive(tmp_path).verify()
    assert damage.place == "source: models"
    assert cause in damage.cause
    with pytest.raises(ArchiveError, match="fetch its source again"):
        Archive(tmp_path).read(origin.sha256)
    put(tmp_path, b"precious" * 100, DAY[1])
    assert list(Archive(tmp_path).verify()) == []


def test_verify_finds_an_object_that_holds_other_bytes(tmp_path: Path) -> None:
    one, two = put(tmp_path, b"one"), put(tmp_path, b"two", DAY[1])
    _object(tmp_path, one).write_bytes(_object(tmp_path, two).read_bytes())
    (damage,) = Archive(tmp_path).verify()
    assert "content changed" in damage.cause


# A full disk


def no_room(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("where", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.mkdir"])
def test_a_full_disk_is_one_line_and_leaves_everything_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    first = put(tmp_path, b"first")
    with monkeypatch.context() as patch:
        patch.setattr(where, no_room)
        with pytest.raises(ArchiveError, match="No space left on device; free some room"):
            put(tmp_path, b"second" * 1000, DAY[1])
    assert list(Archive(tmp_path).verify()) == []
    assert Archive(tmp_path).latest("source") == {"models": first}
    assert not list(tmp_path.rglob("*.new"))
    second = put(tmp_path, b"second" * 1000, DAY[1])
    assert Archive(tmp_path).latest("source") == {"models": second}


def test_a_log_line_that_the_disk_took_half_of_is_taken_back(
    tmp_path: Path, small_disk: Path
) -> None:
    folder = small_disk / "archive"
    stored = []
    with pytest.raises(ArchiveError, match="No space left on device"):
        for number in range(10_000):
            body = b"%d" % number
            put(
                folder,
                body,
                DAY[0],
                observed_at=f"2026-06-01T{number // 60:02d}:{number % 60:02d}Z",
            )
            stored.append(body)
    archive = Archive(folder)
    assert [archive.read(o.origin.sha256) for o in archive.observations("source")] == stored
    assert list(archive.verify()) == []


# Leftovers and permissions


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_umask_decides_who_may_read_the_archive(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        put(tmp_path, b"bytes")
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {mode}


def test_the_next_write_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    put(tmp_path, b"one")
    folder = tmp_path / "objects" / "ab"
    folder.mkdir(exist_ok=True)
    dead = dead_process()
    for left in (folder / f"cd.zst.{dead}.new", folder / ".new-k3j2"):
        left.write_bytes(b"half")
    (tmp_path / f"heartbeat.json.{dead}.new").write_bytes(b"half")
    put(tmp_path, b"two", DAY[1])
    assert [path for path in tmp_path.rglob("*") if ".new" in path.name] == []
    assert list(Archive(tmp_path).verify()) == []


def test_the_address_that_answered_is_recorded(tmp_path: Path) -> None:
    moved = replace(fetched(b"x"), final_url="https://example.org/new/models")
    origin = Archive(tmp_path).add("source", "CC0", moved)
    assert isinstance(origin, Origin)
    assert (origin.url, origin.final_url) == (
        "https://example.org/models",
        "https://example.org/new/models",
    )
    assert Archive(tmp_path).records("source") == [origin]
