"""Borda count: each task is a ballot, and a model earns a point for every model it beats.

This is the rule for one table of scores. :mod:`tracker.ranking.states` applies the same rule to all
states of a board, task by task; ``tests/ranking/test_states.py`` compares both.
"""

from __future__ import annotations

import polars as pl


def task_points(scores: pl.DataFrame, n_models: int) -> pl.DataFrame:
    """Give each model its points on each task.

    On a task, a model earns the number of models on the board minus its rank among the models
    with a score. Equal scores share the mean of their ranks; a missing score earns nothing.

    Args:
        scores: One row per model and task: ``model``, ``task``, ``score`` (null if missing).
        n_models: Number of models on the board.

    Returns:
        The rows with a score, and their ``points``.
    """
    place = pl.col("score").rank("average", descending=True).over("task")
    return scores.drop_nulls("score").with_columns(points=n_models - place)


def borda_points(scores: pl.DataFrame, n_models: int) -> pl.DataFrame:
    """Sum the points of each model over all tasks; the arguments are those of ``task_points``.

    Returns:
        One row per model with any score: ``model`` and ``points``.
    """
    return (
        task_points(scores, n_models)
        .group_by("model", maintain_order=True)
        .agg(pl.col("points").sum())
    )


def borda_ranks(scores: pl.DataFrame, n_models: int) -> pl.DataFrame:
    """Rank models by points, highest first; equal points share a rank.

    Args:
        scores: As for :func:`borda_points`; a model whose scores are all missing has 0 points.
        n_models: Number of models on the board.

    Returns:
        One row per model of ``scores``: ``model``, ``points`` and ``rank``.
    """
    points = borda_points(scores, n_models)
    return (
        scores.select(pl.col("model").unique(maintain_order=True))
        .join(points, on="model", how="left", maintain_order="left")
        .with_columns(pl.col("points").fill_null(0))
        .with_columns(rank=pl.col("points").rank("min", descending=True).cast(pl.Int64))
    )
