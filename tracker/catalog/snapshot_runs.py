"""Snapshots of a stream as runs: one row a state, from its first sighting to its last."""

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
    """Known from the starter only: there are no raw bytes to read it from."""
    message: str | None = None
    """First line of a commit's message."""
    server: str | None = None
    """Who answered instead of the publisher's own server."""


def seen_once(at: str, url: str, commit: str | None, digest: str) -> Run:
    """A single sighting."""
    return Run(at, at, url, commit, digest, bundled=False)


def merge(runs: Iterable[Run]) -> list[Run]:
    """The runs that all these sightings make, whatever their order.

    A state that stands at several sightings in a row is one run; where the starter and the
    archive know the same moment, the archive speaks.
    """
    by_moment: dict[str, Run] = {}
    for run in sorted(runs, key=lambda r: r.bundled):
        by_moment.setdefault(run.published_at, run)
        by_moment.setdefault(run.last_seen_at, run._replace(published_at=run.last_seen_at))
    merged = []
    for _, group in groupby(sorted(by_moment.items()), key=lambda item: item[1].digest):
        members = list(group)
        whole = min((run for _, run in members), key=lambda r: (r.bundled, r.published_at))
        # A state that the publisher's own server showed once is its own.
        is_public = any(run.server is None for _, run in members)
        merged.append(
            whole._replace(
                published_at=members[0][0],
                last_seen_at=members[-1][0],
                server=None if is_public else whole.server,
            )
        )
    return merged


class Snapshots:
    """The snapshot table while it is loaded."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._table = table_of(tables.Snapshot)
        self._ids = Ids(connection, tables.Snapshot)
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
        """The runs that the catalog has of a stream, oldest first."""
        return [run for _, (_, run) in sorted(self._known.get(stream_id, {}).items())]

    def save(self, stream_id: int, runs: list[Run]) -> None:
        """Make these the runs of a stream."""
        known = self._known.get(stream_id, {})
        kept: dict[str, tuple[int, Run]] = {}
        for run in runs:
            if run.published_at not in known:
                id_ = self._ids.add(stream_id=stream_id, **run._asdict())
            else:
                id_, before = known[run.published_at]
                if before != run:
                    self._moved.append(
                        {"b_id": id_, **{f"b_{k}": v for k, v in run._asdict().items()}}
                    )
            kept[run.published_at] = (id_, run)
        self._dropped += [id_ for at, (id_, _) in known.items() if at not in kept]
        self._known[stream_id] = kept

    def flush(self) -> None:
        """Write what changed."""
        table = self._table
        if self._dropped:
            self._connection.execute(
                delete(table).where(table.c.id == bindparam("b_id")),
                [{"b_id": id_} for id_ in self._dropped],
            )
        if self._moved:
            self._connection.execute(
                update(table)
                .where(table.c.id == bindparam("b_id"))
                .values(**{name: bindparam(f"b_{name}") for name in Run._fields}),
                self._moved,
            )
        self._dropped, self._moved = [], []
        self._ids.flush()
