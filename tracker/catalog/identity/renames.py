"""Find renames of models in the results repository.

A move is a commit that ends every result file of one model folder and in which nearly all of
their contents appear in another folder. With a copy the first folder keeps its files. Which name a
model has now is answered in :mod:`tracker.catalog.identity.originals`.
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
from tracker.catalog.results.registry_queries import registered_models
from tracker.sources.result_files import HEADER, folder_name

OBSERVED = "observed"
"""Status of a relation that is seen in the history of the results."""
_LEAST_SHARE = 0.9
"""Share of the contents that must appear under the new name; some may change with the move."""


class Move(NamedTuple):
    """A rename of a model."""

    old: str
    """Public id before the move."""
    new: str
    at: str
    n_files: int


def find_moves(connection: Connection) -> list[Move]:
    """Find all moves in the results, oldest first."""
    folders = {id_: name.model for id_, path in _folders(connection) if (name := folder_name(path))}
    n_ended: Counter[tuple[str, str]] = Counter()
    n_left: Counter[tuple[str, str]] = Counter()
    n_moved: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for at, old_folder, new_folder in moved_contents(connection):
        old, new = folders.get(old_folder), folders.get(new_folder)
        if old is not None and new is not None and old != new:
            n_moved[at, old][new] += 1
    moments = {at for at, _ in n_moved}
    for at, folder, ended, left in folder_endings(connection, moments):
        if (model := folders.get(folder)) is not None:
            n_ended[at, model] += ended
            n_left[at, model] += left
    names = _Names(connection, folders)
    moves = []
    # By folder, itself and all folders that were moved to it, directly or in several moves.
    merged: dict[str, set[str]] = defaultdict(set)
    for (at, old), targets in sorted(n_moved.items()):
        new, n_files = max(targets.items(), key=lambda item: (item[1], item[0]))
        if n_left[at, old] or n_files < _LEAST_SHARE * n_ended[at, old]:
            continue
        merged[new] |= merged[old] | {old, new}
        present = names.after(new, at)
        moves += [
            Move(former, present, at, n_files)
            for former in sorted(names.before(old, at))
            if former != present and names.folders_of(former) <= merged[new]
        ]
    return moves


class _Names:
    """Public ids of model folders over their history."""

    def __init__(self, connection: Connection, folders: Mapping[int, str]) -> None:
        self._identities: dict[str, list[tuple[str, str | None, str]]] = defaultdict(list)
        self._folders: dict[str, set[str]] = defaultdict(set)
        for folder, identities in folder_identities(connection).items():
            if (model := folders.get(folder)) is not None:
                self._identities[model] += identities
                for _, _, name in identities:
                    self._folders[name].add(model)

    def before(self, model: str, at: str) -> set[str]:
        """Return all names that a model folder had before a moment."""
        return {name for since, _, name in self._identities[model] if since < at}

    def after(self, model: str, at: str) -> str:
        """Return the name of a model folder from a moment on."""
        current = [
            (since, name)
            for since, until, name in self._identities[model]
            if since <= at and (until is None or until > at)
        ]
        return max(current)[1] if current else model.replace("__", "/", 1)

    def folders_of(self, name: str) -> set[str]:
        """Return all model folders that have or had a name."""
        return self._folders[name]


def _folders(connection: Connection) -> list[tuple[int, str]]:
    table = table_of(result_tables.ResultFolderTable)
    return [tuple(row) for row in connection.execute(select(table.c.id, table.c.path))]


def write_moves(connection: Connection, names: Names) -> None:
    """Store the moves in the results, and add relations for them where no person wrote one.

    Without results the stored moves (those of the starter) stay.
    """
    if has_results(connection):
        _store_moves(connection, names)
    _relate_moved_models(connection)


def _store_moves(connection: Connection, names: Names) -> None:
    moves = {
        (names.model(move.old), names.model(move.new)): move for move in find_moves(connection)
    }
    names.flush()
    connection.execute(delete(table_of(result_tables.ModelMoveTable)))
    ids = Ids(connection, result_tables.ModelMoveTable)
    for (old, new), move in moves.items():
        ids.add(model_id=old, other_id=new, at=move.at, n_files=move.n_files)
    ids.flush()


def _relate_moved_models(connection: Connection) -> None:
    """Relate the names of each move, unless the registry would have two models under them.

    Such a move put right files that were in the wrong folder.
    """
    registered = registered_models(connection)
    relation = table_of(tables.RelationTable)
    written = {
        frozenset(row)
        for row in connection.execute(select(relation.c.model_id, relation.c.other_id))
    }
    relations = Ids(connection, tables.RelationTable)
    # By name: all names that moves connect it with.
    connected: dict[str, set[str]] = defaultdict(set)
    # Latest move first: a model that moved back has its first name again.
    for row in reversed(stored_moves(connection)):
        pair = frozenset((row.model_id, row.other_id))
        if pair in written:
            continue
        names = connected[row.old] | connected[row.new] | {row.old, row.new}
        if len(names & registered) > 1:
            continue
        connected.update(dict.fromkeys(names, names))
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
