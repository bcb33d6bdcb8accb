"""Copy a whole catalog into another database, row by row."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from sqlalchemy import Connection, func, select

from tracker.catalog.dialects import dialect_of, writing_alone
from tracker.catalog.engine import (
    explained,
    migrate_alone,
    newest_revision,
    open_engine,
    revision,
    shown,
    sqlite_path,
)
from tracker.catalog.ids import table_of
from tracker.catalog.search.index import write_index
from tracker.catalog.sqlite_file import written
from tracker.catalog.tables import TABLES
from tracker.errors import CatalogError

ROWS_AT_ONCE = 20_000


def copy_catalog(url: str, target: str, notify: Callable[[str], None] = lambda _: None) -> int:
    """Copy the catalog of one address to another one, in one transaction.

    Args:
        url: Where the catalog is.
        target: Where its copy is to be: a new file, or a database without a catalog.
        notify: Called with the name of each step.

    Returns:
        The number of rows.

    Raises:
        CatalogError: There is no catalog at the first address, or one at the second.
    """
    path = sqlite_path(target)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    source, sink = open_engine(url, read_only=True), open_engine(target, read_only=False)
    try:
        with explained(url), source.connect() as reading:
            dialect_of(reading).hold_state(reading)
            if revision(reading) != newest_revision():
                raise CatalogError(
                    f"catalog {shown(url)}: not of today", remedy="run: tracker load"
                )
            with explained(target), written(path), writing_alone(sink) as writing:
                if not migrate_alone(writing) and _has_rows(writing):
                    raise CatalogError(
                        f"catalog {shown(target)}: there is one already",
                        remedy="name a new file or an empty database",
                    )
                return _copy_rows(reading, writing, notify)
    finally:
        source.dispose()
        sink.dispose()


def _has_rows(connection: Connection) -> bool:
    return any(
        connection.execute(select(func.count()).select_from(table_of(model))).scalar_one()
        for model in TABLES
    )


def _copy_rows(reading: Connection, writing: Connection, notify: Callable[[str], None]) -> int:
    dialect = dialect_of(writing)
    count = 0
    for model in TABLES:
        table = table_of(model)
        notify(f"copying {table.name}")
        found = reading.execution_options(stream_results=True).execute(
            select(table).order_by(table.c.id)
        )
        while rows := list(islice(found, ROWS_AT_ONCE)):
            dialect.insert_rows(writing, table, rows)
            count += len(rows)
    write_index(writing)
    dialect.after_bulk(writing)
    return count
