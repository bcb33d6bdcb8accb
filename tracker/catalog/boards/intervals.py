"""Read the stored intervals of one stream, assign states to it, and write what changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlmodel import SQLModel

from tracker.catalog.boards.timeline import Span, Timeline
from tracker.catalog.ids import Ids, table_of

Item = TypeVar("Item", bound=Hashable)
_OWN = ["stream_id", "valid_from", "valid_to"]
"""Last columns of each interval table."""


class IntervalTable:
    """A table of intervals; a value is the tuple of all other columns."""

    def __init__(self, connection: Connection, model: type[SQLModel]) -> None:
        self._connection = connection
        self._table = table_of(model)
        self._ids = Ids(connection, model)
        self.columns = self._ids.columns[: -len(_OWN)]
        assert self._ids.columns[-len(_OWN) :] == _OWN

    def open(self, stream_id: int, moments: list[str], *, fresh: bool) -> StreamIntervals:
        """Read the intervals of one stream, to assign new states.

        Args:
            stream_id: The stream.
            moments: Starts of its stored snapshots.
            fresh: Whether the catalog has no rows of it, which saves a query.
        """
        rows: list[Any] = []
        if not fresh:
            t = self._table
            chosen = [t.c.id, t.c.valid_from, t.c.valid_to, *(t.c[name] for name in self.columns)]
            query = select(*chosen).where(t.c.stream_id == stream_id)
            rows = [tuple(row) for row in self._connection.execute(query)]
        return StreamIntervals(self, stream_id, moments, rows)

    def write(
        self,
        stream_id: int,
        new: list[tuple[tuple[Any, ...], Span]],
        moved: list[tuple[int, Span]],
        dropped: list[int],
    ) -> None:
        """Write the changes of one stream.

        Args:
            stream_id: The stream.
            new: Values with new intervals.
            moved: Ids of stored intervals with new bounds.
            dropped: Ids of intervals to delete.
        """
        if dropped:
            self._connection.execute(
                delete(self._table).where(self._table.c.id == bindparam("b_id")),
                [{"b_id": id_} for id_ in dropped],
            )
        if moved:
            self._connection.execute(
                update(self._table)
                .where(self._table.c.id == bindparam("b_id"))
                .values(valid_from=bindparam("b_from"), valid_to=bindparam("b_to")),
                [{"b_id": id_, "b_from": s.start, "b_to": s.end} for id_, s in moved],
            )
        for value, span in new:
            self._ids.add_values((*value, stream_id, *span))

    def flush(self) -> None:
        """Insert what was noted."""
        self._ids.flush()


class StreamIntervals:
    """The intervals of one stream in one table, during a load.

    Values are numbered, so that boards are compared as sets of small integers.
    """

    def __init__(
        self, table: IntervalTable, stream_id: int, moments: list[str], rows: list[Any]
    ) -> None:
        self._interval_table = table
        self._stream_id = stream_id
        self._values: list[tuple[Any, ...]] = []
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._stored: dict[int, list[tuple[int, Span]]] = {}
        intervals = []
        for id_, start, end, *value in rows:
            number = self.number(tuple(value))
            self._stored.setdefault(number, []).append((id_, Span(start, end)))
            intervals.append((number, start, end))
        self._timeline: Timeline[int] = Timeline(moments, intervals)

    def number(self, value: tuple[Any, ...]) -> int:
        """Return the number of a value in this stream."""
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self._values)
            self._values.append(value)
        return number

    def assign(self, at: str, numbers: set[int]) -> None:
        """Set the state at a moment to exactly these values."""
        self._timeline.assign(at, numbers)

    def forget(self, at: str) -> None:
        """Drop a stored moment; see ``Timeline.forget``."""
        self._timeline.forget(at)

    def save(self) -> None:
        """Write the changed intervals to the table."""
        new: list[tuple[tuple[Any, ...], Span]] = []
        moved: list[tuple[int, Span]] = []
        dropped: list[int] = []
        for number in sorted(self._timeline.changed):
            if number not in self._stored:
                new += [(self._values[number], span) for span in self._timeline.spans(number)]
                continue
            stored = {span: id_ for id_, span in self._stored[number]}
            wanted = [s for s in self._timeline.spans(number) if stored.pop(s, None) is None]
            spare = list(stored.values())
            for span in wanted:
                if spare:
                    moved.append((spare.pop(), span))
                else:
                    new.append((self._values[number], span))
            dropped += spare
        self._interval_table.write(self._stream_id, new, moved, dropped)


class NumberCache(Generic[Item]):
    """Cache of the numbers of items; successive states of a board have most rows in common.

    Args:
        number: Returns the number of a new item.
    """

    def __init__(self, number: Callable[[Item], int]) -> None:
        self._number = number
        self._known: dict[Item, int] = {}

    def of(self, items: tuple[Item, ...]) -> set[int]:
        """Return the numbers of the items of a state."""
        found = list(map(self._known.get, items))
        for at in [at for at, number in enumerate(found) if number is None]:
            found[at] = self._known[items[at]] = self._number(items[at])
        return cast("set[int]", set(found))
