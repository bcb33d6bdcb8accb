"""Board page in a browser: interactive charts, task scores and filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.fake_catalog import FakeCatalog

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

BOARD = "boards/mteb-eng-v2/"
KINDS = ("bump", "record", "frontier")
SHOWN = "#matrix tbody tr:not([hidden])"


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open a path in a fresh profile; errors and requests to other hosts fail the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def start(place: str, **options: Any) -> Any:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: line.type in ("error", "warning") and complaints.append(line.text),
        )
        page.on(
            "request",
            lambda request: (
                request.url.startswith((address, "data:", "blob:"))
                or complaints.append(f"asks {request.url}")
            ),
        )
        page.goto(address + place, wait_until="load")
        return page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


def press(page: Any, selector: str) -> None:
    """Activate an element by keyboard."""
    page.focus(selector)
    page.keyboard.press("Enter")


def matrix(page: Any) -> list[list[str]]:
    page.wait_for_selector("#matrix table")
    rows = page.locator(SHOWN).all()
    return [row.locator("td").all_inner_texts() for row in rows]


@pytest.mark.parametrize("language", ["", "zh/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_become_interactive_in_place(opened: Any, language: str, scheme: str) -> None:
    page = opened(language + BOARD, color_scheme=scheme)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for kind in KINDS:
        drawing = page.locator(f"#chart-{kind} svg")
        drawing.scroll_into_view_if_needed()
        button = f"#chart-{kind} .et-live button"
        page.focus(button)
        written = sorted(drawing.locator("text").all_text_contents())
        told, before = drawing.get_attribute("aria-label"), drawing.bounding_box()
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{button}[aria-pressed=true]")
        chart = page.locator(f"#chart-{kind} svg")
        assert chart.bounding_box() == before
        assert chart.get_attribute("aria-label") == told
        assert sorted(chart.locator("text").all_text_contents()) == written
        page.mouse.move(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
        page.wait_for_selector("#vg-tooltip-element.visible")
        cells = page.locator("#vg-tooltip-element td").all_inner_texts()
        titles, values = cells[::2], cells[1::2]
        assert ("模型" if language else "Model") in titles
        assert "undefined" not in values
        assert any(re.fullmatch(r"\d{4}-\d\d-\d\d", its) for its in values)
        assert any(re.fullmatch(r"\d+\.\d\d", its) for its in values)
        page.mouse.move(0, 0)
    assert sum("assets/vega.js" in its for its in requests) == 1
    line = page.locator("#chart-bump .mark-line path[stroke='#0072b2']").first
    colour = line.evaluate("its => getComputedStyle(its).stroke")
    assert colour == ("rgb(90, 180, 230)" if scheme == "dark" else "rgb(0, 114, 178)")


def test_an_interactive_chart_can_be_closed(opened: Any) -> None:
    page = opened(BOARD)
    button = "#chart-bump .et-live button"
    before = page.locator("#chart-bump svg").inner_html()
    press(page, button)
    page.wait_for_selector(f"{button}[aria-pressed=true]")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{button}[aria-pressed=false]")
    assert page.locator("#chart-bump svg").inner_html() == before


def test_the_static_chart_stays_if_the_script_fails(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.route("**/assets/vega.js", lambda route: route.abort())
    page.goto(address + BOARD)
    before = page.locator("#chart-bump svg").inner_html()
    press(page, "#chart-bump .et-live button")
    page.wait_for_selector("#chart-bump [role=status]:not(:empty)")
    assert page.locator("#chart-bump svg").inner_html() == before
    assert page.get_attribute("#chart-bump .et-live button", "aria-pressed") == "false"
    page.close()


@pytest.mark.parametrize("language", ["", "zh/"])
def test_task_scores_open_by_keyboard_and_sort(opened: Any, language: str) -> None:
    page = opened(language + BOARD)
    press(page, "#matrix-tools button")
    rows = matrix(page)
    state = FakeCatalog().board("MTEB(eng, v2)")
    assert len(rows) == len(state.rows)
    assert [row[0] for row in rows] == [str(row.rank or "–") for row in state.rows]
    assert "–" in rows[0]
    press(page, "#matrix thead th:nth-child(4) button")
    values = [row[3] for row in matrix(page)]
    known = [float(its) for its in values if its != "–"]
    assert known == sorted(known, reverse=True)
    assert set(values[len(known) :]) == {"–"}
    press(page, "#matrix-tools button")
    assert not page.is_visible("#matrix")
    assert "sort" not in page.url


def test_task_scores_follow_the_filter_of_the_board(opened: Any) -> None:
    page = opened(f"{BOARD}?name=model-1")
    press(page, "#matrix-tools button")
    main = "#ranking tbody tr:not([hidden]) td.m"
    names = page.locator(main).all_inner_texts()
    assert 0 < len(names) < 12
    assert len(matrix(page)) == len(names)
    page.fill("[data-filter-for] input", "")
    assert len(matrix(page)) == len(FakeCatalog().board("MTEB(eng, v2)").rows)
    page.select_option("select[name=size]", "size:unknown")
    names = [its.split(" +")[0] for its in page.locator(main).all_inner_texts()]
    assert [row[1] for row in matrix(page)] == names


def test_hostile_names_are_text_in_the_matrix(opened: Any) -> None:
    page = opened(BOARD)
    press(page, "#matrix-tools button")
    shown = [row[1] for row in matrix(page)]
    assert '<script>alert("x")</script>' in shown
    assert page.locator("#matrix thead th", has_text="<Task>").count() == 1
    links = page.eval_on_selector_all("#matrix td a", "all => all.map(its => its.href)")
    for address in links[:9]:
        assert page.request.get(address).ok


def test_first_columns_and_table_head_stay_visible(opened: Any) -> None:
    page = opened(BOARD, viewport={"width": 390, "height": 800})
    press(page, "#matrix-tools button")
    matrix(page)
    page.evaluate(
        "Object.assign(document.getElementById('matrix'), {scrollLeft: 300, scrollTop: 200})"
    )
    frame = page.locator("#matrix").bounding_box()
    name = page.locator("#matrix tbody tr").nth(9).locator("td.m").bounding_box()
    head = page.locator("#matrix thead th").first.bounding_box()
    assert 0 <= name["x"] - frame["x"] < 60
    assert abs(head["y"] - frame["y"]) <= 2


def test_filters_are_folded_on_a_phone_until_one_is_set(opened: Any) -> None:
    phone = {"width": 390, "height": 800}
    page = opened(BOARD, viewport=phone)
    assert not page.is_visible("select[name=size]")
    press(page, ".et-filters summary")
    page.wait_for_selector("select[name=size]")
    chosen = opened(f"{BOARD}?size=size:unknown", viewport=phone)
    assert chosen.is_visible("select[name=size]")
    assert opened(BOARD).is_visible("select[name=size]")


def test_without_scripts_a_board_has_charts_and_files(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + BOARD)
    assert page.locator("figure.et-drawing svg").count() == len(KINDS)
    assert page.locator(".et-press:visible").count() == 0
    assert page.is_visible("#single-tasks + p a[href$='.tasks.json']")
    context.close()
