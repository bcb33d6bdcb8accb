"""Answers of catalogs that no test changes, read once a process.

A command of a test opens the catalog of ``made_once`` anew, as in a process of its own. What an
earlier one read of the same file still holds, so readers of one file share a connection and memo.
"""

from __future__ import annotations

import copy
import threading
from pathlib import Path

from tests.support.shared import is_made_once
from tracker.api import Catalog
from tracker.catalog.dialects import dialect_of
from tracker.catalog.engine import open_engine, sqlite_path
from tracker.insights.reader import Reader
from tracker.settings import Settings

_READERS: dict[Path, Reader] = {}


class _Memo(dict):  # type: ignore[type-arg]
    """Memo of a reader without answers about its health, which come from other files, too."""

    def setdefault(self, read, default):  # type: ignore[no-untyped-def]
        if read.__module__.startswith("tracker.insights.health"):
            return default
        return super().setdefault(read, default)


def share_answers() -> None:
    """Let catalogs that are opened on a file of ``made_once`` share what was read of it."""
    make = Catalog.__init__

    def open_shared(catalog: Catalog, url: str, settings: Settings) -> None:
        make(catalog, url, settings)
        path = sqlite_path(url)
        main = threading.current_thread() is threading.main_thread()
        if path is None or not main or not is_made_once(path.resolve()):
            return
        reader = copy.copy(_reader_of(path.resolve(), url))
        reader.folders = catalog._reader.folders
        catalog._reader = reader

    Catalog.__init__ = open_shared  # type: ignore[method-assign]


def _reader_of(path: Path, url: str) -> Reader:
    """The reader of a file, whose connection stays open until the process ends."""
    if path not in _READERS:
        connection = open_engine(url, read_only=True).connect()
        dialect_of(connection).hold_state(connection)
        found = _READERS[path] = Reader(connection)
        found.memo = _Memo()
        _ = found.editions, found.raw_scores
    return _READERS[path]
