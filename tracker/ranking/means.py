"""Means of task scores; a mean is missing if any score that belongs to it is missing.

This is the rule for one table of scores. :mod:`tracker.ranking.states` applies the same rule to all
states of a board; ``tests/ranking/test_states.py`` compares both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from tracker.ranking.benchmark import BenchmarkDefinition, TaskSelection


def whole_means(
    scores: pl.DataFrame, keys: Sequence[str], needed: pl.Expr, order: Sequence[str]
) -> pl.DataFrame:
    """Average the scores of each group; null where a group has fewer scores than it needs.

    Args:
        scores: ``score`` (null if missing) and the key columns.
        keys: Columns that identify a group.
        needed: Number of scores that a group needs, evaluated on its first row.
        order: Columns in whose order the scores of a group are added, so that the last bit of a
            mean depends neither on the order of the rows nor on the run.

    Returns:
        One row per group: its keys and ``mean``.
    """
    grouped = (
        scores.sort(order)
        .group_by(keys, maintain_order=True)
        .agg(pl.col("score").drop_nulls(), needed=needed.first())
    )
    # The mean of a list, unlike that of a group, always adds the numbers in order.
    own = pl.col("score").list
    return grouped.select(*keys, mean=pl.when(own.len() >= pl.col("needed")).then(own.mean()))


def task_means(scores: pl.DataFrame, tasks: Collection[int]) -> pl.DataFrame:
    """Average the scores of some tasks for each row of a board.

    Args:
        scores: ``row``, ``task`` (position) and ``score`` (null if missing).
        tasks: Positions of the tasks that belong to the mean.

    Returns:
        ``row`` and ``mean``; empty if there are no tasks.
    """
    counted = scores.filter(pl.col("task").is_in(list(tasks)))
    return whole_means(counted, ["row"], pl.lit(len(tasks)), ["task"])


def type_means(
    scores: pl.DataFrame, tasks: Collection[int], selection: Sequence[TaskSelection]
) -> tuple[tuple[str, ...], pl.DataFrame]:
    """Average the scores of each task type for each row of a board.

    Args:
        scores: ``row``, ``task`` (position) and ``score`` (null if missing).
        tasks: Positions in the selection of the tasks that count.
        selection: The tasks of the board.

    Returns:
        The task types in order of the board, and ``row``, ``place`` (position of the type) and
        ``mean``.
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
    return types, whole_means(of_types, ["row", "place"], pl.col("needed"), ["task"])


def mean_of_means(means: pl.DataFrame, needed: int) -> pl.DataFrame:
    """Average ``needed`` means (``row``, ``place``, ``mean``) for each row.

    Returns:
        ``row`` and ``mean``, null where one is missing.
    """
    scores = means.select("row", "place", score="mean")
    return whole_means(scores, ["row"], pl.lit(needed), ["place"])


def subset_means(scores: pl.DataFrame) -> pl.DataFrame:
    """Average the subsets that each row ran, with equal weights.

    Args:
        scores: ``row``, ``task``, ``subset`` and ``score``, one frame row per subset of a task.

    Returns:
        ``row`` and ``mean``, null where a subset that was run has no whole score. A task that was
        never run does not count, like on the published board.
    """
    return whole_means(scores, ["row"], pl.col("score").len(), ["task", "subset"])


def group_means(
    scores: pl.DataFrame, cells: pl.DataFrame, definition: BenchmarkDefinition
) -> tuple[tuple[tuple[str, str], ...], pl.DataFrame]:
    """Average each group of all groupings for each row of a board.

    Each entry of a group counts once: a whole task with its score, a part of a task with the mean
    of its cells. Tasks and cells that no row of the board has do not count.

    Args:
        scores: ``row``, ``task`` (position) and ``score`` (null if missing).
        cells: ``row``, ``task`` (position), ``split``, ``subset`` and ``score``.
        definition: The board.

    Returns:
        Grouping and label of each group with any score, in order, and ``row``, ``place``
        (position among these groups) and ``mean``.
    """
    labels, whole, parts = _entries(definition)
    of_cells = cells.join(parts, on=["task", "split", "subset"], how="inner")
    n_cells = of_cells.group_by("group", "entry").agg(
        needed=pl.struct("split", "subset").n_unique()
    )
    of_parts = whole_means(
        of_cells.join(n_cells, on=["group", "entry"], how="left"),
        ["row", "group", "entry"],
        pl.col("needed"),
        ["task", "split", "subset"],
    )
    of_tasks = scores.join(whole, on="task", how="inner")
    found = pl.concat(
        [
            of_parts.select("row", "group", "entry", score="mean"),
            of_tasks.select("row", "group", "entry", "score"),
        ]
    )
    present = found.group_by("group").agg(needed=pl.col("entry").n_unique()).sort("group")
    counted = found.join(present.with_row_index("place"), on="group", how="inner")
    means = whole_means(counted, ["row", "place"], pl.col("needed"), ["entry"])
    return tuple(labels[group] for group in present["group"]), means


def _entries(
    definition: BenchmarkDefinition,
) -> tuple[list[tuple[str, str]], pl.DataFrame, pl.DataFrame]:
    """List the groups with their entries.

    Returns:
        Grouping and label of each group; the entries that are whole tasks (``group``, ``entry``,
        ``task``); and the cells of the other entries (with ``split`` and ``subset``).
    """
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
