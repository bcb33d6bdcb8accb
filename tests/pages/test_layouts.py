"""A page in its layout is the page that MkDocs makes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.builds import BASE_URL
from tests.support.fake_catalog import FakeCatalog
from tracker.common.paths import resource
from tracker.errors import TrackerError
from tracker.pages.build import theme_pages
from tracker.pages.build.files import write_file
from tracker.pages.build.layouts import (
    SEGMENT,
    Layouts,
    as_template,
    layout_paths,
    write_layout_sources,
)
from tracker.pages.build.mkdocs import navigation, read_config
from tracker.pages.build.render import Rendered
from tracker.pages.build.site import build_site
from tracker.pages.build.theme_pages import footer
from tracker.pages.contexts import BoardsPage
from tracker.pages.language.handwritten import copy_handwritten
from tracker.pages.views import boards as views

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
    """Build source texts, by address, with the site's theme and configuration."""
    copy_handwritten(resource("site") / "docs", folder / "docs", language)
    for path, text in docs.items():
        target = folder / "docs" / path / "index.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    config = read_config(language, ("en", "zh"), footer(language), base_url)
    return theme_pages.run_mkdocs(folder, config)


@pytest.mark.usefixtures("quick_builds")
@pytest.mark.parametrize(("language", "base_url"), [("en", None), ("zh", BASE_URL)])
def test_a_page_in_its_layout_is_the_page_that_mkdocs_makes(
    language: str, base_url: str | None, tmp_path: Path
) -> None:
    config = read_config(language, ("en", "zh"), footer(language), base_url)
    by_hand = {
        path.relative_to(resource("site") / "docs").as_posix()
        for path in (resource("site") / "docs").rglob("*.md")
        if not path.name.endswith(".zh.md")
    }
    paths = layout_paths(navigation(config), by_hand)
    write_layout_sources(tmp_path / "layouts/docs", paths)
    made = built_by_mkdocs(tmp_path / "layouts", language, base_url, {})
    for path in paths:
        page = (made / path / "index.html").read_text("utf-8")
        template = as_template(path, page).encode("utf-8")
        write_file(tmp_path / "templates" / path / "index.html", template)
    layouts = Layouts(tmp_path / "templates")

    whole = {path: "# layout\n" for path in paths if SEGMENT not in path}
    for page in PAGES:
        meta = json.dumps(page.title), json.dumps(page.description)
        whole[page.path] = (
            f"---\ntitle: {meta[0]}\ndescription: {meta[1]}\nlayout: true\n"
            "hide:\n  - navigation\n  - toc\n---\n\n"
            f'<div class="et-lead" id="et-lead">\n{page.lead}\n</div>\n\n'
            '<div id="et-body">\n\n</div>\n'
        )
    direct = built_by_mkdocs(tmp_path / "direct", language, base_url, whole)
    for page in PAGES:
        expected = (direct / page.path / "index.html").read_text("utf-8")
        assert layouts.fill(page, "") == expected.replace("{{ head }}", "")


def test_the_search_index_has_no_layouts(built: Path) -> None:
    for index in built.rglob("search_index.json"):
        locations = [entry["location"] for entry in json.loads(index.read_bytes())["docs"]]
        assert len(locations) == len(set(locations))
        assert not [its for its in locations if SEGMENT in its]


def test_a_theme_that_shows_the_content_twice_is_refused() -> None:
    page = "{{ head }} <h1>{{ page.lead }}</h1> {{ page.body }} {{ page.body }}"
    with pytest.raises(TrackerError, match="layout at 'x/' does not have one place"):
        as_template("x/", page)


def test_a_page_that_is_too_deep_is_refused(tmp_path: Path) -> None:
    write_file(tmp_path / SEGMENT / "index.html", b"")
    with pytest.raises(TrackerError, match="too deep"):
        Layouts(tmp_path).path_of("a/b/c/d/e/")


def test_an_entry_of_the_navigation_without_a_page_is_told(
    fake: FakeCatalog, warm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = views.boards_page

    def elsewhere(boards: views.Boards) -> BoardsPage:
        page = made(boards)
        return replace(page, page=replace(page.page, path="elsewhere/"))

    monkeypatch.setattr(views, "boards_page", elsewhere)
    with pytest.raises(TrackerError, match="navigation names 'boards/', which has no page"):
        build_site(fake, tmp_path / "site", work=warm)
