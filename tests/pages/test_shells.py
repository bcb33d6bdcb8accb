"""A page from a shell is the page that MkDocs makes, and an incremental build a fresh one."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.boards import EditionInfo, Leaderboard
from tracker.answers.models import Model
from tracker.common.paths import resource
from tracker.errors import TrackerError
from tracker.pages.build import layouts as shells
from tracker.pages.build import page_cache as kept
from tracker.pages.build import pool as rendering
from tracker.pages.build import render
from tracker.pages.build import site as build
from tracker.pages.build.mkdocs import MADE, MkDocsRuns, navigation, read_config
from tracker.pages.build.page_files import Site
from tracker.pages.build.render import Rendered
from tracker.pages.build.site import build_site
from tracker.pages.contexts import BoardsPage
from tracker.pages.language.handwritten import copy_handwritten
from tracker.pages.views import boards as views

MOMENT = "2026-11-24T12:00:00Z"

PAGES = [
    Rendered(
        path, f"T &amp; {n}", "A &lt;b&gt; &quot;c&quot;", f"<h1>{n}</h1>\n<p>x</p>", "", "", ""
    )
    for n, path in enumerate(
        [
            "",
            "boards/",
            "boards/mteb-eng-v2/",
            "boards/mteb-eng-v2/as-of/2024-10-22/",
            "models/中文机构--文本-v1.5/",
            "methods/datasets/",
            "methods/a-comparison/",
            "new/",
        ]
    )
]


def built_by_mkdocs(
    folder: Path, language: str, base_url: str | None, docs: dict[str, str]
) -> Path:
    """What MkDocs makes of source texts, by address, with the site's theme and configuration."""
    copy_handwritten(resource("site") / "docs", folder / "docs", language)
    for path, text in docs.items():
        target = folder / "docs" / path / "index.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    config = read_config(language, ("en", "zh"), "footer", base_url)
    with MkDocsRuns(folder / "kept") as mkdocs:
        mkdocs.start(folder, config)
        mkdocs.wait()
    return folder / "site"


@pytest.mark.parametrize(
    ("language", "base_url"), [("en", None), ("zh", "https://tracker.example/x")]
)
def test_a_page_from_a_shell_is_the_page_that_mkdocs_makes(
    language: str, base_url: str | None, tmp_path: Path
) -> None:
    config = read_config(language, ("en", "zh"), "footer", base_url)
    by_hand = {
        path.relative_to(resource("site") / "docs").as_posix()
        for path in (resource("site") / "docs").rglob("*.md")
        if not path.name.endswith(".zh.md")
    }
    paths = shells.shell_paths(navigation(config), by_hand)
    shells.write_shells(tmp_path / "shells/docs", paths)
    made = built_by_mkdocs(tmp_path / "shells", language, base_url, {})
    cut = {
        path: shells.Shell.cut(path, (made / path / "index.html").read_text("utf-8"))
        for path in paths
    }

    whole = {path: "# shell\n" for path in paths if shells.SEGMENT not in path}
    for page in PAGES:
        meta = json.dumps(page.title), json.dumps(page.description)
        whole[page.path] = (
            f"---\ntitle: {meta[0]}\ndescription: {meta[1]}\nshell: true\n"
            "hide:\n  - navigation\n  - toc\n---\n\n"
            f'<div class="et-lead">\n{page.lead}\n</div>\n\n<div id="et-body">\n\n</div>\n'
        )
    direct = built_by_mkdocs(tmp_path / "direct", language, base_url, whole)
    for page in PAGES:
        expected = (direct / page.path / "index.html").read_text("utf-8")
        expected = expected.replace(shells.HEAD, "")
        assert shells.shell_of(page.path, cut).filled(page, "") == expected


def test_a_page_that_is_too_deep_is_refused() -> None:
    with pytest.raises(TrackerError, match="too deep"):
        shells.shell_of("a/b/c/d/e/", {f"{shells.SEGMENT}/": shells.Shell("", ())})


def test_an_entry_of_the_navigation_without_a_page_is_told(
    fake: FakeCatalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = views.boards_page

    def elsewhere(boards: views.Boards) -> BoardsPage:
        page = made(boards)
        return replace(page, page=replace(page.page, path="elsewhere/"))

    monkeypatch.setattr(views, "boards_page", elsewhere)
    with pytest.raises(TrackerError, match="navigation names 'boards/', which has no page"):
        build_site(fake, tmp_path / "site", work=tmp_path / "work")


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


def test_an_incremental_build_is_a_fresh_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "now_text", lambda: MOMENT)
    root, rendered = tmp_path / "again", []

    def build_again(catalog: FakeCatalog) -> dict[str, bytes]:
        rendered.append(build_site(catalog, root / "site", work=root / "work").rendered)
        return content(root / "site")

    before = build_again(FakeCatalog())
    report = build_site(Changed(), tmp_path / "fresh", work=tmp_path / "work")
    assert report.rendered == report.pages
    after = content(tmp_path / "fresh")
    assert before != after
    assert build_again(Changed()) == after
    assert build_again(Changed()) == after
    assert build_again(FakeCatalog()) == before
    everything, first, nothing, back = rendered
    assert nothing == 0
    assert 0 < first == back < everything / 2


def test_mkdocs_runs_again_only_when_something_that_it_reads_is_another(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()

    def make(text: str, footer: str) -> tuple[bool, dict[str, bytes]]:
        """Whether it ran, and what it made."""
        folder = tmp_path / "en"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "docs").mkdir(parents=True)
        (folder / "docs/index.md").write_text(text, "utf-8")
        config = read_config("en", ("en",), footer, None) | {"nav": ["index.md"]}
        with MkDocsRuns(tmp_path / "kept") as mkdocs:
            mkdocs.start(folder, config)
            mkdocs.wait()
        return (folder / "mkdocs.log").exists(), content(folder / MADE)

    first = make("# One", "footer")
    assert first[0]
    assert b">One<" in first[1]["index.html"]
    assert make("# One", "footer") == (False, first[1])
    for changed in (("# Two", "footer"), ("# One", "another footer"), ("# One", "footer")):
        ran, made = make(*changed)
        assert ran
        assert (made == first[1]) == (changed == ("# One", "footer"))
    assert len([*(tmp_path / "kept/en").iterdir()]) == 1


def test_another_moment_changes_no_page_but_in_its_marks(
    fake: FakeCatalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, work = tmp_path / "site", tmp_path / "work"
    monkeypatch.setattr(build, "now_text", lambda: MOMENT)
    build_site(fake, place, work=work, languages=("en",))
    first = (place / "boards/mteb-eng-v2/index.html").read_text("utf-8")
    monkeypatch.setattr(build, "now_text", lambda: "2026-12-25T18:30:00Z")
    assert build_site(fake, place, work=work, languages=("en",)).rendered == 0
    second = (place / "boards/mteb-eng-v2/index.html").read_text("utf-8")
    assert "2026-12-25 18:30 UTC" in second
    moved = first.replace(MOMENT, "2026-12-25T18:30:00Z")
    assert second == moved.replace("2026-11-24 12:00 UTC", "2026-12-25 18:30 UTC")
    for text in (render.BUILT_AT, "0000-00-00", render.DIGEST, shells.TITLE, shells.SEGMENT):
        assert not [page for page in place.rglob("*.*ml") if text in page.read_text("utf-8")]


SITE = Site(Path("nowhere"), ("en", "zh"), None)


def test_what_a_process_meets_is_told(tmp_path: Path) -> None:
    page = replace(views.glossary_page(()), columns=("no-such-column",))
    pages = rendering.Rendering(SITE, tmp_path)
    with pages, pytest.raises(TrackerError, match="no-such-column"):
        pages.render("0" * 64, page, None)
        pages.wait()


def test_a_process_that_ends_early_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering.sys, "executable", "false")
    with (
        pytest.raises(TrackerError, match="a process that renders ended early"),
        rendering.Rendering(SITE, tmp_path) as pages,
    ):
        pages.render("0" * 64, views.glossary_page(()), None)
        pages.wait()


def test_kept_pages_that_cannot_be_read_are_made_again(tmp_path: Path) -> None:
    (tmp_path / "0.sqlite").write_bytes(b"no database, as a disk error may leave it" * 100)
    pages = kept.KeptPages(tmp_path, 0)
    assert pages.digests() == set()
    pages.keep("0" * 64, "en", PAGES[0], [("a.json", b"[]")])
    pages.write()
    pages.close()
    again = kept.KeptPages(tmp_path, 0)
    assert again.read("0" * 64, "en") == PAGES[0]
    assert list(again.files("0" * 64, "en")) == [("a.json", b"[]")]
    again.forget_others([])
    assert (again.digests(), list(again.files("0" * 64, "en"))) == (set(), [])


def test_another_template_renders_every_page_again(
    fake: FakeCatalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_site(fake, tmp_path / "site", work=tmp_path / "work", languages=("en",))
    monkeypatch.setattr(kept, "made_by", lambda: b"another program")
    report = build_site(fake, tmp_path / "site", work=tmp_path / "work", languages=("en",))
    assert report.rendered == report.pages


def test_the_program_is_known_by_its_templates_texts_and_code() -> None:
    names = {path.name for path in kept.sources()}
    assert {"model.html", "_macros.html", "zh.yaml", "filters.py", "answers.py"} <= names
