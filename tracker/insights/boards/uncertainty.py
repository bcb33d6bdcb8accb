"""Intervals of the rows of a board: how far they depend on which tasks it happens to have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from tracker.answers.boards import Leaderboard, LeaderboardRow, RowInterval
from tracker.insights.boards.conditions import read_conditioned
from tracker.insights.boards.differences import row_difference, whole_question
from tracker.insights.boards.finetunes import fold_finetunes
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.score_table import ScoreTable, read_score_table, row_name
from tracker.insights.reader import Reader
from tracker.ranking.uncertainty import board_intervals, draw_weights


def read_leaderboard(reader: Reader, query: BoardQuery) -> Leaderboard:
    """Read a board as a question asks for it, with intervals and folded fine-tunes if it does.

    Raises:
        NotFoundError: There is no such board, or a condition names something that is not known.
        NoDataError: Nothing is known of the board for that moment, or intervals are asked for and
            the catalog has no scores of single tasks.
        UsageError: A condition cannot be read.
    """
    if not query.intervals and not query.fold_finetunes:
        return read_conditioned(reader, query)
    scores = read_score_table(reader, whole_question(query))
    board = read_conditioned(reader, replace(query, top=None))
    if query.fold_finetunes:
        board = fold_finetunes(reader, board, scores)
    board = replace(board, rows=board.rows[: query.top])
    return _with_intervals(board, scores) if query.intervals else board


def _with_intervals(board: Leaderboard, scores: ScoreTable) -> Leaderboard:
    """Add intervals to ranked rows, and to each row the difference to the next one."""
    drawn = [row for row in board.rows if _can_be_drawn(row, scores)]
    found = dict(zip(map(row_name, drawn), _intervals(scores, drawn), strict=True))
    following = [*board.rows[1:], None]
    rows = [
        replace(
            row,
            interval=found.get(row_name(row)),
            to_next=None if other is None else row_difference(scores, row, other),
        )
        for row, other in zip(board.rows, following, strict=True)
    ]
    return replace(board, rows=tuple(rows))


def _can_be_drawn(row: LeaderboardRow, scores: ScoreTable) -> bool:
    """Whether a row has a rank, and the scores that it comes from are in the table."""
    place = scores.rows.get(row_name(row))
    if row.rank is None or place is None:
        return False
    # A board may publish a mean without the scores of all its tasks.
    return scores.table.points is not None or not np.isnan(scores.table.scores[place]).any()


def _intervals(scores: ScoreTable, rows: Sequence[LeaderboardRow]) -> Iterable[RowInterval]:
    """Intervals of some rows, in their order."""
    if not rows:
        return
    wanted = [scores.rows[row_name(row)] for row in rows]
    found = board_intervals(scores.table, draw_weights(scores.table.types), wanted)
    for values in zip(*(bound.tolist() for bound in found), strict=True):
        rank_low, rank_high, mean_low, mean_high, tie_first, tie_last = values
        has_mean = scores.has_mean and not np.isnan(mean_low)
        yield RowInterval(
            rank_low,
            rank_high,
            mean_low * 100 if has_mean else None,
            mean_high * 100 if has_mean else None,
            tie_first,
            tie_last,
        )
