"""Snapshots of a stream as runs: one row per state, from its first to its last sighting."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from tracker.catalog import tables
from tracker.catalog.ids import Ids, table_of


class Run(NamedTuple):
    """One state of a stream, unchanged from its first to its last sighting."""

    published_at: str
    last_seen_at: str
    url: str
    commit: str | None
    digest: str
    bundled: bool
    """Whether it is known only from the starter, without raw bytes."""
    message: str | None = None
    """First line of the commit message."""
    server: str | None = None
    """Server that answered instead of the publisher's own; ``None``: the publisher's."""


_CHANGING = Run._fields[1:]
"""Columns of a stored run that a load may set. Its start is left out: intervals refer to it, and
SQLite would search all of them for each row that sets it, even to the same value."""


def seen_once(at: str, url: str, commit: str | None, digest: str) -> Run:
    """Make a run of a single sighting."""
    return Run(at, at, url, commit, digest, bundled=False)


def merge(runs: Iterable[Run]) -> list[Run]:
    """Merge sightings into runs; their order does not matter.

    Consecutive sightings of the same state are one run. If starter and archive have the same
    moment, the archive counts.
    """
    by_moment: dict[str, Run] = {}
    for run in sorted(runs, key=lambda r: r.bundled):
        by_moment.setdefault(run.published_at, run)
        by_moment.setdefault(run.last_seen_at, run._replace(published_at=run.last_seen_at))
    merged = []
    for _, group in groupby(sorted(by_moment.items()), key=lambda item: item[1].digest):
        members = list(group)
        first = min((run for _, run in members), key=lambda r: (r.bundled, r.published_at))
        # A state seen once on the publisher's own server is attributed to that server.
        is_public = any(run.server is None for _, run in members)
        merged.append(
            first._replace(
                published_at=members[0][0],
                last_seen_at=members[-1][0],
                server=None if is_public else first.server,
            )
        )
    return merged


class Snapshots:
    """The snapshot table during a load."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._table = table_of(tables.SnapshotTable)
        self._ids = Ids(connection, tables.SnapshotTable)
        self._known: dict[int, dict[str, tuple[int, Run]]] = {}
        for id_, stream_id, *run in connection.execute(
            select(
                self._table.c.id,
                self._table.c.stream_id,
                *(self._table.c[name] for name in Run._fields),
            )
        ):
            self._known.setdefault(stream_id, {})[run[0]] = (id_, Run(*run))
        self._moved: list[dict[str, object]] = []
        self._dropped: list[int] = []

    def of(self, stream_id: int) -> list[Run]:
        """Return the stored runs of a stream, oldest first."""
        return [run for _, (_, run) in sorted(self._known.get(stream_id, {}).items())]

    def save(self, stream_id: int, runs: list[Run]) -> None:
        """Replace the runs of a stream."""
        known = self._known.get(stream_id, {})
        kept: dict[str, tuple[int, Run]] = {}
        for run in runs:
            if run.published_at not in known:
                id_ = self._ids.add(stream_id=stream_id, **run._asdict())
            else:
                id_, before = known[run.published_at]
                if before != run:
                    changed = zip(_CHANGING, run[1:], strict=True)
                    self._moved.append({"b_id": id_} | {f"b_{name}": v for name, v in changed})
            kept[run.published_at] = (id_, run)
        self._dropped += [id_ for at, (id_, _) in known.items() if at not in kept]
        self._known[stream_id] = kept

    def flush(self) -> None:
        """Write the changes."""
        table = self._table
        # New rows come first: while references to a deleted row are open, SQLite looks through all
        # rows that may refer to a new one.
        self._ids.flush()
        if self._dropped:
            self._connection.execute(
                delete(table).where(table.c.id == bindparam("b_id")),
                [{"b_id": id_} for id_ in self._dropped],
            )
        if self._moved:
            self._connection.execute(
                update(table)
                .where(table.c.id == bindparam("b_id"))
                .values(**{name: bindparam(f"b_{name}") for name in _CHANGING}),
                self._moved,
            )
        self._dropped, self._moved = [], []
