"""Ranks by a named rule: equal values share a rank, and a missing value has none."""

from __future__ import annotations

import polars as pl

RULES = ("published", "borda", "mean_task", "mean_task_type")
"""Named rules; ``published`` is what the board printed, the others are computed."""


def rank_by(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rank lines by one column, the highest first.

    Args:
        frame: Lines with a numeric ``column``; any ``rank`` in it is replaced.
        column: What to rank by.

    Returns:
        The same lines with an integer ``rank`` (null where the value is missing), ranked lines
        first, in order of rank, ties in their given order.
    """
    ranks = pl.col(column).rank("min", descending=True).cast(pl.Int64)
    return frame.with_columns(rank=ranks).sort("rank", nulls_last=True, maintain_order=True)
