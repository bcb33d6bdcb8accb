"""Intervals as a terminal shows them: two bounds in one cell."""

from __future__ import annotations

import polars as pl

from tracker.ranking.confidence_intervals import LEVEL, N_DRAWS

COLUMNS = ("rank_interval", "mean_interval", "tie_group", "to_next")
EXPLAINED = (
    f"intervals: {LEVEL:.0f} % of {N_DRAWS:,} draws of the board's tasks, with replacement, tasks"
    " of one type among themselves; tie_group: places that the draws do not tell apart; to_next:"
    " mean less that of the row below, with its interval and the tasks on which each is ahead"
)


def with_spans(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the columns of ``COLUMNS`` as text to the frame of a board with intervals."""
    return frame.with_columns(
        rank_interval=_span(pl.col("rank_low"), pl.col("rank_high")),
        mean_interval=pl.format("{}–{}", _score("mean_low"), _score("mean_high")),
        tie_group=_span(pl.col("tie_first"), pl.col("tie_last")),
        to_next=pl.format(
            "{}{}, {}:{}",
            _signed("next_difference"),
            pl.format(" ({} to {})", _signed("next_low"), _signed("next_high")).fill_null(""),
            pl.col("next_ahead"),
            pl.col("next_behind"),
        ),
    )


def _span(low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """``1–3``, or ``2`` where both bounds are the same."""
    return pl.when(low == high).then(low.cast(pl.String)).otherwise(pl.format("{}–{}", low, high))


def _score(name: str) -> pl.Expr:
    return pl.col(name).map_elements(lambda value: f"{value:.1f}", pl.String)


def _signed(name: str) -> pl.Expr:
    return pl.col(name).map_elements(lambda value: f"{value:+.2f}", pl.String)
