"""Scores of tasks from the scores of their splits and subsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from tracker.ranking.benchmark import BenchmarkDefinition, TaskSelection


class SelectedScores(NamedTuple):
    """What contents say of the cells of a board.

    It depends on no date and on no choice among files, so that a caller may keep it for a board
    and ask for any moment.
    """

    contents: pl.DataFrame
    """One line a content with any cell of the board: ``content_id``, ``task`` (its place in the
    selection), ``mean`` (of its scores, null without any), ``scored`` (how many), ``size`` (how
    many cells the task has), ``is_full`` (whether each of them is scored)."""
    cells: pl.DataFrame
    """One line a cell of contents that are not full, and of all where the board counts subsets or
    parts of tasks: ``content_id``, ``task``, ``split``, ``subset``, ``score`` (null: missing)."""


def select_scores(
    contents: pl.DataFrame, cells: pl.DataFrame, definition: BenchmarkDefinition
) -> SelectedScores:
    """Take the cells that a board counts, and average them for every content.

    Means are summed up in the order of the file, as the publisher does: where two models differ
    by nothing but that, the last bit of a mean decides their ranks there, and so it does here.

    Args:
        contents: Which task a content tells of: ``content_id`` and ``task``. Others are left out.
        cells: ``content_id``, ``split``, ``subset`` (strings) and ``score`` (null where missing);
            those of one content in the order of the file.
        definition: The board.
    """
    wanted = _wanted(definition.tasks)
    told = contents.select("content_id", name="task").unique()
    picked = (
        cells.join(told, on="content_id", how="inner", maintain_order="left")
        .join(wanted, on=["name", "split", "subset"], how="inner", maintain_order="left")
        .group_by("content_id")
        .agg(
            pl.col("task", "size").first(),
            pl.col("cell"),
            pl.col("score"),
            n_cells=pl.col("cell").n_unique(),
        )
    )
    return _selected(picked, wanted, definition)


def select_listed_scores(
    contents: pl.DataFrame,
    layouts: pl.DataFrame,
    definition: BenchmarkDefinition,
    lowest: Mapping[str, float] | None = None,
) -> SelectedScores:
    """Do the same where contents have lists of scores, and many share a list of cells.

    Args:
        contents: ``content_id``, ``task``, ``layout_id`` and ``scores`` (list of floats, null
            where missing, as long as the layout). Those of other tasks are left out.
        layouts: ``layout_id``, ``split`` and ``subset``; those of one layout in its order.
        definition: The board.
        lowest: The lowest possible score by task. Where it is given, contents with an impossible
            score in a cell of the board are left out; the highest possible score is 1.
    """
    wanted = _wanted(definition.tasks)
    told = contents.select("content_id", "layout_id", "scores", name="task").unique("content_id")
    places = pl.int_range(pl.len(), dtype=pl.UInt32).over("layout_id")
    picks = (
        layouts.with_columns(place=places)
        .join(told.select("layout_id", "name").unique(), on="layout_id", how="inner")
        .join(wanted, on=["name", "split", "subset"], how="inner")
        .sort("layout_id", "place")
        .group_by("layout_id", "name", maintain_order=True)
        .agg(
            pl.col("task", "size").first(),
            pl.col("place"),
            pl.col("cell"),
            n_cells=pl.col("cell").n_unique(),
        )
    )
    picked = told.join(picks, on=["layout_id", "name"], how="inner").select(
        "content_id",
        "task",
        "size",
        "cell",
        "n_cells",
        score=pl.col("scores").list.gather(pl.col("place")),
    )
    if lowest is not None:
        bounds = [lowest.get(task.task, -1.0) for task in definition.tasks]
        bound = pl.col("task").replace_strict(
            range(len(bounds)), bounds, return_dtype=pl.Float64, default=None
        )
        score = pl.col("score").list
        impossible = (score.max() > 1.0) | (score.min() < bound)
        picked = picked.filter(~impossible.fill_null(False))
    return _selected(picked, wanted, definition)


def _wanted(tasks: Sequence[TaskSelection]) -> pl.DataFrame:
    """The cells of a board: ``cell`` (a number), ``task`` (place), ``name``, ``split``, ``subset``.

    Beside them is the ``size`` of the task: how many cells it has.
    """
    strings = pl.List(pl.String)
    return (
        pl.DataFrame(
            {
                "name": [task.task for task in tasks],
                "size": [len(task.splits) * len(task.subsets) for task in tasks],
                "split": [task.splits for task in tasks],
                "subset": [task.subsets for task in tasks],
            },
            schema={"name": pl.String, "size": pl.UInt32, "split": strings, "subset": strings},
        )
        .with_row_index("task")
        .explode("split")
        .explode("subset")
        .with_row_index("cell")
    )


def _selected(
    picked: pl.DataFrame, wanted: pl.DataFrame, definition: BenchmarkDefinition
) -> SelectedScores:
    """Sum up ``content_id``, ``task``, ``size``, lists of ``cell`` and ``score``, ``n_cells``."""
    scores = pl.col("score").list.drop_nulls()
    n_scored = scores.list.len()
    # Only where a score is missing must cells be told apart one by one.
    has_gap = pl.col("score").list.len() > n_scored
    gaps = picked.filter(has_gap).select("content_id", "cell", "score").explode("cell", "score")
    n_cells = gaps.drop_nulls("score").group_by("content_id").agg(n=pl.col("cell").n_unique())
    contents = picked.join(n_cells, on="content_id", how="left").select(
        "content_id",
        "task",
        # Of a list, unlike of a group, the numbers are always added one after the other.
        mean=scores.list.mean(),
        scored=n_scored,
        size="size",
        is_full=pl.coalesce("n", pl.when(~has_gap).then("n_cells"), 0) == pl.col("size"),
    )
    needs_cells = "mean_subset" in definition.aggregations or any(
        not all(group.whole) for grouping in definition.groupings for group in grouping.groups
    )
    kept = picked if needs_cells else picked.filter(~contents["is_full"])
    cells = (
        kept.select("content_id", "cell", "score")
        .explode("cell", "score")
        .join(wanted, on="cell", how="left", maintain_order="left")
        .select("content_id", "task", "split", "subset", "score")
    )
    return SelectedScores(contents, cells)


def task_scores(speakers: pl.DataFrame, selected: SelectedScores) -> pl.DataFrame:
    """The score of every line of a board on every task that it ran.

    A score is the mean of the cells that are scored. It counts only if the line has as many cells
    as there are subsets times splits, of those on which any line of the board has a score: a mean
    over some of the languages must not stand beside a mean over all of them.

    Args:
        speakers: The files that speak: ``model``, ``experiment`` and ``content_id``.
        selected: What their contents say.

    Returns:
        ``model``, ``experiment``, ``task`` (its place in the selection), ``content_ids``,
        ``pooled`` (the mean whatever is missing), ``scored`` (of how many cells) and ``score``,
        null where there is none or not all of it.
    """
    told = speakers.select("model", "experiment", "content_id").join(
        selected.contents, on="content_id", how="inner", maintain_order="left"
    )
    grouped = (
        told.group_by("model", "experiment", "task", maintain_order=True)
        .agg(
            pooled_mean(),
            pl.col("scored").sum(),
            pl.col("size").first(),
            pl.col("is_full").any(),
            content_ids=pl.col("content_id"),
        )
        # Where one line has every cell, that is what the others must have.
        .with_columns(is_open=~pl.col("is_full").any().over("task"))
    )
    # Several files that make one line may have together what none of them has alone.
    is_unclear = pl.col("is_open") | (pl.col("content_ids").list.len() > 1)
    complete = _complete(grouped.filter(~pl.col("is_full") & is_unclear), selected.cells)
    is_complete = pl.col("is_full") | pl.col("is_complete").fill_null(False)
    score = pl.when(is_complete & (pl.col("scored") > 0)).then("mean")
    return grouped.join(
        complete, on=["model", "experiment", "task"], how="left", maintain_order="left"
    ).select("model", "experiment", "task", "content_ids", "scored", pooled="mean", score=score)


def pooled_mean() -> pl.Expr:
    """The mean of all cells behind some means: ``mean``, by how many cells were ``scored``."""
    n = pl.col("scored").sum()
    several = (pl.col("mean") * pl.col("scored")).sum() / n
    # A single mean stays as it is, to the last bit.
    return (
        pl.when(pl.len() == 1).then(pl.col("mean").first()).when(n > 0).then(several).alias("mean")
    )


def _complete(unclear: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Which of some lines and tasks have all the cells that the task needs.

    Args:
        unclear: Lines of :func:`task_scores`; of a task that ``is_open`` every line that ran it.
        cells: The cells of the board.

    Returns:
        ``model``, ``experiment``, ``task`` and ``is_complete``.
    """
    observed = (
        unclear.select("model", "experiment", "task", "size", "is_open", content_id="content_ids")
        .explode("content_id")
        .join(cells.drop("task").drop_nulls("score"), on="content_id", how="inner")
    )
    n_observed = pl.col("split").n_unique() * pl.col("subset").n_unique()
    needed = observed.group_by("task").agg(
        needed=pl.when(pl.col("is_open").first()).then(n_observed).otherwise(pl.col("size").first())
    )
    return (
        observed.group_by("model", "experiment", "task")
        .agg(had=pl.struct("split", "subset").n_unique())
        .join(needed, on="task", how="inner")
        .select("model", "experiment", "task", is_complete=pl.col("had") >= pl.col("needed"))
    )


def subset_scores(scores: pl.DataFrame, selected: SelectedScores) -> pl.DataFrame:
    """The score of every line on every subset of every task.

    Args:
        scores: ``line``, ``model`` and ``content_ids``, one line a task.
        selected: What their contents say.

    Returns:
        ``line``, ``model``, ``task``, ``subset`` and ``score``: the mean over splits, null where
        a split is missing that any line of the board has on this task.
    """
    cells = (
        scores.select("line", "model", content_id="content_ids")
        .explode("content_id")
        .join(selected.cells, on="content_id", how="inner", maintain_order="right")
    )
    scored_splits = pl.col("split").filter(pl.col("score").is_not_null()).n_unique()
    needed = cells.group_by("task").agg(needed=scored_splits)
    return (
        cells.group_by("line", "model", "task", "subset")
        .agg(pl.col("score").drop_nulls(), had=scored_splits)
        .join(needed, on="task", how="left")
        .select(
            "line",
            "model",
            "task",
            "subset",
            score=pl.when(pl.col("had") >= pl.col("needed")).then(pl.col("score").list.mean()),
        )
    )
