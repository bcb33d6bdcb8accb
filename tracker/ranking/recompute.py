"""Compute a board from raw result files, equal to the board that the publisher shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.borda import borda_ranks
from tracker.ranking.means import (
    group_means,
    mean_of_means,
    subset_means,
    task_means,
    type_means,
)
from tracker.ranking.revisions import normalized_experiments, preferred_files
from tracker.ranking.task_scores import (
    SelectedScores,
    pooled_mean,
    subset_scores,
    task_scores,
)
from tracker.ranking.zero_shot import zero_shot_percent


class ComputedBoard(NamedTuple):
    """A board, with the names that label the lists in its rows."""

    rows: pl.DataFrame
    """One row per model and experiment, in order of rank, then of name; scores from 0 to 1.

    ``model``, ``experiment`` (empty: none), ``rank`` (null where a board that ranks by means has
    none of these means for the row), ``points`` (Borda), ``mean_task``, ``mean_task_type``,
    ``mean_public``, ``mean_private`` and ``mean_subset`` (null if any score is missing),
    ``n_tasks`` (whole scores among the tasks that count), ``n_tasks_total`` (tasks that count),
    ``zero_shot_pct`` (0 to 100; -1: not declared), ``trained_on`` (tasks that the model ran and
    was trained on), and the lists ``task_scores``, ``task_types`` and ``groups``, in the order of
    the names below (null if missing).
    """
    tasks: tuple[str, ...]
    """Tasks of the benchmark that any model ran, in its order; private tasks are included even if
    they do not count."""
    task_types: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    """Grouping and label."""
    ballots: pl.DataFrame
    """The scores that Borda points come from, also of models without a row: ``model``, ``place``
    (position of the task among the names above), ``task`` (a key, one or several of a place) and
    ``score`` (null if missing)."""
    n_models: int
    """Number of models of the Borda count."""


def recompute(
    files: pl.DataFrame,
    selected: SelectedScores,
    definition: BenchmarkDefinition,
    revisions: Mapping[str, str | None],
    training_tasks: Mapping[str, frozenset[str] | None],
    n_rows: int | None = None,
) -> ComputedBoard:
    """Compute a board from the files of one moment.

    Args:
        files: The files with scores of registered models: ``file_id``, ``model``, ``revision``
            (null: not declared), ``experiment`` (JSON object of its settings; empty: none),
            ``task``, ``mteb_version`` (null: not declared), ``content_id``. Files of other tasks
            are ignored.
        selected: The scores in these files' contents, for this definition; other contents are
            ignored.
        definition: The board.
        revisions: The revision that the registry names, by model.
        training_tasks: Tasks that a model was trained on; ``None`` if it does not declare them.
        n_rows: Rows of the whole board, if this is a part of it: on each task a model gets a
            point for every row of the whole board that it is ahead of.
    """
    names = [task.task for task in definition.tasks]
    all_scores, shown, counted, rows = _scored(files, selected, definition, revisions)
    all_scores = all_scores.join(rows, on=["model", "experiment"], how="left")
    scores = all_scores.filter(pl.col("task").is_in(counted))
    of_subsets = (
        subset_scores(scores, selected) if "mean_subset" in definition.aggregations else None
    )
    # Models without a row still count in the ranking of single tasks and take points there.
    ballots = _task_ballots(scores) if of_subsets is None else _subset_ballots(of_subsets)
    n_rows = rows.height if n_rows is None else n_rows
    ranks = borda_ranks(ballots, n_rows)
    board = rows.join(ranks, on="model", how="left", maintain_order="left")
    board, types, groups = _with_means(
        board, scores.drop_nulls("row"), of_subsets, selected, definition, counted
    )
    of_rows = all_scores.drop_nulls("row").select("row", place="task", mean="score")
    board = board.with_columns(_lists("task_scores", of_rows, shown, rows.height))
    board = _with_training(board, all_scores, names, counted, training_tasks)
    if definition.rank_by:
        board = _ranked_by_means(board, definition.rank_by)
    ordered = board.sort("rank", "row", nulls_last=True).select(_COLUMNS)
    return ComputedBoard(
        ordered,
        tuple(names[x] for x in shown),
        types,
        groups,
        ballots.with_columns(place=pl.col("place").replace_strict(shown, range(len(shown)))),
        n_rows,
    )


def count_rows(
    files: pl.DataFrame,
    selected: SelectedScores,
    definition: BenchmarkDefinition,
    revisions: Mapping[str, str | None],
) -> int:
    """Number of rows of a board; arguments as for :func:`recompute`."""
    return _scored(files, selected, definition, revisions)[-1].height


def _scored(
    files: pl.DataFrame,
    selected: SelectedScores,
    definition: BenchmarkDefinition,
    revisions: Mapping[str, str | None],
) -> tuple[pl.DataFrame, list[int], list[int], pl.DataFrame]:
    """All scores, the places of tasks that are shown and that count, and the numbered rows."""
    tasks = definition.tasks
    of_board = files.filter(pl.col("task").is_in([task.task for task in tasks]))
    preferred = normalized_experiments(preferred_files(of_board, revisions))
    all_scores = task_scores(preferred, selected)
    shown = sorted(all_scores["task"].unique())
    counted = [x for x in shown if tasks[x].is_public or not definition.public_tasks_only]
    rows = _numbered_rows(all_scores.filter(pl.col("task").is_in(counted)))
    return all_scores, shown, counted, rows


# Means are compared to this many digits, since the order of a sum changes the last bits.
_DIGITS = 12
_COLUMNS = [
    "model", "experiment", "rank", "points",
    "mean_task", "mean_task_type", "mean_public", "mean_private", "mean_subset",
    "n_tasks", "n_tasks_total", "zero_shot_pct", "trained_on",
    "task_scores", "task_types", "groups",
]  # fmt: skip


def _numbered_rows(scores: pl.DataFrame) -> pl.DataFrame:
    """Number the models and experiments with any whole score: ``row``, in order of their names."""
    return (
        scores.drop_nulls("score")
        .select("model", "experiment")
        .unique()
        .sort("model", "experiment")
        .with_row_index("row")
    )


def _with_means(
    board: pl.DataFrame,
    scores: pl.DataFrame,
    of_subsets: pl.DataFrame | None,
    selected: SelectedScores,
    definition: BenchmarkDefinition,
    counted: Sequence[int],
) -> tuple[pl.DataFrame, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Add all means and ``n_tasks``; returns the board, its task types and its groups."""
    tasks, n = definition.tasks, board.height
    public = [x for x in counted if tasks[x].is_public]
    private = [x for x in counted if not tasks[x].is_public]
    types, by_type = type_means(scores, counted, tasks)
    groups, by_group = group_means(scores, _cells(scores, selected, definition), definition)
    by_subset = None if of_subsets is None else subset_means(of_subsets.drop_nulls("row"))
    n_tasks = scores.group_by("row").agg(n_tasks=pl.col("score").count().cast(pl.Int64))
    with_means = board.with_columns(
        _means("mean_task", task_means(scores, counted), n),
        _means("mean_task_type", mean_of_means(by_type, len(types)), n),
        _means("mean_public", task_means(scores, public), n),
        _means("mean_private", task_means(scores, private), n),
        _means("mean_subset", by_subset, n),
        _lists("task_types", by_type, range(len(types)), n),
        _lists("groups", by_group, range(len(groups)), n),
        n_tasks_total=pl.lit(len(counted), pl.Int64),
    )
    joined = with_means.join(n_tasks, on="row", how="left", maintain_order="left")
    return joined, types, groups


def _task_ballots(scores: pl.DataFrame) -> pl.DataFrame:
    """Return the Borda ballots: ``model``, ``task``, ``score`` and ``place`` (of the task).

    Incomplete tasks are included.

    The publisher pools all experiments of a model for its points.
    """
    return (
        scores.select("model", "task", "scored", mean="pooled")
        .group_by("model", "task")
        .agg(pooled_mean().alias("score"))
        .with_columns(place="task")
    )


def _subset_ballots(of_subsets: pl.DataFrame) -> pl.DataFrame:
    """Return the Borda ballots where each whole subset of a task is a ballot of its own."""
    ballot = pl.struct("task", "subset").alias("task")
    return of_subsets.group_by("model", ballot, place="task").agg(pl.col("score").mean())


def _cells(
    scores: pl.DataFrame, selected: SelectedScores, definition: BenchmarkDefinition
) -> pl.DataFrame:
    """Return the cells of the tasks that a grouping counts in part, for each row."""
    parts = {
        task.task
        for grouping in definition.groupings
        for group in grouping.groups
        for task, whole in zip(group.tasks, group.whole, strict=True)
        if not whole
    }
    places = [place for place, task in enumerate(definition.tasks) if task.task in parts]
    contents = scores.filter(pl.col("task").is_in(places)).select("row", content_id="content_ids")
    return (
        contents.explode("content_id")
        .join(selected.cells, on="content_id", how="inner")
        .sort("row", "task", "split", "subset", "content_id")
        .group_by("row", "task", "split", "subset", maintain_order=True)
        .agg(pl.col("score").mean())
    )


def _means(name: str, means: pl.DataFrame | None, n: int) -> pl.Series:
    """Spread ``row`` and ``mean`` over a column of ``n`` rows, null where a row is absent."""
    empty = pl.repeat(None, n, dtype=pl.Float64, eager=True).alias(name)
    return empty if means is None else empty.scatter(means["row"], means["mean"])


def _lists(name: str, means: pl.DataFrame, places: Sequence[int], n: int) -> pl.Series:
    """Spread ``row``, ``place`` and ``mean`` over a column of ``n`` lists in order of places."""
    if not places or not n:
        return pl.Series(name, [[]] * n, dtype=pl.List(pl.Float64))
    width = len(places)
    columns = {place: column for column, place in enumerate(places)}
    column = means["place"].replace_strict(columns, return_dtype=pl.UInt32)
    flat = pl.repeat(None, n * width, dtype=pl.Float64, eager=True).alias(name)
    filled = flat.scatter(means["row"] * width + column, means["mean"])
    return filled.reshape((n, width)).arr.to_list()


def _with_training(
    board: pl.DataFrame,
    scores: pl.DataFrame,
    names: Sequence[str],
    counted: Sequence[int],
    training_tasks: Mapping[str, frozenset[str] | None],
) -> pl.DataFrame:
    """Add ``zero_shot_pct`` and ``trained_on``."""
    of_board = {names[place] for place in counted}
    ran = dict(scores.group_by("model").agg(pl.col("task").unique()).iter_rows())
    shares, trained = [], []
    for model in board["model"]:
        training = training_tasks.get(model)
        shares.append(zero_shot_percent(training, of_board))
        trained.append(sorted({names[place] for place in ran[model]} & (training or frozenset())))
    return board.with_columns(
        pl.Series("zero_shot_pct", shares, pl.Int64),
        pl.Series("trained_on", trained, pl.List(pl.String)),
    )


def _ranked_by_means(board: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Rank by some means, the most significant first.

    The publisher numbers all rows in sorted order, in which equal rows and rows without any mean
    have no defined order. Here equal rows share a rank, and rows without any mean have none.
    """
    rounded = [f"_{name}" for name in columns]
    ordered = (
        board.with_columns(pl.col(name).round(_DIGITS).alias(f"_{name}") for name in columns)
        .sort(rounded, descending=True, nulls_last=True)
        .with_row_index("_place", offset=1)
    )
    first = pl.col("_place").min().over(rounded).cast(pl.Int64)
    has_any = pl.any_horizontal(pl.col(columns).is_not_null())
    return ordered.with_columns(rank=pl.when(has_any).then(first))
