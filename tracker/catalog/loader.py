"""The state of one load: ids, snapshots and intervals of all sources, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from pathlib import Path

from orjson import dumps
from sqlalchemy import Connection, func, select

from tracker.catalog import tables
from tracker.catalog.boards.intervals import IntervalTable, NumberCache, StreamIntervals
from tracker.catalog.dialects import dialect_of
from tracker.catalog.ids import Names, table_of
from tracker.catalog.results import tables as result_tables
from tracker.catalog.snapshot_runs import Run, Snapshots, merge
from tracker.common.progress import Progress
from tracker.curated import Curated
from tracker.errors import SourceError
from tracker.snapshots.store import Archive
from tracker.sources.records import BoardRow, BoardState, ModelRecord, Standing

States = Callable[[list[Run]], Iterator[tuple[Run, BoardState]]]
"""Reads the states of some runs; unreadable ones are left out."""

_NOT_PUBLISHED = (None, None)
"""Number of tasks and common tasks of a ranking, which no publisher gives."""

# Tables filled from sources; all others are derived from them or from curated files.
_COUNTED = (
    tables.StreamTable,
    tables.SnapshotTable,
    tables.SeriesTable,
    tables.EditionTable,
    tables.ModelTable,
    tables.ListingTable,
    tables.BoardRowTable,
    tables.StandingTable,
    tables.ModelRecordTable,
    result_tables.RegistryTable,
    result_tables.BoardDefinitionTable,
    result_tables.RegistryTaskTable,
    result_tables.RegistryModelTable,
    result_tables.ResultFolderTable,
    result_tables.ResultFileTable,
    result_tables.ResultTaskTable,
    result_tables.ResultLayoutTable,
    result_tables.ResultContentTable,
    result_tables.ResultVersionTable,
)


@dataclass
class LoadReport:
    """Counts and findings of a load."""

    rows: int = 0
    """Rows added to the tables that sources fill."""
    snapshots: int = 0
    """States of streams that were read."""
    contents: int = 0
    """Result files that were read."""
    boards: int = 0
    """Boards whose states were computed."""
    texts: int = 0
    """Cards, configuration files and papers from which statements were extracted."""
    findings: list[SourceError] = field(default_factory=list)
    """What could not be read; everything else was loaded."""


@dataclass(frozen=True)
class Stored:
    """Where the loader of a source finds what was fetched."""

    archive: Archive
    clone: Path
    """Clone of the source; the folder does not exist if there is none."""
    progress: Progress


class Loader:
    """Loads streams into the transaction of its connection."""

    def __init__(self, connection: Connection, curated: Curated) -> None:
        self.connection = connection
        self.curated = curated
        self.names = Names(connection, curated)
        self.snapshots = Snapshots(connection)
        self._rows = IntervalTable(connection, tables.BoardRowTable)
        self._standings = IntervalTable(connection, tables.StandingTable)
        self._records = IntervalTable(connection, tables.ModelRecordTable)
        self.report = LoadReport()
        self.omissions: dict[tuple[str, str], list[SourceError]] = {}
        """What was left out, by source and place of each document whose newest state was read."""
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
            seen: All sightings in the archive or clone.
            states: Reads the states of some runs.
        """
        known = self.snapshots.of(stream_id)
        loaded = {(run.published_at, run.digest) for run in known if not run.bundled}
        # The archive comes first, so that a repaired moment replaces the stored one.
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
        of_edition: dict[int | None, tuple[NumberCache[BoardRow], NumberCache[Standing]]] = {}
        record_numbers: NumberCache[ModelRecord] = NumberCache(
            lambda record: records.number((self.names.listing(record.listing), record.properties))
        )
        read: set[Run] = set()
        for run, state in states(unread):
            read.add(run)
            edition_id = self.names.edition(state.edition) if state.rows else None
            if edition_id not in of_edition:
                of_edition[edition_id] = self._number_caches(edition_id, rows, standings)
            row_numbers, standing_numbers = of_edition[edition_id]
            at = run.published_at
            rows.assign(at, row_numbers.of(state.rows))
            records.assign(at, record_numbers.of(state.records))
            standings.assign(at, standing_numbers.of((state.standing,) if state.rows else ()))
        for intervals in opened:
            intervals.save()
        unreadable = set(unread) - read
        self.snapshots.save(stream_id, [run for run in wanted if run not in unreadable])
        self.report.snapshots += len(read)

    def _number_caches(
        self, edition_id: int | None, rows: StreamIntervals, standings: StreamIntervals
    ) -> tuple[NumberCache[BoardRow], NumberCache[Standing]]:
        def row_number(row: BoardRow) -> int:
            return rows.number((edition_id, self.names.listing(row.listing), *row[1:]))

        def standing_number(standing: Standing) -> int:
            ids = ",".join(map(str, self.names.listing_ids(standing.listings)))
            ranks = standing.ranks
            encoded = None if ranks is None else f"[{','.join(map(str, ranks))}]"
            points = None if standing.points is None else dumps(standing.points).decode()
            return standings.number((edition_id, f"[{ids}]", encoded, points, *_NOT_PUBLISHED))

        return NumberCache(row_number), NumberCache(standing_number)

    def finding(self, error: SourceError) -> None:
        """Record what could not be read."""
        self.report.findings.append(error)

    def left_out(self, source: str, place: str, findings: Iterable[SourceError]) -> None:
        """Record what was left out of the newest state of a document; may be empty."""
        self.omissions[source, place] = list(findings)

    def finish(self) -> None:
        """Write all rows, in the order of their foreign keys, and count the new ones."""
        for part in (self.names, self.snapshots, self._rows, self._standings, self._records):
            part.flush()
        dialect_of(self.connection).after_bulk(self.connection)
        self.report.rows = max(0, self._count_rows() - self._rows_before)

    def _count_rows(self) -> int:
        counts = [select(func.count()).select_from(table_of(t)).scalar_subquery() for t in _COUNTED]
        return int(self.connection.execute(select(reduce(add, counts))).scalar_one())
