"""Dialects: the code that depends on the database, SQLite files or PostgreSQL servers.

Everything else of the catalog is SQL that both of them understand in the same way. A dialect is a
module with the functions of :class:`Dialect`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL

from tracker.catalog.search.words import IndexEntry
from tracker.errors import CatalogError, UsageError

Fetch = Callable[[int], Sequence[Sequence[Any]]]
_MODULES = {"sqlite": "sqlite", "postgresql": "postgres"}


class Dialect(Protocol):
    """Functions of a dialect's module."""

    def connect(self, url: str, *, read_only: bool) -> Engine:
        """Make an engine; a read-only one refuses every write."""

    def check_database(self, connection: Connection) -> None:
        """Raise ``CatalogError`` if an empty database cannot hold a catalog."""

    def hold_state(self, connection: Connection) -> None:
        """Let a connection read one state until it is closed, whatever is loaded meanwhile."""

    def write_alone(self, connection: Connection) -> None:
        """Wait until no other transaction writes, and keep others waiting until this one ends."""

    def check_references(self, connection: Connection) -> None:
        """Raise if references that wait for the commit lead nowhere."""

    def insert_rows(
        self, connection: Connection, table: Any, rows: Sequence[Sequence[Any]]
    ) -> None:
        """Insert many rows of plain values, in the order of the table's columns."""

    def after_bulk(self, connection: Connection) -> None:
        """Tell the database that much has changed."""

    def asking(
        self, connection: Connection, query: str, seconds: float
    ) -> AbstractContextManager[tuple[list[str] | None, Fetch]]:
        """Ask a query of a user, which ends after so many seconds and at Ctrl-C.

        Yields:
            The names of its columns, ``None`` if it has none, and what fetches so many more rows.
        """

    def state(self, url: str) -> tuple[Any, ...]:
        """Return what changes when a catalog is loaded."""

    def damage(self, connection: Connection) -> Iterator[str]:
        """Yield what is wrong with the stored data."""

    def write_index(self, connection: Connection, entries: Sequence[IndexEntry]) -> None:
        """Write the full-text index of all search entries again."""

    def find(self, connection: Connection, phrases: Sequence[str], limit: int) -> list[Any]:
        """Return the search entries that contain all phrases, best first."""


def took_too_long(seconds: float) -> UsageError:
    """Return the error of a user's query that was stopped at its limit of time."""
    return UsageError(
        f"sql: the query took longer than {seconds:g} s",
        remedy="make it smaller, or raise TRACKER_SQL_SECONDS",
    )


def dialect_of(connection: Connection) -> Dialect:
    """Return the dialect of an open connection."""
    return _module(connection.dialect.name)


@contextmanager
def writing_alone(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that no other writer disturbs; it is committed if all references lead on.

    Raises:
        CatalogError: A reference leads nowhere.
    """
    with engine.begin() as connection:
        dialect = dialect_of(connection)
        dialect.write_alone(connection)
        yield connection
        dialect.check_references(connection)


def dialect_for(url: URL) -> Dialect:
    """Return the dialect of an address.

    Raises:
        CatalogError: No catalog can be there.
    """
    backend = url.get_backend_name()
    if backend not in _MODULES or url.drivername.partition("+")[2] not in (
        "",
        "psycopg",
        "pysqlite",
    ):
        raise CatalogError(
            f"no catalog can be in {url.drivername}",
            remedy="give a path, sqlite:///… or postgresql+psycopg://…",
        )
    return _module(backend)


def _module(backend: str) -> Dialect:
    module: ModuleType = import_module(f"{__name__}.{_MODULES[backend]}")
    return cast("Dialect", module)
