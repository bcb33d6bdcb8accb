"""Board replay in a browser: keyboard, pointer, two widths, both languages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.fake_catalog import FakeCatalog

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

BOARD = "boards/mteb-eng-v2/"
REPLAY = FakeCatalog().replay("MTEB(eng, v2)")
DAYS = [day.day for day in REPLAY.days]
SIZES = [(390, 844), (1280, 900)]


@pytest.fixture(params=SIZES, ids=["phone", "desk"])
def page(request: Any, browser: Any) -> Any:
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=width < 500, color_scheme="light"
    )
    yield context.new_page()
    context.close()


def open_by_key(page: Any) -> None:
    page.focus("#replay-tools button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#replay table tbody tr")


def ranks_and_names(page: Any) -> list[tuple[str, str]]:
    rows = page.locator("#replay tbody tr").all()
    return [
        (row.locator("td").nth(0).inner_text(), row.locator("td a").first.inner_text())
        for row in rows
    ]


def expected(day: str) -> list[str]:
    state = [its for its in REPLAY.days if its.day <= day][-1]
    return [str(row.rank) for row in state.rows]


@pytest.mark.parametrize("language", ["", "zh/"])
def test_the_keyboard_reaches_every_day(page: Any, address: str, language: str) -> None:
    page.goto(f"{address}{language}{BOARD}", wait_until="load")
    open_by_key(page)
    field, slider = page.locator("#replay input[type=date]"), page.locator("#replay [type=range]")
    slider.focus()
    page.keyboard.press("Home")
    assert field.input_value() == DAYS[0]
    assert [rank for rank, _ in ranks_and_names(page)] == expected(DAYS[0])
    page.keyboard.press("End")
    last = field.input_value()
    assert last >= DAYS[-1]
    assert [rank for rank, _ in ranks_and_names(page)] == expected(last)
    page.keyboard.press("ArrowLeft")
    assert field.input_value() < last
    assert re.search(rf"[?&]day={field.input_value()}", page.url)
    assert slider.get_attribute("aria-valuetext") == field.input_value()


@pytest.mark.parametrize("language", ["", "zh/"])
def test_a_pointer_steps_through_the_states(page: Any, address: str, language: str) -> None:
    page.goto(f"{address}{language}{BOARD}", wait_until="load")
    page.click("#replay-tools button")
    page.wait_for_selector("#replay table tbody tr")
    field = page.locator("#replay input[type=date]")
    earlier, later = page.locator("#replay .et-press").all()
    seen = [field.input_value()]
    while earlier.is_enabled():
        earlier.click()
        seen.append(field.input_value())
    assert seen[1:] == DAYS[-2::-1]
    later.click()
    assert field.input_value() == DAYS[1]
    box = page.locator("#replay [type=range]").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert DAYS[0] < field.input_value() < max(seen)
    # No element is wider than the window.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_an_address_with_a_day_opens_that_day(page: Any, address: str) -> None:
    page.goto(f"{address}{BOARD}?day={DAYS[0]}", wait_until="load")
    page.wait_for_selector("#replay table tbody tr")
    assert page.locator("#replay input[type=date]").input_value() == DAYS[0]
    # Switching the language keeps the day.
    page.locator(".et-language a").first.click()
    page.wait_for_url(lambda url: "/zh/" in url and f"day={DAYS[0]}" in url)
    page.wait_for_selector("#replay table tbody tr")
    assert page.locator("#replay input[type=date]").input_value() == DAYS[0]


@pytest.mark.parametrize(("language", "theme"), [("", "default"), ("zh/", "slate")])
def test_an_open_replay_breaks_no_rule(page: Any, address: str, language: str, theme: str) -> None:
    page.goto(f"{address}{language}{BOARD}", wait_until="load")
    open_by_key(page)
    page.add_style_tag(content="* { transition: none !important }")
    page.evaluate(f"document.body.setAttribute('data-md-color-scheme', '{theme}')")
    found = axe.Axe().run(page).response["violations"]
    assert {its["id"]: its["nodes"][0]["html"] for its in found} == {}


@pytest.mark.parametrize("language", ["", "zh/"])
def test_without_scripts_the_month_ends_are_there(
    browser: Any, address: str, language: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{language}{BOARD}", wait_until="load")
    assert not page.locator("#replay-tools").is_visible()
    months = page.locator("details", has=page.locator(".et-months"))
    months.locator("summary").first.click()
    links = months.locator("a[href*='as-of']")
    assert links.count() > 0
    links.first.click()
    page.wait_for_url("**/as-of/*/")
    context.close()
