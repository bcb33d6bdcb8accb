"""Share compiled SQL statements and page templates within a test process.

SQLAlchemy caches compiled statements by engine and dialect object. Tests open thousands of
catalogs, each with an engine of its own, and compiling the same statements again took a fifth of
their time. Jinja caches templates by environment, and each build in a test makes new ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as Dialect
from sqlalchemy.util import LRUCache

from tracker.catalog.dialects import sqlite
from tracker.pages.build import render
from tracker.pages.language.texts import Texts

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


def share_compiled_templates() -> None:
    """Let all pages of a language that this process renders use one environment of Jinja."""
    make = render.environment
    made: dict[str, Environment] = {}

    def environment(texts: Texts, templates: Path | None = None) -> Environment:
        if templates is not None:
            return make(texts, templates)
        if texts.language not in made:
            made[texts.language] = make(texts)
        return made[texts.language]

    render.environment = environment
