"""Parse the blobs of the results repository into contents; each blob is read once."""

from __future__ import annotations

from hashlib import sha256
from itertools import chain
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, and_, or_, select, update

from tracker.catalog.ids import Ids, KeyedIds, insert_rows, table_of
from tracker.catalog.results import tables
from tracker.common.progress import Progress
from tracker.errors import SourceError, one_line
from tracker.sources import result_files
from tracker.sources.result_files import Kind, MainMetrics, ReadBlobs

_T = TypeVar("_T")
_REPORT_EVERY = 500
"""Blobs between two calls of the progress callback."""
ROWS_PER_INSERT = 20_000
"""Rows that are written together: enough for speed, few enough for memory."""


class ContentReader:
    """Gives blobs their content ids, and parses new blobs in the order of history."""

    def __init__(self, connection: Connection, blobs: ReadBlobs, main_metrics: MainMetrics) -> None:
        self._connection = connection
        self._blobs = blobs
        self._main_metrics = main_metrics
        self._ids = Ids(connection, tables.ResultContentTable)
        self._table = table_of(tables.ResultContentTable)
        t = self._table
        # Bytes take half the memory of hexadecimal text; there are hundreds of thousands.
        self._known: dict[Kind, dict[bytes, int]] = {"scores": {}, "metadata": {}, "other": {}}
        self._next = 1
        for id_, blob, kind in connection.execute(select(t.c.id, t.c.blob, t.c.kind)):
            self._known[kind][bytes.fromhex(blob)] = id_
            self._next = max(self._next, id_ + 1)
        self._unread: list[tuple[int, Kind, bytes]] = []
        self._layouts = KeyedIds(connection, tables.ResultLayoutTable, "digest")
        self._tasks = KeyedIds(connection, tables.ResultTaskTable, "name")
        self._layout_ids: dict[tuple[tuple[str, str], ...], int] = {}

    def id(self, blob: str, kind: Kind) -> int:
        """Return the id of a blob's content; a new blob is queued for :meth:`read`."""
        known, key = self._known[kind], bytes.fromhex(blob)
        found = known.get(key)
        if found is None:
            found = known[key] = self._next
            self._next += 1
            self._unread.append((found, kind, key))
        return found

    def tasks(self) -> dict[int, int]:
        """Return the task id of each content that has one."""
        t = self._table
        rows = self._connection.execute(select(t.c.id, t.c.task_id))
        return {id_: task for id_, task in map(tuple, rows) if task is not None}

    def read(self, progress: Progress) -> int:
        """Parse and write the queued blobs; returns their number."""
        unread, self._unread = self._unread, []
        rows: list[tuple[Any, ...]] = []
        # Files of other kinds are not read: some are large.
        others = [(id_, key.hex(), kind, None) for id_, kind, key in unread if kind == "other"]
        wanted = _alternating([item for item in unread if item[1] != "other"])
        bodies = self._blobs([key.hex() for _, _, key in wanted])
        read = (
            (id_, blob, kind, body)
            for (id_, kind, _), (blob, body) in zip(wanted, bodies, strict=True)
        )
        for count, (id_, blob, kind, body) in enumerate(chain(others, read)):
            if count % _REPORT_EVERY == 0:
                progress("reading result files", count, len(unread))
            rows.append((id_, blob, kind, *self._parsed(kind, body, blob)))
            if len(rows) >= ROWS_PER_INSERT:
                self._write(rows)
                rows = []
        self._write(rows)
        return len(unread)

    def _write(self, rows: list[tuple[Any, ...]]) -> None:
        self._layouts.flush()
        self._tasks.flush()
        insert_rows(self._connection, tables.ResultContentTable, rows)

    def read_again(self) -> int:
        """Parse again what was unavailable, or parsed before the registry had its task.

        Returns:
            The number of contents that changed.
        """
        waiting = self._waiting()
        bodies = self._blobs([row[1] for row in waiting])
        changed = []
        for id_, blob, kind, outcome in waiting:
            values = self._parsed(kind, next(bodies)[1], blob)
            if values[0] not in ("unavailable", outcome) or values[0] == "read":
                changed.append((id_, values))
        self._layouts.flush()
        self._tasks.flush()
        version = table_of(tables.ResultVersionTable)
        for id_, values in changed:
            by_column = dict(zip(self._ids.columns[2:], values, strict=True))
            self._connection.execute(
                update(self._table).where(self._table.c.id == id_).values(**by_column)
            )
            self._connection.execute(
                update(version)
                .where(version.c.content_id == id_)
                .values(task_id=by_column["task_id"])
            )
        return len(changed)

    def _waiting(self) -> list[tuple[Any, ...]]:
        """Return id, blob, kind and outcome of the contents that may be parsed differently now."""
        t, task = self._table, table_of(tables.ResultTaskTable)
        is_canonical = {
            id_: known[0] == name
            for id_, name in map(tuple, self._connection.execute(select(task.c.id, task.c.name)))
            if (known := self._main_metrics.get(name.lower()))
        }
        misspelt = [
            id_ for id_, is_registered_name in is_canonical.items() if not is_registered_name
        ]
        rows = self._connection.execute(
            select(t.c.id, t.c.blob, t.c.kind, t.c.outcome).where(
                or_(
                    t.c.outcome == "unavailable",
                    and_(t.c.outcome == "untold", t.c.task_id.in_(is_canonical)),
                    and_(t.c.format == "1.0", t.c.task_id.in_(misspelt)),
                )
            )
        )
        return [tuple(row) for row in rows]

    def _parsed(self, kind: Kind, body: bytes | None, place: str) -> tuple[Any, ...]:
        """Return the values of all columns of a content from ``outcome`` on."""
        nothing = (None,) * 7
        if kind == "other":
            return ("unread", None, *nothing, None)
        if body is None:
            return ("unavailable", "the clone lacks this object", *nothing, None)
        try:
            if kind == "metadata":
                properties = orjson.dumps(
                    result_files.parse_metadata(body, place)._asdict(),
                    option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS,
                ).decode()
                return ("read", None, *nothing, properties)
            found = result_files.parse_scores(body, place, self._main_metrics)
        except result_files.UnknownMetricError as error:
            task = self._tasks.id(error.task, name=error.task)
            return ("untold", error.cause, "1.0", task, *nothing[2:], None)
        except SourceError as error:
            return ("unreadable", error.cause, *nothing, None)
        except Exception as error:  # an error of the parser must not stop a load
            cause = f"{type(error).__name__}: {one_line(error)[:200]}"
            return ("unreadable", cause, *nothing, None)
        return (
            "read",
            None,
            found.format,
            self._tasks.id(found.task, name=found.task),
            found.mteb_version,
            found.dataset_revision,
            found.evaluation_time,
            self._layout(found.cells),
            orjson.dumps(found.scores).decode(),
            None,
        )

    def _layout(self, cells: tuple[tuple[str, str], ...]) -> int:
        layout = self._layout_ids.get(cells)
        if layout is None:
            encoded = orjson.dumps(cells).decode()
            digest = sha256(encoded.encode()).hexdigest()
            layout = self._layouts.id(digest, digest=digest, cells=encoded)
            self._layout_ids[cells] = layout
        return layout


def _alternating(items: list[_T]) -> list[_T]:
    """Interleave the first and second half, so that each git process reads one part of history."""
    half = (len(items) + 1) // 2
    mixed = items[:]
    mixed[::2], mixed[1::2] = items[:half], items[half:]
    return mixed
