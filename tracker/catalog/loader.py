"""One load: names, snapshots and intervals of all sources, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from pathlib import Path

from sqlalchemy import Connection, func, select

from tracker.catalog import tables
from tracker.catalog.boards.intervals import IntervalTable, Numbering, StreamIntervals
from tracker.catalog.ids import Names, table_of
from tracker.catalog.results import tables as result_tables
from tracker.catalog.results.files import load_results
from tracker.catalog.results.registry import load_registries
from tracker.catalog.snapshot_runs import Run, Snapshots, merge
from tracker.common.progress import Progress
from tracker.curated import Curated
from tracker.errors import SourceError
from tracker.snapshots.store import Archive
from tracker.sources.records import BoardRow, BoardState, ModelRecord, Standing

States = Callable[[list[Run]], Iterator[tuple[Run, BoardState]]]
"""Reads the states of some runs; those that it leaves out were unreadable."""

_NOT_PUBLISHED = (None, None, None)
"""Points, number of tasks and common tasks of a ranking, which no publisher gives."""


# What sources fill; everything else is derived from it or from curated files.
_COUNTED = (
    tables.Stream,
    tables.Snapshot,
    tables.Series,
    tables.Edition,
    tables.Model,
    tables.Listing,
    tables.BoardRow,
    tables.Standing,
    tables.ModelRecord,
    result_tables.Registry,
    result_tables.BoardDefinition,
    result_tables.RegistryTask,
    result_tables.RegistryModel,
    result_tables.ResultFolder,
    result_tables.ResultFile,
    result_tables.ResultTask,
    result_tables.ResultLayout,
    result_tables.ResultContent,
    result_tables.ResultVersion,
)


@dataclass
class LoadReport:
    """What a load did."""

    rows: int = 0
    """Rows that the catalog has now and did not have before, of all sources."""
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
        self.omissions: dict[tuple[str, str], list[SourceError]] = {}
        """By source and place of each document whose newest state was read."""
        self._rows_before = self._count_rows()

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
        self.report.snapshots += load_registries(
            self._connection, self.names, self.snapshots, archive, self.finding
        )

    def results(self, clone: Path, progress: Progress) -> None:
        """Load the clone of the results repository; what of it cannot be read, it tells itself."""
        self.report.contents += load_results(
            self._connection, self.names, self.snapshots, clone, progress
        )

    def finding(self, error: SourceError) -> None:
        """Note what could not be read."""
        self.report.findings.append(error)

    def left_out(self, source: str, place: str, findings: Iterable[SourceError]) -> None:
        """Note what was left out of the newest state of a document, if anything."""
        self.omissions[source, place] = list(findings)

    def finish(self) -> None:
        """Write everything in the order that foreign keys want, then what is derived from it."""
        for part in (self.names, self.snapshots, self._rows, self._standings, self._records):
            part.flush()
        self.report.rows = max(0, self._count_rows() - self._rows_before)

    def _count_rows(self) -> int:
        counts = [select(func.count()).select_from(table_of(t)).scalar_subquery() for t in _COUNTED]
        return int(self._connection.execute(select(reduce(add, counts))).scalar_one())
