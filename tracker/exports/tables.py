"""Write the catalog to a folder: its tables, a table of ranks, and their description."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import polars as pl

from tracker.api import Catalog, open_catalog
from tracker.catalog.engine import reading, sqlite_path
from tracker.catalog.home import ensure_catalog
from tracker.catalog.sqlite_file import copy_file
from tracker.catalog.starter import BUNDLED, REGISTRY
from tracker.catalog.tables import TABLES
from tracker.common.text import did_you_mean
from tracker.errors import CatalogError, UsageError
from tracker.exports import croissant, datasette, duckdb_file
from tracker.exports.description import (
    CHECKSUMS,
    TableDescription,
    describe_ranks,
    describe_table,
    write_checksums,
    write_package,
    write_readme,
)
from tracker.exports.folders import begin, finish, refuse_others
from tracker.exports.formats import WRITERS, write_partitions, write_tables
from tracker.exports.hub import parse_target, push
from tracker.exports.ranks import NAME as RANKS
from tracker.exports.ranks import ranks_frame
from tracker.exports.starter import all_frames, starter_frames, write_registry
from tracker.io.files import checksum, remove_leftovers, replacing, write_atomically
from tracker.settings import Settings
from tracker.snapshots.store import Archive

FORMATS = (*WRITERS, "sqlite", "duckdb")
SQLITE_NAME = "catalog.db"
HOME = "https://github.com/embedding-tracker/embedding-tracker"


@dataclass(frozen=True)
class ExportOptions:
    """How an export is written.

    Raises:
        UsageError: The format is unknown, or an option does not fit it.
    """

    format: str
    """``parquet``, ``csv``, ``json``, ``sqlite`` (the file itself) or ``duckdb``."""
    starter: bool = False
    """Only the part that ships with the tracker, as Parquet."""
    partitioned: bool = False
    """The ranks as Parquet by board and year, instead of one file."""
    excel: bool = False
    """CSV for spreadsheets: UTF-8 with a byte order mark, and no text that is computed."""
    target: str | None = None
    """``hf://owner/name`` to push the export to."""

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise UsageError(
                f"unknown format {self.format!r}", remedy=did_you_mean(self.format, FORMATS)
            )
        if self.starter and (self.format != "parquet" or self.partitioned or self.target):
            raise UsageError("the starter is written as parquet, and nothing else")
        if self.partitioned and self.format != "parquet":
            raise UsageError("only parquet is partitioned")
        if self.excel and self.format != "csv":
            raise UsageError("--excel is for csv")
        if self.target is not None:
            parse_target(self.target)


@dataclass(frozen=True)
class ExportReport:
    """What was written."""

    n_files: int
    pushed_to: str | None = None
    """Address of the commit that has the files."""


def export_catalog(settings: Settings, options: ExportOptions, folder: Path) -> ExportReport:
    """Write all tables of the catalog, and what describes them.

    Args:
        settings: Settings, which name the catalog.
        options: How.
        folder: Created if it does not exist; an earlier export in it is replaced.

    Raises:
        UsageError: The folder has other files than those of an earlier export, or the package of a
            format is missing.
        CatalogError: The folder cannot be written, or the catalog has another release's schema.
        SourceError: The export cannot be pushed; it stays in the folder.
    """
    ensure_catalog(settings, for_writing=False)
    # A catalog with the schema of another release is refused before anything is written.
    open_catalog(settings.catalog_url).close()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_leftovers(folder)
        if options.starter:
            own = {REGISTRY, *(f"{describe_table(model).name}.parquet" for model in BUNDLED)}
            refuse_others(folder, own.__contains__)
            return ExportReport(_write_starter(settings, folder))
        earlier = begin(folder, _possible_names())
        files = _write_all(settings.catalog_url, options, folder)
        files.append(write_checksums(folder, files))
        finish(folder, earlier, files)
    except OSError as error:
        raise CatalogError(f"{folder}: {error.strerror or error}") from None
    except pl.exceptions.PolarsError as error:
        raise CatalogError(f"{folder}: {error}") from None
    pushed = push(folder, files, options.target, settings) if options.target else None
    return ExportReport(len(files), pushed)


def _possible_names() -> Iterator[str]:
    """The files that an export of any format can write, without partitions."""
    yield from ("README.md", "datapackage.json", "croissant.json", CHECKSUMS)
    yield from (SQLITE_NAME, datasette.NAME, duckdb_file.NAME)
    tables = [RANKS, *(describe_table(model).name for model in TABLES)]
    yield from (f"{table}.{format_}" for table in tables for format_ in WRITERS)


def _write_starter(settings: Settings, folder: Path) -> int:
    with reading(settings.catalog_url) as connection:
        names = write_tables(starter_frames(connection), "parquet", folder)
        return len(names) + write_registry(connection, Archive(settings.archive), folder)


def _write_all(url: str, options: ExportOptions, folder: Path) -> list[str]:
    """Write tables and descriptions; returns the paths of the files."""
    tables = list(map(describe_table, TABLES))
    if options.format == "sqlite":
        name = _copy_file(url, folder)
        with open_catalog(url) as catalog:
            data_until = catalog.data_until
        names = dict.fromkeys((table.name for table in tables), name)
        about = datasette.datasette_metadata(tables, Path(name).stem, data_until, HOME)
        content = orjson.dumps(about, option=orjson.OPT_INDENT_2) + b"\n"
        write_atomically(folder / datasette.NAME, content)
        return [name, write_readme(folder, names, tables, data_until), datasette.NAME]
    tables.insert(0, describe_ranks())
    with open_catalog(url) as catalog:
        data_until = catalog.data_until
        if options.format == "duckdb":
            name = duckdb_file.write_duckdb(_frames(url, catalog), tables, folder)
            names = dict.fromkeys((table.name for table in tables), name)
            return [name, write_readme(folder, names, tables, data_until)]
        partitions: list[str] = []
        frames = _frames(url, catalog)
        if options.partitioned:
            _, ranks = next(frames)
            slugs = {edition.name: edition.slug for edition in catalog.editions(all_tables=True)}
            partitions = write_partitions(ranks, slugs, folder)
        files = partitions + write_tables(frames, options.format, folder, excel=options.excel)
    return files + _describe(options, folder, tables, data_until, partitions)


def _frames(url: str, catalog: Catalog) -> Iterator[tuple[str, pl.DataFrame]]:
    """The table of ranks, then all tables of the catalog."""
    yield RANKS, ranks_frame(catalog.all_history(), catalog.editions())
    with reading(url) as connection:
        yield from all_frames(connection, TABLES)


def _describe(
    options: ExportOptions,
    folder: Path,
    tables: Sequence[TableDescription],
    data_until: str | None,
    partitions: Sequence[str],
) -> list[str]:
    """Write what describes an export of one file a table; returns the names of the files."""
    names = {table.name: f"{table.name}.{options.format}" for table in tables}
    if partitions:
        names[RANKS] = "ranks/**/*.parquet"
    found = [
        write_package(folder, options.format, tables, data_until, partitions),
        write_readme(folder, names, tables, data_until),
    ]
    if options.format in croissant.FORMATS:
        # A file set of partitions would need a column for each part of their paths.
        of_one_file = [table for table in tables if not (partitions and table.name == RANKS)]
        digests = {names[table.name]: checksum(folder / names[table.name]) for table in of_one_file}
        document = croissant.croissant(
            options.format,
            of_one_file,
            digests,
            data_until,
            HOME,
        )
        content = orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"
        write_atomically(folder / "croissant.json", content)
        found.append("croissant.json")
    return found


def _copy_file(url: str, folder: Path) -> str:
    path = sqlite_path(url)
    if path is None:
        raise UsageError(
            "the catalog is not an SQLite file", remedy="make one with: tracker copy --to FILE"
        )
    with replacing(folder / SQLITE_NAME) as new:
        copy_file(path, new)
    return SQLITE_NAME
