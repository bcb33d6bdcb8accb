"""Uploads to an object store: only what changed, the index last, nothing outside the folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import orjson
import pytest

from tracker.errors import SourceError, UsageError
from tracker.exports.uploads import MANIFEST, UploadReport, upload
from tracker.settings import Settings

FILES = {
    "index.html": b"start",
    "a/index.html": b"page",
    "assets/a.css": b"style",
    "data/a.json": b"{}",
    "sitemap.xml": b"<x/>",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "site"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def stored(target: str) -> dict[str, bytes]:
    store, root = fsspec.core.url_to_fs(target, use_listings_cache=False)
    whole = {p[len(root) :].lstrip("/"): store.cat_file(p) for p in store.find(root)}
    assert set(orjson.loads(whole.pop(MANIFEST))) == set(whole)
    return whole


def check_uploads(folder: Path, target: str, settings: Settings) -> None:
    """Rules that hold for every store."""
    assert upload(folder, target, settings) == UploadReport(5, 0, 0)
    assert stored(target) == FILES
    assert upload(folder, target, settings) == UploadReport(0, 5, 0)
    (folder / "index.html").write_bytes(b"new")
    (folder / "data" / "a.json").unlink()
    assert upload(folder, target, settings) == UploadReport(1, 3, 1)
    changed = FILES | {"index.html": b"new"}
    del changed["data/a.json"]
    assert stored(target) == changed


def test_only_changed_files_are_uploaded(folder: Path, target: str, settings: Settings) -> None:
    check_uploads(folder, target, settings)


def test_what_pages_refer_to_comes_first_and_the_first_page_last(
    folder: Path, target: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    memory = type(fsspec.filesystem("memory"))
    real = memory.put_file

    def put_file(store: Any, source: str, place: str, **more: Any) -> None:
        order.append(Path(source).relative_to(folder).as_posix())
        real(store, source, place, **more)

    monkeypatch.setattr(memory, "put_file", put_file)
    upload(folder, target, settings)
    assert order == ["assets/a.css", "data/a.json", "a/index.html", "sitemap.xml", "index.html"]


def test_an_upload_that_broke_off_is_completed_by_the_next_one(
    folder: Path, target: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = type(fsspec.filesystem("memory"))
    real, count = memory.put_file, 0

    def put_file(store: Any, source: str, place: str, **more: Any) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise ConnectionError("gone\nfor now")
        real(store, source, place, **more)

    with monkeypatch.context() as patch:
        patch.setattr(memory, "put_file", put_file)
        with pytest.raises(SourceError, match="upload: memory://bucket/site: gone for now"):
            upload(folder, target, settings)
    assert upload(folder, target, settings).removed == 0
    assert stored(target) == FILES


def test_a_hostile_manifest_removes_nothing_else(
    folder: Path, target: str, settings: Settings
) -> None:
    store = fsspec.filesystem("memory")
    store.pipe_file("/bucket/other", b"precious")
    names = ["../other", "/bucket/other"]
    store.pipe_file(f"/bucket/site/{MANIFEST}", orjson.dumps(dict.fromkeys(names, "x")))
    assert upload(folder, target, settings) == UploadReport(5, 0, 0)
    assert store.cat_file("/bucket/other") == b"precious"
    for damaged in (b"[1]", b"{", b'"x"'):
        store.pipe_file(f"/bucket/site/{MANIFEST}", damaged)
        assert upload(folder, target, settings) == UploadReport(5, 0, 0)


def test_offline_nothing_is_uploaded(folder: Path, target: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="offline: no outside connection is allowed"):
        upload(folder, target, Settings(home=tmp_path, offline=True))


def test_an_unknown_kind_of_address_is_one_line(folder: Path, settings: Settings) -> None:
    with pytest.raises(UsageError, match="nosuch"):
        upload(folder, "nosuch://x/y", settings)


def test_an_export_goes_to_a_store(
    cli: Callable[..., Any], story: Path, target: str, tmp_path: Path
) -> None:
    answer = cli("export", "json", target)
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.startswith(f"{target}: ")
    assert cli("export", "json", str(tmp_path / "local")).code == 0
    local = {path.name: path.read_bytes() for path in (tmp_path / "local").iterdir()}
    assert stored(target).keys() == local.keys()
    assert stored(target)["model.json"] == local["model.json"]


def test_the_same_holds_for_a_server_that_speaks_s3(
    folder: Path, bucket: str, settings: Settings
) -> None:
    check_uploads(folder, bucket, settings)
    store = fsspec.filesystem("s3", use_listings_cache=False)
    assert store.info("bucket/site/a/index.html")["ContentType"] == "text/html"
