"""PostgreSQL: a server with many readers and writers.

The schema is plain, so that databases that speak the same protocol accept it, too: no sequences,
no collations of columns, no constraints that wait for the commit. What these would ensure is
ensured here: loads assign all ids, the database itself has to order texts by code points, and a
load checks before its end what would wait for the commit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import (
    Connection,
    Engine,
    ForeignKeyConstraint,
    NullPool,
    and_,
    create_engine,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql.base import PGDDLCompiler
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from tracker.catalog.dialects import Fetch, took_too_long
from tracker.catalog.search.tsvector import find, write_index
from tracker.errors import CatalogError, UsageError, one_line

__all__ = ["find", "write_index"]

_CONNECT_SECONDS = 10
_LOCK = 0x7472616B
"""Number of the advisory lock of all writers, within the schema."""
_IN_ORDER = ("-b", "A", "Z", "_", "a", "a b", "aa", "b", "é", "中", "文")
"""Texts in the order of their code points, which no language has."""


LONGEST_VALUE = 20_000_000
"""Bytes of one row of an answer to a query of a user."""
_IS_POWERFUL = """
    select rolsuper or pg_has_role(current_user, 'pg_read_server_files', 'usage')
        or pg_has_role(current_user, 'pg_write_server_files', 'usage')
        or pg_has_role(current_user, 'pg_execute_server_program', 'usage')
      from pg_roles where rolname = current_user
"""
_GUARDED = """
    declare answer no scroll cursor for select asked.* from (
{query}
    ) as asked
     where case when pg_column_size(asked) > {longest}
                then cast('a row of ' || pg_column_size(asked) || ' bytes' as integer)
                else 1 end = 1
"""
"""The server stops at a row that is too long, at a cast that fails."""
_TOO_LONG = re.compile("a row of [0-9]+ bytes")


_INTEGER = re.compile(r"^(SERIAL|INTEGER)\b")


class _PlainTables(PGDDLCompiler):
    """Compiles tables without what the docstring above rules out."""

    def get_column_specification(self, column: Any, **options: Any) -> str:
        """Integers have 64 bits, as on SQLite, and primary keys no sequence."""
        said: str = super().get_column_specification(column, **options)  # type: ignore[no-untyped-call]
        name, rest = said.split(" ", 1)
        return f"{name} {_INTEGER.sub('BIGINT', rest)}"

    def visit_foreign_key_constraint(self, constraint: ForeignKeyConstraint, **options: Any) -> Any:
        """A key that waits for the commit is checked by ``check_references``."""
        if constraint.deferrable:
            return None
        return super().visit_foreign_key_constraint(constraint, **options)  # type: ignore[no-untyped-call]


def connect(url: str, *, read_only: bool) -> Engine:
    """Make an engine; a transaction of a read-only one sees one state and cannot write."""
    parsed = make_url(url)
    waits = {} if "connect_timeout" in parsed.query else {"connect_timeout": _CONNECT_SECONDS}
    options: dict[str, Any] = {}
    if read_only:
        options = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    engine = create_engine(
        parsed, connect_args=waits, execution_options=options, poolclass=NullPool
    )
    dialect: Any = engine.dialect
    dialect.ddl_compiler = _PlainTables
    return engine


def check_database(connection: Connection) -> None:
    """Refuse a database that orders texts otherwise than SQLite, or has another encoding."""
    listed = ", ".join(f"('{one}')" for one in reversed(_IN_ORDER))
    ordered = connection.execute(
        text(f"select word from (values {listed}) as words (word) order by word")  # noqa: S608
    )
    encoding = connection.execute(text("show server_encoding")).scalar_one()
    if encoding != "UTF8" or tuple(ordered.scalars()) != _IN_ORDER:
        raise CatalogError(
            "the database must have the encoding UTF8 and order texts by code points",
            remedy="create it with: createdb --template=template0 --encoding=UTF8 --locale=C",
        )


def hold_state(_: Connection) -> None:
    """A transaction of a read-only connection sees one state anyway."""


def write_alone(connection: Connection) -> None:
    """Take the lock of all writers into this schema; the commit releases it, or the death."""
    connection.execute(
        text("select pg_advisory_xact_lock(:lock, hashtext(current_schema()))"), {"lock": _LOCK}
    )


def _waiting_keys() -> Iterator[tuple[Any, ForeignKeyConstraint]]:
    for table in SQLModel.metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda k: str(k.column_keys)):
            if key.deferrable:
                yield table, key


def _lost(connection: Connection) -> Iterator[str]:
    """Yield what the keys that wait for the commit would refuse."""
    for table, key in _waiting_keys():
        other = key.referred_table.alias()
        pairs = (element.parent == other.c[element.column.name] for element in key.elements)
        query = select(func.count()).select_from(table).where(~exists().where(and_(*pairs)))
        if count := connection.execute(query).scalar_one():
            yield f"{count} rows of {table.name} refer to nothing"


def check_references(connection: Connection) -> None:
    """Check the keys that the schema leaves out because they wait for the commit."""
    if lost := list(_lost(connection)):
        raise CatalogError("; ".join(lost), remedy="report this mistake of the tracker")


def insert_rows(connection: Connection, table: Any, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows with COPY.

    Raises:
        CatalogError: The server cannot store them, for example because of the character NUL.
    """
    quoted = connection.dialect.identifier_preparer
    columns = ", ".join(map(quoted.format_column, table.c))
    statement = f"copy {quoted.format_table(table)} ({columns}) from stdin"
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        cause = one_line(error.diag.message_primary or error)
        raise CatalogError(f"table {table.name}: {cause}") from None


def after_bulk(connection: Connection) -> None:
    """Collect statistics, without which plans for new rows are far too slow."""
    quoted = connection.dialect.identifier_preparer
    names = ", ".join(map(quoted.format_table, SQLModel.metadata.sorted_tables))
    connection.execute(text(f"analyze {names}"))


@contextmanager
def asking(
    connection: Connection, query: str, seconds: float
) -> Iterator[tuple[list[str] | None, Fetch]]:
    """Ask a query of a user in a read-only transaction, as part of another query.

    Only a query fits there; it is sent alone, so that nothing can end the transaction. What a role
    may do beyond the tables no transaction can limit, so powerful roles are refused.
    """
    if connection.execute(text(_IS_POWERFUL)).scalar_one():
        raise UsageError(
            "sql: this role may read files of the server or run programs there",
            remedy="connect as a role that is no superuser",
        )
    end = monotonic() + seconds
    cursor: Any = connection.connection.cursor()

    def run(statement: str) -> None:
        left = max(1, round((end - monotonic()) * 1000))
        cursor.execute(f"set local statement_timeout = {left}")
        # Binary answers need the protocol that refuses a second statement.
        cursor.execute(statement, binary=True)

    def fetch(count: int) -> list[list[Any]]:
        run(f"fetch forward {count} from answer")
        return [list(map(_plain, row)) for row in cursor.fetchall()]

    try:
        run(_GUARDED.format(query=query.strip().rstrip(";"), longest=LONGEST_VALUE))
        run("fetch forward 0 from answer")
        yield [column.name for column in cursor.description], fetch
    except psycopg.errors.QueryCanceled:
        raise took_too_long(seconds) from None
    except psycopg.Error as error:
        cause = one_line(error.diag.message_primary or error)
        if too_long := _TOO_LONG.search(cause):
            cause = f"{too_long[0]}; at most {LONGEST_VALUE:,} are read"
        raise UsageError(f"sql: {cause}") from None


def _plain(value: Any) -> Any:
    """Return a value as SQLite would."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, int | float | str | bytes) else str(value)


def damage(connection: Connection) -> Iterator[str]:
    """Yield rows that refer to nothing; the server itself checks its pages."""
    return _lost(connection)


def state(url: str) -> tuple[Any, ...]:
    """Return what changes with each load: it writes the whole search index again."""
    engine = connect(url, read_only=True)
    try:
        with engine.connect() as connection:
            if connection.execute(text("select to_regclass('search_index')")).scalar() is None:
                return ()
            query = "select cast(xmin as text) from search_index limit 1"
            return tuple(connection.execute(text(query)).scalars())
    finally:
        engine.dispose()
