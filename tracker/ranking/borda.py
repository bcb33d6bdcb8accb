"""Borda count: each task is a ballot, and a model gets a point for every model it leaves behind."""

from __future__ import annotations

import polars as pl


def borda_points(scores: pl.DataFrame, n_models: int) -> pl.DataFrame:
    """Sum of points over tasks.

    On a task, a model earns the number of models on the board less its rank among those with a
    score there; equal scores share the mean of their ranks, and a missing score earns nothing.

    Args:
        scores: One line a model and task: ``model``, ``task``, ``score`` (null where missing).
        n_models: How many models the board lists.

    Returns:
        One line a model with any score: ``model`` and ``points``.
    """
    place = pl.col("score").rank("average", descending=True).over("task")
    return (
        scores.drop_nulls("score")
        .with_columns(points=n_models - place)
        .group_by("model", maintain_order=True)
        .agg(pl.col("points").sum())
    )


def borda_ranks(scores: pl.DataFrame, n_models: int) -> pl.DataFrame:
    """Ranks by points, the most first; equal points share a rank.

    Args:
        scores: As for :func:`borda_points`; a model whose scores are all missing has 0 points.
        n_models: How many models the board lists.

    Returns:
        One line a model of ``scores``: ``model``, ``points`` and ``rank``.
    """
    points = borda_points(scores, n_models)
    return (
        scores.select(pl.col("model").unique(maintain_order=True))
        .join(points, on="model", how="left", maintain_order="left")
        .with_columns(pl.col("points").fill_null(0))
        .with_columns(rank=pl.col("points").rank("min", descending=True).cast(pl.Int64))
    )
