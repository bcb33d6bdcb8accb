"""Create catalogs, and fill new ones from the bundled starter."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine

from tracker.catalog import tables
from tracker.catalog.dialects import dialect_of, writing_alone
from tracker.catalog.engine import catalog_url, explained, migrate_alone, open_engine, sqlite_path
from tracker.catalog.identity.copies import Copy, propose_copies
from tracker.catalog.identity.renames import write_moves
from tracker.catalog.ids import Names, insert_rows, table_of
from tracker.catalog.knowledge.rows import load_declared, load_knowledge
from tracker.catalog.results import tables as result_tables
from tracker.catalog.results.registry import store
from tracker.catalog.results.registry_queries import newest_registry, registries
from tracker.catalog.search import index as search
from tracker.catalog.sqlite_file import record_checksum
from tracker.curated import Curated
from tracker.errors import CatalogError, SourceError
from tracker.io.files import checksum, temporary
from tracker.sources.benchmark_registry import parse, read_export

BUNDLED = (
    tables.StreamTable,
    tables.SnapshotTable,
    tables.SeriesTable,
    tables.EditionTable,
    tables.BoardAboutTable,
    tables.ModelTable,
    tables.ListingTable,
    tables.BoardRowTable,
    tables.StandingTable,
    tables.ModelRecordTable,
    result_tables.ModelMoveTable,
    result_tables.ResultEventTable,
    result_tables.ResultSpanTable,
    result_tables.BoardStateTable,
)
"""Tables of the starter, one Parquet file each; everything else derives from curated files."""
REGISTRY = "registry.json.zst"
"""The export of the benchmark registry, which is smaller than the tables made from it."""
COPIES = "copy.parquet"
"""The copies that the rules found: some show only on tables that are not shipped."""
_REGISTRY_LIMIT = 100_000_000
"""Bytes, decompressed; a damaged file might claim more."""


def seed(connection: Connection, folder: Path, curated: Curated) -> None:
    """Fill an empty catalog from the starter.

    Args:
        connection: A transaction on a migrated, empty catalog.
        folder: The starter's Parquet files.
        curated: The curated records.

    Raises:
        CatalogError: A file of the starter other than the registry is missing, or it does not
            match the schema.
    """
    for model in BUNDLED[:-1]:
        _fill_table(connection, model, _shipped(folder, model))
    dialect_of(connection).after_bulk(connection)
    names = Names(connection, curated)
    add_registry(connection, names, folder)
    # The registry has a new id in this catalog.
    states = _shipped(folder, result_tables.BoardStateTable)
    if states.height and (newest := newest_registry(connection)):
        states = states.with_columns(registry_id=pl.lit(newest.id, pl.Int64))
        _fill_table(connection, result_tables.BoardStateTable, states)
    load_knowledge(connection, names, curated)
    load_declared(connection, names, curated, ())
    names.flush()
    write_moves(connection, names)
    propose_copies(connection, shipped_copies(folder))
    search.rebuild(connection)
    names.assign_slugs()


def _shipped(folder: Path, model: Any) -> pl.DataFrame:
    return _read(folder / f"{table_of(model).name}.parquet")


def shipped_copies(folder: Path) -> list[Copy]:
    """Return the copies that the rules found when the starter was written.

    Raises:
        CatalogError: The file is damaged.
    """
    path = folder / COPIES
    return [Copy(*row) for row in _read(path).rows()] if path.exists() else []


def _read(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CatalogError(
            f"starter {path}: {error}", remedy="reinstall the tracker, or set TRACKER_STARTER=0"
        ) from None


def _fill_table(connection: Connection, model: Any, frame: pl.DataFrame) -> None:
    columns = [column.name for column in table_of(model).c]
    for name in set(columns) - set(frame.columns):
        frame = frame.with_columns(pl.lit(None).alias(name))
    insert_rows(connection, model, frame.select(columns).rows())


def add_registry(connection: Connection, names: Names, folder: Path) -> None:
    """Store the registry that ships with this tracker if the catalog does not have it.

    It lets a home of an older tracker compute boards.

    Raises:
        CatalogError: The file is damaged.
    """
    if not (folder / REGISTRY).exists():
        return
    try:
        body = read_export(folder / REGISTRY, _REGISTRY_LIMIT)
        digest = sha256(body).hexdigest()
        if digest not in {one.digest for one in registries(connection)}:
            store(connection, names, parse(body), digest)
    except SourceError as error:
        raise CatalogError(
            f"starter: {error}", remedy="reinstall the tracker, or set TRACKER_STARTER=0"
        ) from None


def create(url: str, *, starter: Path | None, curated: Curated) -> None:
    """Create the catalog of an empty home atomically.

    Args:
        url: SQLAlchemy URL of a catalog that does not exist, or has no schema yet.
        starter: The starter's folder; ``None`` for a catalog without rows.
        curated: The curated records.
    """
    path = sqlite_path(url)
    if path is None:
        with explained(url):
            _fill(open_engine(url, read_only=False), starter, curated)
        return
    # Built in a temporary file and renamed, so that readers never see a partial catalog.
    try:
        with temporary(path) as new:
            with explained(url):
                _fill(open_engine(catalog_url(new), read_only=False), starter, curated)
            digest = checksum(new)
            if not path.exists():
                new.replace(path)
                record_checksum(path, digest)
    except OSError as error:
        raise CatalogError(f"catalog {path}: {error.strerror or error}") from None


def _fill(engine: Engine, starter: Path | None, curated: Curated) -> None:
    try:
        with writing_alone(engine) as connection:
            is_new = migrate_alone(connection)
            if is_new and starter is not None:
                seed(connection, starter, curated)
    finally:
        engine.dispose()
