"""Feeds, downloads and citations of a built site."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from tests.support.fake_catalog import HOSTILE, FakeCatalog
from tracker.answers.common import Bilingual
from tracker.answers.methods import Technique, TechniqueUse, Term
from tracker.common.text import model_slug
from tracker.errors import NoDataError
from tracker.exports.frames import frame_parquet
from tracker.insights.references.bibtex import tex
from tracker.pages.build.site import build_site
from tracker.pages.views import boards as views
from tracker.pages.views.citation import citation
from tracker.pages.views.feeds import feeds, technique_feeds

ATOM = "{http://www.w3.org/2005/Atom}"
HOST = "https://tracker.example/"


def test_every_announced_feed_exists_in_its_pages_language(built: Path) -> None:
    announced = set()
    for page in built.rglob("index.html"):
        place = f"{HOST}{page.parent.relative_to(built).as_posix()}/"
        document = html.document_fromstring(page.read_text("utf-8"))
        for link in document.xpath("//*[contains(@type, 'atom')]/@href"):
            file = built / unquote(urljoin(place, link)).removeprefix(HOST)
            root = etree.parse(file).getroot()
            language = root.get("{http://www.w3.org/XML/1998/namespace}lang")
            assert language == document.get("lang"), page
            for its in root.iter(f"{ATOM}link"):
                target = unquote(urljoin(f"{HOST}{file.relative_to(built)}", its.get("href")))
                assert (built / target.removeprefix(HOST) / "index.html").is_file(), target
                assert ("/zh/" in target) == (language == "zh")
            announced.add(file)
    written = {*built.rglob("*feed.en.xml"), *built.rglob("*feed.zh.xml")}
    assert announced == written
    assert len(written) == 2 * (1 + 2 + 1 + 1)


def test_an_organisation_has_a_feed_of_its_models(built: Path) -> None:
    of_one = [json.loads(path.read_bytes()) for path in (built / "models").glob("*.feed.en.json")]
    of_all = json.loads((built / "changes/mteb-english.feed.en.json").read_bytes())
    ids = {entry["id"] for feed in of_one for entry in feed["items"]}
    assert {entry["id"] for entry in of_all["items"]} <= ids


def test_a_technique_has_a_feed_of_the_models_that_use_it() -> None:
    label = Bilingual("Mean pooling", "均值池化")
    term = Term("pooling", "mean", label, label, None)
    uses = (
        TechniqueUse("lab/one", "lab--one", ("pooling",), "2024-05-06"),
        TechniqueUse("lab/two", "lab--two", ("pooling",), "2024-05"),
    )
    ((stem, feed),) = technique_feeds("zh", Technique(term, uses, "2024-05-06", ()), None)
    assert stem == "methods/techniques/mean/feed"
    assert [(e.at, e.title, e.link) for e in feed.entries] == [
        ("2024-05-06T00:00:00Z", "lab/one 采用均值池化。", "../../../zh/models/lab--one/")
    ]
    nobody = Technique(term, uses[1:], None, ())
    assert list(technique_feeds("en", nobody, None)) == []


def test_a_series_feed_lists_each_change_once(built: Path) -> None:
    document = json.loads((built / "changes/mteb-english.feed.en.json").read_bytes())
    name = " ".join(HOSTILE[0].split())
    assert sorted(its["title"] for its in document["items"]) == [
        f"{name}: gone from English, where it had no rank.",
        f"{name}: gone from English, where it was at rank 5 with 70.00.",
        f"{name}: mean 60.00 → 61.50 on English.",
        f"{name}: new on English at rank 3 with 78.50.",
        f"{name}: new on English, without rank.",
        f"{name}: rank 4 → 6 on English.",
    ]


def test_with_an_address_every_feed_link_is_absolute(fake: FakeCatalog) -> None:
    changes = views.changes_by_series(views.read_boards(fake), fake.change_list())
    found = dict(feeds("zh", changes, HOST))
    slug = model_slug(HOSTILE[0])
    assert {its.link for its in found[f"models/{slug}/feed"].entries} == {
        f"{HOST}zh/models/{slug}/"
    }


def test_parquet_holds_the_frame(fake: FakeCatalog, built: Path) -> None:
    frame = fake.leaderboard("MTEB(cmn, v1)")
    file = built / "boards/mteb-cmn-v1/mteb-cmn-v1.parquet"
    assert pl.read_parquet(file).equals(frame)
    assert pl.read_parquet(BytesIO(frame_parquet(frame))).equals(frame)


def test_a_board_has_a_citation(fake: FakeCatalog, built: Path) -> None:
    cited = citation(fake.board("MTEB(eng, v2)"), fake.digest)
    assert cited.bibtex == (
        "@misc{mteb-eng-v2-2026-08-20,\n"
        "  title = {{MTEB(eng, v2)}},\n"
        "  author = {{Embedding Tracker}},\n"
        "  year = {2026},\n"
        "  month = {8},\n"
        "  url = {https://leaderboard.example/v1},\n"
        "  note = {As of 2026-08-20, published, catalog 0123abcd, from leaderboard-api},\n"
        "}"
    )
    page = html.document_fromstring((built / "boards/mteb-eng-v2/index.html").read_text("utf-8"))
    shown = [each.text_content() for each in page.xpath("//pre[@class='et-bibtex']")]
    assert shown == [cited.bibtex, *(text for _, text in cited.other_formats)]
    line = " ".join(page.xpath("string(//h2[@id='cite']/following-sibling::p)").split())
    assert line == "Embedding Tracker: MTEB(eng, v2), as of 2026-08-20, catalog 0123abcd."


@given(st.text())
def test_any_title_is_safe_in_tex(text: str) -> None:
    made = re.sub(r"\\(textbackslash|textasciitilde|textasciicircum)\{\}", "", tex(text))
    assert not re.search(r"(?<!\\)[{}%&#$_]|[~^]", made)


months = st.dates(date(1990, 1, 1), date(2150, 1, 1)).map(lambda day: day.isoformat())


@given(months, months)
def test_month_ends_are_all_and_only_last_days(one: str, other: str) -> None:
    first, last = min(one, other), max(one, other)
    ends = list(views.month_ends(first, last))
    assert ends[0][:7] == first[:7]
    assert ends[-1][:7] == last[:7]
    assert all((date.fromisoformat(its) + timedelta(1)).day == 1 for its in ends)
    assert len(ends) == (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1


def test_leading_boards_have_permanent_pages(built: Path, fake: FakeCatalog) -> None:
    folder = built / "boards/mteb-eng-v2/as-of"
    assert sorted(path.name for path in folder.iterdir()) == [
        "2026-06-01",
        "2026-06-30",
        "2026-07-01",
        "2026-07-31",
    ]
    assert not (built / "boards" / fake.editions()[-1].slug / "as-of").exists()
    page = html.document_fromstring((folder / "2026-06-30/index.html").read_text("utf-8"))
    assert page.findtext(".//title").startswith("MTEB(eng, v2), 2026-06-30")
    rows = page.xpath("//div[@id='ranking']//tbody/tr")
    assert len(rows) == sum(row.rank is not None for row in fake.board("MTEB(eng, v2)").rows)
    table = pl.read_csv(folder / "2026-06-30/mteb-eng-v2-2026-06-30.csv")
    assert table["model"].to_list() == fake.leaderboard("MTEB(eng, v2)")["model"].to_list()


def test_notes_have_permanent_pages_for_every_month(built: Path) -> None:
    folder = built / "state-of-the-art"
    days = sorted(path.name for path in folder.iterdir() if path.is_dir())
    assert days[:5] == ["2024-07-31", "2024-08-31", "2024-09-30", "2024-10-22", "2024-10-31"]
    assert days[-1] == "2026-07-31"
    assert len(days) == 26


class Silent(FakeCatalog):
    """A catalog without leading models before 2025."""

    def state_of_the_art(self, series: str, as_of: str | None = None, top: int = 20) -> Any:
        if as_of and as_of < "2025":
            raise NoDataError(f"{series}: no data for {as_of}")
        return super().state_of_the_art(series, as_of, top)


def test_a_day_without_data_has_no_page(warm: Path, tmp_path: Path) -> None:
    build_site(Silent(), tmp_path / "site", work=warm)
    days = sorted(
        its.name for its in (tmp_path / "site/state-of-the-art").iterdir() if its.is_dir()
    )
    assert days[0] == "2025-01-31"
    text = (tmp_path / "site/state-of-the-art/index.html").read_text("utf-8")
    assert "2024-10-22" not in text


def test_the_content_policy_allows_only_own_scripts(built: Path) -> None:
    for page in built.rglob("*.html"):
        document = html.document_fromstring(page.read_text("utf-8"))
        (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        allowed = re.findall(r"'sha256-([^']+)'", policy)
        inline = document.xpath("//script[not(@src) and not(@type)]")
        hashes = {b64encode(sha256((its.text or "").encode()).digest()).decode() for its in inline}
        assert set(allowed) == hashes, page
        assert "unsafe-inline" not in policy.partition("style-src")[0]
        assert "http" not in policy
        assert document.head[0].get("charset") == "utf-8"
        assert document.head[1].get("http-equiv") == "Content-Security-Policy"


def test_search_leads_to_current_boards_and_notes_only(built: Path) -> None:
    index = json.loads((built / "search/search_index.json").read_text("utf-8"))
    places = {its["location"].partition("#")[0] for its in index["docs"]}
    assert {"boards/mteb-eng-v2/", "state-of-the-art/"} <= places
    assert not [its for its in places if re.search(r"\d{4}-\d\d-\d\d/$", its)]
