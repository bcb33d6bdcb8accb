"""A browser and a server for a built site; without a browser what needs one is skipped."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Write no log."""


@contextmanager
def site_server(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; its address."""
    handler = functools.partial(Quiet, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@contextmanager
def launched_browser() -> Iterator[Any]:
    """Start the browser that ``TRACKER_BROWSER`` names, or the first on the path."""
    from playwright.sync_api import sync_playwright

    named = os.environ.get("TRACKER_BROWSER")
    program = named or next(filter(None, map(shutil.which, PROGRAMS)), None)
    with sync_playwright() as playwright:
        if program is None and not Path(playwright.chromium.executable_path).is_file():
            pytest.skip("no browser: install Chromium or set TRACKER_BROWSER")
        launched = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield launched
        launched.close()


def watch(page: Any, address: str, complaints: list[str]) -> None:
    """Append errors and dialogs of a page, and requests to other hosts, to a list.

    Args:
        page: A page of the browser.
        address: Of the site; requests to it are no complaint.
        complaints: The list.
    """
    page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
    page.on("pageerror", lambda error: complaints.append(f"error {error}"))
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
