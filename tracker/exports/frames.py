"""Frames as JSON, CSV and Parquet: the same bytes from the command line and beside the pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import orjson
import polars as pl


def json_rows(rows: Iterable[object]) -> bytes:
    """A JSON array with one row a line, UTF-8."""
    return b"[\n" + b",\n".join(orjson.dumps(row) for row in rows) + b"\n]\n"


def frame_json(frame: pl.DataFrame) -> bytes:
    """A frame as JSON; a key without a value is left out of an object column."""
    return json_rows(_without_gaps(row) for row in frame.iter_rows(named=True))


def frame_csv(frame: pl.DataFrame) -> bytes:
    """A frame as CSV, UTF-8, missing values empty; nested values stand in their cell as JSON."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.iter_rows(named=True):
        writer.writerow(_cell(value) for value in _without_gaps(row).values())
    return text.getvalue().encode()


def frame_parquet(frame: pl.DataFrame) -> bytes:
    """A frame as Parquet, its nested columns as they are."""
    file = io.BytesIO()
    frame.write_parquet(file, compression="zstd")
    return file.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


def _without_gaps(row: dict[str, object]) -> dict[str, object]:
    return {
        name: {key: one for key, one in value.items() if one is not None}
        if isinstance(value, dict)
        else value
        for name, value in row.items()
    }
