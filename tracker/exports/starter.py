"""Write the starter: the part of the catalog that ships with the tracker, for use offline.

It has every computed state of every board, and the overall tables of the archived boards. Answers
of servers other than the publisher's are left out if the board is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import zstandard
from sqlalchemy import Connection, select

from tracker.catalog.ids import table_of
from tracker.catalog.results import tables as result_tables
from tracker.catalog.results.registry_queries import newest_registry
from tracker.catalog.starter import BUNDLED, REGISTRY
from tracker.common.paths import resource
from tracker.errors import ArchiveError, CatalogError
from tracker.io.files import write_atomically
from tracker.snapshots.store import Archive
from tracker.sources import benchmark_registry, private_boards, published_boards, result_files
from tracker.sources.arxiv_papers import find_ids


def table_frame(connection: Connection, model: Any) -> pl.DataFrame:
    """Return all rows of a table, in the order of their ids."""
    table = table_of(model)
    rows = connection.execute(select(table).order_by(table.c.id)).all()
    schema = {
        c.name: {int: pl.Int64, float: pl.Float64, bool: pl.Boolean}.get(
            c.type.python_type, pl.String
        )
        for c in table.c
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def starter_frames(connection: Connection) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the tables of the starter with their names.

    They have the overall tables of the published boards, no scores of single tasks, and no prose
    of models: of BibTeX only the arXiv ids that it cites.
    """
    by_name = {table_of(model).name: table_frame(connection, model) for model in BUNDLED}
    streams, edition = by_name["stream"], by_name["edition"]
    results = _ids(streams, source=result_files.HEADER.id)
    computed = list(by_name["board_state"]["edition_id"])
    edition = edition.filter(
        pl.col("task_type").is_null(),
        pl.col("source") != private_boards.HEADER.id,
        (pl.col("source") != benchmark_registry.HEADER.id) | pl.col("id").is_in(computed),
    )
    is_own = pl.col("edition_id").is_in(edition["id"].implode())
    is_computed = pl.col("stream_id").is_in(results)
    is_shipped = is_own & (is_computed | ~pl.col("edition_id").is_in(computed))
    rows = by_name["board_row"].filter(is_shipped).with_columns(task_scores=None, trained_on=None)
    standing = by_name["standing"].filter(is_shipped)
    records = by_name["model_record"].filter(
        pl.col("stream_id").is_in(_metadata_streams(streams, rows))
    )
    records = records.with_columns(
        pl.col("properties").map_elements(_without_prose, return_dtype=pl.String)
    )
    rows, records = _merged(rows, "board_row"), _merged(records, "model_record")
    about = by_name["board_about"].with_columns(citation=None)
    used = set(rows["stream_id"]) | set(standing["stream_id"]) | set(records["stream_id"])
    used |= set(about["stream_id"]) | set(_ids(streams, source=benchmark_registry.HEADER.id))
    used |= set(results)
    moves = by_name["model_move"]
    listing = by_name["listing"].filter(
        pl.col("id").is_in(list(set(rows["listing_id"]) | set(records["listing_id"])))
    )
    moved = set(moves["model_id"]) | set(moves["other_id"])
    models = by_name["model"].filter(pl.col("id").is_in(list(set(listing["model_id"]) | moved)))
    series = by_name["series"]
    yield "stream", streams.filter(pl.col("id").is_in(list(used)))
    yield "snapshot", _snapshots(connection, by_name["snapshot"], used)
    yield "series", series.filter(pl.col("id").is_in(edition["series_id"].implode()))
    yield "edition", edition
    yield "board_about", about
    yield "model", models
    yield "listing", listing
    yield "board_row", rows
    yield "standing", standing
    yield "model_record", records
    yield "model_move", moves
    yield "board_state", by_name["board_state"].with_columns(inputs=pl.lit(""))


def _ids(streams: pl.DataFrame, source: str) -> list[int]:
    return streams.filter(pl.col("source") == source)["id"].to_list()


def _metadata_streams(streams: pl.DataFrame, rows: pl.DataFrame) -> list[int]:
    """Return the streams with model metadata: the list of models, and the shipped tables."""
    published = set(_ids(streams, source=published_boards.HEADER.id))
    lists = streams.filter(pl.col("name") == "models")["id"].to_list()
    return [*lists, *(set(rows["stream_id"]) & published)]


def _snapshots(connection: Connection, snapshots: pl.DataFrame, used: set[int]) -> pl.DataFrame:
    """Return the snapshots of the shipped states; of registries only the newest."""
    newest = newest_registry(connection)
    digests = [newest.digest] if newest else []
    streams = table_frame(connection, result_tables.RegistryTable)["stream_id"].to_list()
    return snapshots.filter(
        pl.col("stream_id").is_in(list(used)),
        ~pl.col("stream_id").is_in(streams) | pl.col("digest").is_in(digests),
    ).with_columns(bundled=pl.lit(value=True))


def _without_prose(properties: str) -> str:
    fields = orjson.loads(properties)
    ids = find_ids(fields.pop("citation", "") or "")
    if ids:
        fields["citation"] = " ".join(f"arXiv:{arxiv_id}" for arxiv_id in ids)
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS).decode()


def _merged(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Join adjacent intervals that became equal when columns were left out."""
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


def write_registry(connection: Connection, archive: Archive, folder: Path) -> int:
    """Write the newest registry export, and return the number of files."""
    newest = newest_registry(connection)
    path = folder / REGISTRY
    if newest is None:
        path.unlink(missing_ok=True)
        return 0
    try:
        packed = zstandard.ZstdCompressor(level=19).compress(archive.read(newest.digest))
    except ArchiveError:
        # A home into which no registry was fetched has the bundled one.
        packed = (resource("db/starter") / REGISTRY).read_bytes()
    write_atomically(path, packed)
    return 1


def all_frames(connection: Connection, models: Iterable[Any]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield whole tables with their names."""
    for model in models:
        yield table_of(model).name, table_frame(connection, model)
