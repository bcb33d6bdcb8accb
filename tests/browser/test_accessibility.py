"""No violation of the accessibility rules of axe-core, on a page of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.fake_catalog import HOSTILE
from tracker.text import model_slug

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

KINDS = (
    "", "boards/", "boards/mteb-eng-v2/", "boards/mteb-eng-v2/as-of/2026-06-30/", "models/",
    f"models/{model_slug(HOSTILE[0])}/", "state-of-the-art/", "training/", "changes/", "methods/",
    "methods/datasets/", "methods/datasets/d/", "methods/techniques/mean/", "methods/papers/",
    "methods/papers/2405.17428/", "methods/coverage/", "compare/", "glossary/", "sources/",
    "about/", "reference/cli/",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "zh/"])
def test_no_page_breaks_a_rule(browser: Any, address: str, scheme: str, language: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    broken = {}
    for place in KINDS:
        answer = page.goto(address + language + place, wait_until="load")
        assert answer.status == 200, place
        found = axe.Axe().run(page).response["violations"]
        if found:
            broken[place] = {its["id"]: its["nodes"][0]["html"] for its in found}
    context.close()
    assert broken == {}


def test_a_page_that_breaks_rules_is_noticed(browser: Any) -> None:
    page = browser.new_page()
    page.set_content('<html lang="en"><title>t</title><main><h1>t</h1><img src="x"></main></html>')
    found = axe.Axe().run(page).response["violations"]
    assert "image-alt" in {its["id"] for its in found}
    page.close()
