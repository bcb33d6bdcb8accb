"""The state of one load: ids, snapshots and intervals of all sources, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from pathlib import Path

from orjson import dumps
from sqlalchemy import Connection, func, select

from tracker.catalog import tables
from tracker.catalog.boards.intervals import IntervalTable, NumberCache
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


class _StreamStates:
    """Assigns states to the intervals of one stream, in all three tables.

    Args:
        loader: The load.
        stream_id: The stream.
        moments: Starts of its stored snapshots.
    """

    def __init__(self, loader: Loader, stream_id: int, moments: list[str]) -> None:
        self._names = loader.names
        self._moments = set(moments)
        opened = [t.open(stream_id, moments, fresh=not moments) for t in loader.interval_tables]
        self._tables = opened
        self._rows, self._standings, self._records = opened
        self._of_edition: dict[int | None, tuple[NumberCache[BoardRow], NumberCache[Standing]]] = {}
        self._record_numbers: NumberCache[ModelRecord] = NumberCache(self._record_number)

    def assign(self, at: str, state: BoardState) -> None:
        """Set the state at a moment."""
        edition_id = self._names.edition(state.edition) if state.rows else None
        if edition_id not in self._of_edition:
            self._of_edition[edition_id] = self._number_caches(edition_id)
        row_numbers, standing_numbers = self._of_edition[edition_id]
        self._rows.assign(at, row_numbers.of(state.rows))
        self._records.assign(at, self._record_numbers.of(state.records))
        self._standings.assign(at, standing_numbers.of((state.standing,) if state.rows else ()))
        self._moments.add(at)

    def save(self, moments: Collection[str]) -> None:
        """Write what changed.

        Args:
            moments: Starts of the snapshots that the stream has now. A stored one is not among
                them if the same state has been seen earlier: its run begins there.
        """
        for gone in sorted(self._moments.difference(moments)):
            for table in self._tables:
                table.forget(gone)
        for table in self._tables:
            table.save()

    def _number_caches(
        self, edition_id: int | None
    ) -> tuple[NumberCache[BoardRow], NumberCache[Standing]]:
        def row_number(row: BoardRow) -> int:
            return self._rows.number((edition_id, self._names.listing(row.listing), *row[1:]))

        def standing_number(standing: Standing) -> int:
            ids = ",".join(map(str, self._names.listing_ids(standing.listings)))
            ranks = standing.ranks
            encoded = None if ranks is None else f"[{','.join(map(str, ranks))}]"
            points = None if standing.points is None else dumps(standing.points).decode()
            return self._standings.number(
                (edition_id, f"[{ids}]", encoded, points, *_NOT_PUBLISHED)
            )

        return NumberCache(row_number), NumberCache(standing_number)

    def _record_number(self, record: ModelRecord) -> int:
        return self._records.number((self._names.listing(record.listing), record.properties))


class Loader:
    """Loads streams into the transaction of its connection."""

    def __init__(self, connection: Connection, curated: Curated) -> None:
        self.connection = connection
        self.curated = curated
        self.names = Names(connection, curated)
        self.snapshots = Snapshots(connection)
        self.interval_tables = [
            IntervalTable(connection, model)
            for model in (tables.BoardRowTable, tables.StandingTable, tables.ModelRecordTable)
        ]
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
        seen, known = list(seen), self.snapshots.of(stream_id)
        moments = [run.published_at for run in known]
        read = {(run.published_at, run.digest) for run in known if not run.bundled}
        unreadable: set[str] = set()
        states_of: _StreamStates | None = None
        while True:
            # The archive comes first, so that a repaired moment replaces the stored one. What it
            # has and nobody can read replaces nothing.
            wanted = merge([*(run for run in seen if run.digest not in unreadable), *known])
            unread = [r for r in wanted if not r.bundled and (r.published_at, r.digest) not in read]
            if not unread:
                break
            states_of = states_of or _StreamStates(self, stream_id, moments)
            found = set()
            for run, state in states(unread):
                states_of.assign(run.published_at, state)
                found.add((run.published_at, run.digest))
            read |= found
            unreadable |= {r.digest for r in unread if (r.published_at, r.digest) not in found}
            self.report.snapshots += len(found)
        if states_of is not None:
            states_of.save([run.published_at for run in wanted])
        self.snapshots.save(stream_id, wanted)

    def finding(self, error: SourceError) -> None:
        """Record what could not be read."""
        self.report.findings.append(error)

    def left_out(self, source: str, place: str, findings: Iterable[SourceError]) -> None:
        """Record what was left out of the newest state of a document; may be empty."""
        self.omissions[source, place] = list(findings)

    def finish(self) -> None:
        """Write all rows, in the order of their foreign keys, and count the new ones."""
        self.names.flush()
        self.snapshots.flush()
        for table in self.interval_tables:
            table.flush()
        dialect_of(self.connection).after_bulk(self.connection)
        self.report.rows = max(0, self._count_rows() - self._rows_before)

    def _count_rows(self) -> int:
        counts = [select(func.count()).select_from(table_of(t)).scalar_subquery() for t in _COUNTED]
        return int(self.connection.execute(select(reduce(add, counts))).scalar_one())
