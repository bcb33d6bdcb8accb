"""Read-only SQL for users: an authorizer rejects everything but reads, and every query has limits.

The limits of time, rows, bytes and length hold for each query. The time limit also makes a query
end when it is interrupted from the keyboard.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from tracker.errors import UsageError, one_line

MOST_ROWS = 1_000_000
MOST_BYTES = 500_000_000
"""Characters and bytes of all texts and blobs of an answer."""
LONGEST_VALUE = 20_000_000
"""Bytes of one text or blob, also of one that a function makes on the way.

A single call of a function cannot be stopped, and some take the square of their input's length.
"""
_ROWS_AT_ONCE = 1000
_STEPS_BETWEEN_LOOKS = 20_000
"""Instructions of SQLite's machine between two looks at the clock: some milliseconds."""
_NARROWER = "ask for fewer rows or columns, or export the tables: tracker export"

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


def ask(
    engine: Engine, query: str, *, seconds: float, first: int | None = None
) -> tuple[list[str], list[list[Any]]]:
    """Return the column names and rows of the answer to one query.

    Args:
        engine: A read-only engine.
        query: One SQL statement.
        seconds: Time limit of the query, with reading its rows.
        first: Read only so many rows; all by default.

    Returns:
        Names, and one list of values a row; blobs as hexadecimal text.

    Raises:
        UsageError: The database rejects the query, it returns no columns, or it is over a limit.
    """
    try:
        with engine.connect() as connection, _time_limit(connection, seconds):
            result = connection.execute(text(query.replace(":", "\\:")))
            if not result.returns_rows:
                raise UsageError("the query gives no rows", remedy="ask with select")
            names = list(result.keys())
            rows = _read(result, first)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise UsageError(f"sql: {one_line(getattr(error, 'orig', error))}") from None
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"sql: two columns are called {name!r}", remedy="rename one of them with: as"
            )
    return names, rows


@contextmanager
def _time_limit(connection: Connection, seconds: float) -> Iterator[None]:
    """Stop SQLite after so many seconds, and when the user interrupts the program.

    Python runs its signal handlers only between its own instructions, so a long query would
    otherwise not even end at Ctrl-C.
    """
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
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
        raise UsageError(
            f"sql: the query took longer than {seconds:g} s",
            remedy="make it smaller, or raise TRACKER_SQL_SECONDS",
        ) from None
    finally:
        raw.set_progress_handler(None, 0)
        raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)


def _read(result: CursorResult[Any], first: int | None) -> list[list[Any]]:
    """Return all rows or the first ones, unless there are too many or they are too large."""
    rows: list[list[Any]] = []
    size = 0
    at_once = _ROWS_AT_ONCE if first is None else first
    while part := result.fetchmany(at_once):
        for row in part:
            rows.append([value.hex() if isinstance(value, bytes) else value for value in row])
            size += sum(len(value) for value in rows[-1] if isinstance(value, str))
            if len(rows) > MOST_ROWS:
                raise UsageError(f"sql: more than {MOST_ROWS:,} rows", remedy=_NARROWER)
            if size > MOST_BYTES:
                raise UsageError(f"sql: more than {MOST_BYTES:,} bytes", remedy=_NARROWER)
        if first is not None:
            break
    return rows
