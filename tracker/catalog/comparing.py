"""Rows with names instead of ids, and the differences between two catalogs.

Ids depend on the order of loads. So two catalogs are equal if their rows are equal after every id
of another table is replaced by the public name of the row that it points at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Table, UniqueConstraint, select

from tracker.catalog.ids import table_of
from tracker.catalog.tables import TABLES

Row = tuple[Any, ...]

_LISTS = {"listing_ids": "listing"}
"""Columns that hold a JSON array of ids, and the table that they point at."""


@dataclass(frozen=True)
class NamedTable:
    """All rows of a table, without their own ids, in the order of the table."""

    name: str
    columns: tuple[str, ...]
    rows: list[Row]

    def chosen(self, columns: tuple[str, ...]) -> list[Row]:
        """Return the values of some columns, row by row."""
        places = [self.columns.index(column) for column in columns]
        return [tuple(row[place] for place in places) for row in self.rows]


@dataclass(frozen=True)
class Difference:
    """Numbers of rows of one table that two catalogs do not share."""

    table: str
    missing: int
    """Rows of the old catalog that the new one lacks."""
    more: int
    """Rows of the new catalog that the old one lacks."""

    def __str__(self) -> str:
        return f"table {self.table}: {self.missing} rows gone or changed, {self.more} rows new"


def named_tables(connection: Connection) -> Iterator[NamedTable]:
    """Read all tables, each after those that it refers to."""
    names: dict[str, dict[int, Row]] = {}
    for model in TABLES:
        table = table_of(model)
        columns = tuple(column.name for column in table.columns if column.name != "id")
        targets = {
            key.parent.name: key.column.table.name
            for key in table.foreign_keys
            if key.column.name == "id"
        }
        public = _public(table)
        own: dict[int, Row] = {}
        rows: list[Row] = []
        for values in connection.execute(select(table)).mappings():
            row = dict(values)
            for column, target in targets.items():
                if row[column] is not None:
                    row[column] = names[target][row[column]]
            for column in _LISTS.keys() & row.keys():
                listed = names[_LISTS[column]]
                row[column] = [listed[number] for number in orjson.loads(row[column])]
            own[row["id"]] = tuple(row[column] for column in public)
            rows.append(tuple(row[column] for column in columns))
        names[table.name] = own
        yield NamedTable(table.name, columns, rows)


def _public(table: Table) -> tuple[str, ...]:
    """Return the columns that identify a row: a unique key, rather none of slugs."""
    keys = [
        tuple(column.name for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    if not keys:
        return tuple(column.name for column in table.columns if column.name != "id")
    return min(keys, key=lambda key: ("slug" in key, key))


def compared(old: Connection, new: Connection) -> Iterator[tuple[NamedTable, NamedTable]]:
    """Pair the tables of two catalogs; only one table of each is in memory."""
    yield from zip(named_tables(old), named_tables(new), strict=True)


def difference(old: NamedTable, new: NamedTable) -> Difference | None:
    """Compare the rows of one table; their order does not matter."""
    before, after = (Counter(map(repr, table.rows)) for table in (old, new))
    missing, more = (before - after).total(), (after - before).total()
    return Difference(old.name, missing, more) if missing or more else None
