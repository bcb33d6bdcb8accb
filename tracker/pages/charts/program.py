"""The program that makes charts interactive where a reader asks for it: Vega in one file.

vl-convert ships it and puts it together without a network. That takes some seconds of one core, so
it is done while the catalog is read, and the file is kept for the next build.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Self

import vl_convert

from tracker.io.files import write_atomically

PROGRAM = "assets/vega.js"
"""Where it is in the site, once for both languages."""

VEGA_LITE = "6.1"
"""In the next versions of Vega-Lite the nearest point tells ``undefined`` (vega-lite pull 9707)."""

_EXPORT = "export {vegaEmbed};"


@cache
def _made_of() -> bytes:
    vega, embed = vl_convert.get_vega_version(), vl_convert.get_vega_embed_version()
    return f"/* Vega {vega}, Vega-Lite {VEGA_LITE}, Vega-Embed {embed} */\n".encode()


@cache
def _bundle() -> bytes:
    return _made_of() + vl_convert.javascript_bundle(_EXPORT, VEGA_LITE).encode()


class Program:
    """The program, being made or kept by the last build."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._workers = ThreadPoolExecutor(1)
        self._made = self._workers.submit(self._kept_or_made)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let it end by itself: nothing waits for a program that no page needs."""
        self._workers.shutdown(wait=False)

    def content(self) -> bytes:
        """The program, as soon as it is there."""
        return self._made.result()

    def _kept_or_made(self) -> bytes:
        if self._store.is_file():
            kept = self._store.read_bytes()
            if kept.startswith(_made_of()):
                return kept
        made = _bundle()
        write_atomically(self._store, made)
        return made
