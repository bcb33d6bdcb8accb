"""Scores of single tasks of all rows of a board, as arrays from which tasks can be drawn again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray

from tracker.answers.boards import EditionInfo, LeaderboardRow
from tracker.catalog.boards import state_queries
from tracker.catalog.results.queries import first_result_at
from tracker.catalog.results.registry_queries import definition_of
from tracker.errors import NoDataError
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.recomputed import computed_part, names_of_the_day, row_label
from tracker.insights.boards.state_lookup import Chosen, choose_state, ranking_unit
from tracker.insights.boards.stored_state import read_state
from tracker.insights.reader import Reader, memoised
from tracker.insights.units import percent
from tracker.ranking.benchmark import BenchmarkDefinition, TaskSelection
from tracker.ranking.borda import task_points
from tracker.ranking.confidence_intervals import TaskTable
from tracker.sources.published_boards import HEADER as PUBLISHED

RowName = tuple[str, str]
"""Public id on the day and label of a row; together they are unique on a board."""


class ScoreTable(NamedTuple):
    """The scores of a board at a moment."""

    edition: EditionInfo
    at: str
    tasks: tuple[str, ...]
    """Tasks that count and that any row has."""
    rows: Mapping[RowName, int]
    """Position of each row in the table."""
    table: TaskTable
    has_mean: bool
    """Whether the mean that the board shows is one over tasks, or over the means of types."""


def row_name(row: LeaderboardRow) -> RowName:
    """The name of a row in a score table."""
    return row.model, row.label


@memoised
def read_score_table(reader: Reader, query: BoardQuery) -> ScoreTable:
    """Read the scores of all rows of the board, or of the part of it, that a question means.

    Args:
        reader: The open catalog.
        query: Its board, moment, part, origin and rule count.

    Raises:
        NotFoundError: There is no such board.
        NoDataError: The catalog has no scores of single tasks for that moment.
    """
    chosen = choose_state(reader, query)
    rule = _rule(reader, query, chosen.edition)
    if chosen.kind == "published" and not query.is_recomputed:
        return _published(reader, query, chosen, rule)
    if first_result_at(reader.connection) is None:
        raise NoDataError(
            f"{chosen.edition.name}: no raw scores are in the catalog for {chosen.at[:10]};"
            " intervals and differences need them",
            remedy="fetch result-files and benchmark-registry, then load",
        )
    return _raw(reader, query, chosen, rule)


def _rule(reader: Reader, query: BoardQuery, edition: EditionInfo) -> str:
    """``points`` or the name of the mean by which a question ranks."""
    if query.rank_by == "published":
        return ranking_unit(reader, edition)
    return "points" if query.rank_by == "borda" else query.rank_by


def _raw(reader: Reader, query: BoardQuery, chosen: Chosen, rule: str) -> ScoreTable:
    """The scores from which a board is computed."""
    board, found = computed_part(reader, chosen.edition, chosen.at, query)
    definition = board.definition
    names = names_of_the_day(board.files_at(chosen.at))
    own = found.rows.select("model", "experiment").rows()
    tasks = {task.task: task for task in definition.tasks}
    counted = [place for place, name in enumerate(found.tasks) if _counts(definition, tasks[name])]
    scores = np.array(found.rows["task_scores"].to_list(), np.float64)
    points = models = None
    if rule == "points":
        # Models without a row take part in the Borda count, too.
        voters = list(dict.fromkeys([m for m, _ in own] + sorted(found.ballots["model"].unique())))
        every = _points(found.ballots, voters, found.n_models, len(found.tasks))
        points, models = every[:, counted], [voters.index(model) for model, _ in own]
    labels = [(names[model], row_label(names[model], varied)) for model, varied in own]
    return ScoreTable(
        chosen.edition,
        chosen.at,
        tuple(found.tasks[place] for place in counted),
        {label: place for place, label in enumerate(labels)},
        TaskTable(
            points,
            scores[:, counted],
            [tasks[found.tasks[place]].type for place in counted],
            _is_by_type(definition, rule),
            models,
        ),
        "mean_subset" not in definition.aggregations,
    )


def _published(reader: Reader, query: BoardQuery, chosen: Chosen, rule: str) -> ScoreTable:
    """The scores that a board published, of the rows that are shown."""
    edition, at = chosen.edition, chosen.at
    state = read_state(
        reader,
        edition,
        at,
        computed=False,
        collapse_copies=query.collapse_copies,
        with_tasks=False,
        top=None,
    )
    names = [(row.model, row.label) for row in state.rows]
    found = definition_of(reader.connection, reader.editions.ids[edition.slug])
    definition = found[1] if found else None
    columns = [c for c in _columns(reader, edition, at, definition) if c.scores.keys() & set(names)]
    if not columns:
        raise NoDataError(
            f"{edition.name}: no scores of single tasks are in the catalog for {at[:10]}",
            remedy=f"fetch {edition.source}, then load",
        )
    if edition.source == PUBLISHED.id and len(columns) < edition.n_tasks:
        raise NoDataError(
            f"{edition.name}: scores of {len(columns)} of {edition.n_tasks} tasks are known for"
            f" {at[:10]}; intervals and differences need all of them"
        )
    scores = np.array([[c.scores.get(name, np.nan) for c in columns] for name in names])
    points = None
    if rule == "points":
        rows, places = np.nonzero(~np.isnan(scores))
        columns_of = {"model": rows, "task": places, "place": places, "score": scores[rows, places]}
        ballots = pl.DataFrame(columns_of)
        points = _points(ballots, range(len(names)), len(names), len(columns))
    return ScoreTable(
        edition,
        at,
        tuple(column.task for column in columns),
        {name: place for place, name in enumerate(names)},
        TaskTable(points, scores, [c.kind for c in columns], _is_by_type(definition, rule)),
        definition is None or "mean_subset" not in definition.aggregations,
    )


class _Column(NamedTuple):
    """Published scores of one task."""

    task: str
    kind: str
    scores: dict[RowName, float]
    """From 0 to 1."""


def _columns(
    reader: Reader, edition: EditionInfo, at: str, definition: BenchmarkDefinition | None
) -> list[_Column]:
    """Read the published scores of the tasks of a board that count."""
    known = {task.task: task for task in definition.tasks} if definition else {}
    found: list[_Column] = []
    for table in _tables(reader, edition):
        by_task: dict[str, dict[RowName, float]] = defaultdict(dict)
        unit = reader.editions.units[table.slug]
        for row in state_queries.board_rows(
            reader.connection, reader.editions.ids[table.slug], at, computed=False, with_tasks=True
        ):
            listed = orjson.loads(row.task_scores) if row.task_scores else []
            for task, score in zip(table.tasks, listed, strict=False):
                if score is not None:
                    by_task[task][row.model, row.label] = percent(score, unit) / 100
        found += [
            _Column(
                task, known[task].type if task in known else table.task_type or "", by_task[task]
            )
            for task in table.tasks
            if task in by_task
            and (definition is None or task not in known or _counts(definition, known[task]))
        ]
    return found


def _tables(reader: Reader, edition: EditionInfo) -> tuple[EditionInfo, ...]:
    """The published tables with the scores of single tasks of a board.

    The archived boards published them in one table for each task type; tables of another time
    have no rows at the moment that is asked for.
    """
    if edition.source != PUBLISHED.id or edition.task_type is not None:
        return (edition,)
    return tuple(
        table
        for table in reader.editions.editions
        if table.source == PUBLISHED.id
        and table.task_type is not None
        and table.name.startswith(edition.name + "/")
    )


def _counts(definition: BenchmarkDefinition, task: TaskSelection) -> bool:
    return task.is_public or not definition.public_tasks_only


def _is_by_type(definition: BenchmarkDefinition | None, rule: str) -> bool:
    """Whether the mean that ranks rows, or that a board shows, is the mean of means of types."""
    shown = definition.aggregations if definition else ()
    return rule == "mean_task_type" or ("mean_task" not in shown and "mean_task_type" in shown)


def _points(
    ballots: pl.DataFrame, models: Sequence[object], n_models: int, n_tasks: int
) -> NDArray[np.float64]:
    """Borda points by model and task.

    Args:
        ballots: As those of :class:`tracker.ranking.recompute.ComputedBoard`.
        models: The models in the order of the answer.
        n_models: Number of models of the count.
        n_tasks: Number of tasks.
    """
    earned = task_points(ballots, n_models).group_by("model", "place").agg(pl.col("points").sum())
    rows = {model: row for row, model in enumerate(models)}
    table = np.zeros((len(rows), n_tasks))
    for model, place, points in earned.select("model", "place", "points").iter_rows():
        table[rows[model], place] = points
    return table
