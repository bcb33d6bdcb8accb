"""The whole site in a browser: layout, language, search, filters, keyboard, print."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import watch
from tests.support.fake_catalog import HOSTILE
from tracker.common.text import model_slug

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PLACES = (
    "", "boards/", "boards/mteb-eng-v2/", "boards/mteb-eng-v2/as-of/2026-06-30/",
    "models/", f"models/{model_slug(HOSTILE[0])}/",
    "state-of-the-art/", "state-of-the-art/2024-10-22/", "chinese-models/", "training/",
    "changes/", "changes/2026-06/", "compare/", "about/", "glossary/", "sources/",
)  # fmt: skip
WIDTHS = (390, 1280)


@dataclass
class Visit:
    """An open page with its errors and failed requests."""

    page: Any
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, place: str) -> None:
        """Open a path in the same tab."""
        self.page.goto(self.address + place, wait_until="load")
        # The theme's script runs, and sends its requests, right after the page has loaded.
        self.page.wait_for_timeout(100)


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Any]:
    """Open a page; record errors, failed requests and requests to other hosts."""
    contexts: dict[tuple[int, str], Any] = {}

    def start(place: str, width: int = 1280, scheme: str = "light") -> Visit:
        context = contexts.get((width, scheme)) or browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme
        )
        contexts[width, scheme] = context
        its = Visit(context.new_page(), address)
        watch(its.page, address, its.complaints)
        its.page.on(
            "response",
            lambda answer: (
                answer.status < 400 or its.complaints.append(f"{answer.status} {answer.url}")
            ),
        )
        its.go(place)
        return its

    yield start
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(WIDTHS[0], "dark"), (WIDTHS[1], "light")])
@pytest.mark.parametrize("language", ["", "zh/"])
def test_pages_have_no_errors_and_fit_the_window(
    visit: Any, language: str, width: int, scheme: str
) -> None:
    its = visit(language, width, scheme)
    for place in PLACES:
        its.go(language + place)
        size = its.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert size[0] <= size[1], (place, size)
        assert its.complaints == [], place


@pytest.mark.parametrize("place", ["", PLACES[3], PLACES[5], "state-of-the-art/2024-10-22/"])
def test_the_language_switch_stays_on_the_page(visit: Any, address: str, place: str) -> None:
    page = visit(place).page
    page.click(".et-language a")
    page.wait_for_url(f"{address}zh/{place}")
    assert page.evaluate("document.documentElement.lang") == "zh"
    page.click(".et-language a")
    page.wait_for_url(address + place)


def test_the_palette_follows_the_system_and_can_be_switched(visit: Any) -> None:
    page = visit("", scheme="dark").page
    scheme = "document.body.getAttribute('data-md-color-scheme')"
    assert page.evaluate(scheme) == "slate"
    page.click("[data-md-component=palette] label:not([hidden])")
    assert page.evaluate(scheme) == "default"


def test_a_table_sorts_and_keeps_missing_values_last(visit: Any) -> None:
    page = visit("boards/mteb-eng-v2/").page
    cells = "[...document.querySelectorAll('#ranking tbody tr')].map(r => r.cells[4].textContent)"
    for expected in ("7.85\u202fB", "22.7\u202fM"):
        page.click("#ranking thead th:nth-child(5) button")
        values = page.evaluate(cells)
        assert values[0] == expected
        assert values[-1] == "–"


def test_a_filter_keeps_the_matching_rows(visit: Any) -> None:
    page = visit("models/").page
    page.fill("[data-filter-for] input", "文本")
    visible = "[...document.querySelectorAll('.et-index td.m')].filter(c => c.offsetHeight)"
    assert page.evaluate(f"{visible}.map(c => c.textContent)") == [HOSTILE[-1]]


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("", "model-3", "model-3"),
        ("zh/", "model-3", "model-3"),
        ("zh/", "嵌入模型", "文本嵌入模型"),
    ],
)
def test_search_finds_models_in_both_languages(
    visit: Any, language: str, words: str, found: str
) -> None:
    titles = search(visit(language).page, words)
    assert any(found in title for title in titles)


def search(page: Any, words: str) -> list[str]:
    """Return titles of search results, best first."""
    page.wait_for_load_state("networkidle")
    page.click(".md-search__input")
    # Text arrives without key events, as from an input method. The theme listens to key events, so
    # the final key starts the search, and no results of a part of the words come before.
    page.fill(".md-search__input", words)
    page.keyboard.press("End")
    page.wait_for_selector(".md-search-result__item")
    titles = page.locator(".md-search-result__item h1, .md-search-result__item h2")
    return list(titles.all_text_contents())


@pytest.mark.parametrize(
    ("language", "typed", "place"),
    [
        ("", "Model 3", "models/org-3--model-3/"),
        ("zh/", "org3/modle3", "models/org-3--model-3/"),
        ("", "mean poolin", "methods/techniques/mean/"),
        ("zh/", "平均池化", "methods/techniques/mean/"),
        ("zh/", "腾讯公司", "models/?name="),
        ("", "tencnet", "models/?name="),
    ],
)
def test_a_name_finds_its_page_first(visit: Any, language: str, typed: str, place: str) -> None:
    page = visit(language).page
    search(page, typed)
    first = page.locator(".md-search-result__link").first  # the last letter may still be searched
    sync_api.expect(first).to_have_attribute(
        "href", re.compile(re.escape(f"/{language}{place}")), timeout=20_000
    )


def test_a_chinese_phrase_finds_matching_pages_only(visit: Any, built: Path) -> None:
    page = visit("zh/").page
    first, *_ = search(page, "均值池化")
    assert first == "均值池化"
    told = page.locator(".md-search-result__meta").inner_text()
    known = json.loads((built / "zh/search/search_index.json").read_text("utf-8"))["docs"]
    assert 1 <= int(told.split()[0]) < len(known) / 2


def test_pages_are_complete_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}boards/mteb-eng-v2/")
    assert page.locator("#ranking tbody tr").count() > 10
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_receipt_opens_by_keyboard_inside_the_window(visit: Any, width: int) -> None:
    its = visit(f"models/{model_slug(HOSTILE[0])}/", width)
    tip = its.page.locator(".et-tip").first
    assert tip.locator("span").is_hidden()
    tip.focus()
    assert tip.locator("span").inner_text() == "section 3"
    box = tip.locator("span").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert its.complaints == []


def test_the_address_keeps_the_view_of_a_board(visit: Any) -> None:
    first = visit("boards/mteb-eng-v2/").page
    rows = "[...document.querySelectorAll('#ranking tbody tr')].filter(r => !r.hidden)"
    names = f"{rows}.map(r => r.cells[1].querySelector('a').textContent)"
    everything = first.evaluate(names)
    first.click("[data-filter=size] summary")
    first.locator("[data-filter=size] input").first.check()
    first.keyboard.press("Escape")
    first.click("#ranking thead th:nth-child(4) button")
    chosen = first.evaluate(names)
    assert 0 < len(chosen) < len(everything)
    told = first.locator(".et-filters output").inner_text()
    assert told == f"{len(chosen)} of {len(everything)} shown"
    second = visit("").page
    second.goto(first.url)
    assert second.evaluate(names) == chosen
    second.click(".et-language a")
    second.wait_for_url(lambda url: "/zh/boards/mteb-eng-v2/?" in url)
    assert second.evaluate(names) == chosen
    second.click(".et-filters button")
    assert set(second.evaluate(names)) == set(everything)


@pytest.mark.parametrize("width", WIDTHS)
def test_changes_of_a_month_are_filtered_by_kind(visit: Any, width: int) -> None:
    its = visit("changes/2026-06/", width)
    kinds = "[...document.querySelectorAll('#ranking tbody tr')].filter(r => !r.hidden)"
    kinds += ".map(r => r.dataset.f.split(' ').find(f => f.startsWith('kind:')))"
    everything = its.page.evaluate(kinds)
    chosen = everything[0]
    its.page.click("[data-filter=kind] summary")
    its.page.check(f"[data-filter=kind] input[value='{chosen}']")
    assert its.page.evaluate(kinds) == [kind for kind in everything if kind == chosen]
    assert f"kind={chosen.replace(':', '%3A')}" in its.page.url
    assert its.complaints == []


def test_a_board_can_be_read_by_keyboard(visit: Any) -> None:
    page = visit("boards/mteb-eng-v2/").page
    page.locator("#ranking thead th:nth-child(4) button").focus()
    page.keyboard.press("Enter")
    assert page.locator("#ranking thead th:nth-child(4)").get_attribute("aria-sort")
    page.keyboard.press("Shift+Tab")
    focused = "document.activeElement.closest('th')?.cellIndex"
    assert page.evaluate(focused) == 2


@pytest.mark.parametrize("place", ["boards/mteb-eng-v2/", "zh/choose/", ""])
def test_the_first_tab_skips_to_the_content(visit: Any, place: str) -> None:
    page = visit(place, 390).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.md-skip')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.activeElement.closest('.md-content') !== null"
    assert page.evaluate(inside)


def test_the_keyboard_shows_the_drawer_of_a_phone(visit: Any) -> None:
    page = visit("choose/", 390).page
    page.add_style_tag(content="* { transition: none !important }")
    link = page.locator(".md-sidebar--primary .md-nav__link[href]:visible").nth(2)
    assert link.bounding_box()["x"] < 0
    link.focus()
    assert link.bounding_box()["x"] >= 0
    page.locator(".md-content a").first.focus()
    assert link.bounding_box()["x"] < 0


def test_a_board_prints_its_table_without_tools(visit: Any) -> None:
    page = visit("boards/mteb-eng-v2/").page
    rows = page.locator("#ranking tbody tr").count()
    page.emulate_media(media="print")
    assert page.locator("#ranking tbody tr:visible").count() == rows
    for tool in (".md-header", ".md-tabs", ".et-filters", "[data-filter-for]"):
        assert not page.locator(tool).first.is_visible(), tool
    overflow = page.evaluate("getComputedStyle(document.querySelector('.et-scroll')).overflowX")
    assert overflow == "visible"
