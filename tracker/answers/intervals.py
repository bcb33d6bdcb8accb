"""Intervals as answers: drawn bounds in percent, one answer a row."""

from __future__ import annotations

from math import isnan

from tracker.answers.boards import RowInterval
from tracker.ranking.confidence_intervals import Intervals


def row_intervals(found: Intervals, *, has_mean: bool) -> list[RowInterval]:
    """Turn drawn bounds into answers, in the same order.

    Args:
        found: Bounds of means are from 0 to 1.
        has_mean: Whether the mean that the board shows is the one that was drawn.
    """
    answers = []
    for values in zip(*(bound.tolist() for bound in found), strict=True):
        rank_low, rank_high, mean_low, mean_high, tie_first, tie_last = values
        is_known = has_mean and not isnan(mean_low)
        answers.append(
            RowInterval(
                rank_low,
                rank_high,
                mean_low * 100 if is_known else None,
                mean_high * 100 if is_known else None,
                tie_first,
                tie_last,
            )
        )
    return answers
