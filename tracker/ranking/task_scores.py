"""Compute the scores of tasks from the scores of their splits and subsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from tracker.ranking.benchmark import BenchmarkDefinition, TaskSelection


class SelectedScores(NamedTuple):
    """The scores of contents in the cells that a board counts.

    They depend on no date and on no choice among files, so a caller may keep them for a board and
    compute the board of any moment from them.
    """

    contents: pl.DataFrame
    """One row per content with any cell of the board: ``content_id``, ``task`` (position in the
    selection), ``mean`` (of its scores; null without any), ``scored`` (number of scores),
    ``size`` (number of cells of the task), ``is_full`` (whether each cell has a score)."""
    cells: pl.DataFrame
    """One row per cell of the contents that are not full, or of all contents if the board counts
    subsets or parts of tasks: ``content_id``, ``task``, ``split``, ``subset``, ``score`` (null if
    missing)."""


def select_scores(
    contents: pl.DataFrame,
    layouts: pl.DataFrame,
    definition: BenchmarkDefinition,
    lowest: Mapping[str, float] | None = None,
) -> SelectedScores:
    """Select the cells that a board counts, and average them for each content.

    Scores are summed in the order of the file, like the publisher does: for otherwise equal
    models the last bit of a mean decides the published rank.

    Args:
        contents: ``content_id``, ``task``, ``layout_id`` and ``scores`` (list of floats as long
            as the layout, null if missing). Contents of other tasks are ignored.
        layouts: ``layout_id``, ``split`` and ``subset``; the cells of a layout in its order.
        definition: The board.
        lowest: Lowest possible score, by task. If given, contents with an impossible score in a
            cell of the board are left out; the highest possible score is 1.
    """
    wanted = _wanted(definition.tasks)
    listed = contents.select("content_id", "layout_id", "scores", name="task")
    if listed["content_id"].n_unique() < listed.height:  # dropping rows copies their scores
        listed = listed.unique("content_id")
    places = pl.int_range(pl.len(), dtype=pl.UInt32).over("layout_id")
    picks = (
        layouts.with_columns(place=places)
        .join(listed.select("layout_id", "name").unique(), on="layout_id", how="inner")
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
    picked = listed.join(picks, on=["layout_id", "name"], how="inner").select(
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


def of_tasks(
    selected: SelectedScores, whole: BenchmarkDefinition, part: BenchmarkDefinition
) -> SelectedScores:
    """The scores for a definition that has some of the whole tasks of another one."""
    places = {task.task: place for place, task in enumerate(part.tasks)}
    renumbered = {
        place: places[task.task] for place, task in enumerate(whole.tasks) if task.task in places
    }

    def kept(frame: pl.DataFrame) -> pl.DataFrame:
        task = pl.col("task").replace_strict(renumbered, return_dtype=frame.schema["task"])
        return frame.filter(pl.col("task").is_in(list(renumbered))).with_columns(task)

    return SelectedScores(kept(selected.contents), kept(selected.cells))


def _wanted(tasks: Sequence[TaskSelection]) -> pl.DataFrame:
    """List the cells of a board.

    Returns:
        ``cell`` (a number), ``task`` (position), ``name``, ``size`` (number of cells of the
        task), ``split`` and ``subset``.
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
    """Average the scores of each content.

    Args:
        picked: One row per content: ``content_id``, ``task``, ``size``, the lists ``cell`` and
            ``score``, and ``n_cells`` (distinct cells).
        wanted: The cells of the board.
        definition: The board.
    """
    scores = pl.col("score").list.drop_nulls()
    n_scored = scores.list.len()
    # Distinct cells with a score are counted one by one only if a score is missing.
    has_gap = pl.col("score").list.len() > n_scored
    gaps = picked.filter(has_gap).select("content_id", "cell", "score").explode("cell", "score")
    n_cells = gaps.drop_nulls("score").group_by("content_id").agg(n=pl.col("cell").n_unique())
    contents = picked.join(n_cells, on="content_id", how="left").select(
        "content_id",
        "task",
        # The mean of a list, unlike that of a group, always adds the numbers in order.
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


def task_scores(preferred: pl.DataFrame, selected: SelectedScores) -> pl.DataFrame:
    """Compute the score of each row of a board on each task that it ran.

    A score is the mean of the cells with a score. It counts only if the row has as many cells as
    there are splits times subsets, among those on which any row of the board has a score: a mean
    over some languages must not be compared with a mean over all of them.

    Args:
        preferred: The files that count: ``model``, ``experiment`` and ``content_id``.
        selected: The scores in their contents.

    Returns:
        ``model``, ``experiment``, ``task`` (position in the selection), ``content_ids``,
        ``pooled`` (the mean of the cells that are present), ``scored`` (number of these cells)
        and ``score`` (the mean, null if any needed cell is missing).
    """
    grouped = (
        preferred.select("model", "experiment", "content_id")
        .join(selected.contents, on="content_id", how="inner", maintain_order="left")
        .group_by("model", "experiment", "task", maintain_order=True)
        .agg(
            pooled_mean(),
            pl.col("scored").sum(),
            pl.col("size").first(),
            pl.col("is_full").any(),
            content_ids=pl.col("content_id"),
        )
        # If one row has every cell, the others need every cell, too.
        .with_columns(is_open=~pl.col("is_full").any().over("task"))
    )
    # Several files of one row may together have all cells that none of them has alone.
    is_unclear = pl.col("is_open") | (pl.col("content_ids").list.len() > 1)
    complete = _complete(grouped.filter(~pl.col("is_full") & is_unclear), selected.cells)
    is_complete = pl.col("is_full") | pl.col("is_complete").fill_null(False)
    score = pl.when(is_complete & (pl.col("scored") > 0)).then("mean")
    return grouped.join(
        complete, on=["model", "experiment", "task"], how="left", maintain_order="left"
    ).select("model", "experiment", "task", "content_ids", "scored", pooled="mean", score=score)


def pooled_mean() -> pl.Expr:
    """Combine columns ``mean`` and ``scored`` of several files into the mean of all their cells."""
    n = pl.col("scored").sum()
    several = (pl.col("mean") * pl.col("scored")).sum() / n
    # Multiplying and dividing would change the last bits of a single mean.
    return (
        pl.when(pl.len() == 1).then(pl.col("mean").first()).when(n > 0).then(several).alias("mean")
    )


def _complete(unclear: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Decide which rows have all cells that a task needs.

    Args:
        unclear: Rows of :func:`task_scores`; of a task that ``is_open``, all rows that ran it.
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
    """Compute the score of each row on each subset of each task.

    Args:
        scores: ``row``, ``model`` and ``content_ids``, one frame row per task.
        selected: The scores in their contents.

    Returns:
        ``row``, ``model``, ``task``, ``subset`` and ``score``: the mean over splits, null if a
        split is missing that any row of the board has on this task.
    """
    cells = (
        scores.select("row", "model", content_id="content_ids")
        .explode("content_id")
        .join(selected.cells, on="content_id", how="inner")
        # Sums have one order, or the last bit of a mean would differ from run to run.
        .sort("row", "model", "task", "subset", "split", "content_id")
    )
    scored_splits = pl.col("split").filter(pl.col("score").is_not_null()).n_unique()
    needed = cells.group_by("task").agg(needed=scored_splits)
    return (
        cells.group_by("row", "model", "task", "subset")
        .agg(pl.col("score").drop_nulls(), had=scored_splits)
        .join(needed, on="task", how="left")
        .select(
            "row",
            "model",
            "task",
            "subset",
            score=pl.when(pl.col("had") >= pl.col("needed")).then(pl.col("score").list.mean()),
        )
        .sort("row", "model", "task", "subset")
    )
