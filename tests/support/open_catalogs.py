"""Answers of catalogs that no test changes, read once a process.

A command of a test opens the catalog of ``made_once``, or its shared copy on a server, anew, as in
a process of its own. What an earlier one read of it still holds, so its readers share a connection
and memo.
"""

from __future__ import annotations

import copy
import threading

from tests.support.postgres import is_shared
from tests.support.shared import is_made_once
from tracker.api import Catalog
from tracker.catalog.dialects import dialect_of
from tracker.catalog.engine import open_engine, sqlite_path
from tracker.insights.reader import Reader
from tracker.settings import Settings

_READERS: dict[str, Reader] = {}


class _Memo(dict):  # type: ignore[type-arg]
    """Memo of a reader without answers about its health, which come from other files, too."""

    def setdefault(self, read, default):  # type: ignore[no-untyped-def]
        if read.__module__.startswith("tracker.insights.health"):
            return default
        return super().setdefault(read, default)


def share_answers() -> None:
    """Let catalogs that no test changes share what was read of them."""
    make = Catalog.__init__

    def open_shared(catalog: Catalog, url: str, settings: Settings) -> None:
        make(catalog, url, settings)
        main = threading.current_thread() is threading.main_thread()
        if not main or not (key := _unchanging(url)):
            return
        reader = copy.copy(_reader_of(key, url))
        reader.folders = catalog._reader.folders
        catalog._reader = reader

    Catalog.__init__ = open_shared  # type: ignore[method-assign]


def _unchanging(url: str) -> str:
    """What a catalog that no test changes is known by; ``""``: a test may change it."""
    path = sqlite_path(url)
    if path is None:
        return url if is_shared(url) else ""
    return str(path.resolve()) if is_made_once(path.resolve()) else ""


def _reader_of(key: str, url: str) -> Reader:
    """The reader of a catalog, whose connection stays open until the process ends."""
    if key not in _READERS:
        connection = open_engine(url, read_only=True).connect()
        dialect_of(connection).hold_state(connection)
        found = _READERS[key] = Reader(connection)
        found.memo = _Memo()
        _ = found.editions, found.raw_scores
    return _READERS[key]
