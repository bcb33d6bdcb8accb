"""A build that uses the results of an earlier one makes the same site as a fresh one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import psutil
import pytest

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.boards import EditionInfo, Leaderboard
from tracker.answers.models import Model
from tracker.errors import TrackerError
from tracker.pages.build import cache, stamps, worker
from tracker.pages.build import site as build
from tracker.pages.build.cache import BuildCache
from tracker.pages.build.files import Site
from tracker.pages.build.layouts import SEGMENT
from tracker.pages.build.pool import WorkerPool, result_of
from tracker.pages.build.site import CACHE, build_site
from tracker.pages.build.stamps import Stamps
from tracker.pages.build.worker import FinishedPage
from tracker.pages.contexts import AnyPage
from tracker.pages.views import boards as views

MOMENT = "2026-11-24T12:00:00Z"


class Changed(FakeCatalog):
    """The catalog after one more snapshot: a leader has another mean."""

    digest = "4567cdef"

    def board(self, board: str | EditionInfo, as_of: str | None = None) -> Leaderboard:
        state = super().board(board, as_of)
        if state.edition.slug != "mteb-cmn-v1":
            return state
        first, *others = state.rows
        return replace(state, rows=(replace(first, mean_task=81.5), *others))

    def all_models(self) -> tuple[Model, ...]:
        first, *others = super().all_models()
        return (replace(first, links=("https://example.org/new",)), *others)


def content(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".gz"
    }


def without_pages(work: Path, other: Path) -> Path:
    """A copy of a folder ``work`` that has charts and pictures, which no test here is about."""
    other.mkdir()
    shutil.copyfile(work / CACHE, other / CACHE)
    results = BuildCache(other / CACHE)
    results.keep_only({key for key in results.keys() if not key.startswith("page-")})  # noqa: SIM118
    results.close()
    return other


def test_an_incremental_build_is_a_fresh_one(
    warm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "now_text", lambda: MOMENT)
    rendered = []

    def build_again(catalog: FakeCatalog) -> dict[str, bytes]:
        rendered.append(build_site(catalog, tmp_path / "site", work=warm).rendered)
        return content(tmp_path / "site")

    before = build_again(FakeCatalog())
    report = build_site(Changed(), tmp_path / "fresh", work=without_pages(warm, tmp_path / "other"))
    assert report.rendered == report.pages
    after = content(tmp_path / "fresh")
    assert before != after
    assert build_again(Changed()) == after
    assert build_again(Changed()) == after
    assert build_again(FakeCatalog()) == before
    kept, first, nothing, back = rendered
    assert (kept, nothing) == (0, 0)
    assert 0 < first == back < report.pages / 2


def test_another_moment_changes_pages_only_where_they_show_it(
    fake: FakeCatalog, warm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "site"
    monkeypatch.setattr(build, "now_text", lambda: MOMENT)
    build_site(fake, place, work=warm)
    first = (place / "boards/mteb-eng-v2/index.html").read_text("utf-8")
    monkeypatch.setattr(build, "now_text", lambda: "2026-12-25T18:30:00Z")
    assert build_site(fake, place, work=warm).rendered == 0
    second = (place / "boards/mteb-eng-v2/index.html").read_text("utf-8")
    assert "2026-12-25 18:30 UTC" in second
    moved = first.replace(MOMENT, "2026-12-25T18:30:00Z")
    assert second == moved.replace("2026-11-24 12:00 UTC", "2026-12-25 18:30 UTC")
    for text in (stamps.BUILT_AT, "0000-00-00", stamps.DIGEST, stamps.DATA_UNTIL, SEGMENT):
        assert not [page for page in place.rglob("*.*ml") if text in page.read_text("utf-8")]


def site_in(folder: Path) -> Site:
    return Site(folder / "run", ("en", "zh"), None, Stamps(MOMENT, "abc", None))


def test_what_a_worker_meets_is_told(tmp_path: Path) -> None:
    page = replace(views.glossary_page(()), columns=("no-such-column",))
    with WorkerPool(site_in(tmp_path), tmp_path / "cache.sqlite") as pool:
        written = pool.write_page("key", page, None)
        with pytest.raises(TrackerError, match="no-such-column"):
            result_of(written)


def test_a_worker_that_ends_early_is_told(tmp_path: Path) -> None:
    with WorkerPool(site_in(tmp_path), tmp_path / "cache.sqlite") as pool:
        ended = pool.submit(os._exit, 3)
        with pytest.raises(TrackerError, match="a worker process ended early"):
            result_of(ended)
        with pytest.raises(TrackerError, match="a worker process ended early"):
            pool.submit(os.getpid)


KILLED = """
import os, signal
from pathlib import Path
from tracker.pages.build.files import Site
from tracker.pages.build.pool import WorkerPool
from tracker.pages.build.stamps import Stamps
from tracker.pages.build.worker import FinishedPage
from tracker.pages.contexts import AnyPage

pool = WorkerPool(Site(Path("run"), ("en",), None, Stamps("", "", None)), Path("cache.sqlite"))
print(pool.submit(os.getpid).result(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_workers_end_with_a_killed_build(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    build = subprocess.run(
        [sys.executable, "-c", KILLED],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, check=False,
    )  # fmt: skip
    assert build.returncode == -signal.SIGKILL
    worker = int(build.stdout)
    for _ in range(300):
        if not psutil.pid_exists(worker) or psutil.Process(worker).status() == "zombie":
            return
        time.sleep(0.1)
    pytest.fail("the worker still runs")


def test_a_result_is_computed_once_and_forgotten_when_unused(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    with WorkerPool(site_in(tmp_path), file) as pool:
        assert result_of(pool.cached("pid", bytes, b"first")) == b"first"
        assert result_of(pool.cached("other", bytes, b"other")) == b"other"
    with WorkerPool(site_in(tmp_path), file) as pool:
        assert result_of(pool.cached("pid", bytes, b"second")) == b"first"
        pool.forget_unused()
    kept = BuildCache(file)
    assert kept.keys() == {"pid"}
    kept.close()


def test_a_broken_cache_is_made_again(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    file.write_bytes(b"no database, as a disk error may leave it" * 100)
    results = BuildCache(file)
    assert results.keys() == set()
    results.write("key", b"content")
    assert results.read("key") == b"content"
    assert results.read("other") is None
    results.close()


def test_another_template_renders_every_page_again(
    fake: FakeCatalog, warm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blank = msgspec.msgpack.encode(FinishedPage("", {}, {}, {}))
    rendered: list[AnyPage] = []

    def render(page: AnyPage, _: str | None) -> bytes:
        rendered.append(page)
        return blank

    monkeypatch.setattr(worker, "_finished_page", render)
    assert build_site(fake, tmp_path / "site", work=warm).rendered == len(rendered) == 0
    monkeypatch.setattr(cache, "code_digest", lambda: b"another program")
    report = build_site(fake, tmp_path / "site", work=warm)
    assert report.rendered == report.pages == 2 * len(rendered) > 0


def test_the_program_is_known_by_its_templates_texts_and_code() -> None:
    names = {path.name for path in cache.code_files()}
    assert {"model.html", "_macros.html", "zh.yaml", "filters.py", "catalog.py"} <= names
