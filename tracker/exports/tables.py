"""Write the catalog to a folder, one file a table; the starter is such an export, made small."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import zstandard
from sqlalchemy import Connection, select

from tracker.catalog.engine import copy_file, explained, open_engine, sqlite_path
from tracker.catalog.home import ensure_catalog
from tracker.catalog.names import table_of
from tracker.catalog.registry_queries import registries
from tracker.catalog.starter import BUNDLED, REGISTRY
from tracker.catalog.tables import TABLES
from tracker.errors import CatalogError, UsageError
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import benchmark_registry
from tracker.sources.arxiv_papers import find_ids
from tracker.text import did_you_mean

FORMATS = ("parquet", "csv", "json", "sqlite")


def export_catalog(settings: Settings, format_: str, folder: Path, *, starter: bool = False) -> int:
    """Write all tables of the catalog.

    Args:
        settings: Which catalog.
        format_: ``parquet``, ``csv``, ``json`` or ``sqlite`` (the file itself).
        folder: Made if need be; files of the same names are replaced.
        starter: The small selection that ships with the tracker, as Parquet.

    Returns:
        How many files were written.

    Raises:
        UsageError: There is no such format.
        CatalogError: The folder cannot be written.
    """
    if format_ not in FORMATS:
        raise UsageError(f"no format {format_!r}", remedy=did_you_mean(format_, FORMATS))
    if starter and format_ != "parquet":
        raise UsageError("the starter is written as parquet")
    ensure_catalog(settings, for_writing=False)
    url = settings.catalog_url
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if format_ == "sqlite":
            return _copy_file(url, folder)
        engine = open_engine(url, read_only=True)
        try:
            with explained(url), engine.connect() as connection:
                if starter:
                    count = _write(_starter_frames(connection), format_, folder)
                    return count + _write_registry(connection, settings, folder)
                return _write(_all_frames(connection), format_, folder)
        finally:
            engine.dispose()
    except OSError as error:
        raise CatalogError(f"{folder}: {error.strerror or error}") from None
    except pl.exceptions.PolarsError as error:
        raise CatalogError(f"{folder}: {error}") from None


def _copy_file(url: str, folder: Path) -> int:
    path = sqlite_path(url)
    if path is None:
        raise UsageError("this catalog is no SQLite file", remedy="export parquet")
    unfinished = folder / "catalog.db.new"
    try:
        copy_file(path, unfinished)
        unfinished.replace(folder / "catalog.db")
    finally:
        unfinished.unlink(missing_ok=True)
    return 1


def _frame(connection: Connection, model: Any) -> pl.DataFrame:
    table = table_of(model)
    rows = connection.execute(select(table).order_by(table.c.id)).all()
    schema = {
        c.name: {int: pl.Int64, float: pl.Float64, bool: pl.Boolean}.get(
            c.type.python_type, pl.String
        )
        for c in table.c
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _all_frames(connection: Connection) -> Iterable[tuple[str, pl.DataFrame]]:
    for model in TABLES:
        yield table_of(model).name, _frame(connection, model)


_WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    "parquet": lambda frame, path: frame.write_parquet(
        path, compression="zstd", compression_level=19
    ),
    "csv": lambda frame, path: frame.write_csv(path),
    "json": lambda frame, path: frame.write_ndjson(path),
}


def _write(frames: Iterable[tuple[str, pl.DataFrame]], format_: str, folder: Path) -> int:
    count = 0
    for name, frame in frames:
        path = folder / f"{name}.{format_}"
        unfinished = path.with_suffix(".new")
        try:
            _WRITERS[format_](frame, unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        count += 1
    return count


def _write_registry(connection: Connection, settings: Settings, folder: Path) -> int:
    """The export of the registry that speaks, as it was archived; returns how many files."""
    known = registries(connection)
    path = folder / REGISTRY
    if not known:
        path.unlink(missing_ok=True)
        return 0
    body = Archive(settings.archive).read(known[-1].digest)
    unfinished = path.with_suffix(".new")
    try:
        unfinished.write_bytes(zstandard.ZstdCompressor(level=19).compress(body))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return 1


def _starter_frames(connection: Connection) -> Iterable[tuple[str, pl.DataFrame]]:
    """What ships: overall published boards, every state of the live boards, model metadata.

    Only figures, names, dates and source commits: no prose, no BibTeX (only the arXiv ids that
    it cites), no scores of single tasks. Boards that only the registry knows come with its export.
    """
    frames = {model: _frame(connection, model) for model in BUNDLED}
    by_name = {table_of(model).name: frame for model, frame in frames.items()}
    edition = by_name["edition"].filter(
        pl.col("task_type").is_null(), pl.col("source") != benchmark_registry.HEADER.id
    )
    streams = by_name["stream"]
    rows = by_name["board_row"].filter(pl.col("edition_id").is_in(edition["id"].implode()))
    metadata_streams = streams.filter(pl.col("name") == "models")["id"].to_list()
    wanted = set(rows["stream_id"]) | set(metadata_streams)
    about_streams = set(by_name["board_about"]["stream_id"])
    registry_streams = set(streams.filter(pl.col("source") == benchmark_registry.HEADER.id)["id"])
    kept_streams = wanted | about_streams | registry_streams
    rows = _merged(rows.with_columns(task_scores=None, trained_on=None), "board_row")
    standing = by_name["standing"].filter(pl.col("stream_id").is_in(list(wanted)))
    records = by_name["model_record"].filter(pl.col("stream_id").is_in(list(wanted)))
    records = records.with_columns(
        pl.col("properties").map_elements(_without_prose, return_dtype=pl.String)
    )
    listing_ids = set(rows["listing_id"]) | set(records["listing_id"])
    listing = by_name["listing"].filter(pl.col("id").is_in(list(listing_ids)))
    model = by_name["model"].filter(pl.col("id").is_in(listing["model_id"].implode()))
    snapshot = by_name["snapshot"].filter(
        pl.col("stream_id").is_in(list(kept_streams)),
        ~pl.col("stream_id").is_in(list(registry_streams))
        | pl.col("digest").is_in([one.digest for one in registries(connection)[-1:]]),
    )
    about = by_name["board_about"].with_columns(citation=None)
    yield "stream", streams.filter(pl.col("id").is_in(list(kept_streams)))
    yield "snapshot", snapshot.with_columns(bundled=True)
    series = by_name["series"]
    yield "series", series.filter(pl.col("id").is_in(edition["series_id"].implode()))
    yield "edition", edition
    yield "board_about", about
    yield "model", model
    yield "listing", listing
    yield "board_row", rows
    yield "standing", standing
    yield "model_record", _merged(records, "model_record")


def _without_prose(properties: str) -> str:
    fields = orjson.loads(properties)
    ids = find_ids(fields.pop("citation", "") or "")
    if ids:
        fields["citation"] = " ".join(f"arXiv:{one}" for one in ids)
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS).decode()


def _merged(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Join intervals that became equal neighbours when columns were left out."""
    key = [c for c in frame.columns if c not in ("id", "valid_from", "valid_to")]
    merged: list[dict[str, Any]] = []
    last: dict[str, Any] | None = None
    for row in frame.sort([*key, "valid_from"]).to_dicts():
        if (
            last is not None
            and all(row[c] == last[c] for c in key)
            and last["valid_to"] == row["valid_from"]
        ):
            last["valid_to"] = row["valid_to"]
        else:
            last = row
            merged.append(row)
    merged.sort(key=lambda row: row["id"])
    if len(merged) > frame.height:
        raise CatalogError(f"starter: {name}: intervals were not merged")
    return pl.DataFrame(merged, schema=frame.schema)
