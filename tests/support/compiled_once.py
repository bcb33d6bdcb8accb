"""Share compiled SQL statements, connections, schemas and page templates within a test process.

SQLAlchemy caches compiled statements by engine and dialect object. Tests open thousands of
catalogs, each with an engine of its own, and compiling the same statements again took a fifth of
their time on files, and half of it on a server. A new connection to a server costs as much as
thirty statements. Many catalogs begin without a schema, and Alembic takes a third of a second
for each. Jinja caches templates by environment, and each build in a test makes new ones.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from types import ModuleType
from typing import Any

from jinja2 import Environment
from sqlalchemy import Connection, Engine, QueuePool, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from tracker.catalog import engine
from tracker.catalog.dialects import postgres, sqlite
from tracker.pages.build import render
from tracker.pages.language.texts import Texts


def share_compiled_statements() -> None:
    """Let all engines of a dialect use one cache; their dialect objects have the same settings."""
    _share(sqlite, SQLiteDialect_pysqlite)
    _share(postgres, PGDialect_psycopg)


_ENGINES: OrderedDict[tuple[str, bool], Engine] = OrderedDict()
_KEPT_ENGINES = 24


class _Kept(QueuePool):
    """Keeps the connections to a server that nobody uses now, also if the engine is disposed of."""

    def dispose(self) -> None:
        pass

    def recreate(self) -> _Kept:
        return self


def share_connections() -> None:
    """Keep connections to the server, of the databases that were asked last."""
    connect = postgres.connect
    postgres.NullPool = _Kept  # type: ignore[misc,assignment]

    def connect_shared(url: str, *, read_only: bool) -> Engine:
        key = (url, read_only)
        engine = _ENGINES.pop(key, None) or connect(url, read_only=read_only)
        _ENGINES[key] = engine
        while len(_ENGINES) > _KEPT_ENGINES:
            _close(_ENGINES.popitem(last=False)[1])
        return engine

    postgres.connect = connect_shared


def close_connections(url: str) -> None:
    """Close the kept connections to a database, so that the server can copy it."""
    for read_only in (True, False):
        if engine := _ENGINES.pop((url, read_only), None):
            _close(engine)


def _close(engine: Engine) -> None:
    QueuePool.dispose(engine.pool)  # type: ignore[arg-type]


def _share(module: ModuleType, dialect: Any) -> None:
    connect = module.connect
    cache: LRUCache[Any, Any] = LRUCache(2000)

    def connect_shared(url: str, *, read_only: bool) -> Engine:
        engine: Engine = connect(url, read_only=read_only)
        engine._compiled_cache = cache
        return engine

    dialect.__eq__ = lambda one, other: type(one) is type(other)
    dialect.__hash__ = lambda one: hash(type(one))
    module.connect = connect_shared  # type: ignore[attr-defined]


def share_schemas() -> None:
    """Let Alembic migrate the first empty file of a process; others get the schema that it made."""
    upgrade = engine._upgrade
    made: list[str] = []
    schema = "select sql from sqlite_master where sql is not null order by rowid"

    def upgrade_once(connection: Connection) -> None:
        is_empty = connection.dialect.name == "sqlite" and not connection.scalar(
            text("select count(*) from sqlite_master")
        )
        if made and is_empty:
            for statement in made:
                connection.exec_driver_sql(statement)
            return
        upgrade(connection)
        if is_empty:
            made.extend(connection.scalars(text(schema)))
            version = connection.scalar(text("select version_num from alembic_version"))
            made.append(f"insert into alembic_version values ('{version}')")

    engine._upgrade = upgrade_once


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
