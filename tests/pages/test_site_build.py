"""The built site: whole, the same in both languages, harmless, and never half."""

from __future__ import annotations

import csv
import json
import os
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import polars as pl
import pytest
from lxml import html

from tests.support.builds import OneProcess
from tests.support.fake_catalog import HOSTILE, FakeCatalog
from tests.support.site_check import SITE, broken, unpaired
from tracker.common.text import model_slug
from tracker.errors import TrackerError
from tracker.exports import frames
from tracker.exports.frames import frame_json
from tracker.pages.build import site as build
from tracker.pages.build.files import safe_path, write_file
from tracker.pages.build.mkdocs import read_config, run_mkdocs
from tracker.pages.build.site import build_site
from tracker.pages.language.handwritten import copy_handwritten
from tracker.pages.views.models import condensed

HOST = "https://tracker.example/"
PROGRAMS = "//script[not(@src) and not(@type='application/ld+json')]/text()"


def pages(root: Path) -> dict[str, Path]:
    """Every page of one language by its address."""
    return {
        path.parent.relative_to(root).as_posix(): path
        for path in root.rglob("index.html")
        if root.name == "zh" or path.relative_to(root).parts[0] != "zh"
    }


def tree(page: Path) -> html.HtmlElement:
    return html.document_fromstring(page.read_text("utf-8"))


def test_both_languages_have_the_same_pages(built: Path, fake: FakeCatalog) -> None:
    english, chinese = pages(built), pages(built / "zh")
    assert english.keys() == chinese.keys()
    expected = {f"models/{model.slug}" for model in fake.all_models()}
    expected |= {f"boards/{edition.slug}" for edition in fake.editions()}
    expected |= {"state-of-the-art/2024-10-22", "chinese-models/2024-10-22", "training"}
    expected |= {"changes", "about", "glossary", "sources", "."}
    assert expected <= english.keys()


def test_no_page_is_empty_or_shows_a_template_or_markdown(built: Path) -> None:
    for page in [*pages(built).values(), *pages(built / "zh").values()]:
        document = tree(page)
        for code in document.findall(".//pre"):
            code.clear()  # BibTeX has double braces of its own
        text = " ".join(document.find(".//main").text_content().split())
        assert len(text) > 60, page
        for name in HOSTILE:
            text = text.replace(name, "")
        assert 'id="et-body"></div>' not in page.read_text("utf-8"), page
        assert len(document.findall(".//h1")) == 1, page
        if "evil" not in page.as_posix():
            assert not re.search(r"\{\{|\{%|\]\(|^#+ |\*\*\w", text.split("{{ 7")[0]), page


def test_every_internal_link_and_anchor_leads_somewhere(built: Path) -> None:
    assert broken(built, workers=1) == []
    assert unpaired(built) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = '<p id="there"></p><a href="#there">1</a><a href="#gone">2</a><a href="no/">3</a>'
    (tmp_path / "index.html").write_text(page)
    assert broken(tmp_path, workers=1) == [
        ("index.html", f"{SITE}#gone"),
        ("index.html", f"{SITE}no/"),
    ]
    assert unpaired(tmp_path) == ["index.html"]


def test_the_language_switch_stays_on_the_page(built: Path) -> None:
    for place, page in pages(built).items():
        here = f"{HOST}{'' if place == '.' else place + '/'}"
        there = f"{HOST}zh/{'' if place == '.' else place + '/'}"
        (link,) = tree(page).xpath("//*[contains(@class, 'et-language')]/a/@href")
        assert unquote(urljoin(here, link)) == there
        twin = tree(built / "zh" / place / "index.html")
        (back,) = twin.xpath("//*[contains(@class, 'et-language')]/a/@href")
        assert unquote(urljoin(there, back)) == here
        heads = tree(page).xpath("//link[@hreflang]/@href")
        assert [unquote(urljoin(here, its)) for its in heads] == [here, there, here]


def test_no_page_asks_another_host(built: Path) -> None:
    for page in built.rglob("*.html"):
        document = tree(page)
        loaded = document.xpath(
            "//script/@src | //img/@src | //iframe/@src | //source/@src | //object/@data"
            " | //link[not(@rel='canonical') and not(@hreflang)]/@href | //form/@action"
        )
        assert [its for its in loaded if urlsplit(its).netloc] == [], page
        styles = " ".join(document.xpath("//style/text() | //@style"))
        assert "url(" not in styles or "url(http" not in styles, page
        assert "://" not in " ".join(document.xpath(PROGRAMS)), page


def test_no_style_sheet_asks_another_host(built: Path) -> None:
    for sheet in built.rglob("*.css"):
        text = sheet.read_text("utf-8")
        assert not re.search(r"@import|url\(['\"]?(https?:)?//", text), sheet


def test_hostile_names_are_shown_and_do_nothing(built: Path) -> None:
    for name in HOSTILE:
        page = built / "models" / model_slug(name) / "index.html"
        document = tree(page)
        shown = document.findtext(".//h1/bdi")
        clean = " ".join(name.replace("\u202e", " ").replace("\u202d", " ").split())
        assert shown == (clean if len(clean) <= 300 else clean[:299] + "…")
        assert clean[:60] in document.findtext(".//title")
    for page in built.rglob("*.html"):
        document = tree(page)
        # Structured data has names, but no browser runs it.
        run = "//script[not(@type='application/ld+json')]"
        assert not document.xpath(f"{run}[contains(text(), 'alert')]"), page
        assert not document.xpath(
            "//@href[starts-with(., 'javascript:') and . != 'javascript:void(0)']"
        )
        assert not document.xpath("//@*[starts-with(name(), 'on')]"), page
        assert "\u202e" not in page.read_text("utf-8"), page


def test_nothing_is_written_outside_the_site(built: Path) -> None:
    assert sorted(path.name for path in built.parent.iterdir()) == ["site", "work"]
    assert [path.name for path in (built.parent / "work").iterdir()] == [build.CACHE]


def test_the_board_table_says_what_the_catalog_says(built: Path, fake: FakeCatalog) -> None:
    state = fake.board("MTEB(eng, v2)")
    ranked = tree(built / "boards/mteb-eng-v2/index.html").xpath("//div[@id='ranking']//tbody/tr")
    first = [" ".join(cell.text_content().split()) for cell in ranked[0]]
    assert first == [
        "1 1–3", "model-0 +1", "79.86", "75.50", "7.85 B", "999.5", "79.12", "55.50 (1)", "70.50",
        "\u22123.25", "33/33", "declares nothing", "4,096", "32,768", "–", "no", "org-0",
        "2026-06-01",
    ]  # fmt: skip
    assert len(ranked) == sum(row.rank is not None for row in state.rows)
    unranked = tree(built / "boards/mteb-eng-v2/index.html").xpath(
        "//table[contains(@class,'et-unranked')]//tbody/tr"
    )
    assert len(unranked) == sum(row.rank is None for row in state.rows)


def test_both_languages_show_the_same_numbers(built: Path) -> None:
    for place, page in pages(built).items():
        if place.startswith(("boards/", "models/")):
            both = [
                [
                    re.findall(r"\d[\d.,:–-]*", " ".join(cell.itertext()))
                    for cell in tree(its).xpath("//main//tbody/tr/td")
                ]
                for its in (page, built / "zh" / place / "index.html")
            ]
            assert both[0] == both[1], place


def test_the_data_files_hold_the_rows_of_the_frame(built: Path, fake: FakeCatalog) -> None:
    frame = fake.leaderboard("MTEB(cmn, v1)")
    folder = built / "boards/mteb-cmn-v1"
    rows = json.loads((folder / "mteb-cmn-v1.json").read_bytes())
    assert rows == json.loads(frame_json(frame))
    header, *lines = csv.reader((folder / "mteb-cmn-v1.csv").read_text("utf-8").splitlines())
    at = frame.columns.index("task_types")
    types = [name for name, _ in fake.board("MTEB(cmn, v1)").edition.task_types]
    assert header == [*frame.columns[:at], *types, *frame.columns[at + 1 :]]
    table = pl.DataFrame(lines, schema=header, orient="row")
    assert table["model"].to_list() == frame["model"].to_list()
    means = [float(mean) if mean else None for mean in table["mean_task"]]
    assert means == frame["mean_task"].to_list()


def test_missing_task_types_are_left_out_of_json() -> None:
    frame = pl.DataFrame([{"model": "a", "task_types": {"STS": 1.5, "Retrieval": None}}])
    assert json.loads(frames.frame_json(frame)) == [{"model": "a", "task_types": {"STS": 1.5}}]


def test_a_models_file_holds_its_whole_history(built: Path, fake: FakeCatalog) -> None:
    slug = model_slug("org-0/model-0")
    document = json.loads((built / "models" / slug / f"{slug}.json").read_bytes())
    assert document["name"] == "org-0/model-0"
    assert len(document["history"]) == 19


def test_search_knows_what_leads_say_but_no_tables(built: Path) -> None:
    index = json.loads((built / "search/search_index.json").read_text("utf-8"))
    text = json.dumps(index["docs"])
    assert "79.86" not in text
    assert all("<script" not in doc["title"] + doc["text"] for doc in index["docs"])
    slug = model_slug("org-0/model-0")
    (of_model,) = (its for its in index["docs"] if its["location"] == f"models/{slug}/")
    assert of_model == {
        "location": f"models/{slug}/",
        "title": "org-0/model-0",
        "text": "<p>Models · org-0</p><p>7.85 B parameters. Released 2024-08-30. First listed on"
        " a board 2026-06-01.</p>",
    }


def test_dates_and_source_stand_on_every_board(built: Path) -> None:
    for page in (built / "boards").glob("*/index.html"):
        line = " ".join(tree(page).xpath("string(//*[@class='et-asof'])").split())
        for part in (
            "As of 2026-08-20",
            "published 2026-06-01 00:00 UTC",
            "last seen 2026-08-20 12:30 UTC",
            "page built 2",
            "source MTEB leaderboard, live",
        ):
            assert part in line or page.parent.name == "published-en", page


def test_a_long_history_keeps_its_telling_points(fake: FakeCatalog) -> None:
    points = dict(fake.all_history())["org-0/model-0"]
    kept = condensed(points)
    assert len(kept) == 10
    assert {points[0], points[-1]} <= set(kept)
    assert min(points, key=lambda its: its.rank or 99) in kept
    changed = [b for a, b in pairwise(points) if a.mean_task != b.mean_task]
    assert set(changed) <= set(kept)
    assert kept == sorted(kept, key=lambda its: its.from_at)


@pytest.fixture
def old_site(tmp_path: Path) -> Path:
    """A site that an earlier build left, and rubbish of a killed one beside it."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("old")
    rubbish = tmp_path / "work/build-killed/en/site"
    rubbish.mkdir(parents=True)
    return site


@pytest.mark.parametrize(
    "step", ["site.WorkerPool", "content.dated_days", "site._Build.finish", "site.swap"]
)
def test_a_killed_build_leaves_the_old_site(
    step: str, old_site: Path, warm: Path, fake: FakeCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"tracker.pages.build.{step}", killed)
        with pytest.raises(KeyboardInterrupt):
            build_site(fake, old_site, work=warm)
    assert [path.name for path in old_site.iterdir()] == ["index.html"]
    assert (old_site / "index.html").read_text() == "old"
    build_site(fake, old_site, work=warm)
    assert (old_site / "boards/index.html").is_file()
    assert [path.name for path in warm.iterdir()] == [build.CACHE]


def test_a_build_killed_between_the_two_renames_is_repaired(
    old_site: Path, fake: FakeCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_site.rename(old_site.with_name("site.old"))
    with monkeypatch.context() as patch:
        patch.setattr(build._Build, "make", lambda *_: None)
        build_site(fake, old_site, work=old_site.parent / "work")
    assert (old_site / "index.html").read_text() == "old"
    assert not old_site.with_name("site.old").exists()


def test_a_failure_of_mkdocs_is_one_clear_line(
    old_site: Path, fake: FakeCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = old_site.parent / "path/mkdocs/__main__.py"
    broken.parent.mkdir(parents=True)
    (broken.parent / "__init__.py").touch()
    broken.write_text("print('INFO - begins'); print('ERROR   -  no theme'); exit(1)")
    monkeypatch.setenv("PYTHONPATH", str(broken.parents[1]), prepend=os.pathsep)
    monkeypatch.setattr("tracker.pages.build.pool.ProcessPoolExecutor", OneProcess)
    with pytest.raises(TrackerError, match=r"MkDocs failed for en: ERROR +- +no theme") as caught:
        build_site(fake, old_site, work=old_site.parent / "work")
    assert "\n" not in str(caught.value)
    assert (old_site / "index.html").read_text() == "old"


def test_a_link_that_leads_nowhere_fails_in_mkdocs(tmp_path: Path) -> None:
    write_file(tmp_path / "en/docs/index.md", b"# A\n\n[gone](nowhere.md)\n")
    config = read_config("en", ("en",), "footer", None) | {"nav": ["index.md"]}
    with pytest.raises(TrackerError, match=r"MkDocs failed for en: .*nowhere\.md"):
        run_mkdocs(tmp_path / "en", config)


def test_a_full_disk_is_one_clear_line(
    old_site: Path, warm: Path, fake: FakeCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(build, "write_file", full)
    with pytest.raises(TrackerError, match="No space left on device"):
        build_site(fake, old_site, work=warm)
    assert (old_site / "index.html").read_text() == "old"


@pytest.mark.parametrize("path", ["../x", "a/../b", ".git/x", "a b", "a\\b", "a/%2e", "x" * 251])
def test_a_dangerous_slug_is_refused(path: str) -> None:
    with pytest.raises(TrackerError, match="cannot be part of an address"):
        safe_path(path)


def test_ordinary_and_chinese_slugs_are_places() -> None:
    assert safe_path("models/中文机构--文本-v1.5/") == "models/中文机构--文本-v1.5"


def test_an_unknown_language_is_refused(fake: FakeCatalog, tmp_path: Path) -> None:
    with pytest.raises(TrackerError, match="languages are en, zh"):
        build_site(fake, tmp_path / "site", work=tmp_path / "work", languages=("fr",))


def test_an_english_page_without_twin_says_so_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/x.md").write_text("# X\n\ntext\n")
    copy_handwritten(tmp_path / "in", tmp_path / "out", "zh")
    assert (tmp_path / "out/x.md").read_text("utf-8") == (
        '# X\n\n<p class="et-quiet">本页目前只有英文版。</p>\n\ntext\n'
    )
