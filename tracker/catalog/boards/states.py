"""Computed states of boards: an interval for each row's values and for each ranking.

They stand beside the published ones in the same tables, below the stream of the result files.
Results that arrive after the last known state extend it; a change of anything before that, or of
the registry, computes a board anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

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
"""Version of the rules; another one computes every board anew."""


class _Board(NamedTuple):
    """A board that is to be computed."""

    edition_id: int
    registry: StoredRegistry
    definition: BenchmarkDefinition

    @property
    def tasks(self) -> list[str]:
        return [task.task for task in self.definition.tasks]


class _Stored(NamedTuple):
    """What the catalog says of a board's computed states."""

    registry_id: int
    until: str
    inputs: str


def update_states(connection: Connection, names: Names, progress: Progress = silent) -> int:
    """Compute the states that the catalog does not have yet.

    Args:
        connection: The load's transaction; results, registries and relations are in it.
        names: Gives models and listings their ids.
        progress: Told how far it is.

    Returns:
        How many boards were computed. Without results nothing happens: states that came with the
        starter stay.
    """
    moments = _moments(connection)
    if not moments or not has_results(connection):
        return 0
    source = _Source(connection, names.stream(HEADER.id, STREAM))
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
            before = stored.get(board.edition_id)
            since = ""
            if (
                before is not None
                and before.registry_id == registry.id
                and before.inputs == inputs.digest(board, before.until)
            ):
                since = before.until
            if not since or inputs.has_news(board, since):
                due.append((board, since))
            else:
                source.note(board, inputs, moments[-1])
        inputs.read_scores([board for board, _ in due], [since for _, since in due])
        for count, (board, since) in enumerate(due):
            progress("computing boards", count, len(due))
            writer = StateWriter(connection, names, source.stream_id, board.edition_id)
            if not since or not writer.extend(inputs.states(board, since), since):
                writer.replace(inputs.states(board))
            source.note(board, inputs, moments[-1])
            n_computed += 1
    return n_computed


def _moments(connection: Connection) -> list[str]:
    """Moments of the commits whose files the catalog has."""
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
    """What the boards of one registry are computed from."""

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
        self._unattributed = _open_by_task(files.filter(~is_registered))
        self._files = files.filter(is_registered)
        self.cells: dict[str, list[TaskResult]] = defaultdict(list)
        for cell in self._cell_versions():
            self.cells[cell.task].append(cell)
        for cells in self.cells.values():
            # In an order that does not depend on the way in which the results came here.
            cells.sort(key=lambda cell: (cell.since, cell.model, cell.experiment, cell.name))
        self._digests: dict[tuple[str, str], bytes] = {}
        self._blobs = _blobs(connection)
        self._newest = {
            task: max(max(c.since, c.until or "") for c in cells)
            for task, cells in self.cells.items()
        }
        self._missing = unavailable_files(connection)
        self._contents: pl.DataFrame | None = None
        self._layouts: pl.DataFrame | None = None

    def _cell_versions(self) -> Iterable[TaskResult]:
        columns = ("path", "task", "content_id", "model", "name", "revision", "experiment")
        rows = self._files.select(*columns, "mteb_version", "valid_from", "valid_to").iter_rows()
        present = present_names(self._connection)
        depth = _depths(present)
        return task_results(map(ResultFileVersion._make, rows), self.models.revisions, depth)

    def digest(self, board: _Board, until: str) -> str:
        """Digest of all that decides a board's states up to a moment."""
        total = blake2b(digest_size=16)
        parts = (RULES, self._registry.digest, board.definition.to_json())
        total.update("\n".join(parts).encode())
        for task in board.tasks:
            total.update(self._digest(task, until))
        return total.hexdigest()

    def _digest(self, task: str, until: str) -> bytes:
        key = (task, until)
        if key not in self._digests:
            told = [
                (
                    cell.model,
                    cell.experiment,
                    [self._blobs[content] for content in cell.contents],
                    cell.name,
                    cell.since,
                    cell.until if cell.until is not None and cell.until <= until else None,
                )
                for cell in self.cells.get(task, ())
                if cell.since <= until
            ]
            self._digests[key] = blake2b(orjson.dumps(told), digest_size=16).digest()
        return self._digests[key]

    def has_news(self, board: _Board, since: str) -> bool:
        """Whether anything of a board changes after a moment."""
        return any(self._newest.get(task, "") > since for task in board.tasks)

    def read_scores(self, boards: Sequence[_Board], since: Sequence[str]) -> None:
        """Read the contents that some boards need from some moments on."""
        earliest: dict[str, str] = {}
        for board, moment in zip(boards, since, strict=True):
            for task in board.tasks:
                earliest[task] = min(moment, earliest.get(task, moment))
        wanted = {
            content
            for task, moment in earliest.items()
            for cell in self.cells.get(task, ())
            if cell.until is None or cell.until > moment
            for content in cell.contents
        }
        tasks = sorted(earliest)
        self._contents = read_contents(self._connection, tasks, wanted)
        self._layouts = read_layouts(self._connection, tasks)
        self._lowest = lowest_scores(self._connection)

    def states(self, board: _Board, since: str = "") -> BoardStates:
        """All states of a board from a moment on."""
        assert self._contents is not None
        assert self._layouts is not None
        of_board = self._contents.filter(pl.col("task").is_in(board.tasks))
        selected = select_scores(of_board, self._layouts, board.definition, self._lowest)
        if "mean_subset" in board.definition.aggregations:
            return self._one_by_one(board, selected, since)
        cells = (cell for task in board.tasks for cell in self.cells.get(task, ()))
        return board_states(
            cells,
            _content_scores(selected),
            board.definition,
            self.models.training_tasks,
            since=since,
        )

    def _one_by_one(self, board: _Board, selected: SelectedScores, since: str) -> BoardStates:
        """The states of a board that ranks subsets: a few, and each is computed on its own."""
        files = self._files.filter(pl.col("task").is_in(board.tasks))
        moments = {*files["valid_from"], *files["valid_to"].drop_nulls()}
        began = {max(moment, since) for moment in moments}
        found = BoardStates([], [])
        for at in sorted(began):
            holds = pl.col("valid_to").is_null() | (pl.col("valid_to") > at)
            standing = files.filter((pl.col("valid_from") <= at) & holds)
            computed = recompute(
                standing,
                selected,
                board.definition,
                self.models.revisions,
                self.models.training_tasks,
            )
            names = dict(standing.sort("valid_from").select("model", "name").iter_rows())
            _append(found, computed, board.definition, names, at)
        return found

    def unattributed(self, board: _Board) -> list[str]:
        """Models with present results on a board that no registry model claims."""
        return sorted({m for task in board.tasks for m in self._unattributed.get(task, ())})

    def unavailable(self, board: _Board) -> dict[str, int]:
        """By task of a board, how many present result files the clone lacks."""
        return {task: self._missing[task] for task in board.tasks if task in self._missing}


def _open_by_task(files: pl.DataFrame) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    standing = files.filter(pl.col("valid_to").is_null())
    for task, model in standing.select("task", "model").unique().iter_rows():
        found[task].add(model)
    return found


def _depths(present: Mapping[str, str]) -> dict[str, int]:
    """A number for each name of a model, higher for the present one than for former ones."""
    return dict.fromkeys(present.values(), 1) | dict.fromkeys(present, 0)


def _blobs(connection: Connection) -> dict[int, str]:
    rows = all_rows(connection, "select id, blob from result_content where kind = 'scores'")
    return dict(map(tuple, rows))


def _content_scores(selected: SelectedScores) -> dict[int, ContentScore]:
    """What contents say, for the computation of states."""
    cells: dict[int, set[tuple[str, str]]] = defaultdict(set)
    scored = selected.cells.drop_nulls("score").select("content_id", "split", "subset")
    for content, split, subset in scored.iter_rows():
        cells[content].add((split, subset))
    told = selected.contents.select("content_id", "mean", "scored", "is_full").iter_rows()
    return {
        content: ContentScore(mean, n, full, frozenset(cells.get(content, ())))
        for content, mean, n, full in told
    }


def _append(
    found: BoardStates,
    computed: ComputedBoard,
    definition: BenchmarkDefinition,
    names: Mapping[str, str],
    at: str,
) -> None:
    """Add a state that was computed on its own to the states before it."""
    now: dict[RowKey, RowValues] = {}
    ranks: list[tuple[int, float, RowKey]] = []
    shown = definition.aggregations
    for row in computed.rows.iter_rows(named=True):
        line = RowKey(row["model"], names[row["model"]], row["experiment"])
        types = zip(computed.task_types, row["task_types"], strict=True)
        now[line] = RowValues(
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
        if row["rank"] is not None:
            ranks.append((row["rank"], row["points"], line))
    for place, open_row in enumerate(found.rows):
        if open_row.until is None and now.get(open_row.key) != open_row.values:
            found.rows[place] = open_row._replace(until=at)
    standing = {row.key for row in found.rows if row.until is None}
    found.rows.extend(
        RowInterval(line, v, at, None) for line, v in now.items() if line not in standing
    )
    ranks.sort(key=lambda item: (item[0], item[2]))
    n_tasks = next(iter(computed.rows["n_tasks_total"].to_list()), 0)
    ranking = Ranking(
        tuple(line for *_, line in ranks),
        tuple(rank for rank, *_ in ranks),
        tuple(points for _, points, _ in ranks),
        n_tasks,
        None,
        at,
        None,
    )
    last = found.rankings[-1] if found.rankings else None
    if last is not None and last[:5] == ranking[:5]:
        return
    if last is not None:
        found.rankings[-1] = last._replace(until=at)
    if now or last is not None:
        found.rankings.append(ranking)


class _Source:
    """The bookkeeping of computed boards."""

    def __init__(self, connection: Connection, stream_id: int) -> None:
        self._connection = connection
        self.stream_id = stream_id

    def note(self, board: _Board, inputs: _Inputs, until: str) -> None:
        """Say until when a board's states are known, and from what."""
        table = table_of(result_tables.BoardState)
        values = {
            "registry_id": board.registry.id,
            "until": until,
            "inputs": inputs.digest(board, until),
            "unattributed": orjson.dumps(inputs.unattributed(board)).decode(),
            "unavailable": orjson.dumps(inputs.unavailable(board)).decode(),
        }
        known = self._connection.execute(
            select(table.c.id).where(table.c.edition_id == board.edition_id)
        ).scalar()
        if known is None:
            self._connection.execute(insert(table).values(edition_id=board.edition_id, **values))
        else:
            self._connection.execute(update(table).where(table.c.id == known).values(**values))
