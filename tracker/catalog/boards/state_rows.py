"""Write the computed states of one board as intervals."""

from __future__ import annotations

from array import array
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, select, update

from tracker.catalog import tables
from tracker.catalog.ids import Ids, Names, table_of
from tracker.ranking.states import BoardStates, Ranking, RowKey
from tracker.sources import records

_Rows = list[tuple[Any, ...]]


class StateWriter:
    """Writes the states of one board."""

    def __init__(
        self, connection: Connection, names: Names, stream_id: int, edition_id: int
    ) -> None:
        self._connection = connection
        self._names = names
        self._stream_id = stream_id
        self._edition_id = edition_id
        self._listings: dict[RowKey, int] = {}

    def replace(self, states: BoardStates) -> None:
        """Replace all stored states."""
        for model in (tables.BoardRowTable, tables.StandingTable):
            table = table_of(model)
            self._connection.execute(
                delete(table).where(
                    table.c.edition_id == self._edition_id,
                    table.c.stream_id == self._stream_id,
                )
            )
        rows, standings = self._tuples(states)
        self._insert(rows, standings)

    def extend(self, states: BoardStates, since: str) -> bool:
        """Append the states after a moment whose state is stored.

        Args:
            states: All states from that moment on.
            since: The moment.

        Returns:
            Whether the first of the states equals the stored one; otherwise nothing is written.
        """
        rows, standings = self._tuples(states)
        done = []
        for model, new in ((tables.BoardRowTable, rows), (tables.StandingTable, standings)):
            stored = self._open(model)
            first = {row[:-3]: row for row in new if row[-2] == since}
            if stored.keys() != first.keys():
                return False
            ended = [
                {"b_id": stored[key], "b_to": row[-1]}
                for key, row in first.items()
                if row[-1] is not None
            ]
            done.append((model, ended))
        for model, ended in done:
            if ended:
                table = table_of(model)
                self._connection.execute(
                    update(table)
                    .where(table.c.id == bindparam("b_id"))
                    .values(valid_to=bindparam("b_to")),
                    ended,
                )
        self._insert(
            [row for row in rows if row[-2] != since],
            [row for row in standings if row[-2] != since],
        )
        return True

    def _open(self, model: Any) -> dict[tuple[Any, ...], int]:
        """Return the ids of the open intervals, by their values."""
        table = table_of(model)
        ids = Ids(self._connection, model)
        columns = [table.c[name] for name in ids.columns[:-3]]
        found = self._connection.execute(
            select(table.c.id, *columns).where(
                table.c.edition_id == self._edition_id,
                table.c.stream_id == self._stream_id,
                table.c.valid_to.is_(None),
            )
        )
        return {tuple(row)[1:]: row[0] for row in found}

    def _insert(self, rows: _Rows, standings: _Rows) -> None:
        self._names.flush()
        for model, new in ((tables.BoardRowTable, rows), (tables.StandingTable, standings)):
            ids = Ids(self._connection, model)
            for values in new:
                ids.add_values(values)
            ids.flush()

    def _tuples(self, states: BoardStates) -> tuple[_Rows, _Rows]:
        """Return rows and rankings as tuples of all columns but the id, in table order."""
        edition, stream = self._edition_id, self._stream_id
        rows: _Rows = [
            (
                edition,
                self._listing(row.key),
                row.values.mean_task,
                row.values.mean_task_type,
                row.values.mean_public,
                row.values.mean_private,
                orjson.dumps(dict(row.values.task_types)).decode(),
                None,
                row.values.n_tasks,
                row.values.zero_shot_pct,
                None,
                stream,
                row.since,
                row.until,
            )
            for row in states.rows
        ]
        standings: _Rows = [self._standing(ranking) for ranking in states.rankings]
        return rows, standings

    def _standing(self, ranking: Ranking) -> tuple[Any, ...]:
        # A ranked row has an interval of its own, so its listing is known.
        listings = list(map(self._listings.__getitem__, ranking.rows))
        ranks = ranking.ranks.tolist()
        is_gapless = ranks == list(range(1, len(ranks) + 1))
        common = None
        if ranking.common is not None:
            common = orjson.dumps(ranking.common._asdict()).decode()
        return (
            self._edition_id,
            orjson.dumps(listings).decode(),
            None if is_gapless else orjson.dumps(ranks).decode(),
            None if ranking.points is None else _compact(ranking.points),
            ranking.n_tasks,
            common,
            self._stream_id,
            ranking.since,
            ranking.until,
        )

    def _listing(self, key: RowKey) -> int:
        found = self._listings.get(key)
        if found is None:
            label = f"{key.name} {key.experiment}" if key.experiment else key.name
            found = self._names.listing(records.Listing(key.name, label, ""))
            self._listings[key] = found
        return found


def _compact(points: array[float]) -> str:
    """Return a JSON list; whole numbers, which most points are, have no fraction."""
    return orjson.dumps(points.tolist()).replace(b".0,", b",").replace(b".0]", b"]").decode()
