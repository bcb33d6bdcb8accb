"""SQLite: a file, read beside its writer by means of the write-ahead log.

Read-only connections have an authorizer that rejects everything but reads.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from tracker.catalog import sqlite_file
from tracker.catalog.dialects import Fetch, took_too_long
from tracker.catalog.search.fts5 import find, write_index
from tracker.errors import UsageError, one_line

__all__ = ["find", "hold_state", "write_index"]

BUSY_MILLISECONDS = 10_000
"""How long a connection waits for another one that writes."""
LONGEST_VALUE = 20_000_000
"""Bytes of one text or blob, also of one that a function makes on the way.

A single call of a function cannot be stopped, and some take the square of their input's length.
"""
_STEPS_BETWEEN_LOOKS = 20_000
"""Instructions of SQLite's machine between two looks at the clock: some milliseconds."""

_READS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
}
# These only report something; their argument is the name of what to report on.
_READING_PRAGMAS = {
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
    "foreign_key_check",
    "integrity_check",
    "quick_check",
    "data_version",
    "database_list",
}


def allow_reading_only(connection: sqlite3.Connection) -> None:
    """Reject every statement on a connection that is not a read.

    ``pragma query_only`` is not enough: a user can switch it off, and it does not keep ``attach``
    and ``vacuum into`` from writing other files. A connection to a file that is opened without the
    right to write could not roll back a load that was killed, which reading may need.
    """

    def allowed(action: int, first: str | None, value: str | None, *_: str | None) -> int:
        reports = action == sqlite3.SQLITE_PRAGMA and (
            first in _READING_PRAGMAS or (first == "journal_mode" and value is None)
        )
        # When SQLite opens a full-text index it parses its columns, and asks for that as for a
        # change of the schema. A real change fails: "table sqlite_master may not be modified".
        parses = action == sqlite3.SQLITE_UPDATE and first == "sqlite_master"
        good = action in _READS or reports or parses
        return sqlite3.SQLITE_OK if good else sqlite3.SQLITE_DENY

    connection.set_authorizer(allowed)


hold_state = sqlite_file.hold_state


def connect(url: str, *, read_only: bool) -> Engine:
    """Make an engine whose every connection has foreign keys on."""
    path = sqlite_file.file_of(make_url(url))
    engine = create_engine((read_only and path and sqlite_file.connect_url(path)) or url)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        try:
            _set_up(connection, read_only=read_only)
        except BaseException:
            connection.close()  # which SQLAlchemy leaves to us
            raise

    return engine


def _set_up(connection: sqlite3.Connection, *, read_only: bool) -> None:
    connection.execute("pragma foreign_keys = on")
    connection.execute(f"pragma busy_timeout = {BUSY_MILLISECONDS}")
    if read_only:
        allow_reading_only(connection)
    else:
        sqlite_file.use_log(connection)
        connection.execute("pragma cache_size = -65536")


def check_database(_: Connection) -> None:
    """Every SQLite file can hold a catalog."""


def write_alone(_: Connection) -> None:
    """A file has one writer at a time anyway."""


def check_references(_: Connection) -> None:
    """SQLite checks them itself when it commits."""


def insert_rows(connection: Connection, table: Any, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows through the driver, which saves SQLAlchemy's work per row."""
    names = [column.name for column in table.c]
    statement = str(insert(table).compile(dialect=connection.dialect, column_keys=names))
    connection.exec_driver_sql(statement, list(map(tuple, rows)))


def after_bulk(_: Connection) -> None:
    """Plans of SQLite do not depend on statistics here."""


@contextmanager
def asking(
    connection: Connection, query: str, seconds: float
) -> Iterator[tuple[list[str] | None, Fetch]]:
    """Ask a query of a user within the limits of time and length."""
    try:
        with _limited(connection, seconds):
            result = connection.execute(text(query.replace(":", "\\:")))
            yield list(result.keys()) if result.returns_rows else None, result.fetchmany
    except sqlite3.Error as error:
        raise UsageError(f"sql: {one_line(error)}") from None


@contextmanager
def _limited(connection: Connection, seconds: float) -> Iterator[None]:
    """Stop SQLite after so many seconds, and when the user interrupts the program.

    Python runs its signal handlers only between its own instructions, so a long query would
    otherwise not even end at Ctrl-C.
    """
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    end = monotonic() + seconds
    longest = raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    raw.set_progress_handler(lambda: monotonic() >= end, _STEPS_BETWEEN_LOOKS)
    try:
        yield
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
            raise
        if monotonic() < end:  # the handler raised what a signal handler raised in it
            raise KeyboardInterrupt from None
        raise took_too_long(seconds) from None
    finally:
        raw.set_progress_handler(None, 0)
        raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)


def damage(connection: Connection) -> Iterator[str]:
    """Yield damaged pages, and rows that refer to nothing."""
    pages = connection.execute(text("pragma integrity_check")).scalars()
    yield from (page for page in pages if page != "ok")
    lost = connection.execute(text("pragma foreign_key_check"))
    yield from (f"{row[0]} row {row[1]} refers to nothing" for row in lost)


def state(url: str) -> tuple[Any, ...]:
    """Return what changes when the file or its log changes."""
    path = sqlite_file.file_of(make_url(url))
    return () if path is None else sqlite_file.state(path)
