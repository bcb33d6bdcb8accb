"""The answer to every question for a leaderboard, with intervals if they are asked for."""

from __future__ import annotations

from dataclasses import replace

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.common.deferred_imports import deferred_imports
from tracker.insights.boards.conditions import read_conditioned
from tracker.insights.boards.query import BoardQuery
from tracker.insights.reader import Reader

with deferred_imports(globals()):
    import numpy as np

    from tracker.answers.intervals import row_intervals
    from tracker.insights.boards.differences import row_difference, whole_question
    from tracker.insights.boards.finetunes import fold_finetunes
    from tracker.insights.boards.score_table import ScoreTable, read_score_table, row_name
    from tracker.ranking.confidence_intervals import IntervalJob, can_be_drawn


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


def read_interval_job(reader: Reader, board: Leaderboard, query: BoardQuery) -> IntervalJob:
    """Read what the intervals of a board's rows are drawn from; see ``interval_job``."""
    return interval_job(board, read_score_table(reader, whole_question(query)))


def interval_job(board: Leaderboard, scores: ScoreTable) -> IntervalJob:
    """What the intervals of a board's rows are drawn from.

    Rows without a rank are left out, and so are rows whose rank comes from scores that are not in
    the table.
    """
    drawn = [row for row in board.rows if _can_be_drawn(row, scores)]
    return IntervalJob(
        scores.table,
        [scores.rows[row_name(row)] for row in drawn],
        [row.label for row in drawn],
        scores.has_mean,
    )


def _with_intervals(board: Leaderboard, scores: ScoreTable) -> Leaderboard:
    """Add intervals to ranked rows, and to each row the difference to the next one."""
    job = interval_job(board, scores)
    answers = row_intervals(job.draw(), has_mean=job.has_mean)
    found = dict(zip(job.labels, answers, strict=True))
    following = [*board.rows[1:], None]
    rows = [
        replace(
            row,
            interval=found.get(row.label),
            to_next=None if other is None else row_difference(scores, row, other),
        )
        for row, other in zip(board.rows, following, strict=True)
    ]
    return replace(board, rows=tuple(rows))


def _can_be_drawn(row: LeaderboardRow, scores: ScoreTable) -> bool:
    if not can_be_drawn(scores.table.types):
        return False
    place = scores.rows.get(row_name(row))
    if row.rank is None or place is None:
        return False
    # A board may publish a mean without the scores of all its tasks.
    return scores.table.points is not None or not np.isnan(scores.table.scores[place]).any()
