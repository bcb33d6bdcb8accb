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
from tracker.catalog.boards.intervals import IntervalTable, Numbering, StreamIntervals
from tracker.catalog.boards.states import update_states
from tracker.catalog.ids import Ids, Names, table_of
from tracker.catalog.knowledge.evidence import load_evidence
from tracker.catalog.knowledge.paper_matching import match_papers
from tracker.catalog.knowledge.rows import load_knowledge
from tracker.catalog.knowledge.web_pages import load_pages
from tracker.catalog.models.copies import propose_copies
from tracker.catalog.models.moves import write_moves
from tracker.catalog.results.files import load_results
from tracker.catalog.results.registry import load_registries
from tracker.catalog.search import index as search
from tracker.catalog.snapshot_runs import Run, Snapshots, merge, seen_once
from tracker.catalog.starter import add_registry
from tracker.common.garbage_collection import collection_paused
from tracker.common.progress import Progress, silent
from tracker.curated import Curated
from tracker.errors import ArchiveError, SourceError
from tracker.snapshots.store import Archive, Observation
from tracker.sources import (
    arxiv_papers,
    benchmark_registry,
    leaderboard_api,
    published_boards,
    result_files,
)
from tracker.sources.records import BoardRow, BoardState, Edition, ModelRecord, Standing

Notify = Callable[[str], None]
States = Callable[[list[Run]], Iterator[tuple[Run, BoardState]]]
"""Reads the states of some runs; those that it leaves out were unreadable."""

# A list of models is read like a board that has no lines.
_NO_BOARD = BoardState(
    Edition(leaderboard_api.HEADER.id, "", "fraction", 0, (), ()), (), Standing((), None), ()
)


_NOT_PUBLISHED = (None, None, None)
"""Points, number of tasks and common tasks of a ranking, which no publisher gives."""


@dataclass
class LoadReport:
    """What a load did."""

    rows: int = 0
    """New rows of all kinds."""
    snapshots: int = 0
    """States that were read."""
    contents: int = 0
    """Result files that were read."""
    boards: int = 0
    """Boards whose states were computed."""
    texts: int = 0
    """Cards, configuration files and papers that were read for what they say of methods."""
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
        states: States,
    ) -> None:
        """Load the new states of one stream.

        Args:
            stream_id: The stream.
            seen: Every sighting that the archive or clone knows.
            states: Reads the states of some runs.
        """
        known = self.snapshots.of(stream_id)
        loaded = {(run.published_at, run.digest) for run in known if not run.bundled}
        # What is seen goes first: where an archived moment was mended, the catalog follows.
        wanted = merge([*seen, *known])
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
        of_edition: dict[int | None, tuple[Numbering[BoardRow], Numbering[Standing]]] = {}
        told: Numbering[ModelRecord] = Numbering(
            lambda record: records.number((self.names.listing(record.listing), record.properties))
        )
        read: set[Run] = set()
        for run, state in states(unread):
            read.add(run)
            edition_id = self.names.edition(state.edition) if state.rows else None
            if edition_id not in of_edition:
                of_edition[edition_id] = self._numberings(edition_id, rows, standings)
            shown, stood = of_edition[edition_id]
            at = run.published_at
            rows.assign(at, shown.of(state.rows))
            records.assign(at, told.of(state.records))
            standings.assign(at, stood.of((state.standing,) if state.rows else ()))
        for intervals in opened:
            intervals.save()
        lost = set(unread) - read
        self.snapshots.save(stream_id, [run for run in wanted if run not in lost])
        self.report.snapshots += len(read)

    def _numberings(
        self, edition_id: int | None, rows: StreamIntervals, standings: StreamIntervals
    ) -> tuple[Numbering[BoardRow], Numbering[Standing]]:
        def row_number(row: BoardRow) -> int:
            return rows.number((edition_id, self.names.listing(row.listing), *row[1:]))

        def standing_number(standing: Standing) -> int:
            ids = ",".join(map(str, self.names.listing_ids(standing.listings)))
            ranks = standing.ranks
            told = None if ranks is None else f"[{','.join(map(str, ranks))}]"
            return standings.number((edition_id, f"[{ids}]", told, *_NOT_PUBLISHED))

        return Numbering(row_number), Numbering(standing_number)

    def registries(self, archive: Archive) -> None:
        """Load the new registries of the archive."""
        done = load_registries(self._connection, self.names, self.snapshots, archive, self.finding)
        self.report.snapshots += done.registries
        self.report.rows += done.rows

    def results(self, clone: Path, progress: Progress) -> None:
        """Load the clone of the results repository; what of it cannot be read, it tells itself."""
        self.report.contents += load_results(
            self._connection, self.names, self.snapshots, clone, progress
        )

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
    shipped: Path | None = None,
    notify: Notify = lambda _: None,
    progress: Progress = silent,
) -> LoadReport:
    """Bring the catalog up to what the archive, the clones and the curated files hold.

    Args:
        engine: The catalog, migrated.
        archive: Raw bytes of the document sources.
        clones: Folder with the clones of the git sources.
        curated: What people wrote.
        sources: Ids of the sources to load.
        shipped: Folder of the starter, whose registry a catalog must have; ``None``: without.
        notify: Told what is being done.
        progress: Told how far long work is.

    Returns:
        What was loaded and what could not be read.

    Raises:
        TrackerError: The catalog cannot be written; nothing of this load is kept.
    """
    chosen = list(sources)
    with collection_paused(), engine.begin() as connection:
        loader = Loader(connection, curated)
        if shipped is not None:
            add_registry(connection, loader.names, shipped)
        for source in chosen:
            notify(f"loading {source}")
            try:
                if source == published_boards.HEADER.id:
                    _load_published_boards(loader, clones / source, progress)
                elif source == leaderboard_api.HEADER.id:
                    _load_leaderboard_api(loader, archive, connection)
                elif source == result_files.HEADER.id:
                    loader.results(clones / source, progress)
                elif source == benchmark_registry.HEADER.id:
                    loader.registries(archive)
            except SourceError as error:
                loader.finding(error)  # a clone that cannot be read costs its own news only
        loader.finish()
        notify("loading curated knowledge")
        papers = [
            arxiv_papers.parse_paper(body)
            for stream, body in _bodies(loader, archive, arxiv_papers.HEADER.id)
            if stream != arxiv_papers.DISCOVERY
        ]
        load_knowledge(connection, loader.names, curated, papers, archive)
        load_pages(connection, archive, loader.finding)
        notify("reading cards and papers")
        loader.report.texts += load_evidence(
            connection, loader.names, curated, archive, loader.finding
        )
        match_papers(connection)
        write_moves(connection, loader.names)
        propose_copies(connection)
        notify("computing the states of boards")
        loader.report.boards += update_states(connection, loader.names, progress)
        loader.names.forget_unused()
        search.rebuild(connection)
        loader.names.settle_slugs()
        _write_findings(connection, chosen, loader.report.findings)
    return loader.report


def _load_published_boards(loader: Loader, clone: Path, progress: Progress) -> None:
    if not (clone / "HEAD").is_file():
        return
    source = published_boards.HEADER.id
    versions = published_boards.versions(clone)
    # Told by people, not by what was fetched so far, or the order of fetching would show.
    with_overall = {b.folder for b in loader.curated.boards if b.main_table is None}
    by_path = sorted(versions, key=lambda v: v.path)
    n_tables = len({v.path for v in versions})
    with published_boards.version_reader(clone) as read_versions:
        for count, (path, group) in enumerate(groupby(by_path, key=lambda v: v.path)):
            progress("reading published tables", count, n_tables)
            of_table = {v.published_at: v for v in group}
            first = next(iter(of_table.values()))
            # The same model metadata stands in every table; one table a board is enough.
            describes = first.task_type is None or first.board not in with_overall
            reader = published_boards.TableReader(first.board, first.task_type, describes=describes)
            seen = [
                seen_once(
                    v.published_at,
                    f"{published_boards.HEADER.home}/commit/{v.commit}",
                    v.commit,
                    v.blob,
                )
                for v in of_table.values()
            ]
            loader.stream(
                loader.names.stream(source, path),
                seen,
                _published_states(loader, read_versions, reader, of_table),
            )


def _published_states(
    loader: Loader,
    read_versions: published_boards.ReadVersions,
    reader: published_boards.TableReader,
    of_table: dict[str, published_boards.Version],
) -> States:
    def states(runs: list[Run]) -> Iterator[tuple[Run, BoardState]]:
        # A state may be known from an earlier fetch, which asked for more of the history.
        first = next(iter(of_table.values()))
        wanted = [
            of_table.get(run.published_at)
            or first._replace(
                commit=run.commit or "", blob=run.digest, published_at=run.published_at
            )
            for run in runs
        ]
        for run, (version, body) in zip(runs, read_versions(wanted), strict=True):
            place = f"{version.commit[:12]}:{version.path}"
            try:
                if body is None:
                    raise SourceError(
                        published_boards.HEADER.id,
                        "the clone lacks this object",
                        place=place,
                        remedy="fetch from a complete clone",
                    )
                if version.blob == published_boards.REMOVED:
                    yield run, reader.removed()
                else:
                    yield run, reader.read(body, place)
            except SourceError as error:
                loader.finding(error)

    return states


def _observed(observations: list[Observation]) -> list[Run]:
    return [
        seen_once(o.seen_at, o.origin.url, None, o.origin.sha256)._replace(server=o.server)
        for o in observations
    ]


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
        runs = merge([*_observed(by_stream[stream]), *known])
        loader.snapshots.save(stream_id, runs)
        newest = runs[-1]
        # A starter that is newer than the archive has no bytes to read; what it told stays.
        if not newest.bundled and (
            not known or known[-1].digest != newest.digest or known[-1].bundled
        ):
            loader.names.flush()
            write(connection, stream_id, archive.read(newest.digest))


def _archived_states(
    loader: Loader, archive: Archive, stream: str, parse: Callable[[bytes], BoardState]
) -> States:
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


def _rewrite(connection: Connection, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    connection.execute(delete(table_of(model)))
    ids = Ids(connection, model)
    for row in rows:
        ids.add(**row)
    ids.flush()


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
