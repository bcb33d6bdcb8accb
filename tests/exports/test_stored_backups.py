"""Backups in an object store, and of a catalog on a server: whole, and restored row for row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import orjson
import pytest

from tests.support.catalogs import dump
from tests.support.postgres import Server
from tracker.catalog.copying import copy_catalog
from tracker.catalog.engine import catalog_url
from tracker.exports.stored_backups import INDEX

Run = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("own_data_only")


def rows(home: Path) -> dict[str, Any]:
    return dump(catalog_url(home / "db" / "catalog.db"))


def stored(target: str) -> dict[str, bytes]:
    store, root = fsspec.core.url_to_fs(target, use_listings_cache=False)
    return {p[len(root) :].lstrip("/"): store.cat_file(p) for p in store.find(root)}


def check_backups(
    cli: Run, story: Path, target: str, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules that hold for every store."""
    (story / "tracker.toml").write_text("retries = 2\n")
    first = cli("backup", target)
    assert (first.code, first.out) == (0, ""), first.err
    before = stored(target)
    again = cli("backup", target)
    assert again.code == 0
    # At most the moment of the backup is new.
    assert len(stored(target).keys() - before.keys()) <= 1
    assert len(stored(target)) == len(before)
    monkeypatch.setenv("TRACKER_HOME", str(new))
    restored = cli("restore", target)
    assert (restored.code, restored.err.splitlines()[-1]) == (0, "all is well"), restored.err
    assert rows(new) == rows(story)
    assert (new / "tracker.toml").read_text() == "retries = 2\n"
    assert (new / "tracker.toml").stat().st_mode & 0o777 == 0o600
    assert cli("load").code == 0


def test_a_home_comes_back_from_a_store(
    cli: Run, story: Path, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_backups(cli, story, target, tmp_path / "new", monkeypatch)


def test_a_home_comes_back_from_a_server_that_speaks_s3(
    cli: Run, story: Path, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_backups(cli, story, bucket, tmp_path / "new", monkeypatch)


def test_a_backup_that_broke_off_leaves_the_last_one_whole(
    cli: Run, story: Path, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("backup", target).code == 0
    before = rows(story)
    origins = story / "db" / "snapshots" / "origins" / "leaderboard-api.jsonl"
    origins.write_bytes(b"\n" + origins.read_bytes())
    memory = type(fsspec.filesystem("memory"))

    def broken(*_: object, **__: object) -> None:
        raise ConnectionError("gone\nfor now")

    for step in ("put_file", "pipe_file"):
        with monkeypatch.context() as patch:
            patch.setattr(memory, step, broken)
            answer = cli("backup", target)
        assert (answer.code, answer.err.count("\n")) == (1, 1)
        assert f"backup: {target}: gone for now" in answer.err
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "new"))
    assert cli("restore", target).code == 0
    assert rows(tmp_path / "new") == before


def test_a_damaged_or_hostile_store_is_one_line_and_writes_nothing(
    cli: Run, story: Path, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("backup", target).code == 0
    store = fsspec.filesystem("memory")
    index = store.cat_file(f"/bucket/site/{INDEX}")
    new = tmp_path / "new"
    monkeypatch.setenv("TRACKER_HOME", str(new))
    digests = orjson.loads(index)
    for names in (
        {"../../outside": digests["backup.json"]},
        {"/tmp/outside": digests["backup.json"]},
        {"db/../../outside": digests["backup.json"]},
        {"elsewhere/file": digests["backup.json"]},
        {"db/x": "../../other"},
        [1],
    ):
        body = names if isinstance(names, list) else digests | names
        store.pipe_file(f"/bucket/site/{INDEX}", orjson.dumps(body))
        answer = cli("restore", target)
        assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1), answer.err
    store.pipe_file(f"/bucket/site/{INDEX}", index)
    store.pipe_file(f"/bucket/site/files/{digests['db/catalog.db']}", b"other bytes")
    answer = cli("restore", target)
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "db/catalog.db is missing or has other bytes" in answer.err
    assert not (new / "db").exists()
    assert not list(tmp_path.rglob("outside"))
    monkeypatch.setenv("TRACKER_OFFLINE", "1")
    for command in ("backup", "restore"):
        answer = cli(command, target)
        assert (answer.code, answer.err.count("\n")) == (2, 1)
        assert "offline: no outside connection is allowed" in answer.err


def test_a_catalog_on_a_server_is_in_the_backup_and_comes_back(
    cli: Run, story: Path, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, address, other = rows(story), server.new(), server.new()
    copy_catalog(catalog_url(story / "db" / "catalog.db"), address)
    (story / "db" / "catalog.db").unlink()
    monkeypatch.setenv("TRACKER_DATABASE_URL", address)
    folder = tmp_path / "backup"
    answer = cli("backup", str(folder))
    assert (answer.code, "without" in answer.err) == (0, False), answer.err
    assert rows(folder) == before
    # A server that has a catalog keeps it.
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "new"))
    refused = cli("restore", str(folder))
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "there is one already" in refused.err
    assert not (tmp_path / "new" / "db").exists()
    monkeypatch.setenv("TRACKER_DATABASE_URL", other)
    assert cli("restore", str(folder)).code == 0
    assert dump(other) == before
    assert not list((tmp_path / "new" / "db").glob("catalog.db*"))
