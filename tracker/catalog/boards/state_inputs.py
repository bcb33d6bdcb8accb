"""The inputs of computed boards: results over time, their scores, and a digest of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

import polars as pl
from sqlalchemy import Connection

from tracker.catalog.boards.separate_states import separate_states
from tracker.catalog.identity.originals import present_names
from tracker.catalog.results.queries import unavailable_files
from tracker.catalog.results.raw_scores import RawScores, RegisteredModels
from tracker.catalog.results.raw_tables import RawTables, read_contents, read_layouts
from tracker.catalog.results.registry_queries import StoredRegistry
from tracker.ranking.benchmark import BenchmarkDefinition, TaskSelection
from tracker.ranking.states import (
    BoardStates,
    board_states,
)
from tracker.ranking.task_scores import SelectedScores, select_scores
from tracker.ranking.task_state import ContentScore, SharedTasks
from tracker.ranking.timelines import ResultFileVersion, TaskResult, task_results

RULES = "2"
"""Version of the rules; a new version computes every board again."""
_OPEN = "9"
"""Sorts after every moment; stands for the end of an open interval."""


class Board(NamedTuple):
    """A board to compute."""

    edition_id: int
    registry: StoredRegistry
    definition: BenchmarkDefinition

    @property
    def tasks(self) -> list[str]:
        """Names of the tasks of the board."""
        return [task.task for task in self.definition.tasks]


class StoredEnd(NamedTuple):
    """End and inputs of the stored states of a board."""

    registry_id: int
    until: str
    inputs: str


class Inputs:
    """The inputs of the boards of one registry."""

    def __init__(
        self, connection: Connection, registry: StoredRegistry, boards: Sequence[Board]
    ) -> None:
        self._connection = connection
        self._registry = registry
        self.models: RegisteredModels = RawScores(connection).registered(registry.id)
        tasks = sorted({task for board in boards for task in board.tasks})
        self._tasks = tasks
        tables = RawTables(connection)
        files = tables.with_present_names(tables.files(tasks))
        self._lowest = tables.lowest
        is_registered = pl.col("model").is_in(list(self.models.revisions))
        self._unattributed = _spans_by_task(files.filter(~is_registered))
        self._files = files.filter(is_registered)
        changed = pl.max_horizontal("valid_from", "valid_to").max()
        self._newest: dict[str, str] = dict(self._files.group_by("task").agg(changed).iter_rows())
        self._digests: dict[str, dict[str, bytes]] = {}
        self._missing = unavailable_files(connection)
        self._results: Mapping[str, Sequence[TaskResult]] = {}
        self._shared = SharedTasks()
        self._scores: dict[TaskSelection, dict[int, ContentScore]] = {}
        self._contents: pl.DataFrame | None = None
        self._layouts: pl.DataFrame | None = None

    def valid_until(self, board: Board, stored: StoredEnd | None) -> str:
        """Return the end of stored states if their inputs are unchanged, otherwise ``""``."""
        if (
            stored is not None
            and stored.registry_id == self._registry.id
            and stored.inputs == self.digest(board, stored.until)
        ):
            return stored.until
        return ""

    def digest(self, board: Board, until: str) -> str:
        """Return a digest of all inputs of a board's states until a moment."""
        total = blake2b(digest_size=16)
        parts = (RULES, self._registry.digest, board.definition.to_json())
        total.update("\n".join(parts).encode())
        digests = self._task_digests(until)
        for task in board.tasks:
            total.update(digests.get(task, b""))
        return total.hexdigest()

    def _task_digests(self, until: str) -> dict[str, bytes]:
        if until not in self._digests:
            # Of tasks without later changes the digest of an earlier moment holds.
            earlier = max((at for at in self._digests if at < until), default="")
            same = {
                task: digest
                for task, digest in self._digests.get(earlier, {}).items()
                if self._newest[task] <= earlier
            }
            changed = self._files.filter(~pl.col("task").is_in(list(same)))
            self._digests[until] = same | _file_digests(changed, until)
        return self._digests[until]

    def has_changed_files(self, board: Board, since: str) -> bool:
        """Return whether any result file of a board changes after a moment."""
        return any(self._newest.get(task, "") > since for task in board.tasks)

    def has_changes(self, board: Board, since: str) -> bool:
        """Return whether a result that was read changes after a moment."""
        return any(
            max(result.since, result.until or "") > since
            for task in board.tasks
            for result in self._results.get(task, ())
        )

    def read_results(self, boards: Sequence[Board], since: Sequence[str]) -> None:
        """Read the results that boards need, each from its own moment on."""
        earliest: dict[str, str] = {}
        for board, moment in zip(boards, since, strict=True):
            for task in board.tasks:
                earliest[task] = min(moment, earliest.get(task, moment))
        self._results = self._task_results(earliest)

    def read_scores(self, boards: Sequence[Board]) -> None:
        """Read the contents of the results of boards."""
        tasks = sorted({task for board in boards for task in board.tasks})
        wanted = {
            content
            for task in tasks
            for result in self._results.get(task, ())
            for content in result.contents
        }
        self._contents = read_contents(self._connection, tasks, wanted)
        self._layouts = read_layouts(
            self._connection, self._contents["layout_id"].unique().to_list()
        )
        self._scores = {}
        # Most tasks are on several boards, which count the same cells.
        selections = {task for board in boards for task in board.definition.tasks}
        for layer in _layers(sorted(selections)):
            definition = boards[0].definition._replace(tasks=layer, aggregations=(), groupings=())
            scores = _content_scores(self._selected(definition), len(layer))
            self._scores |= zip(layer, scores, strict=True)

    def _task_results(self, earliest: Mapping[str, str]) -> dict[str, list[TaskResult]]:
        """Return the results of tasks that hold at the earliest moment of each or later."""
        at = pl.col("task").replace_strict(earliest, default=_OPEN, return_dtype=pl.String)
        columns = ("path", "task", "content_id", "model", "name", "revision", "experiment")
        rows = (
            self._files.filter(pl.col("valid_to").fill_null(_OPEN) > at)
            .select(*columns, "mteb_version", "valid_from", "valid_to")
            .iter_rows()
        )
        order = _order_of_names(present_names(self._connection))
        found: dict[str, list[TaskResult]] = defaultdict(list)
        for result in task_results(
            map(ResultFileVersion._make, rows), self.models.revisions, order
        ):
            found[result.task].append(result)
        for results in found.values():
            # The order must not depend on the order in which results were loaded.
            results.sort(key=lambda r: (r.since, r.model, r.experiment, r.name))
        return found

    def results(self, task: str) -> Sequence[TaskResult]:
        """Return the results of a task that were read."""
        return self._results.get(task, ())

    def content_scores(self, board: Board) -> dict[int, ContentScore]:
        """Return the scores of the contents that were read, in the cells that a board counts."""
        scores: dict[int, ContentScore] = {}
        for task in board.definition.tasks:
            scores |= self._scores[task]
        return scores

    def _selected(self, definition: BenchmarkDefinition) -> SelectedScores:
        assert self._contents is not None
        assert self._layouts is not None
        names = [task.task for task in definition.tasks]
        of_tasks = self._contents.filter(pl.col("task").is_in(names))
        return select_scores(of_tasks, self._layouts, definition, self._lowest)

    def states(self, board: Board, since: str = "") -> BoardStates:
        """Compute all states of a board from a moment on."""
        definition = board.definition
        if "mean_subset" in definition.aggregations:
            files = self._files.filter(pl.col("task").is_in(board.tasks))
            selected = self._selected(definition)
            return separate_states(files, selected, definition, self.models, since=since)
        return board_states(
            (result for task in board.tasks for result in self.results(task)),
            self.content_scores(board),
            definition,
            self.models.training_tasks,
            since=since,
            shared=self._shared if since else None,
        )

    def unattributed(self, board: Board) -> list[tuple[str, str, str | None]]:
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

    def unavailable(self, board: Board) -> dict[str, int]:
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


def _file_digests(files: pl.DataFrame, until: str) -> dict[str, bytes]:
    """Return a digest of the result files until a moment, by task.

    It is the sum of hashes, which does not depend on the order of the files. Another release of
    polars may hash otherwise; then boards are computed again.
    """
    columns = ("path", "model", "name", "revision", "experiment", "mteb_version", "valid_from")
    end = pl.when(pl.col("valid_to") <= until).then("valid_to")
    row = pl.struct(*columns, "blob", until=end)
    digests = (
        files.filter(pl.col("valid_from") <= until)
        .select("task", low=row.hash(0), high=row.hash(1))
        .group_by("task")
        .agg(pl.len(), pl.col("low", "high").sum())
    )
    return {
        task: b"".join(part.to_bytes(8, "big") for part in parts)
        for task, *parts in digests.iter_rows()
    }


def _layers(selections: Iterable[TaskSelection]) -> list[tuple[TaskSelection, ...]]:
    """Divide selections into as few groups as possible that have each task once."""
    layers: list[dict[str, TaskSelection]] = []
    for selection in selections:
        layer = next((layer for layer in layers if selection.task not in layer), None)
        if layer is None:
            layers.append(layer := {})
        layer[selection.task] = selection
    return [tuple(layer.values()) for layer in layers]


def _content_scores(selected: SelectedScores, n_tasks: int) -> list[dict[int, ContentScore]]:
    """Convert selected scores for the computation of states, by position of the task."""
    cells: dict[int, list[tuple[str, str]]] = defaultdict(list)
    same: dict[tuple[str, str], tuple[str, str]] = {}
    scored = selected.cells.drop_nulls("score").select("content_id", "split", "subset")
    for content, split, subset in scored.iter_rows():
        cell = (split, subset)
        cells[content].append(same.setdefault(cell, cell))
    found: list[dict[int, ContentScore]] = [{} for _ in range(n_tasks)]
    contents = selected.contents.select("task", "content_id", "mean", "scored", "is_full")
    for task, content, mean, n, full in contents.iter_rows():
        found[task][content] = ContentScore(mean, n, full, frozenset(cells.get(content, ())))
    return found
