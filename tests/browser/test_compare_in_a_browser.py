"""Model comparison in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.browser import watch
from tests.support.fake_catalog import HOSTILE
from tracker.common.text import model_slug

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

NAMES = ("org-0/model-0", "org-1/model-1", HOSTILE[0], HOSTILE[6])
ADDRESS = "compare/?models=" + ",".join(map(model_slug, NAMES))
ROWS = "#et-compare-table tbody tr"


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open a path in a fresh profile; errors of a page fail the test."""
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


def columns(page: Any) -> list[str]:
    page.wait_for_selector(ROWS)
    return list(page.locator("#et-compare-table thead th").all_inner_texts()[1:])


def chosen(page: Any, number: int) -> None:
    """Wait until ``number`` models are chosen, without the evaluated scripts pages forbid."""
    page.wait_for_selector(f".et-chosen li:nth-child({number}):last-child")


def test_four_models_are_compared_by_keyboard(opened: Any, address: str) -> None:
    page = opened("compare/")
    page.wait_for_selector("#et-compare-models option", state="attached")
    page.focus("#et-compare-model")
    for number, name in enumerate(NAMES, 1):
        page.keyboard.type(name)
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        chosen(page, number)
    assert columns(page) == list(NAMES)
    shared = opened(page.url.removeprefix(address))
    assert columns(shared) == list(NAMES)
    assert shared.inner_text("#et-compare-table") == page.inner_text("#et-compare-table")


def test_what_decides_comes_first_and_shared_values_last(opened: Any) -> None:
    page = opened(ADDRESS)
    columns(page)
    kinds = page.eval_on_selector_all(
        "#et-compare-table tbody", "all => all.map(its => its.dataset.kind)"
    )
    assert kinds[0] == "deciding"
    assert kinds == [k for k in ("deciding", "measured", "different", "shared") if k in kinds]
    row = page.locator("tbody[data-kind=deciding] tr", has_text="Pooling")
    assert "unknown" in row.inner_text()


def test_a_receipt_opens_by_keyboard(opened: Any) -> None:
    page = opened(f"zh/{ADDRESS}")
    columns(page)
    summary = page.locator("#et-compare-table summary").first
    summary.focus()
    page.keyboard.press("Enter")
    opened_one = page.locator("#et-compare-table details[open]")
    assert opened_one.locator("a").first.get_attribute("href").startswith("https://")
    assert "潜在注意力" in page.inner_text("#et-compare-table")


def test_an_unsafe_address_is_not_a_link(opened: Any) -> None:
    page = opened(ADDRESS)
    columns(page)
    assert page.locator("#et-compare-table a[href^='javascript']").count() == 0


def test_going_back_undoes_the_last_choice(opened: Any) -> None:
    page = opened(ADDRESS)
    columns(page)
    page.locator(".et-chosen button").first.click()
    chosen(page, 3)
    page.go_back()
    chosen(page, 4)
    assert columns(page) == list(NAMES)


def test_without_scripts_the_page_lists_the_pairs(opened: Any) -> None:
    page = opened("compare/", java_script_enabled=False)
    assert page.is_visible("#et-compare-off")
    assert not page.is_visible("#et-compare")
    page.locator("#pairs ~ ul a").first.click()
    page.wait_for_url("**-vs-**")
    assert page.locator("h2").all_inner_texts() != []


def test_two_models_are_compared_task_by_task(opened: Any, built: Path) -> None:
    slugs = [model_slug(name) for name in NAMES[:2]]
    page = opened(f"compare/?models={','.join(slugs)}")
    section = page.locator("#et-compare-tasks section").first
    section.locator("summary").click()
    board = orjson.loads((built / "boards/mteb-eng-v2/mteb-eng-v2.tasks.json").read_bytes())
    one, other = (next(row[4] for row in board["rows"] if row[2] == slug) for slug in slugs)
    both = {
        task: (a, b)
        for task, a, b in zip(board["tasks"], one, other, strict=True)
        if a is not None and b is not None
    }
    rows = section.locator("tbody tr").all()
    shown = {
        row.locator("th").inner_text(): tuple(
            float(x) for x in row.locator("td").all_inner_texts()[1:]
        )
        for row in rows
    }
    assert shown == both
    mean = sum(a - b for a, b in both.values()) / len(both)
    ahead = sum(a > b for a, b in both.values())
    text = section.locator("p").inner_text()
    assert f"{mean:+.2f}".replace("-", "−") in text
    assert f"ahead on {ahead} of {len(both)} tasks" in text
    assert section.locator("svg rect").count() == len(both)


def test_more_than_two_models_have_no_table_of_tasks(opened: Any) -> None:
    page = opened(ADDRESS)
    columns(page)
    assert page.locator("#et-compare-tasks section").count() == 0
