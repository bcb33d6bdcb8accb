"""Board page in a browser: interactive charts, task scores and filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.browser import watch
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
        watch(page, address, complaints)
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


def choose(page: Any, name: str, value: str) -> None:
    """Tick a value of a filter."""
    page.click(f"[data-filter={name}] summary")
    page.check(f"[data-filter={name}] input[value='{value}']")


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
    main = "#ranking tbody tr:not([hidden]) .m"
    names = page.locator(main).all_inner_texts()
    assert 0 < len(names) < 12
    assert len(matrix(page)) == len(names)
    page.fill("[data-filter-for] input", "")
    assert len(matrix(page)) == len(FakeCatalog().board("MTEB(eng, v2)").rows)
    choose(page, "size", "size:unknown")
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
    name = page.locator("#matrix tbody tr").nth(9).locator(".m").bounding_box()
    head = page.locator("#matrix thead th").first.bounding_box()
    assert 0 <= name["x"] - frame["x"] < 60
    assert abs(head["y"] - frame["y"]) <= 2


def test_filters_are_folded_on_a_phone_until_one_is_set(opened: Any) -> None:
    phone = {"width": 390, "height": 800}
    page = opened(BOARD, viewport=phone)
    assert not page.is_visible("[data-filter=size] summary")
    press(page, ".et-filters summary")
    page.wait_for_selector("[data-filter=size] summary")
    chosen = opened(f"{BOARD}?size=size:unknown", viewport=phone)
    assert chosen.is_visible("[data-filter=size] summary")
    assert opened(BOARD).is_visible("[data-filter=size] summary")


def test_without_scripts_a_board_has_charts_and_files(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + BOARD)
    assert page.locator("figure.et-drawing svg").count() == len(KINDS)
    assert page.locator(".et-press:visible").count() == 0
    assert page.is_visible("#single-tasks + p a[href$='.tasks.json']")
    context.close()


PHONE = {"width": 390, "height": 800}


@pytest.mark.parametrize("language", ["", "zh/"])
def test_a_phone_shows_model_and_mean_without_scrolling(opened: Any, language: str) -> None:
    page = opened(language + BOARD, viewport=PHONE)
    mean = page.locator("#ranking tbody tr").first.locator("td.b").bounding_box()
    assert mean["x"] + mean["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_cut_table_says_that_columns_follow(opened: Any) -> None:
    page = opened(BOARD, viewport=PHONE)
    assert page.is_visible(".et-more-columns")
    page.evaluate("document.querySelector('#ranking .et-scroll').scrollLeft = 9999")
    page.wait_for_selector(".et-more-columns", state="hidden")


def test_the_head_of_a_board_stays_in_sight(opened: Any) -> None:
    page = opened(BOARD, viewport={"width": 1440, "height": 420})
    page.evaluate("document.querySelector('#ranking .et-scroll').scrollTop = 200")
    frame = page.locator("#ranking .et-scroll").bounding_box()
    assert abs(page.locator("#ranking thead th").first.bounding_box()["y"] - frame["y"]) <= 2


def test_a_filter_takes_several_values(opened: Any) -> None:
    page = opened(BOARD)
    rows = "[...document.querySelectorAll('#ranking tbody tr:not([hidden])')].map(r => r.dataset.f)"
    values = page.eval_on_selector_all("[data-filter=size] input", "all => all.map(i => i.value)")
    for value in values[:2]:
        page.evaluate("document.querySelector('[data-filter=size]').open = true")
        page.check(f"[data-filter=size] input[value='{value}']")
    shown = page.evaluate(rows)
    assert {next(f for f in row.split() if f.startswith("size:")) for row in shown} == {*values[:2]}
    assert opened(page.url.split("/", 3)[3]).evaluate(rows) == shown


def test_a_largest_size_leaves_out_larger_and_unknown_ones(opened: Any) -> None:
    page = opened(f"{BOARD}?max=350M")
    sizes = page.locator("#ranking tbody tr:not([hidden]) td:nth-child(5)").all_inner_texts()
    assert set(sizes) == {"335\u202fM", "22.7\u202fM"}
    page.focus(".et-slider input")
    page.keyboard.press("End")
    assert page.locator("#ranking tbody tr[hidden]").count() == 0
    assert "max=" not in page.url


def test_chosen_columns_and_the_named_sort_stay_in_the_address(opened: Any) -> None:
    page = opened(f"{BOARD}?sort=parameters.up&hide=licence,since")
    assert page.get_attribute("th[data-c=parameters]", "aria-sort") == "ascending"
    assert not page.is_visible("th[data-c=licence]")
    page.click(".et-view summary")
    page.locator(".et-view fieldset label", has_text="Licence").click()
    assert page.is_visible("th[data-c=licence]")
    assert "hide=since" in page.url


def test_folded_fine_tunes_are_listed_beside_their_base(opened: Any) -> None:
    page = opened(BOARD)
    before = page.locator("#ranking tbody tr:not([hidden])").count()
    page.locator(".et-view label", has_text="Fold").click()
    folded = page.locator("#ranking tr[data-base]").count()
    assert folded
    assert page.locator("#ranking tbody tr:not([hidden])").count() == before - folded
    assert page.locator(".et-folds li").count() == folded
    assert "fold=1" in page.url


def test_shaded_values_and_no_result_are_told(opened: Any) -> None:
    page = opened(f"{BOARD}?shade=1&name=nothing-has-this-name")
    assert page.locator("#ranking td[data-s='4']").count()
    assert page.locator("#ranking td.s[data-s]").count() == 0
    assert "No model meets these conditions" in page.inner_text(".et-filters output")


def test_rows_and_columns_have_heads_and_the_table_a_caption(opened: Any) -> None:
    page = opened(BOARD)
    table = page.locator("#ranking table")
    assert table.locator("caption").inner_text().strip()
    rows = table.locator("tbody tr").count()
    assert table.locator("tbody th[scope=row]").count() == rows
    heads = table.locator("thead th")
    assert table.locator("thead th[scope=col]").count() == heads.count()


def test_paper_keeps_the_columns_of_scores(opened: Any) -> None:
    page = opened(BOARD, viewport={"width": 720, "height": 900})
    page.emulate_media(media="print")
    for name in ("mean_task", "mean_task_type", "Retrieval"):
        box = page.locator(f"#ranking th[data-c={name}]").bounding_box()
        assert box["x"] + box["width"] <= 720, name
