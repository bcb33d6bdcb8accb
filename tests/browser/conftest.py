"""Serve the site of the fake catalog to a browser; skip the tests if there is no browser.

Set ``TRACKER_BROWSER`` to the browser's program if it is not found on the path.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import launched_browser, site_server

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    """Address of the site of the fake catalog, served on loopback."""
    with site_server(built) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The first browser found on the path."""
    with launched_browser() as launched:
        yield launched
