"""Means of task scores; a mean is missing where anything that belongs to it is missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from tracker.ranking.benchmark import BenchmarkDefinition, TaskSelection


def whole_means(scores: pl.DataFrame, keys: Sequence[str], needed: pl.Expr) -> pl.DataFrame:
    """Mean scores of groups, null where a group has fewer scores than it needs.

    Args:
        scores: ``score`` (null where missing) and the keys.
        keys: What makes a group.
        needed: How many scores a group needs, for its first line.

    Returns:
        One line a group: its keys and ``mean``.
    """
    is_whole = pl.col("score").count() >= needed.first()
    return scores.group_by(keys).agg(mean=pl.when(is_whole).then(pl.col("score").mean()))


def task_means(scores: pl.DataFrame, tasks: Collection[int]) -> pl.DataFrame:
    """The mean of some tasks for every line.

    Args:
        scores: ``line``, ``task`` and ``score`` (null where missing).
        tasks: All that belong to the mean, by their places; with none there is no mean.

    Returns:
        ``line`` and ``mean``.
    """
    counted = scores.filter(pl.col("task").is_in(list(tasks)))
    return whole_means(counted, ["line"], pl.lit(len(tasks)))


def type_means(
    scores: pl.DataFrame, tasks: Collection[int], selection: Sequence[TaskSelection]
) -> tuple[tuple[str, ...], pl.DataFrame]:
    """The mean of every task type for every line.

    Args:
        scores: ``line``, ``task`` and ``score`` (null where missing).
        tasks: The tasks that count, by their places in the selection.
        selection: The tasks of the board.

    Returns:
        The task types in order of the board, and ``line``, ``place`` (of the type) and ``mean``.
    """
    counted = [(place, selection[place].type) for place in sorted(tasks)]
    types = tuple(dict.fromkeys(kind for _, kind in counted))
    kinds = [kind for _, kind in counted]
    belonging = pl.DataFrame(
        [(place, types.index(kind), kinds.count(kind)) for place, kind in counted],
        schema={"task": pl.UInt32, "place": pl.UInt32, "needed": pl.UInt32},
        orient="row",
    )
    of_types = scores.join(belonging, on="task", how="inner")
    return types, whole_means(of_types, ["line", "place"], pl.col("needed"))


def mean_of_means(means: pl.DataFrame, needed: int) -> pl.DataFrame:
    """The mean of some means for every line: ``line`` and ``mean``, null where one is missing."""
    return whole_means(means.select("line", score="mean"), ["line"], pl.lit(needed))


def subset_means(scores: pl.DataFrame) -> pl.DataFrame:
    """The mean over all subsets that a line ran, each with the same weight.

    Args:
        scores: ``line`` and ``score``, one line a subset of a task.

    Returns:
        ``line`` and ``mean``, null where a subset that the line ran has no whole score. A task
        that it never ran does not count, as at the publisher's.
    """
    return whole_means(scores, ["line"], pl.col("score").len())


def group_means(
    scores: pl.DataFrame, cells: pl.DataFrame, definition: BenchmarkDefinition
) -> tuple[tuple[tuple[str, str], ...], pl.DataFrame]:
    """The means of the groups of all groupings for every line.

    Each entry of a group counts once: a whole task with its score, a part of a task with the mean
    of its cells. Tasks and cells that no line of the board has do not count.

    Args:
        scores: ``line``, ``task`` (its place) and ``score`` (null where missing).
        cells: ``line``, ``task`` (its place), ``split``, ``subset`` and ``score``.
        definition: The board.

    Returns:
        Grouping and label of the groups with anything to count, in order, and ``line``, ``place``
        (of the group among these) and ``mean``.
    """
    labels, whole, parts = _entries(definition)
    of_cells = cells.join(parts, on=["task", "split", "subset"], how="inner")
    n_cells = of_cells.group_by("group", "entry").agg(
        needed=pl.struct("split", "subset").n_unique()
    )
    of_parts = whole_means(
        of_cells.join(n_cells, on=["group", "entry"], how="left"),
        ["line", "group", "entry"],
        pl.col("needed"),
    )
    of_tasks = scores.join(whole, on="task", how="inner")
    found = pl.concat(
        [
            of_parts.select("line", "group", "entry", score="mean"),
            of_tasks.select("line", "group", "entry", "score"),
        ]
    )
    present = found.group_by("group").agg(needed=pl.col("entry").n_unique()).sort("group")
    counted = found.join(present.with_row_index("place"), on="group", how="inner")
    means = whole_means(counted, ["line", "place"], pl.col("needed"))
    return tuple(labels[group] for group in present["group"]), means


def _entries(
    definition: BenchmarkDefinition,
) -> tuple[list[tuple[str, str]], pl.DataFrame, pl.DataFrame]:
    """Grouping and label of every group, its entries that are whole tasks, and cells of others."""
    places = {task.task: place for place, task in enumerate(definition.tasks)}
    labels: list[tuple[str, str]] = []
    whole: list[tuple[int, int, int | None]] = []
    parts: list[tuple[int, int, int | None, str, str]] = []
    for grouping in definition.groupings:
        for group in grouping.groups:
            for entry, (task, is_whole) in enumerate(zip(group.tasks, group.whole, strict=True)):
                own = (len(labels), entry, places.get(task.task))
                if is_whole:
                    whole.append(own)
                else:
                    parts += [(*own, split, sub) for split in task.splits for sub in task.subsets]
            labels.append((grouping.name, group.label))
    schema = {"group": pl.UInt32, "entry": pl.UInt32, "task": pl.UInt32}
    cell_schema = {**schema, "split": pl.String, "subset": pl.String}
    return (
        labels,
        pl.DataFrame(whole, schema=schema, orient="row"),
        pl.DataFrame(parts, schema=cell_schema, orient="row"),
    )
