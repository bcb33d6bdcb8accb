"""Frames as JSON, CSV and Parquet: the same bytes from the command line and beside the pages."""

from __future__ import annotations

import io
from collections.abc import Iterable

import orjson
import polars as pl


def json_rows(rows: Iterable[object]) -> bytes:
    """A JSON array with one row a line, UTF-8."""
    return b"[\n" + b",\n".join(orjson.dumps(row) for row in rows) + b"\n]\n"


def frame_json(frame: pl.DataFrame) -> bytes:
    """A frame as JSON; a key without a value is left out of an object column."""
    names = frame.columns
    rows = zip(*map(_plain, frame), strict=True)
    return json_rows(dict(zip(names, row, strict=True)) for row in rows)


def frame_csv(frame: pl.DataFrame) -> bytes:
    """A frame as CSV, UTF-8, missing values empty; nested values stand in their cell as JSON."""
    nested = [column for column in frame if column.dtype.is_nested()]
    told = (pl.Series(its.name, map(_cell, _plain(its)), pl.String) for its in nested)
    return frame.with_columns(told).write_csv().encode()


def frame_parquet(frame: pl.DataFrame) -> bytes:
    """A frame as Parquet, its nested columns as they are."""
    file = io.BytesIO()
    frame.write_parquet(file, compression="zstd")
    return file.getvalue()


def _plain(column: pl.Series) -> list[object]:
    """The values of a column; an object's keys without a value are left out."""
    values: list[object] = column.to_list()
    return list(map(_without_gaps, values)) if column.dtype == pl.Struct else values


def _cell(value: object) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _without_gaps(value: object) -> object:
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if one is not None}
    return value
