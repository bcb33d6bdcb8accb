"""Read-only SQL for users: the connection rejects every write, and every query has limits.

The limits of time, rows and bytes hold for each query; so does one for the length of a value. The
time limit also makes a query end when it is interrupted from the keyboard.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from tracker.catalog.dialects import Fetch, dialect_of
from tracker.errors import UsageError, one_line

MOST_ROWS = 1_000_000
MOST_BYTES = 500_000_000
"""Characters and bytes of all texts and blobs of an answer."""
_ROWS_AT_ONCE = 1000
_NARROWER = "ask for fewer rows or columns, or export the tables: tracker export"


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
        with (
            engine.connect() as connection,
            dialect_of(connection).asking(connection, query, seconds) as (names, fetch),
        ):
            if names is None:
                raise UsageError("the query gives no rows", remedy="ask with select")
            rows = _read(fetch, first)
    except SQLAlchemyError as error:
        raise UsageError(f"sql: {one_line(getattr(error, 'orig', error))}") from None
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"sql: two columns are called {name!r}", remedy="rename one of them with: as"
            )
    return names, rows


def _read(fetch: Fetch, first: int | None) -> list[list[Any]]:
    """Return all rows or the first ones, unless there are too many or they are too large."""
    rows: list[list[Any]] = []
    size = 0
    at_once = _ROWS_AT_ONCE if first is None else first
    while part := fetch(at_once):
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
