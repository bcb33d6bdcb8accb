"""Measure the bytes that a page needs before it can be read, and when it is painted.

``python -m benchmarks.page_weight SITE`` sums the gzipped bytes of every page of a built site with
its style sheets and scripts, and paints three pages in Chromium with a processor four times slower
and 1.6 Mb/s with 150 ms of delay. The floor is a page of a few lines in the same theme. On the
chooser it measures how long the processor works on a new condition.
"""

from __future__ import annotations

import gzip
import http.server
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import sync_playwright

from benchmarks.common import Result, report

MOST_BYTES, PAINT_SECONDS, SHIFT, ANSWER_MS = 300_000, 2.0, 0.05, 200
PAINTED = ("", "boards/mteb-eng-v2/", "models/nvidia--nv-embed-v2/")
ROUNDS = 3
PLAIN = "reference/"
_ASSET = re.compile(r'<(?:link [^>]*rel="stylesheet"[^>]*href|script [^>]*src)="([^"]+)"')
_LINE = {
    "offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750,
}  # fmt: skip
_WATCH = """
window.painted = 0; window.shifted = 0;
new PerformanceObserver(l => { for (const e of l.getEntries()) window.painted = e.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(l => {
  for (const e of l.getEntries()) if (!e.hadRecentInput) window.shifted += e.value;
}).observe({type: "layout-shift", buffered: true});
"""


_ASK = """() => {
  const input = document.querySelector("[name=max-parameters]");
  const began = performance.now();
  input.value = "1B";
  input.dispatchEvent(new Event("input", {bubbles: true}));
  return performance.now() - began;
}"""


@cache
def packed(path: Path) -> bytes:
    """Compress a file like a server does."""
    return gzip.compress(path.read_bytes(), 6)


def weight(root: Path, page: Path) -> tuple[int, str]:
    """Return the bytes of a page with its style sheets and scripts, and its path."""
    text = page.read_text("utf-8")
    total = len(gzip.compress(text.encode(), 6))
    for link in set(_ASSET.findall(text)):
        if not urlsplit(link).netloc:
            total += len(packed((page.parent / unquote(urlsplit(link).path)).resolve()))
    return total, page.parent.relative_to(root).as_posix()


class Packed(http.server.SimpleHTTPRequestHandler):
    """A static file server with gzip."""

    def do_GET(self) -> None:
        """Send a file of the site."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Do not log."""


@contextmanager
def served(root: Path) -> Iterator[str]:
    """Serve the site on loopback."""
    handler = partial(Packed, directory=str(root))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


def paint(browser: Any, address: str) -> tuple[float, float]:
    """Return the seconds to the largest contentful paint, and the layout shift."""
    context = browser.new_context(viewport={"width": 412, "height": 823})
    page = context.new_page()
    page.add_init_script(_WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 150,
            "downloadThroughput": 200_000,
            "uploadThroughput": 93_750,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1500)
    found = page.evaluate("[window.painted / 1000, window.shifted]")
    context.close()
    return found[0], found[1]


def answer(browser: Any, address: str) -> float:
    """Return the milliseconds that the chooser works on its first new condition."""
    page = browser.new_page(viewport={"width": 412, "height": 823})
    page.goto(address, wait_until="networkidle")
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    spent: float = page.evaluate(_ASK)
    page.close()
    return spent


def measure(root: Path) -> list[Result]:
    """Measure the bytes of all pages, and the paints of one page of each kind."""
    pages = sorted(root.rglob("index.html"))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        weights = sorted(pool.map(partial(weight, root), pages, chunksize=50), reverse=True)
    shell, _ = weight(root, root / f"{PLAIN}index.html")
    heaviest, place = weights[0]
    results = [
        Result(
            f"the heaviest of {len(pages):,} pages with style and scripts, to one of a few lines",
            f"{heaviest / shell:.2f}× ({heaviest / 1e3:.0f} kB: {place})",
            f"{MOST_BYTES / 1e3:.0f} kB",
            heaviest <= MOST_BYTES,
        ),
        Result(
            "… the middle one",
            f"{median(size for size, _ in weights) / shell:.2f}×",
            "",
            None,
        ),
    ]
    program = os.environ.get("TRACKER_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright, served(root) as address:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        floor = median(paint(browser, address + PLAIN)[0] for _ in range(ROUNDS))
        for language in ("", "zh/"):
            for page in PAINTED:
                rounds = [paint(browser, address + language + page) for _ in range(ROUNDS)]
                painted, shifted = median(r[0] for r in rounds), max(r[1] for r in rounds)
                results.append(
                    Result(
                        f"/{language}{page}: largest paint on a slow phone, to one of a few lines",
                        f"{painted / floor:.2f}× ({painted:.2f} s), shift {shifted:.3f}",
                        f"{PAINT_SECONDS} s, {SHIFT}",
                        painted < PAINT_SECONDS and shifted < SHIFT,
                    )
                )
        answered = median(answer(browser, f"{address}choose/") for _ in range(ROUNDS))
        results.append(
            Result(
                "/choose/: a new condition on a slow phone, to the paint of a page of a few lines",
                f"{answered / 1e3 / floor:.2f}× ({answered:.0f} ms)",
                f"{ANSWER_MS} ms",
                answered < ANSWER_MS,
            )
        )
        browser.close()
    return results


if __name__ == "__main__":
    found = measure(Path(sys.argv[1]).resolve())
    print(report(found))
    sys.exit(any(result.met is False for result in found))
