"""Questions about boards: which there are, and how one stood on a date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.answers.boards import MAIN_SERIES, EditionInfo, Leaderboard, PairedDifference
from tracker.api.questions import Questions, asks
from tracker.common.deferred_imports import deferred_imports
from tracker.common.times import When
from tracker.insights.boards.query import BoardQuery, ChoiceQuery

with deferred_imports(globals()):
    import polars as pl

    from tracker.answers.choices import Choice
    from tracker.answers.frames import frame_of
    from tracker.answers.history import Overview
    from tracker.answers.models import StateOfTheArt
    from tracker.insights.boards.board import read_board
    from tracker.insights.boards.differences import read_difference
    from tracker.insights.boards.leaderboard import read_interval_job, read_leaderboard
    from tracker.insights.boards.model_choice import ChoiceBoard, read_choice, read_choice_boards
    from tracker.insights.boards.task_scores import read_task_scores
    from tracker.insights.history.leaders import read_leaders
    from tracker.insights.methods.top_methods import read_knowledge, read_state_of_the_art
    from tracker.ranking.confidence_intervals import IntervalJob


class BoardQuestions(Questions):
    """Boards, their rows and their scores."""

    def editions(self, *, all_tables: bool = False) -> tuple[EditionInfo, ...]:
        """Every board with its period; ``all_tables`` adds the tables of single task types."""
        known = self._reader.editions
        return known.editions if all_tables else known.main()

    def boards(self, *, all_tables: bool = False) -> pl.DataFrame:
        """Every board with its series, period and size, one row an edition."""
        return frame_of("boards", self.editions(all_tables=all_tables))

    @asks(BoardQuery)
    def board(self, query: BoardQuery) -> Leaderboard:
        """A board as it stood on a date, as a typed object.

        The arguments are the fields of ``BoardQuery``; all but the first two are keywords.

        Raises:
            NotFoundError: There is no such board; the nearest names are suggested.
            NoDataError: Nothing is known for that date.
            UsageError: An argument has a wrong type or an unknown value.
        """
        return read_leaderboard(self._reader, query)

    @asks(BoardQuery)
    def leaderboard(self, query: BoardQuery) -> pl.DataFrame:
        """The same as ``board`` as a frame: one row a model, scores in percent."""
        return read_leaderboard(self._reader, query).to_polars()

    @asks(ChoiceQuery)
    def choice(self, query: ChoiceQuery) -> Choice:
        """Which models of a board to take, as a typed object.

        Conditions leave models out, each with the reason; the others are ranked by the weighted
        mean of the means of task types. The arguments are the fields of ``ChoiceQuery``; all but
        the first two are keywords.

        Raises:
            NotFoundError: There is no such board or type; the nearest names are suggested.
            NoDataError: Nothing is known for that date, or languages are asked for and the
                catalog has no raw scores.
            UsageError: An argument has a wrong type or an unknown value.
        """
        return read_choice(self._reader, query)

    @asks(ChoiceQuery)
    def choose(self, query: ChoiceQuery) -> pl.DataFrame:
        """The same as a frame: one row a model, the ranked ones first, scores in percent."""
        return read_choice(self._reader, query).to_polars()

    def choice_boards(self) -> Iterator[ChoiceBoard]:
        """All that choices from the present boards need, for the page of choices."""
        return read_choice_boards(self._reader)

    def difference(
        self, model: str, other: str, board: str | EditionInfo, as_of: When = None
    ) -> PairedDifference:
        """The mean of one model less that of another on a board, over the tasks that both have.

        The interval says how far the difference depends on which tasks the board happens to have.

        Args:
            model: Public id, present or former.
            other: The same of the second model.
            board: Name of an edition or a series.
            as_of: The day; now by default.

        Raises:
            NotFoundError: There is no such model or board, or a model is not on the board.
            NoDataError: They share no task, or the catalog has no scores of single tasks.
        """
        return read_difference(self._reader, model, other, BoardQuery(board, as_of))

    def interval_job(self, board: Leaderboard, *, top: int) -> IntervalJob:
        """What draws the intervals of the first rows of a whole board, in any process.

        Args:
            board: A state of the board, from ``board`` without conditions.
            top: Number of rows.

        Raises:
            NoDataError: The catalog has no scores of single tasks.
        """
        query = BoardQuery(board.edition, board.as_of)
        return read_interval_job(self._reader, replace(board, rows=board.rows[:top]), query)

    def folded_finetunes(self, board: str | EditionInfo) -> dict[str, str]:
        """Fine-tunes that are not clearly ahead of their base, and the models they fold into.

        Both are present names; ``leaderboard`` with ``fold_finetunes`` shows the rest.

        Raises:
            NotFoundError: There is no such board.
            NoDataError: There are no scores of single tasks.
        """
        found = read_leaderboard(self._reader, BoardQuery(board, fold_finetunes=True))
        return {name: row.model_now or row.model for row in found.rows for name in row.finetunes}

    def task_scores(
        self, board: str | EditionInfo, as_of: When = None, *, origin: str | None = None
    ) -> pl.DataFrame:
        """Scores of single tasks on a board: ``label``, ``task`` and ``score`` in percent."""
        return read_task_scores(self._reader, BoardQuery(board, as_of, origin=origin))

    def state_of_the_art(self, board: str, as_of: When = None, *, top: int = 20) -> StateOfTheArt:
        """The leading models of a board on a date, with what is documented of their methods."""
        shown = read_board(self._reader, BoardQuery(board, as_of, top=top))
        return read_state_of_the_art(shown, read_knowledge(self._reader))

    def overviews(self, series: tuple[str, ...] = MAIN_SERIES) -> tuple[Overview, ...]:
        """Who leads the main series now, since when and by how much."""
        current = {e.series for e in self._reader.editions.main() if e.current}
        return tuple(self._overview(name) for name in series if name in current)

    def _overview(self, series: str) -> Overview:
        board = read_board(self._reader, BoardQuery(series))
        ranked = [row for row in board.rows if row.rank is not None]
        return Overview(
            series,
            board.edition.series_title,
            board,
            read_leaders(self._reader, series),
            ranked[1] if len(ranked) > 1 else None,
        )
