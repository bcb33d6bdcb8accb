"""Write frames as JSON, CSV and Parquet, for the command line and the files of pages."""

from __future__ import annotations

import io
from collections.abc import Iterable

import orjson
import polars as pl


def json_rows(rows: Iterable[object]) -> bytes:
    """Return rows as a JSON array with one row per line, in UTF-8."""
    return b"[\n" + b",\n".join(orjson.dumps(row) for row in rows) + b"\n]\n"


def frame_json(frame: pl.DataFrame) -> bytes:
    """Return a frame as JSON; objects have no keys without a value."""
    names = frame.columns
    rows = zip(*map(_plain, frame), strict=True)
    return json_rows(dict(zip(names, row, strict=True)) for row in rows)


def frame_csv(frame: pl.DataFrame) -> bytes:
    """Return a frame as CSV in UTF-8: missing values are empty, nested values are JSON."""
    nested = [column for column in frame if column.dtype.is_nested()]
    cells = (pl.Series(c.name, map(_cell, _plain(c)), pl.String) for c in nested)
    return frame.with_columns(cells).write_csv().encode()


def frame_parquet(frame: pl.DataFrame) -> bytes:
    """Return a frame as Parquet, with nested columns."""
    file = io.BytesIO()
    frame.write_parquet(file, compression="zstd")
    return file.getvalue()


def _plain(column: pl.Series) -> list[object]:
    """Return the values of a column; objects without keys that have no value."""
    values: list[object] = column.to_list()
    return list(map(_without_gaps, values)) if column.dtype == pl.Struct else values


def _cell(value: object) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _without_gaps(value: object) -> object:
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if item is not None}
    return value
