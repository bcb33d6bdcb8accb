"""Open the catalog: foreign keys on, schema at its newest revision, read-only unless loading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from tracker.catalog import sqlite_file
from tracker.catalog.dialects import dialect_for, dialect_of, writing_alone
from tracker.common.paths import resource
from tracker.errors import CatalogError, TrackerError, one_line


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
    return sqlite_file.file_of(parsed) if parsed.get_backend_name() == "sqlite" else None


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise CatalogError(
            "the catalog's address is not a database URL",
            remedy="give a path, sqlite:///… or postgresql+psycopg://…",
        ) from None


def open_engine(url: str, *, read_only: bool) -> Engine:
    """An engine whose connections check foreign keys.

    Args:
        url: SQLAlchemy URL.
        read_only: Refuse every write.

    Raises:
        CatalogError: The address is wrong, no catalog can be there, or its driver is missing.
    """
    parsed = _parse(url)
    try:
        return dialect_for(parsed).connect(url, read_only=read_only)
    except ModuleNotFoundError:
        raise CatalogError(
            f"{shown(url)}: the driver is not installed",
            remedy="pip install 'embedding-tracker[postgres]'",
        ) from None


def state(url: str) -> tuple[object, ...]:
    """Return what changes when a catalog is loaded."""
    with explained(url):
        return dialect_for(_parse(url)).state(url)


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


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """Connect to a catalog for one question, and close everything after it.

    Raises:
        CatalogError: It cannot be opened or read.
    """
    engine = open_engine(url, read_only=True)
    try:
        with explained(url), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def raise_if_damaged(url: str, error: Exception) -> None:
    """Raise ``CatalogError`` if a catalog is damaged, after an exception while reading it."""
    from tracker.catalog.integrity import catalog_damage

    path = sqlite_path(url)
    if path is None:
        return  # a server checks its bytes itself
    if sqlite_file.is_as_written(path):
        return  # what remains to be checked takes minutes
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
        CatalogError: The catalog was made by a newer tracker, or the database cannot hold one.
    """
    with engine.connect() as connection:
        if _is_newest(connection):
            return
    if (path := sqlite_path(str(engine.url))) is not None:
        sqlite_file.forget_checksum(path)
    with writing_alone(engine) as connection:
        migrate_alone(connection)


def migrate_alone(connection: Connection) -> bool:
    """Migrate the schema in a transaction of :func:`tracker.catalog.dialects.writing_alone`.

    Returns:
        Whether it had no schema before.

    Raises:
        CatalogError: As above.
    """
    if _is_newest(connection):
        return False
    found = revision(connection)
    if found is None:
        dialect_of(connection).check_database(connection)
    _upgrade(connection)
    return found is None


def _upgrade(connection: Connection) -> None:
    # Alembic takes 0.2 s to import and is rarely needed.
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = str(resource("db/migrations")).replace("%", "%%")  # the option is interpolated
    config.set_main_option("script_location", folder)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _is_newest(connection: Connection) -> bool:
    found = revision(connection)
    if found is not None and found > newest_revision():
        raise CatalogError(
            f"the catalog has schema {found}, newer than this tracker knows",
            remedy="update the tracker, or delete the catalog and run: tracker load",
        )
    return found == newest_revision()
