"""Answers as frames."""

from __future__ import annotations

from dataclasses import asdict

import polars as pl


def frame_of(records: tuple[object, ...], kind: type) -> pl.DataFrame:
    """Frozen dataclasses of plain fields as a frame, typed also when there are none."""
    types = {"str": pl.String, "int": pl.Int64, "float": pl.Float64}
    schema = {
        name: types[str(annotation).removesuffix(" | None")]
        for name, annotation in kind.__annotations__.items()
    }
    return pl.DataFrame([asdict(r) for r in records], schema=schema)  # type: ignore[call-overload]
