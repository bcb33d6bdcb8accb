"""Update the computed states of boards: intervals of rows and of rankings.

They are in the same tables as published states, under the stream of the result files. Results
after the last known state extend it; if anything before it or the registry changed, the board is
computed again from the beginning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import orjson
from sqlalchemy import Connection, select, update

from tracker.catalog.boards.state_inputs import Board, Inputs, StoredEnd
from tracker.catalog.boards.state_rows import StateWriter
from tracker.catalog.ids import Ids, Names, table_of
from tracker.catalog.queries import all_rows
from tracker.catalog.results import tables as result_tables
from tracker.catalog.results.queries import defined_editions, has_results
from tracker.catalog.results.registry_queries import StoredRegistry, definition_of
from tracker.common.progress import Progress, silent
from tracker.sources.result_files import HEADER, STREAM


def update_states(connection: Connection, names: Names, progress: Progress = silent) -> int:
    """Compute the states that the catalog does not have yet.

    Without results nothing happens: the states of the starter stay.

    Args:
        connection: The transaction of the load, with results, registries and relations.
        names: Gives models and listings their ids.
        progress: Progress callback.

    Returns:
        The number of boards that were computed.
    """
    moments = _moments(connection)
    if not moments or not has_results(connection):
        return 0
    stream_id = names.stream(HEADER.id, STREAM)
    editions = sorted(defined_editions(connection))
    boards = [Board(id_, *found) for id_ in editions if (found := definition_of(connection, id_))]
    stored = _stored(connection)
    by_registry: dict[StoredRegistry, list[Board]] = defaultdict(list)
    for board in boards:
        by_registry[board.registry].append(board)
    n_computed = 0
    for registry, of_registry in by_registry.items():
        inputs = Inputs(connection, registry, of_registry)
        since = {
            board: inputs.valid_until(board, stored.get(board.edition_id)) for board in of_registry
        }
        due = _due(inputs, since)
        failed = []
        for count, board in enumerate(due):
            progress("computing boards", count, len(due))
            writer = StateWriter(connection, names, stream_id, board.edition_id)
            states = inputs.states(board, since[board])
            if not since[board]:
                writer.replace(states)
            elif not writer.extend(states, since[board]):
                failed.append(board)
        # Stored states that are not those of their inputs are computed from the beginning.
        for board in _due(inputs, dict.fromkeys(failed, "")):
            writer = StateWriter(connection, names, stream_id, board.edition_id)
            writer.replace(inputs.states(board))
        for board in of_registry:
            _write_end(connection, board, inputs, moments[-1])
        n_computed += len(due)
    return n_computed


def _due(inputs: Inputs, since: Mapping[Board, str]) -> list[Board]:
    """Read what the boards need whose results change after a moment; ``""`` is the beginning.

    Returns:
        These boards.
    """
    changed = [b for b, at in since.items() if not at or inputs.has_changed_files(b, at)]
    inputs.read_results(changed, [since[board] for board in changed])
    due = [b for b in changed if not since[b] or inputs.has_changes(b, since[b])]
    inputs.read_scores(due)
    return due


def _moments(connection: Connection) -> list[str]:
    """Return the moments of the commits whose files the catalog has."""
    found = all_rows(
        connection,
        "select n.published_at from snapshot n join stream s on s.id = n.stream_id"
        " where s.source = :source and not n.bundled order by 1",
        source=HEADER.id,
    )
    return [row[0] for row in found]


def _stored(connection: Connection) -> dict[int, StoredEnd]:
    found = all_rows(connection, "select edition_id, registry_id, until, inputs from board_state")
    return {row[0]: StoredEnd(*row[1:]) for row in found}


def _write_end(connection: Connection, board: Board, inputs: Inputs, until: str) -> None:
    """Store end and inputs of a board's states."""
    table = table_of(result_tables.BoardStateTable)
    values = {
        "registry_id": board.registry.id,
        "until": until,
        "inputs": inputs.digest(board, until),
        "unattributed": orjson.dumps(inputs.unattributed(board)).decode(),
        "unavailable": orjson.dumps(inputs.unavailable(board)).decode(),
    }
    known = connection.execute(
        select(table.c.id).where(table.c.edition_id == board.edition_id)
    ).scalar()
    if known is None:
        ids = Ids(connection, result_tables.BoardStateTable)
        ids.add(edition_id=board.edition_id, **values)
        ids.flush()
    else:
        connection.execute(update(table).where(table.c.id == known).values(**values))
