"""A site in which everything has a hostile name, in a browser: nothing of a name executes."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import watch
from tests.support.campaigns import EFFORT
from tests.support.hostile_world import MARK

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PAGES_OF_A_KIND = 1 if EFFORT <= 1 else 1_000


@pytest.fixture(scope="module")
def hostile_address(hostile_site: Path) -> Iterator[str]:
    """Address of the hostile site, served on loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Write no log."""

    handler = functools.partial(Quiet, directory=hostile_site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def places(site: Path) -> list[str]:
    """The longest page of each kind with a hostile name: it shows the most of them."""
    kinds: dict[str, list[Path]] = {}
    for page in site.rglob("index.html"):
        if MARK not in page.read_text("utf-8"):
            continue
        place = page.parent.relative_to(site).as_posix()
        # Both languages have the same templates; the longer page of a kind is enough.
        kind = re.sub(r"[^/]*[0-9][^/]*", "*", place.removeprefix("zh/"))
        kinds.setdefault(kind, []).append(page)
    chosen = []
    for pages in kinds.values():
        pages.sort(key=lambda page: (-page.stat().st_size, page))
        chosen += pages[:PAGES_OF_A_KIND]
    return sorted(page.parent.relative_to(site).as_posix() for page in chosen)


def test_nothing_of_a_name_executes(browser: Any, hostile_address: str, hostile_site: Path) -> None:
    complaints: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    watch(page, hostile_address, complaints)
    seen = 0
    for place in places(hostile_site):
        page.goto(f"{hostile_address}{place}/", wait_until="load")
        assert page.evaluate("window.ran") is None, place
        assert page.evaluate("document.querySelectorAll('img[src=x], [onerror]').length") == 0
        seen += MARK in page.content()
        assert complaints == [], place
    assert seen > 15
    context.close()


def test_nothing_of_a_found_name_executes(browser: Any, hostile_address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(hostile_address, wait_until="networkidle")
    page.click(".md-search__input")
    page.fill(".md-search__input", MARK.lower())
    page.keyboard.press("End")
    page.wait_for_selector(".md-search-result__item")
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.querySelectorAll('img[src=x], [onerror]').length") == 0
    context.close()
