"""Paired differences: the mean of one model less that of another over the same tasks."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from tracker.answers.boards import Leaderboard, LeaderboardRow, PairedDifference
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.boards.conditions import read_conditioned
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.score_table import ScoreTable, read_score_table, row_name
from tracker.insights.models.names import find_model
from tracker.insights.reader import Reader
from tracker.insights.units import FRACTION, percent
from tracker.ranking.confidence_intervals import difference


def read_difference(reader: Reader, first: str, second: str, query: BoardQuery) -> PairedDifference:
    """Read the difference of the means of two models on a board.

    Args:
        reader: The open catalog.
        first: Public id, present or former.
        second: Likewise.
        query: The board and the moment.

    Raises:
        NotFoundError: There is no such model or board, or a model is not on the board.
        NoDataError: The models share no task, or the catalog has no scores of single tasks.
    """
    board = read_conditioned(reader, replace(query, top=None))
    scores = read_score_table(reader, whole_question(query))
    rows = [_row_of(reader, board, name) for name in (first, second)]
    found = row_difference(scores, *rows)
    if found is None:
        raise NoDataError(f"{board.edition.name}: {first} and {second} have no task in common")
    return found


def read_differences(
    reader: Reader, first: str, others: Iterable[str], query: BoardQuery
) -> tuple[PairedDifference, ...]:
    """Read the difference of some models to a first one; those that cannot be known are left out.

    Args:
        reader: The open catalog.
        first: Public id.
        others: Public ids.
        query: The board and the moment.
    """
    found = []
    for other in others:
        with suppress(NoDataError, NotFoundError):
            found.append(read_difference(reader, other, first, query))
    return tuple(found)


def _row_of(reader: Reader, board: Leaderboard, name: str) -> LeaderboardRow:
    """The row of a model; that of the model itself where experiments have rows, too."""
    model = find_model(reader, name).name
    rows = [row for row in board.rows if model in (row.model_now, row.model)]
    if not rows:
        raise NotFoundError(
            f"{model} is not on {board.edition.name} at {board.as_of[:10]}",
            remedy=f"see: tracker why {model} {board.edition.slug}",
        )
    return next((row for row in rows if row.label == row.model), rows[0])


def whole_question(query: BoardQuery) -> BoardQuery:
    """The question without what chooses rows, so that its scores are read once."""
    return BoardQuery(
        query.board,
        query.as_of,
        rank_by=query.rank_by,
        origin=query.origin,
        identity=query.identity,
        collapse_copies=query.collapse_copies,
        type=query.type,
        tasks=query.tasks,
        language=query.language,
        without_suspect=query.without_suspect,
    )


def row_difference(
    scores: ScoreTable, first: LeaderboardRow, second: LeaderboardRow
) -> PairedDifference | None:
    """The difference of two rows; ``None`` where they have no task in common."""
    places = [scores.rows.get(row_name(row)) for row in (first, second)]
    if None in places:
        return None
    table = scores.table
    one, other = (table.scores[place] for place in places)
    found = difference(one, other, table.types, by_type=table.by_type)
    if found is None:
        return None
    return PairedDifference(
        first.model_now or first.model,
        second.model_now or second.model,
        scores.edition.name,
        scores.at,
        found.mean * 100,
        percent(found.low, FRACTION),
        percent(found.high, FRACTION),
        found.n_ahead,
        found.n_behind,
        found.n_tasks,
        len(scores.tasks),
    )
