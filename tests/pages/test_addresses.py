"""Sitemap, ``llms.txt``, canonical links, language links and preview images."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from lxml import etree, html

from tests.support.builds import BASE_URL, build_quickly, cached_as
from tests.support.fake_catalog import FakeCatalog
from tests.support.shared import made_once
from tracker.pages.build.site import build_site

XHTML = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture(scope="module")
def placed(fake: FakeCatalog, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site built with its address; charts and pictures are those of ``built``."""

    def make(root: Path) -> None:
        work = cached_as(built, root)
        with pytest.MonkeyPatch.context() as patch:
            build_quickly(patch, tmp_path_factory)
            build_site(fake, root / "site", work=work, base_url=BASE_URL)

    return made_once(tmp_path_factory, "placed", make) / "site"


def address(root: Path, page: Path) -> str:
    place = page.parent.relative_to(root).as_posix()
    return f"{BASE_URL}/" + ("" if place == "." else f"{place}/")


def test_sitemap_lists_every_page_in_every_language(placed: Path) -> None:
    tree = etree.fromstring((placed / "sitemap.xml").read_bytes())
    found = {}
    for url in tree:
        twins = {its.get("hreflang"): its.get("href") for its in url.iter(XHTML)}
        found[unquote(url[0].text)] = twins
        assert set(twins) == {"en", "zh", "x-default"}
        assert url[0].text in twins.values()
    assert set(found) == {address(placed, page) for page in placed.rglob("index.html")}
    assert [path.name for path in placed.rglob("sitemap*")] == ["sitemap.xml"]


def test_every_page_links_to_itself_in_every_language(placed: Path) -> None:
    for page in placed.rglob("index.html"):
        tree = html.document_fromstring(page.read_text("utf-8"))
        own = address(placed, page)
        english = own.replace(f"{BASE_URL}/zh/", f"{BASE_URL}/", 1)
        chinese = english.replace(f"{BASE_URL}/", f"{BASE_URL}/zh/", 1)
        (canonical,) = tree.xpath("//link[@rel='canonical']/@href")
        assert unquote(canonical) == own
        links = {
            its.get("hreflang"): unquote(its.get("href")) for its in tree.xpath("//link[@hreflang]")
        }
        assert links == {"en": english, "zh": chinese, "x-default": english}
        card = {its.get("property"): its.get("content") for its in tree.xpath("//meta[@property]")}
        assert card["og:locale"] == ("zh_CN" if own != english else "en_GB")
        assert card["og:title"] and card["og:description"]
        assert unquote(card["og:url"]) == own
        picture = placed / card["og:image"].removeprefix(f"{BASE_URL}/")
        board = own.split("/boards/")[-1].strip("/")
        has_own = (placed / "boards" / board / "card.png").is_file()
        assert picture == placed / (f"boards/{board}/card.png" if has_own else "card.png")
        assert picture.read_bytes().startswith(b"\x89PNG")


def test_without_an_address_links_are_relative(built: Path) -> None:
    assert not list(built.rglob("sitemap*"))
    for page in (built / "boards").rglob("index.html"):
        text = page.read_text("utf-8")
        assert not re.search(r'rel="canonical"|og:url|og:image', text)


@pytest.mark.parametrize("site", ["built", "placed"])
def test_llms_text_links_to_existing_pages_and_data(
    site: str, request: pytest.FixtureRequest
) -> None:
    root: Path = request.getfixturevalue(site)
    text = (root / "llms.txt").read_text("utf-8")
    assert text.startswith("# Embedding Tracker\n\n> Which text-embedding models lead")
    assert text.count("\n# ") == 0
    base = f"{BASE_URL}/"
    links = [urljoin(base, link) for link in re.findall(r"\]\(([^)]+)\)", text)]
    assert len(links) == len(set(links)) + text.count(".json)") // 2
    for link in links:
        place = root / unquote(link.removeprefix(base))
        assert (place / "index.html" if link.endswith("/") else place).is_file(), link


@pytest.mark.parametrize("language", ["", "zh/"])
def test_the_page_for_missing_addresses_works_at_any_depth(placed: Path, language: str) -> None:
    tree = html.document_fromstring((placed / language / "404.html").read_text("utf-8"))
    links = tree.xpath("//link[@rel!='canonical']/@href | //script/@src | //img/@src | //a/@href")
    asked_for = f"{BASE_URL}/{language}no/such/page/"
    own = [
        link for link in (urljoin(asked_for, link) for link in links) if link.startswith(BASE_URL)
    ]
    assert len(own) > 10
    for link in own:
        place = placed / unquote(
            link.removeprefix(f"{BASE_URL}/").partition("#")[0].partition("?")[0]
        )
        assert (place / "index.html" if place.is_dir() else place).is_file(), link
