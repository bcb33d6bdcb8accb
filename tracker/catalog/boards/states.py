"""Update the computed states of boards: intervals of rows and of rankings.

They are in the same tables as published states, under the stream of the result files. Results
after the last known state extend it; if anything before it or the registry changed, the board is
computed again from the beginning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson
import polars as pl
from sqlalchemy import Connection, insert, select, update

from tracker.catalog.boards.state_rows import StateWriter
from tracker.catalog.ids import Names, table_of
from tracker.catalog.models.originals import present_names
from tracker.catalog.queries import all_rows
from tracker.catalog.results import tables as result_tables
from tracker.catalog.results.queries import defined_editions, has_results, unavailable_files
from tracker.catalog.results.raw_scores import (
    RawScores,
    RegisteredModels,
    holding_at,
    lowest_scores,
    read_contents,
    read_files,
    read_layouts,
    with_present_names,
)
from tracker.catalog.results.registry_queries import StoredRegistry, definition_of
from tracker.common.progress import Progress, silent
from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.recompute import ComputedBoard, recompute
from tracker.ranking.states import (
    BoardStates,
    Ranking,
    RowInterval,
    RowKey,
    RowValues,
    board_states,
)
from tracker.ranking.task_scores import SelectedScores, select_scores
from tracker.ranking.task_state import ContentScore
from tracker.ranking.timelines import ResultFileVersion, TaskResult, task_results
from tracker.sources.result_files import HEADER, STREAM

RULES = "1"
"""Version of the rules; a new version computes every board again."""
_OPEN = "9"
"""Sorts after every moment; stands for the end of an open interval."""


class _Board(NamedTuple):
    """A board to compute."""

    edition_id: int
    registry: StoredRegistry
    definition: BenchmarkDefinition

    @property
    def tasks(self) -> list[str]:
        return [task.task for task in self.definition.tasks]


class _Stored(NamedTuple):
    """End and inputs of the stored states of a board."""

    registry_id: int
    until: str
    inputs: str


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
    boards = [_Board(id_, *found) for id_ in editions if (found := definition_of(connection, id_))]
    stored = _stored(connection)
    by_registry: dict[StoredRegistry, list[_Board]] = defaultdict(list)
    for board in boards:
        by_registry[board.registry].append(board)
    n_computed = 0
    for registry, of_registry in by_registry.items():
        inputs = _Inputs(connection, registry, of_registry)
        due = []
        for board in of_registry:
            since = inputs.valid_until(board, stored.get(board.edition_id))
            if not since or inputs.has_changes(board, since):
                due.append((board, since))
            else:
                _write_end(connection, board, inputs, moments[-1])
        inputs.read_scores([board for board, _ in due], [since for _, since in due])
        for count, (board, since) in enumerate(due):
            progress("computing boards", count, len(due))
            writer = StateWriter(connection, names, stream_id, board.edition_id)
            if not since or not writer.extend(inputs.states(board, since), since):
                writer.replace(inputs.states(board))
            _write_end(connection, board, inputs, moments[-1])
        n_computed += len(due)
    return n_computed


def _moments(connection: Connection) -> list[str]:
    """Return the moments of the commits whose files the catalog has."""
    found = all_rows(
        connection,
        "select n.published_at from snapshot n join stream s on s.id = n.stream_id"
        " where s.source = :source and not n.bundled order by 1",
        source=HEADER.id,
    )
    return [row[0] for row in found]


def _stored(connection: Connection) -> dict[int, _Stored]:
    found = all_rows(connection, "select edition_id, registry_id, until, inputs from board_state")
    return {row[0]: _Stored(*row[1:]) for row in found}


class _Inputs:
    """The inputs of the boards of one registry."""

    def __init__(
        self, connection: Connection, registry: StoredRegistry, boards: Sequence[_Board]
    ) -> None:
        self._connection = connection
        self._registry = registry
        self.models: RegisteredModels = RawScores(connection).registered(registry.id)
        tasks = sorted({task for board in boards for task in board.tasks})
        self._tasks = tasks
        files = with_present_names(connection, read_files(connection, tasks))
        is_registered = pl.col("model").is_in(list(self.models.revisions))
        self._unattributed = _spans_by_task(files.filter(~is_registered))
        self._files = files.filter(is_registered)
        self.results: dict[str, list[TaskResult]] = defaultdict(list)
        """By task."""
        for result in self._task_results():
            self.results[result.task].append(result)
        for results in self.results.values():
            # The order must not depend on the order in which results were loaded.
            results.sort(key=lambda r: (r.since, r.model, r.experiment, r.name))
        self._digests: dict[tuple[str, str], bytes] = {}
        self._blobs = _blobs(connection)
        self._newest = {
            task: max(max(r.since, r.until or "") for r in results)
            for task, results in self.results.items()
        }
        self._missing = unavailable_files(connection)
        self._contents: pl.DataFrame | None = None
        self._layouts: pl.DataFrame | None = None

    def _task_results(self) -> Iterable[TaskResult]:
        columns = ("path", "task", "content_id", "model", "name", "revision", "experiment")
        rows = self._files.select(*columns, "mteb_version", "valid_from", "valid_to").iter_rows()
        present = present_names(self._connection)
        order = _order_of_names(present)
        return task_results(map(ResultFileVersion._make, rows), self.models.revisions, order)

    def valid_until(self, board: _Board, stored: _Stored | None) -> str:
        """Return the end of stored states if their inputs are unchanged, otherwise ``""``."""
        if (
            stored is not None
            and stored.registry_id == self._registry.id
            and stored.inputs == self.digest(board, stored.until)
        ):
            return stored.until
        return ""

    def digest(self, board: _Board, until: str) -> str:
        """Return a digest of all inputs of a board's states until a moment."""
        total = blake2b(digest_size=16)
        parts = (RULES, self._registry.digest, board.definition.to_json())
        total.update("\n".join(parts).encode())
        for task in board.tasks:
            total.update(self._digest(task, until))
        return total.hexdigest()

    def _digest(self, task: str, until: str) -> bytes:
        key = (task, until)
        if key not in self._digests:
            results = [
                (
                    result.model,
                    result.experiment,
                    [self._blobs[content] for content in result.contents],
                    result.name,
                    result.since,
                    result.until if result.until is not None and result.until <= until else None,
                )
                for result in self.results.get(task, ())
                if result.since <= until
            ]
            self._digests[key] = blake2b(orjson.dumps(results), digest_size=16).digest()
        return self._digests[key]

    def has_changes(self, board: _Board, since: str) -> bool:
        """Return whether any result of a board changes after a moment."""
        return any(self._newest.get(task, "") > since for task in board.tasks)

    def read_scores(self, boards: Sequence[_Board], since: Sequence[str]) -> None:
        """Read the contents that boards need, each from its own moment on."""
        earliest: dict[str, str] = {}
        for board, moment in zip(boards, since, strict=True):
            for task in board.tasks:
                earliest[task] = min(moment, earliest.get(task, moment))
        wanted = {
            content
            for task, moment in earliest.items()
            for result in self.results.get(task, ())
            if result.until is None or result.until > moment
            for content in result.contents
        }
        tasks = sorted(earliest)
        self._contents = read_contents(self._connection, tasks, wanted)
        self._layouts = read_layouts(self._connection, tasks)
        self._lowest = lowest_scores(self._connection)

    def states(self, board: _Board, since: str = "") -> BoardStates:
        """Compute all states of a board from a moment on."""
        assert self._contents is not None
        assert self._layouts is not None
        of_board = self._contents.filter(pl.col("task").is_in(board.tasks))
        selected = select_scores(of_board, self._layouts, board.definition, self._lowest)
        if "mean_subset" in board.definition.aggregations:
            return self._one_by_one(board, selected, since)
        results = (result for task in board.tasks for result in self.results.get(task, ()))
        return board_states(
            results,
            _content_scores(selected),
            board.definition,
            self.models.training_tasks,
            since=since,
        )

    def _one_by_one(self, board: _Board, selected: SelectedScores, since: str) -> BoardStates:
        """Compute each state on its own, for boards that rank subsets, which have few states."""
        files = self._files.filter(pl.col("task").is_in(board.tasks))
        moments = {*files["valid_from"], *files["valid_to"].drop_nulls()}
        began = {max(moment, since) for moment in moments}
        found = BoardStates([], [])
        for at in sorted(began):
            current = holding_at(files, at)
            computed = recompute(
                current,
                selected,
                board.definition,
                self.models.revisions,
                self.models.training_tasks,
            )
            names = dict(current.sort("valid_from").select("model", "name").iter_rows())
            _append(found, computed, board.definition, names, at)
        return found

    def unattributed(self, board: _Board) -> list[tuple[str, str, str | None]]:
        """Return models with results on a board that are not in the registry, by name.

        Returns:
            Model, start and end of its results on the board; the end is ``None`` if open.
        """
        found: dict[str, tuple[str, str]] = {}
        for task in board.tasks:
            for model, since, until in self._unattributed.get(task, ()):
                earlier, later = found.get(model, (since, until))
                found[model] = (min(since, earlier), max(until, later))
        return [
            (model, since, None if until == _OPEN else until)
            for model, (since, until) in sorted(found.items())
        ]

    def unavailable(self, board: _Board) -> dict[str, int]:
        """Count the present result files that the clone lacks, by task of a board."""
        return {task: self._missing[task] for task in board.tasks if task in self._missing}


def _spans_by_task(files: pl.DataFrame) -> dict[str, list[tuple[str, str, str]]]:
    """Return model, start and end (or ``_OPEN``) of the files, by task."""
    spans = files.group_by("task", "model").agg(
        pl.col("valid_from").min(), pl.col("valid_to").fill_null(_OPEN).max()
    )
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for task, *span in spans.iter_rows():
        found[task].append((span[0], span[1], span[2]))
    return found


def _order_of_names(present: Mapping[str, str]) -> dict[str, int]:
    """Number names of models, higher for the present name than for former ones."""
    return dict.fromkeys(present.values(), 1) | dict.fromkeys(present, 0)


def _blobs(connection: Connection) -> dict[int, str]:
    rows = all_rows(connection, "select id, blob from result_content where kind = 'scores'")
    return dict(map(tuple, rows))


def _content_scores(selected: SelectedScores) -> dict[int, ContentScore]:
    """Convert selected scores for the computation of states."""
    cells: dict[int, set[tuple[str, str]]] = defaultdict(set)
    scored = selected.cells.drop_nulls("score").select("content_id", "split", "subset")
    for content, split, subset in scored.iter_rows():
        cells[content].add((split, subset))
    contents = selected.contents.select("content_id", "mean", "scored", "is_full").iter_rows()
    return {
        content: ContentScore(mean, n, full, frozenset(cells.get(content, ())))
        for content, mean, n, full in contents
    }


def _append(
    states: BoardStates,
    computed: ComputedBoard,
    definition: BenchmarkDefinition,
    names: Mapping[str, str],
    at: str,
) -> None:
    """Append a state that was computed on its own, in place."""
    now: dict[RowKey, RowValues] = {}
    ranks: list[tuple[int, float, RowKey]] = []
    for row in computed.rows.iter_rows(named=True):
        key = RowKey(row["model"], names[row["model"]], row["experiment"])
        now[key] = _values(row, computed.task_types, definition)
        if row["rank"] is not None:
            ranks.append((row["rank"], row["points"], key))
    for place, open_row in enumerate(states.rows):
        if open_row.until is None and now.get(open_row.key) != open_row.values:
            states.rows[place] = open_row._replace(until=at)
    still_open = {row.key for row in states.rows if row.until is None}
    states.rows.extend(
        RowInterval(key, values, at, None) for key, values in now.items() if key not in still_open
    )
    ranks.sort(key=lambda item: (item[0], item[2]))
    ranking = Ranking(
        tuple(key for *_, key in ranks),
        tuple(rank for rank, *_ in ranks),
        tuple(points for _, points, _ in ranks),
        next(iter(computed.rows["n_tasks_total"].to_list()), 0),
        None,
        at,
        None,
    )
    last = states.rankings[-1] if states.rankings else None
    if last is not None and last[:5] == ranking[:5]:
        return
    if last is not None:
        states.rankings[-1] = last._replace(until=at)
    if now or last is not None:
        states.rankings.append(ranking)


def _values(
    row: Mapping[str, Any], task_types: Sequence[str], definition: BenchmarkDefinition
) -> RowValues:
    shown = definition.aggregations
    types = zip(task_types, row["task_types"], strict=True)
    return RowValues(
        row["mean_subset"],
        row["mean_task_type"] if "mean_task_type" in shown else None,
        None,
        None,
        tuple((kind, mean) for kind, mean in types if mean is not None)
        if "task_types" in shown
        else (),
        row["n_tasks"],
        row["zero_shot_pct"],
    )


def _write_end(connection: Connection, board: _Board, inputs: _Inputs, until: str) -> None:
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
        connection.execute(insert(table).values(edition_id=board.edition_id, **values))
    else:
        connection.execute(update(table).where(table.c.id == known).values(**values))
