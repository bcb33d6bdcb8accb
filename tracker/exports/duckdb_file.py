"""The catalog as one DuckDB file; the meanings of tables and columns are comments."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from tracker.errors import CatalogError, missing_package, one_line
from tracker.exports.description import TableDescription
from tracker.io.files import replacing

NAME = "catalog.duckdb"


def write_duckdb(
    frames: Iterable[tuple[str, pl.DataFrame]], tables: Sequence[TableDescription], folder: Path
) -> str:
    """Write all frames as tables of one file; returns its name.

    Raises:
        UsageError: DuckDB is not installed.
        CatalogError: It cannot write the file.
    """
    try:
        import duckdb
    except ModuleNotFoundError:
        raise missing_package("duckdb", "duckdb") from None
    try:
        with replacing(folder / NAME) as new, tempfile.TemporaryDirectory() as between:
            new.unlink(missing_ok=True)
            with duckdb.connect(str(new)) as connection:
                for name, frame in frames:
                    file = Path(between) / "table.parquet"
                    frame.write_parquet(file)
                    # The relation takes the file as an argument; definitions take no parameters.
                    connection.read_parquet(str(file)).create(name)
                for table in tables:
                    connection.execute(
                        f"comment on table {_name(table.name)} is {_text(table.what)}"
                    )
                    for field in table.schema["fields"]:
                        column = f"{_name(table.name)}.{_name(field['name'])}"
                        connection.execute(
                            f"comment on column {column} is {_text(field['description'])}"
                        )
    except duckdb.Error as error:
        raise CatalogError(f"{folder / NAME}: {one_line(error)}") from None
    return NAME


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
