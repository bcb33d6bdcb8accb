"""Frames as JSON, CSV and Parquet: the same bytes from the command line and beside the pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

import orjson
import polars as pl


def json_rows(rows: Iterable[object]) -> bytes:
    """A JSON array with one row a line, UTF-8."""
    return b"[\n" + b",\n".join(orjson.dumps(row) for row in rows) + b"\n]\n"


def frame_json(frame: pl.DataFrame) -> bytes:
    """A frame as JSON; a key without a value is left out of an object column."""
    names = frame.columns
    rows = zip(*(_plain(column, _without_gaps) for column in frame), strict=True)
    return json_rows(dict(zip(names, row, strict=True)) for row in rows)


def frame_csv(frame: pl.DataFrame) -> bytes:
    """A frame as CSV, UTF-8, missing values empty; nested values stand in their cell as JSON."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(zip(*(_plain(column, _cell) for column in frame), strict=True))
    return text.getvalue().encode()


def frame_parquet(frame: pl.DataFrame) -> bytes:
    """A frame as Parquet, its nested columns as they are."""
    file = io.BytesIO()
    frame.write_parquet(file, compression="zstd")
    return file.getvalue()


def _plain(column: pl.Series, change: Callable[[object], object]) -> list[object]:
    """The values of a column, changed where they are of a kind that needs it."""
    values: list[object] = column.to_list()
    is_simple = column.dtype.is_numeric() or column.dtype == pl.String
    return values if is_simple else list(map(change, values))


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    told = _without_gaps(value)
    return orjson.dumps(told).decode() if isinstance(told, dict | list) else told


def _without_gaps(value: object) -> object:
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if one is not None}
    return value
