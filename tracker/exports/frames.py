"""Write frames as JSON, CSV and Parquet, for the command line and the files of pages."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from tracker.common.deferred_imports import deferred_imports

with deferred_imports(globals()):
    import polars as pl

MOMENT = "%Y-%m-%dT%H:%M:%SZ"
"""Format of a moment in CSV."""


def json_rows(rows: Iterable[object]) -> bytes:
    """Return rows as a JSON array with one row per line, in UTF-8; moments end in ``Z``."""
    return b"[\n" + b",\n".join(map(_json, rows)) + b"\n]\n"


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def frame_json(frame: pl.DataFrame) -> bytes:
    """Return a frame as JSON; objects have no keys without a value."""
    return columns_json(plain_columns(frame))


def plain_columns(frame: pl.DataFrame) -> dict[str, list[Any]]:
    """Return the values of each column; objects without keys that have no value."""
    return {column.name: _plain(column) for column in frame}


def columns_json(columns: Mapping[str, Iterable[object]]) -> bytes:
    """Return columns of values as JSON, an object for each row."""
    rows = zip(*columns.values(), strict=True)
    return json_rows(dict(zip(columns, row, strict=True)) for row in rows)


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with a column for each field of an object, such as each task type.

    A field has the name of its column in front where another column has its own name.
    """
    columns: list[pl.Series] = []
    for column in frame:
        if column.dtype != pl.Struct:
            columns.append(column)
            continue
        for field in column.struct.unnest():
            taken = field.name in frame.columns
            columns.append(field.alias(f"{column.name}.{field.name}") if taken else field)
    return pl.DataFrame(columns)


def frame_csv(frame: pl.DataFrame, *, excel: bool = False) -> bytes:
    """Return a frame as CSV in UTF-8: objects are columns, missing values are empty.

    Args:
        frame: Any frame; texts of a list are joined by ``; ``, other lists are JSON.
        excel: For spreadsheets: with a byte order mark, and texts that a spreadsheet would take
            for a formula begin with an apostrophe.
    """
    frame = flat(frame)
    lists = [column for column in frame if column.dtype.is_nested()]
    cells = (pl.Series(c.name, map(_cell, c.to_list()), pl.String) for c in lists)
    frame = frame.with_columns(cells)
    if excel:
        frame = defused(frame)
    return frame.write_csv(include_bom=excel, datetime_format=MOMENT).encode()


_FORMULA = r"^([=+\-@\t\r])"


def defused(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose texts and column names no spreadsheet takes for formulas."""
    texts = pl.col(pl.String).str.replace(_FORMULA, "'${1}")
    names = {name: "'" + name for name in frame.columns if name[:1] in "=+-@\t\r" and name}
    return frame.with_columns(texts).rename(names)


def frame_parquet(frame: pl.DataFrame) -> bytes:
    """Return a frame as Parquet, with nested columns."""
    file = io.BytesIO()
    frame.write_parquet(file, compression="zstd")
    return file.getvalue()


def _plain(column: pl.Series) -> list[Any]:
    values = column.to_list()
    return list(map(_without_gaps, values)) if column.dtype == pl.Struct else values


def _cell(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    return _json(value).decode()


def _without_gaps(value: object) -> object:
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if item is not None}
    return value
