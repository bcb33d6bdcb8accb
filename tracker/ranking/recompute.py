"""A board computed from raw result files, equal to the publisher's own."""

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
from tracker.ranking.revisions import shown_experiments, speaking_files
from tracker.ranking.task_scores import (
    SelectedScores,
    pooled_mean,
    subset_scores,
    task_scores,
)
from tracker.ranking.zero_shot import zero_shot_percent


class Recomputed(NamedTuple):
    """A board with the names of what its lists hold."""

    lines: pl.DataFrame
    """One line a model and experiment, in order of rank, then by name; scores from 0 to 1.

    ``model``, ``experiment`` (empty: none), ``rank`` (null where a board that ranks by means has
    none of them for a line), ``points`` (Borda), ``mean_task``, ``mean_task_type``,
    ``mean_public``, ``mean_private`` and ``mean_subset`` (null: not whole), ``n_tasks`` (whole
    scores among the tasks that count) of ``n_tasks_total``, ``zero_shot_pct`` (-1: untold),
    ``trained_on`` (tasks that the model ran and was trained on), and the lists ``task_scores``,
    ``task_types`` and ``groups`` in the order of the names here (null where missing).
    """
    tasks: tuple[str, ...]
    """Tasks of the benchmark that any model ran, in its order; private ones are shown even where
    they do not count."""
    task_types: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    """Grouping and label."""


def recompute(
    files: pl.DataFrame,
    selected: SelectedScores,
    definition: BenchmarkDefinition,
    revisions: Mapping[str, str | None],
    training_tasks: Mapping[str, frozenset[str] | None],
) -> Recomputed:
    """Compute a board as it stood at a moment.

    Args:
        files: The files of registered models at the moment that have scores: ``file_id``,
            ``model``, ``revision`` (null: untold), ``experiment`` (JSON object of what it varies;
            empty: nothing), ``task``, ``mteb_version`` (null: untold), ``content_id``. Those of
            other tasks are left out.
        selected: What the contents of the files say, for this definition; it may say more.
        definition: The board.
        revisions: The revision that the registry names, by model.
        training_tasks: Tasks that a model was trained on; ``None`` where it is untold.
    """
    names = [task.task for task in definition.tasks]
    of_board = files.filter(pl.col("task").is_in(names))
    speakers = shown_experiments(speaking_files(of_board, revisions))
    told = task_scores(speakers, selected)
    shown = sorted(told["task"].unique())
    tasks = definition.tasks
    counted = [x for x in shown if tasks[x].is_public or not definition.public_tasks_only]
    counting = told.filter(pl.col("task").is_in(counted))
    lines = (
        counting.drop_nulls("score")
        .select("model", "experiment")
        .unique()
        .sort("model", "experiment")
        .with_row_index("line")
    )
    told = told.join(lines, on=["model", "experiment"], how="left")
    scores = told.filter(pl.col("task").is_in(counted))
    of_subsets = (
        subset_scores(scores, selected) if "mean_subset" in definition.aggregations else None
    )
    # Who has no line of its own still beats others on single tasks, and takes ranks away.
    ballots = _task_ballots(scores) if of_subsets is None else _subset_ballots(of_subsets)
    ranks = borda_ranks(ballots, lines.height)
    board = lines.join(ranks, on="model", how="left", maintain_order="left")
    board, types, groups = _with_means(
        board, scores.drop_nulls("line"), of_subsets, selected, definition, counted
    )
    own = told.drop_nulls("line").select("line", place="task", mean="score")
    board = board.with_columns(_lists("task_scores", own, shown, lines.height))
    board = _with_training(board, told, names, counted, training_tasks)
    if definition.rank_by:
        board = _ranked_by_means(board, definition.rank_by)
    ordered = board.sort("rank", "line", nulls_last=True).select(_COLUMNS)
    return Recomputed(ordered, tuple(names[x] for x in shown), types, groups)


# By which means are compared: a sum in another order is the same number.
_DIGITS = 12
_COLUMNS = [
    "model", "experiment", "rank", "points",
    "mean_task", "mean_task_type", "mean_public", "mean_private", "mean_subset",
    "n_tasks", "n_tasks_total", "zero_shot_pct", "trained_on",
    "task_scores", "task_types", "groups",
]  # fmt: skip


def _with_means(
    board: pl.DataFrame,
    scores: pl.DataFrame,
    of_subsets: pl.DataFrame | None,
    selected: SelectedScores,
    definition: BenchmarkDefinition,
    counted: Sequence[int],
) -> tuple[pl.DataFrame, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Add every mean and how many tasks are behind it; also give the types and the groups."""
    tasks, n = definition.tasks, board.height
    public = [x for x in counted if tasks[x].is_public]
    private = [x for x in counted if not tasks[x].is_public]
    types, by_type = type_means(scores, counted, tasks)
    groups, by_group = group_means(scores, _cells(scores, selected, definition), definition)
    by_subset = None if of_subsets is None else subset_means(of_subsets.drop_nulls("line"))
    n_tasks = scores.group_by("line").agg(n_tasks=pl.col("score").count().cast(pl.Int64))
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
    told = with_means.join(n_tasks, on="line", how="left", maintain_order="left")
    return told, types, groups


def _task_ballots(scores: pl.DataFrame) -> pl.DataFrame:
    """What counts in Borda: ``model``, ``task`` and ``score``, of incomplete tasks too.

    The publisher pools all experiments of a model for its points.
    """
    return (
        scores.select("model", "task", "scored", mean="pooled")
        .group_by("model", "task")
        .agg(pooled_mean().alias("score"))
    )


def _subset_ballots(of_subsets: pl.DataFrame) -> pl.DataFrame:
    """The same with every subset of every task as a ballot of its own, whole ones only."""
    ballot = pl.struct("task", "subset").alias("task")
    return of_subsets.group_by("model", ballot).agg(pl.col("score").mean())


def _cells(
    kept: pl.DataFrame, selected: SelectedScores, definition: BenchmarkDefinition
) -> pl.DataFrame:
    """Cells of the tasks that a grouping counts in part, line by line."""
    parts = {
        task.task
        for grouping in definition.groupings
        for group in grouping.groups
        for task, whole in zip(group.tasks, group.whole, strict=True)
        if not whole
    }
    places = [place for place, task in enumerate(definition.tasks) if task.task in parts]
    lines = kept.filter(pl.col("task").is_in(places)).select("line", content_id="content_ids")
    return (
        lines.explode("content_id")
        .join(selected.cells, on="content_id", how="inner")
        .group_by("line", "task", "split", "subset")
        .agg(pl.col("score").mean())
    )


def _means(name: str, means: pl.DataFrame | None, n: int) -> pl.Series:
    """The column of ``line`` and ``mean``, null for lines that are not there."""
    empty = pl.repeat(None, n, dtype=pl.Float64, eager=True).alias(name)
    return empty if means is None else empty.scatter(means["line"], means["mean"])


def _lists(name: str, means: pl.DataFrame, places: Sequence[int], n: int) -> pl.Series:
    """The column of lists of ``line``, ``place`` and ``mean``, in the order of places."""
    if not places or not n:
        return pl.Series(name, [[]] * n, dtype=pl.List(pl.Float64))
    width = len(places)
    columns = {place: column for column, place in enumerate(places)}
    column = means["place"].replace_strict(columns, return_dtype=pl.UInt32)
    flat = pl.repeat(None, n * width, dtype=pl.Float64, eager=True).alias(name)
    filled = flat.scatter(means["line"] * width + column, means["mean"])
    return filled.reshape((n, width)).arr.to_list()


def _with_training(
    board: pl.DataFrame,
    told: pl.DataFrame,
    names: Sequence[str],
    counted: Sequence[int],
    training_tasks: Mapping[str, frozenset[str] | None],
) -> pl.DataFrame:
    """Add ``zero_shot_pct`` and ``trained_on``."""
    of_board = {names[place] for place in counted}
    ran = dict(told.group_by("model").agg(pl.col("task").unique()).iter_rows())
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
    """Ranks by some means, the first before the others; equal lines share a rank.

    The publisher numbers all lines in sorted order, equal ones and those without any mean as they
    happen to come. Here equal lines share a rank, and lines without any of the means have none.
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
