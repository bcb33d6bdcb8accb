"""Write the catalog to a folder: one file per table, a table of ranks, and their description."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl

from tracker.api import open_catalog
from tracker.catalog.engine import explained, open_engine, sqlite_path
from tracker.catalog.home import ensure_catalog
from tracker.catalog.sqlite_file import copy_file
from tracker.catalog.tables import TABLES
from tracker.common.text import did_you_mean
from tracker.errors import CatalogError, UsageError
from tracker.exports.description import describe_ranks, describe_table, write_description
from tracker.exports.ranks import NAME as RANKS
from tracker.exports.ranks import ranks_frame
from tracker.exports.starter import all_frames, starter_frames, write_registry
from tracker.io.files import remove_leftovers, replacing
from tracker.settings import Settings
from tracker.snapshots.store import Archive

FORMATS = ("parquet", "csv", "json", "sqlite")


def export_catalog(settings: Settings, format_: str, folder: Path, *, starter: bool = False) -> int:
    """Write all tables of the catalog.

    Args:
        settings: Settings, which name the catalog.
        format_: ``parquet``, ``csv``, ``json`` or ``sqlite`` (the file itself).
        folder: Created if it does not exist; files of the same names are replaced.
        starter: Only the part that ships with the tracker, as Parquet.

    Returns:
        The number of files.

    Raises:
        UsageError: The format is unknown.
        CatalogError: The folder cannot be written.
    """
    if format_ not in FORMATS:
        raise UsageError(f"unknown format {format_!r}", remedy=did_you_mean(format_, FORMATS))
    if starter and format_ != "parquet":
        raise UsageError("the starter is written as parquet")
    ensure_catalog(settings, for_writing=False)
    url = settings.catalog_url
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_leftovers(folder)
        if format_ == "sqlite":
            return _copy_file(url, folder)
        engine = open_engine(url, read_only=True)
        try:
            with explained(url), engine.connect() as connection:
                if starter:
                    count = _write(starter_frames(connection), format_, folder)
                    return count + write_registry(connection, Archive(settings.archive), folder)
                count = _write(all_frames(connection, TABLES), format_, folder)
        finally:
            engine.dispose()
        return count + _write_ranks(url, format_, folder)
    except OSError as error:
        raise CatalogError(f"{folder}: {error.strerror or error}") from None
    except pl.exceptions.PolarsError as error:
        raise CatalogError(f"{folder}: {error}") from None


def _write_ranks(url: str, format_: str, folder: Path) -> int:
    """Write the table of ranks, and what describes all tables; returns the number of files."""
    with open_catalog(url) as catalog:
        frame = ranks_frame(catalog.all_history(), catalog.editions())
        data_until = catalog.data_until
    count = _write([(RANKS, frame)], format_, folder)
    tables = [describe_ranks(), *map(describe_table, TABLES)]
    return count + write_description(folder, format_, tables, data_until)


def _copy_file(url: str, folder: Path) -> int:
    path = sqlite_path(url)
    if path is None:
        raise UsageError("the catalog is not an SQLite file", remedy="export parquet")
    with replacing(folder / "catalog.db") as new:
        copy_file(path, new)
    return 1


_WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    "parquet": lambda frame, path: frame.write_parquet(
        path, compression="zstd", compression_level=19
    ),
    "csv": lambda frame, path: frame.write_csv(path),
    "json": lambda frame, path: frame.write_json(path),
}


def _write(frames: Iterable[tuple[str, pl.DataFrame]], format_: str, folder: Path) -> int:
    count = 0
    for name, frame in frames:
        with replacing(folder / f"{name}.{format_}") as new:
            _WRITERS[format_](frame, new)
        count += 1
    return count
