"""File formats of exported tables, and partitions of the table of ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl

from tracker.exports.frames import defused
from tracker.io.files import replacing

PARTITION = "board_slug={slug}/year={year}/part-0.parquet"


def _parquet(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="zstd", compression_level=19)


def _spreadsheet(frame: pl.DataFrame, path: Path) -> None:
    """CSV that a spreadsheet opens as UTF-8, with no text that it would compute."""
    defused(frame).write_csv(path, include_bom=True)


WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    "parquet": _parquet,
    "csv": lambda frame, path: frame.write_csv(path),
    "json": lambda frame, path: frame.write_json(path),
}


def write_tables(
    frames: Iterable[tuple[str, pl.DataFrame]], format_: str, folder: Path, *, excel: bool = False
) -> list[str]:
    """Write each frame as ``NAME.FORMAT``; returns the names of the files."""
    write = _spreadsheet if excel else WRITERS[format_]
    names = []
    for name, frame in frames:
        with replacing(folder / f"{name}.{format_}") as new:
            write(frame, new)
        names.append(f"{name}.{format_}")
    return names


def write_partitions(frame: pl.DataFrame, slugs: dict[str, str], folder: Path) -> list[str]:
    """Write the ranks as Parquet by board and by the year of their first day.

    The folders are named as Hive does, so that readers skip what a query does not need.

    Args:
        frame: Of ``ranks.ranks_frame``.
        slugs: Names of boards in addresses, by the board's name.
        folder: Where ``ranks/`` is written.

    Returns:
        Paths of the files in the folder.
    """
    by_path = {
        f"ranks/{PARTITION.format(slug=slugs[board], year=year)}": part.drop("year")
        for (board, year), part in frame.with_columns(year=pl.col("day_from").dt.year())
        .partition_by("board", "year", as_dict=True, maintain_order=True)
        .items()
    }
    for path, part in by_path.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        with replacing(folder / path) as new:
            _parquet(part, new)
    return list(by_path)
