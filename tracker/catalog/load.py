"""Archived bytes and curated knowledge to rows; repeatable, and independent of order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from orjson import dumps
from sqlalchemy import Connection, Engine, delete, insert

from tracker.catalog import tables
from tracker.catalog.identity import propose_copies
from tracker.catalog.intervals import IntervalTable
from tracker.catalog.knowledge import load_knowledge
from tracker.catalog.names import Names, table_of
from tracker.catalog.runs import Run, Snapshots, merge, seen_once
from tracker.curated import Curated
from tracker.errors import ArchiveError, SourceError
from tracker.records import BoardRow, BoardState, Edition, ModelRecord, Standing
from tracker.snapshots.store import Archive, Observation
from tracker.sources import arxiv_papers, leaderboard_api, published_boards

Notify = Callable[[str], None]

# A list of models is read like a board that has no lines.
_NO_BOARD = BoardState(
    Edition(leaderboard_api.HEADER.id, "", "fraction", 0, (), ()), (), Standing((), None), ()
)


@dataclass
class LoadReport:
    """What a load did."""

    rows: int = 0
    """New rows of all kinds."""
    snapshots: int = 0
    """States that were read."""
    findings: list[SourceError] = field(default_factory=list)
    """What could not be read, a clear line each; everything else was loaded."""


class Loader:
    """One load: everything happens in the one transaction of its connection."""

    def __init__(self, connection: Connection, curated: Curated) -> None:
        self._connection = connection
        self.curated = curated
        self.names = Names(connection, curated)
        self.snapshots = Snapshots(connection)
        self._rows = IntervalTable(connection, tables.BoardRow)
        self._standings = IntervalTable(connection, tables.Standing)
        self._records = IntervalTable(connection, tables.ModelRecord)
        self.report = LoadReport()

    def stream(
        self,
        stream_id: int,
        seen: Iterable[Run],
        states: Callable[[list[Run]], Iterator[tuple[Run, BoardState]]],
    ) -> None:
        """Load the new states of one stream.

        Args:
            stream_id: The stream.
            seen: Every sighting that the archive or clone knows.
            states: Reads the states of some runs; those that it leaves out were unreadable.
        """
        known = self.snapshots.of(stream_id)
        loaded = {(run.published_at, run.digest) for run in known if not run.bundled}
        wanted = merge([*known, *seen])
        unread = [
            run
            for run in wanted
            if not run.bundled and (run.published_at, run.digest) not in loaded
        ]
        if not unread:
            self.snapshots.save(stream_id, wanted)
            return
        moments = [run.published_at for run in known]
        opened = [
            table.open(stream_id, moments, fresh=not known)
            for table in (self._rows, self._standings, self._records)
        ]
        rows, standings, records = opened
        row_numbers: dict[int, tuple[BoardRow, int]] = {}
        record_numbers: dict[int, tuple[ModelRecord, int]] = {}
        listing, edition = self.names.listing, self.names.edition
        read: set[Run] = set()
        for run, state in states(unread):
            read.add(run)
            edition_id = edition(state.edition) if state.rows else None
            shown = set()
            for row in state.rows:
                known_row = row_numbers.get(id(row))
                if known_row is None:
                    value = (edition_id, listing(row.listing), *row[1:])
                    # The row is kept beside its number, or its id() might be given out again.
                    known_row = row_numbers[id(row)] = (row, rows.number(value))
                shown.add(known_row[1])
            told = set()
            for record in state.records:
                known_record = record_numbers.get(id(record))
                if known_record is None:
                    told_value = (listing(record.listing), record.properties)
                    known_record = record_numbers[id(record)] = (
                        record,
                        records.number(told_value),
                    )
                told.add(known_record[1])
            rows.assign(run.published_at, shown)
            records.assign(run.published_at, told)
            standings.assign(run.published_at, self._standing(state, edition_id, standings))
        for intervals in opened:
            intervals.save()
        lost = set(unread) - read
        self.snapshots.save(stream_id, [run for run in wanted if run not in lost])
        self.report.snapshots += len(read)

    def _standing(self, state: BoardState, edition_id: int | None, standings: Any) -> set[int]:
        if not state.rows:
            return set()
        listing = self.names.listing
        ids = ",".join([str(listing(one)) for one in state.standing.listings])
        ranks = state.standing.ranks
        value = (
            edition_id,
            f"[{ids}]",
            None if ranks is None else f"[{','.join(map(str, ranks))}]",
        )
        return {standings.number(value)}

    def finding(self, error: SourceError) -> None:
        """Note what could not be read."""
        self.report.findings.append(error)

    def finish(self) -> None:
        """Write everything in the order that foreign keys want, then what is derived from it."""
        self.report.rows += self.names.flush()
        self.report.rows += self.snapshots.flush()
        for table in (self._rows, self._standings, self._records):
            self.report.rows += table.flush()


def load(
    engine: Engine,
    *,
    archive: Archive,
    clones: Path,
    curated: Curated,
    sources: Iterable[str],
    notify: Notify = lambda _: None,
) -> LoadReport:
    """Bring the catalog up to what the archive, the clones and the curated files hold.

    Args:
        engine: The catalog, migrated.
        archive: Raw bytes of the document sources.
        clones: Folder with the clones of the git sources.
        curated: What people wrote.
        sources: Ids of the sources to load.
        notify: Told what is being done.

    Returns:
        What was loaded and what could not be read.

    Raises:
        TrackerError: The catalog cannot be written; nothing of this load is kept.
    """
    chosen = list(sources)
    with engine.begin() as connection:
        loader = Loader(connection, curated)
        for source in chosen:
            notify(f"loading {source}")
            if source == published_boards.HEADER.id:
                _load_published_boards(loader, clones / source)
            elif source == leaderboard_api.HEADER.id:
                _load_leaderboard_api(loader, archive, connection)
        loader.finish()
        notify("loading curated knowledge")
        papers = [
            arxiv_papers.parse_paper(body)
            for _, body in _bodies(loader, archive, arxiv_papers.HEADER.id)
        ]
        load_knowledge(connection, loader.names, curated, papers)
        propose_copies(connection)
        loader.names.settle_slugs()
        _write_findings(connection, chosen, loader.report.findings)
    return loader.report


def _load_published_boards(loader: Loader, clone: Path) -> None:
    if not (clone / "HEAD").is_file():
        return
    source = published_boards.HEADER.id
    versions = published_boards.versions(clone)
    with_overall = {v.board for v in versions if v.task_type is None}
    by_path = sorted(versions, key=lambda v: v.path)
    for path, group in groupby(by_path, key=lambda v: v.path):
        of_table = {v.published_at: v for v in group}
        first = next(iter(of_table.values()))
        # The same model metadata stands in every table; one table a board is enough.
        describes = first.task_type is None or first.board not in with_overall
        reader = published_boards.TableReader(first.board, first.task_type)

        def states(runs: list[Run]) -> Iterator[tuple[Run, BoardState]]:
            wanted = [of_table[run.published_at] for run in runs]  # noqa: B023
            bodies = published_boards.read_versions(clone, wanted)
            for run, (version, body) in zip(runs, bodies, strict=True):
                place = f"{version.commit[:12]}:{version.path}"
                try:
                    if body is None:
                        raise SourceError(
                            source,
                            "the clone lacks this object",
                            place=place,
                            remedy="fetch from a complete clone",
                        )
                    state = reader.read(body, place)  # noqa: B023
                except SourceError as error:
                    loader.finding(error)
                    continue
                yield run, state if describes else state._replace(records=())  # noqa: B023

        seen = [
            seen_once(
                v.published_at,
                f"{published_boards.HEADER.home}/commit/{v.commit}",
                v.commit,
                v.blob,
            )
            for v in of_table.values()
        ]
        loader.stream(loader.names.stream(source, path), seen, states)


def _observed(observations: list[Observation]) -> list[Run]:
    return [seen_once(o.seen_at, o.origin.url, None, o.origin.sha256) for o in observations]


def _load_leaderboard_api(loader: Loader, archive: Archive, connection: Connection) -> None:
    source = leaderboard_api.HEADER.id
    by_stream: dict[str, list[Observation]] = {}
    for observation in archive.observations(source):
        by_stream.setdefault(observation.stream, []).append(observation)
    for stream, observations in sorted(by_stream.items()):
        if stream == "models" or stream.startswith("scores/"):
            parse = _parse_models if stream == "models" else leaderboard_api.parse_scores
            loader.stream(
                loader.names.stream(source, stream),
                _observed(observations),
                _archived_states(loader, archive, stream, parse),
            )
    for stream, write in (("benchmarks", _write_benchmarks), ("tasks", _write_tasks)):
        if stream not in by_stream:
            continue
        stream_id = loader.names.stream(source, stream)
        known = loader.snapshots.of(stream_id)
        runs = merge([*known, *_observed(by_stream[stream])])
        loader.snapshots.save(stream_id, runs)
        if not known or known[-1].digest != runs[-1].digest or known[-1].bundled:
            loader.names.flush()
            write(connection, stream_id, archive.read(runs[-1].digest))


def _archived_states(
    loader: Loader, archive: Archive, stream: str, parse: Callable[[bytes], BoardState]
) -> Callable[[list[Run]], Iterator[tuple[Run, BoardState]]]:
    def states(runs: list[Run]) -> Iterator[tuple[Run, BoardState]]:
        for run in runs:
            try:
                yield run, parse(archive.read(run.digest))
            except SourceError as error:
                loader.finding(error)
            except ArchiveError as error:
                loader.finding(
                    SourceError(
                        leaderboard_api.HEADER.id, error.message, place=stream, remedy=error.remedy
                    )
                )

    return states


def _parse_models(body: bytes) -> BoardState:
    """The model list as a state without board rows."""
    return _NO_BOARD._replace(records=leaderboard_api.parse_models(body))


def _write_benchmarks(connection: Connection, stream_id: int, body: bytes) -> None:
    rows = [
        {
            "name": b.name,
            "display_name": b.display_name,
            "reference": b.reference,
            "citation": b.citation,
            "languages": dumps(b.languages).decode(),
            "domains": dumps(b.domains).decode(),
            "modalities": dumps(b.modalities).decode(),
            "aggregations": dumps(b.aggregations).decode(),
            "successors": dumps(b.new_version or ()).decode(),
            "stream_id": stream_id,
        }
        for b in leaderboard_api.parse_benchmarks(body)
    ]
    _rewrite(connection, tables.BoardAbout, rows)


def _write_tasks(connection: Connection, stream_id: int, body: bytes) -> None:
    rows = [
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
            "stream_id": stream_id,
        }
        for t in leaderboard_api.parse_tasks(body)
    ]
    _rewrite(connection, tables.Task, rows)


def _rewrite(connection: Connection, model: Any, rows: list[dict[str, Any]]) -> None:
    table = table_of(model)
    connection.execute(delete(table))
    if rows:
        connection.execute(insert(table), rows)


def _bodies(loader: Loader, archive: Archive, source: str) -> Iterator[tuple[str, bytes]]:
    for stream, origin in sorted(archive.latest(source).items()):
        try:
            yield stream, archive.read(origin.sha256)
        except ArchiveError as error:
            loader.finding(SourceError(source, error.message, place=stream, remedy=error.remedy))


def _write_findings(
    connection: Connection, sources: list[str], findings: list[SourceError]
) -> None:
    table = table_of(tables.Finding)
    connection.execute(delete(table).where(table.c.source.in_(sources)))
    unique = {(f.source, f.place, f.cause): f for f in findings}
    rows = [
        {"source": s, "place": place, "severity": "error", "message": cause, "remedy": f.remedy}
        for (s, place, cause), f in unique.items()
    ]
    if rows:
        connection.execute(insert(table), rows)
