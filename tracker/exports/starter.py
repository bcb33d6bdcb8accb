"""Write the starter: the part of the catalog that ships with the tracker, for use offline.

It has every computed state of every board, and the overall tables of the archived boards. Answers
of servers other than the publisher's are left out if the board is computed. Of the result files it
has no scores: only what explains changes and absences, the classified events of the files and the
time spans in which they were there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import zstandard
from sqlalchemy import Connection, select

from tracker.catalog import tables
from tracker.catalog.identity.absence_queries import board_files
from tracker.catalog.identity.copies import Copy
from tracker.catalog.ids import table_of
from tracker.catalog.results import tables as result_tables
from tracker.catalog.results.queries import has_results, result_tasks
from tracker.catalog.results.registry_queries import newest_registry
from tracker.catalog.starter import BUNDLED, COPIES, REGISTRY
from tracker.common.paths import resource
from tracker.errors import ArchiveError, CatalogError
from tracker.insights.history.causes import Event, classify
from tracker.insights.history.file_events import events_by_model
from tracker.insights.history.file_history import read_file_history
from tracker.insights.reader import Reader
from tracker.io.files import write_atomically
from tracker.snapshots.store import Archive
from tracker.sources import benchmark_registry, private_boards, published_boards, result_files
from tracker.sources.arxiv_papers import find_ids

_OPEN = "9"
"""Stands for the end of a time span that has none: it is after every moment."""


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
    if has_results(connection):
        by_name |= file_frames(connection)
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
    yield "result_event", by_name["result_event"]
    yield "result_span", by_name["result_span"]
    yield COPIES.removesuffix(".parquet"), _copies(connection)
    yield "board_state", by_name["board_state"].with_columns(inputs=pl.lit(""))


def _copies(connection: Connection) -> pl.DataFrame:
    """Return the copies that rules found, by name: some show only on tables that do not ship."""
    relation, model = table_of(tables.RelationTable), table_of(tables.ModelTable)
    original = model.alias()
    query = (
        select(model.c.name, original.c.name, relation.c.reason_en, relation.c.reason_zh)
        .join(model, model.c.id == relation.c.model_id)
        .join(original, original.c.id == relation.c.other_id)
        .where(relation.c.kind == "copy", relation.c.status == "proposed")
        .order_by(model.c.name)
    )
    rows = connection.execute(query).all()
    return pl.DataFrame(rows, schema=dict.fromkeys(Copy._fields, pl.String), orient="row")


def file_frames(connection: Connection) -> dict[str, pl.DataFrame]:
    """Return what the starter has of result files instead of the files: events and time spans."""
    spans: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for (model, task), own in _spans(connection).items():
        for since, until in own:
            spans[model, since, until].append(task)
    return {
        "result_event": _numbered(
            result_tables.ResultEventTable,
            [(*key, tasks) for key, tasks in _events(connection).items()],
        ),
        "result_span": _numbered(
            result_tables.ResultSpanTable,
            [(*key[:2], None if key[2] == _OPEN else key[2], own) for key, own in spans.items()],
        ),
    }


def _events(connection: Connection) -> dict[tuple[str, str, str], list[str]]:
    """Return the tasks of all events of result files, by moment, model and cause."""
    reader = Reader(connection)
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    history = read_file_history(reader, "", _OPEN)
    if history is not None:
        for model, event in events_by_model(reader, history, "", _OPEN):
            assert isinstance(event.about, Event)
            found[event.at, model, classify(event.about, history)].append(event.task)
    return found


def _spans(connection: Connection) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return the time spans in which there are result files, by model and task."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for model, task, since, until in board_files(connection, result_tasks(connection)):
        found[model, task].append((since, until or _OPEN))
    return {key: list(_joined(sorted(own))) for key, own in found.items()}


def _joined(spans: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield time spans that neither overlap nor follow each other without a gap."""
    since, until = spans[0]
    for begins, ends in spans[1:]:
        if begins > until:
            yield since, until
            since = begins
        until = ends if begins > until else max(until, ends)
    yield since, until


def _numbered(model: Any, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    """Return rows in a stable order as a frame of a table; their last values are lists."""
    columns = [column.name for column in table_of(model).c]
    encoded = [(*row, orjson.dumps(sorted(names)).decode()) for *row, names in rows]
    encoded.sort(key=lambda row: tuple(value or _OPEN for value in row))
    numbered = [(n, *row) for n, row in enumerate(encoded, 1)]
    schema = {name: pl.Int64 if name == "id" else pl.String for name in columns}
    return pl.DataFrame(numbered, schema=schema, orient="row")


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
