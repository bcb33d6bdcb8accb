"""Load the archived answers of the live leaderboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from orjson import dumps
from sqlalchemy import Connection, delete

from tracker.catalog import tables
from tracker.catalog.documents import Report, one_document
from tracker.catalog.ids import Ids, table_of
from tracker.catalog.loader import Loader, States, Stored
from tracker.catalog.snapshot_runs import Run, merge, seen_once
from tracker.errors import SourceError
from tracker.snapshots.store import Archive, Observation
from tracker.sources import leaderboard_api
from tracker.sources.records import BoardState, Edition, Standing, are_names

Parse = Callable[[bytes, Report], BoardState]
RowsOf = Callable[[bytes, Report], list[dict[str, Any]]]

# The list of models is loaded like a board without rows.
_NO_BOARD = BoardState(
    Edition(leaderboard_api.HEADER.id, "", "fraction", 0, (), ()), (), Standing((), None), ()
)


def _observed(observations: list[Observation]) -> list[Run]:
    return [
        seen_once(o.seen_at, o.origin.url, None, o.origin.sha256)._replace(server=o.server)
        for o in observations
    ]


def load_live_boards(loader: Loader, stored: Stored) -> None:
    """Load the new answers of the live leaderboard."""
    archive = stored.archive
    source = leaderboard_api.HEADER.id
    by_stream: dict[str, list[Observation]] = {}
    for observation in archive.observations(source):
        by_stream.setdefault(observation.stream, []).append(observation)
    for stream, observations in sorted(by_stream.items()):
        if stream == "models" or stream.startswith("scores/"):
            if not are_names([board := stream.removeprefix("scores/")]):
                # No table of the server could hold it.
                cause = "the name of a board is too long or has NUL"
                loader.finding(SourceError(source, cause, place=board))
                continue
            parse = _parse_models if stream == "models" else leaderboard_api.parse_scores
            loader.stream(
                loader.names.stream(source, stream),
                _observed(observations),
                _archived_states(loader, archive, stream, parse, newest=observations[-1].seen_at),
            )
    for stream, table, rows_of in (
        ("benchmarks", tables.BoardAboutTable, _benchmark_rows),
        ("tasks", tables.TaskTable, _task_rows),
    ):
        if stream in by_stream:
            _load_list(loader, archive, stream, by_stream[stream], table, rows_of)


def _load_list(
    loader: Loader,
    archive: Archive,
    stream: str,
    observations: list[Observation],
    table: Any,
    rows_of: RowsOf,
) -> None:
    """Rewrite a table from the newest state of a list, if it is new."""
    source = leaderboard_api.HEADER.id
    stream_id = loader.names.stream(source, stream)
    known = loader.snapshots.of(stream_id)
    seen = list(_observed(observations))
    runs = merge([*seen, *known])
    newest = runs[-1]
    # A starter that is newer than the archive has no bytes to read; its rows stay.
    if not newest.bundled and (not known or known[-1].digest != newest.digest or known[-1].bundled):
        rows, left_out = None, list[SourceError]()
        with one_document(source, stream, loader.finding):
            rows = rows_of(archive.read(newest.digest), left_out.append)
        if rows is None:
            readable = [run for run in seen if run.digest != newest.digest]
            runs = merge([*readable, *known])
        else:
            loader.names.flush()
            _rewrite(loader.connection, table, stream_id, rows)
            loader.left_out(source, stream, left_out)
    loader.snapshots.save(stream_id, runs)


def _archived_states(
    loader: Loader, archive: Archive, stream: str, parse: Parse, *, newest: str
) -> States:
    """Return a reader of one stream's states, which records what the newest one leaves out."""
    source = leaderboard_api.HEADER.id

    def states(runs: list[Run]) -> Iterator[tuple[Run, BoardState]]:
        for run in runs:
            left_out: list[SourceError] = []
            state = None
            with one_document(source, stream, loader.finding):
                state = parse(archive.read(run.digest), left_out.append)
            if state is not None:
                if run.published_at == newest:
                    loader.left_out(source, stream.removeprefix("scores/"), left_out)
                yield run, state

    return states


def _parse_models(body: bytes, report: Report) -> BoardState:
    """Return the model list as a state without board rows."""
    return _NO_BOARD._replace(records=leaderboard_api.parse_models(body, report))


def _benchmark_rows(body: bytes, report: Report) -> list[dict[str, Any]]:
    return [
        {
            "name": b.name,
            "display_name": b.display_name,
            "reference": b.reference,
            "citation": b.citation,
            "languages": dumps(b.languages).decode(),
            "domains": dumps(b.domains).decode(),
            "modalities": dumps(b.modalities).decode(),
            "aggregations": dumps(b.aggregations).decode(),
            "successors": dumps(b.new_version).decode(),
        }
        for b in leaderboard_api.parse_benchmarks(body, report)
    ]


def _task_rows(body: bytes, report: Report) -> list[dict[str, Any]]:
    return [
        {
            "name": t.name,
            "type": t.type,
            "main_score": t.main_score,
            "languages": dumps(t.languages).decode(),
            "domains": dumps(t.domains).decode(),
            "is_public": t.is_public,
            "source_dataset": t.source_dataset,
            "reference": t.reference,
            "citation": t.citation,
        }
        for t in leaderboard_api.parse_tasks(body, report)
    ]


def _rewrite(
    connection: Connection, model: Any, stream_id: int, rows: Iterable[dict[str, Any]]
) -> None:
    connection.execute(delete(table_of(model)))
    ids = Ids(connection, model)
    for row in rows:
        ids.add(**row, stream_id=stream_id)
    ids.flush()
