"""One cache of compiled SQL for all SQLite catalogs of a test process.

SQLAlchemy caches compiled statements by engine and dialect object. Tests open thousands of
catalogs, each with an engine of its own, and compiling the same statements again took a fifth of
their time.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as Dialect
from sqlalchemy.util import LRUCache

from tracker.catalog.dialects import sqlite

_CACHE: LRUCache[Any, Any] = LRUCache(2000)


def share_compiled_statements() -> None:
    """Let all engines on SQLite files use one cache; their dialects have the same settings."""
    connect = sqlite.connect

    def connect_shared(url: str, *, read_only: bool) -> Engine:
        engine = connect(url, read_only=read_only)
        engine._compiled_cache = _CACHE
        return engine

    Dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[assignment,method-assign]
    Dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[assignment,method-assign]
    sqlite.connect = connect_shared
