"""Open the catalog: foreign keys on, schema at its newest revision, read-only unless loading."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from tracker.catalog import sqlite_file
from tracker.catalog.read_only_sql import allow_reading_only
from tracker.common.paths import resource
from tracker.errors import CatalogError, TrackerError, one_line

BUSY_MILLISECONDS = 10_000
"""How long a connection waits for another one that writes."""


def catalog_url(target: str | Path) -> str:
    """Return the SQLAlchemy URL for a URL or the path of an SQLite file."""
    if isinstance(target, str) and re.match(r"[a-z][a-z0-9+]*://", target):
        return target
    return f"sqlite:///{quote(str(Path(target).expanduser()))}"


def shown(url: str) -> str:
    """Return the name of a catalog for messages: its path, or its URL without the password."""
    try:
        return str(sqlite_path(url) or _parse(url).render_as_string(hide_password=True))
    except CatalogError:
        return one_line(url)


def sqlite_path(url: str) -> Path | None:
    """Return the file behind an SQLite URL; ``None`` for memory and for other databases."""
    parsed = _parse(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise CatalogError(
            "the catalog's address is not a database URL", remedy="give a path or sqlite:///…"
        ) from None


def open_engine(url: str, *, read_only: bool) -> Engine:
    """An engine whose every connection has foreign keys on.

    Args:
        url: SQLAlchemy URL.
        read_only: Refuse every write, on SQLite in the connection itself.

    Raises:
        CatalogError: The address is wrong or its driver is not installed.
    """
    backend = _parse(url).get_backend_name()
    # SQLite is made read-only on connecting, see below.
    options = {"postgresql_readonly": True} if read_only and backend == "postgresql" else {}
    path = sqlite_path(url)
    target = (read_only and path is not None and sqlite_file.connect_url(path)) or url
    try:
        engine = create_engine(target, execution_options=options)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise CatalogError(
            f"{shown(url)}: {error}", remedy="install the driver, e.g. psycopg"
        ) from None

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("pragma foreign_keys = on")
            connection.execute(f"pragma busy_timeout = {BUSY_MILLISECONDS}")
            if read_only:
                allow_reading_only(connection)
            else:
                sqlite_file.use_log(connection)
                connection.execute("pragma cache_size = -65536")

    return engine


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn errors of the database into a CatalogError of one line with a remedy.

    Damaged bytes can raise any exception anywhere. So after an exception that nobody foresaw the
    catalog is checked; if it is sound, the exception is a mistake of the program.
    """
    try:
        yield
    except TrackerError:
        raise
    except Exception as error:
        raise_if_damaged(url, error)
        if not isinstance(error, DatabaseError):
            raise
        cause = one_line(error.orig or error)
        remedy = ""
        if "full" in cause or "I/O" in cause:
            remedy = "free some room and run it again"
        elif "locked" in cause:
            remedy = "close what reads the catalog and run it again"
        raise CatalogError(f"catalog {shown(url)}: {cause}", remedy=remedy) from None


def raise_if_damaged(url: str, error: Exception) -> None:
    """Raise ``CatalogError`` if a catalog is damaged, after an exception while reading it."""
    from tracker.catalog.integrity import catalog_damage

    if damage := catalog_damage(url):
        raise CatalogError(damage[0]) from error


def newest_revision() -> str:
    """Return the name of the last migration of this tracker."""
    names = sorted(p.stem for p in (resource("db/migrations") / "versions").glob("[0-9]*.py"))
    return names[-1]


def revision(connection: Connection) -> str | None:
    """Return the name of a catalog's last migration; ``None`` if it has no schema."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("select version_num from alembic_version")).scalar()
    return found


def migrate(engine: Engine) -> None:
    """Migrate the schema to the newest revision.

    Raises:
        CatalogError: The catalog was made by a newer tracker.
    """
    with engine.connect() as connection:
        found = revision(connection)
    if found == newest_revision():
        return
    if found is not None and found > newest_revision():
        raise CatalogError(
            f"the catalog has schema {found}, newer than this tracker knows",
            remedy="update the tracker, or delete the catalog and run: tracker load",
        )
    if (path := sqlite_path(str(engine.url))) is not None:
        sqlite_file.forget_checksum(path)
    # Alembic takes 0.2 s to import and is rarely needed.
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = str(resource("db/migrations")).replace("%", "%%")  # the option is interpolated
    config.set_main_option("script_location", folder)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
