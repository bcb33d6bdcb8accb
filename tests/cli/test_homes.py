"""A home and its catalog: locks, starter, network, settings, proofs and exports."""

from __future__ import annotations

import errno
import os
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

import tracker
from tests.support.boards import BoardRepository
from tests.support.processes import dead_process
from tests.support.story import AUGUST
from tracker.errors import LockedError
from tracker.io.locks import writing
from tracker.settings import load_settings
from tracker.snapshots.run_log import RunLog

Run = Callable[..., Any]
Make = Callable[..., BoardRepository]
MTEB = "MTEB(eng, v2)"
pytestmark = pytest.mark.usefixtures("bare_home")


# Who may write, and where


def test_a_home_is_where_its_path_says(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: BoardRepository
) -> None:
    place = tmp_path.joinpath(
        "homes", "100%25", "%2e%2e", "a#b", "it's \"quoted\"", "向量 ä", "[a]*", "a\\b:c", "{a}",
        "file:a", "~", "a?mode=ro", "sqlite:", "é",
    )  # fmt: skip
    monkeypatch.setenv("TRACKER_HOME", str(place))
    assert cli("fetch", "published-boards", "--from", str(repository.path)).code == 0
    assert cli("load").code == 0
    read = ["select count(*) as n from listing", "-f", "json"]
    assert cli("sql", *read).rows == [{"n": 1}]
    assert cli("verify").code == 0
    with tracker.open(place / "db" / "catalog.db") as catalog:
        assert catalog.sql(read[0]).to_dicts() == [{"n": 1}]
    found = [path for path in (tmp_path / "homes").rglob("*.db") if path.is_file()]
    assert found == [place / "db" / "catalog.db"]
    written = {path.relative_to(tmp_path).parts[0] for path in tmp_path.iterdir()}
    assert written <= {"homes", "home", repository.path.relative_to(tmp_path).parts[0]}


def test_the_next_writer_removes_what_a_killed_one_left(cli: Run, home: Path) -> None:
    (home / "db").mkdir(parents=True)
    for ending in ("", "-journal"):
        (home / "db" / f"catalog.db.{dead_process()}.new{ending}").write_bytes(b"half")
    living = home / "db" / f"catalog.db.{os.getppid()}.new"
    living.write_bytes(b"a reader seeds this home right now")
    assert cli("load").code == 0
    assert {path.name for path in (home / "db").iterdir()} == {
        "catalog.db",
        "catalog.db.sha256",
        living.name,
    }


def test_a_password_in_the_address_of_a_catalog_is_never_shown(
    cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("nosuch://me:secret@host/x", "me:secret@host"):
        monkeypatch.setenv("TRACKER_DATABASE_URL", address)
        answer = cli("boards")
        assert (answer.code, "secret" in answer.err) == (1, False), answer.err


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


def test_a_run_without_an_end_runs_as_long_as_its_process_holds_the_lock(
    cli: Run, home: Path, story: Path
) -> None:
    log = RunLog(load_settings().archive)
    log.start("fetch")  # killed some time ago
    log.start("update")

    def outcomes() -> list[str]:
        return [row["outcome"] for row in cli("status", "--runs", "-f", "json").rows]

    with writing(home):
        assert outcomes() == ["running", "stopped"]
    assert outcomes() == ["stopped", "stopped"]
    note = f"process {dead_process()} on {socket.gethostname()} since 2026-06-01T00:00:00Z: x\n"
    (home / "tracker.holder").write_text(note)
    assert outcomes() == ["stopped", "stopped"]
    (home / "tracker.holder").write_text(note.replace(socket.gethostname(), "elsewhere"))
    assert outcomes() == ["stopped", "stopped"]


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


def test_a_home_of_another_user_is_one_line_with_a_remedy(home: Path) -> None:
    home.mkdir(mode=0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(10001)  # root may write anywhere
    try:
        other = os.geteuid()
        with pytest.raises(LockedError) as refused, writing(home):
            pass
    finally:
        os.seteuid(user)
    assert str(refused.value) == (
        f"{home}: user {other} may not write here; run as the owner of the folder,"
        f" or: chown -R {other} {home}"
    )


@pytest.mark.parametrize(
    "verb", [["load"], ["fetch", "published-boards"], ["update"], ["schedule", "run"]]
)
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
        assert "; run: tracker load --rebuild" in broken.err


@pytest.mark.parametrize("format_", ["parquet", "csv", "json", "sqlite"])
def test_an_export_can_be_read_again(cli: Run, story: Path, tmp_path: Path, format_: str) -> None:
    import polars as pl

    folder = tmp_path / "out"
    for _ in range(2):
        assert cli("export", format_, str(folder)).code == 0
    expected = cli("sql", "select name from model order by name", "-f", "json").rows
    if format_ == "sqlite":
        with tracker.open(folder / "catalog.db") as catalog:
            found = catalog.sql("select name from model order by name").to_dicts()
    else:
        read = {"parquet": pl.read_parquet, "csv": pl.read_csv, "json": pl.read_json}[format_]
        found = read(folder / f"model.{format_}").sort("name").select("name").to_dicts()
    assert found == expected
    assert not list(folder.glob("*.new"))


@pytest.mark.parametrize("arguments", [["parquet", "--starter"], ["parquet"], ["sqlite"]])
def test_a_catalog_of_an_older_schema_is_not_exported(
    cli: Run, story: Path, tmp_path: Path, arguments: list[str]
) -> None:
    with closing(sqlite3.connect(load_settings().catalog_path)) as connection, connection:
        connection.execute("update alembic_version set version_num = '0001_first'")
    format_, *options = arguments
    answer = cli("export", format_, str(tmp_path / "out"), *options)
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert "has schema 0001_first, this tracker reads " in answer.err
    assert answer.err.endswith("; run: tracker load\n")
    assert not (tmp_path / "out").exists()


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
