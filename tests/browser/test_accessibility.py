"""A page of each kind passes the accessibility rules of axe-core."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.campaigns import EFFORT
from tests.support.fake_catalog import HOSTILE
from tracker.common.text import model_slug

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

KINDS = (
    "", "boards/", "boards/mteb-eng-v2/", "boards/mteb-eng-v2/as-of/2026-06-30/", "models/",
    f"models/{model_slug(HOSTILE[0])}/", "state-of-the-art/", "chinese-models/", "training/",
    "changes/", "changes/2026-06/", "methods/", "methods/one-two/", "methods/datasets/", "tasks/",
    "methods/datasets/d/", "methods/techniques/mean/", "methods/papers/",
    "methods/papers/2405.17428/", "methods/coverage/", "choose/", "frontier/", "compare/",
    "glossary/", "sources/", "about/", "reference/cli/",
)  # fmt: skip


CONTRAST = {"runOnly": ["color-contrast"]}
"""Rules that depend on the colour theme."""
LANGUAGES, THEMES = ("", "zh/"), ("default", "slate")
SWITCH = "name => document.body.setAttribute('data-md-color-scheme', name)"
"""Script that switches the colour theme as the palette button does."""


def broken_rules(page: Any, themes: Iterable[str] = THEMES) -> dict[str, str]:
    """Return the rules that an open page breaks: all in the first theme, contrast in others."""
    # A running transition would be judged with intermediate colours.
    page.add_style_tag(content="* { transition: none !important }")
    found = []
    for number, theme in enumerate(themes):
        page.evaluate(SWITCH, theme)
        rules = {"options": CONTRAST} if number else {}
        found += axe.Axe().run(page, **rules).response["violations"]
    page.evaluate(SWITCH, "default")
    return {its["id"]: its["nodes"][0]["html"] for its in found}


def turns(kinds: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield pages with the themes in which they are looked at.

    Languages share templates, and pages share colours: in an ordinary run each page is looked at
    once, in languages and themes by turns. ``make torture`` looks at all in both.
    """
    if EFFORT > 1:
        yield from ((language + kind, THEMES) for language in LANGUAGES for kind in kinds)
        return
    for number, kind in enumerate(kinds):
        yield LANGUAGES[number % 2] + kind, (THEMES[number // 2 % 2],)


@pytest.mark.thorough
def test_no_page_breaks_an_accessibility_rule(browser: Any, address: str, built: Path) -> None:
    page = browser.new_page(color_scheme="light", viewport={"width": 1280, "height": 900})
    broken = {}
    pair = min((built / "compare").glob("*-vs-*")).relative_to(built).as_posix()
    for place, themes in turns((*KINDS, f"{pair}/")):
        answer = page.goto(address + place, wait_until="load")
        assert answer.status == 200, place
        broken[place] = broken_rules(page, themes)
    page.close()
    assert {place: its for place, its in broken.items() if its} == {}


def test_a_fully_expanded_board_breaks_no_rule(browser: Any, address: str) -> None:
    page = browser.new_page(color_scheme="light", viewport={"width": 1280, "height": 900})
    page.goto(f"{address}boards/mteb-eng-v2/", wait_until="load")
    page.click("#matrix-tools button")
    page.wait_for_selector(".et-matrix:not([hidden]) td")
    page.click("#chart-bump .et-live button")
    page.wait_for_selector("#chart-bump .et-live button[aria-pressed=true]")
    assert broken_rules(page) == {}
    page.close()


def test_a_page_that_breaks_rules_is_detected(browser: Any) -> None:
    page = browser.new_page()
    page.set_content('<html lang="en"><title>t</title><main><h1>t</h1><img src="x"></main></html>')
    found = axe.Axe().run(page).response["violations"]
    assert "image-alt" in {its["id"] for its in found}
    page.close()
