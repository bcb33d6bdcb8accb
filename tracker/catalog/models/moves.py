"""Renames of models that the results repository shows: a folder's contents under another name.

A move is a commit in which every result file of one model folder ends and nearly all of their
contents appear below another folder. A copy is not: there the first folder keeps its files.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from tracker.catalog import tables
from tracker.catalog.ids import Ids, Names, table_of
from tracker.catalog.results import tables as result_tables
from tracker.catalog.results.queries import (
    folder_endings,
    folder_identities,
    has_results,
    moved_contents,
    stored_moves,
)
from tracker.sources.result_files import HEADER, folder_name

OBSERVED = "observed"
"""Status of a relation that the history of the results shows."""
_LEAST_SHARE = 0.9
"""Share of the contents that must appear under the new name: some may change with the move."""


class Move(NamedTuple):
    """One model folder became another one."""

    old: str
    """Public id before the move."""
    new: str
    at: str
    n_files: int


def find_moves(connection: Connection) -> list[Move]:
    """All moves that the results show, in the order of time."""
    folders = {id_: name.model for id_, path in _folders(connection) if (name := folder_name(path))}
    ended: Counter[tuple[str, str]] = Counter()
    standing: Counter[tuple[str, str]] = Counter()
    passed: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for at, old_folder, new_folder in moved_contents(connection):
        old, new = folders.get(old_folder), folders.get(new_folder)
        if old is not None and new is not None and old != new:
            passed[at, old][new] += 1
    moments = {at for at, _ in passed}
    for at, folder, n_ended, n_standing in folder_endings(connection, moments):
        if (model := folders.get(folder)) is not None:
            ended[at, model] += n_ended
            standing[at, model] += n_standing
    names = _Names(connection, folders)
    moves = []
    kin: dict[str, set[str]] = defaultdict(set)  # folders that became a folder, one after the other
    for (at, old), targets in sorted(passed.items()):
        new, n_files = max(targets.items(), key=lambda item: (item[1], item[0]))
        if standing[at, old] or n_files < _LEAST_SHARE * ended[at, old]:
            continue
        kin[new] |= kin[old] | {old, new}
        present = names.after(new, at)
        moves += [
            Move(former, present, at, n_files)
            for former in sorted(names.before(old, at))
            if former != present and names.folders_of(former) <= kin[new]
        ]
    return moves


class _Names:
    """Public ids that the folders of models had through time."""

    def __init__(self, connection: Connection, folders: Mapping[int, str]) -> None:
        self._told: dict[str, list[tuple[str, str | None, str]]] = defaultdict(list)
        self._folders: dict[str, set[str]] = defaultdict(set)
        for folder, told in folder_identities(connection).items():
            if (model := folders.get(folder)) is not None:
                self._told[model] += told
                for _, _, name in told:
                    self._folders[name].add(model)

    def before(self, model: str, at: str) -> set[str]:
        """All names that a model folder had before a moment."""
        return {name for since, _, name in self._told[model] if since < at}

    def after(self, model: str, at: str) -> str:
        """The name that it has from a moment on."""
        told = [
            (since, name)
            for since, until, name in self._told[model]
            if since <= at and (until is None or until > at)
        ]
        return max(told)[1] if told else model.replace("__", "/", 1)

    def folders_of(self, name: str) -> set[str]:
        """Model folders that ever had a name: a name of other folders is another model's, too."""
        return self._folders[name]


def _folders(connection: Connection) -> list[tuple[int, str]]:
    table = table_of(result_tables.ResultFolderTable)
    return [tuple(row) for row in connection.execute(select(table.c.id, table.c.path))]


def write_moves(connection: Connection, names: Names) -> None:
    """Store the moves that the results show, and relate the names below what people wrote.

    Without results the stored moves stay: those of the starter.
    """
    table = table_of(result_tables.ModelMoveTable)
    if has_results(connection):
        moves = {
            (names.model(move.old), names.model(move.new)): move for move in find_moves(connection)
        }
        names.flush()
        connection.execute(delete(table))
        ids = Ids(connection, result_tables.ModelMoveTable)
        for (old, new), move in moves.items():
            ids.add(model_id=old, other_id=new, at=move.at, n_files=move.n_files)
        ids.flush()
    relation = table_of(tables.RelationTable)
    written = {
        frozenset(row)
        for row in connection.execute(select(relation.c.model_id, relation.c.other_id))
    }
    relations = Ids(connection, tables.RelationTable)
    # The last move first: a name that came back is the present one again.
    for row in reversed(stored_moves(connection)):
        pair = frozenset((row.model_id, row.other_id))
        if pair in written:
            continue
        written.add(pair)
        relations.add(
            model_id=row.model_id,
            other_id=row.other_id,
            kind="moved",
            status=OBSERVED,
            reason_en=f"On {row.at[:10]} all result files of {row.old} went to {row.new} in one"
            f" commit ({row.n_files} files with the same contents).",
            reason_zh=f"{row.at[:10]}，{row.old} 的全部结果文件在同一次提交中移至 {row.new}"
            f"（{row.n_files} 个文件内容相同）。",
            since=row.at[:10],
            source=row.url or HEADER.home,
        )
    relations.flush()
