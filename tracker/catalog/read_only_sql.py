"""Questions in SQL from outside: whatever is no question is refused by the database itself."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from tracker.errors import UsageError, one_line

_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
}
# Those that tell something; a value would set it, but for these it names what to tell of.
_TELLING = {
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
    """Refuse every statement of this connection that is no question.

    ``pragma query_only`` alone can be switched off again, and does not keep ``attach`` and
    ``vacuum into`` from writing other files. A connection that cannot write at all, on the other
    hand, could not read after a crash, since that may mean to roll a half-done load back.
    """

    def allowed(action: int, first: str | None, *_: str | None) -> int:
        telling = action == sqlite3.SQLITE_PRAGMA and first in _TELLING
        # To open an index of words, SQLite parses its columns, which it asks for as a change of the
        # schema. A real one it refuses by itself: "table sqlite_master may not be modified".
        parsing = action == sqlite3.SQLITE_UPDATE and first == "sqlite_master"
        good = action in _READING or telling or parsing
        return sqlite3.SQLITE_OK if good else sqlite3.SQLITE_DENY

    connection.set_authorizer(allowed)


def ask(engine: Engine, query: str) -> tuple[list[str], list[list[Any]]]:
    """Column names and rows of the answer to one query; bytes come as hexadecimal text.

    Raises:
        UsageError: The database does not understand the query, or it asks for nothing.
    """
    try:
        with engine.connect() as connection:
            result = connection.execute(text(query.replace(":", "\\:")))
            if not result.returns_rows:
                raise UsageError("the query gives no rows", remedy="ask with select")
            names = list(result.keys())
            rows = [[v.hex() if isinstance(v, bytes) else v for v in row] for row in result]
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise UsageError(f"sql: {one_line(getattr(error, 'orig', error))}") from None
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"sql: two columns are called {name!r}", remedy="rename one of them with: as"
            )
    return names, rows
