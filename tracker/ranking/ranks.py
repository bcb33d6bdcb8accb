"""Rank rows by a named rule: equal values share a rank, and a missing value has none."""

from __future__ import annotations

from tracker.common.deferred_imports import deferred_imports

with deferred_imports(globals()):
    import polars as pl

RULES = ("published", "borda", "mean_task", "mean_task_type")
"""Named rules; ``published`` keeps the ranks of the publisher, the others are computed."""


def rank_by(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rank rows by one column, highest value first.

    Args:
        frame: Rows with a numeric ``column``; an existing ``rank`` is replaced.
        column: The column to rank by.

    Returns:
        The same rows with an integer ``rank`` (null where the value is missing), in order of
        rank. Ties keep their input order; rows without a rank come last.
    """
    ranks = pl.col(column).rank("min", descending=True).cast(pl.Int64)
    return frame.with_columns(rank=ranks).sort("rank", nulls_last=True, maintain_order=True)
