"""What an open catalog answers about time; ``tracker.api.Catalog`` is one of these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from tracker.answers import boards as answers
from tracker.answers import history as time_answers
from tracker.common.times import When, moment
from tracker.insights import frames
from tracker.insights.boards.editions import Shelf
from tracker.insights.history import changes, leaders, replay
from tracker.insights.history import histories as progress
from tracker.insights.models import why
from tracker.insights.models.names import read_names

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tracker.catalog.results.raw_scores import RawScores


class Chronicle:
    """The questions about histories, leaders, changes and absences; every method is a read."""

    _connection: Connection
    _raw: RawScores
    _now: str

    @property
    def shelf(self) -> Shelf:
        """All editions."""
        raise AttributeError("shelf")

    def _moment(self, board: str | answers.EditionInfo, as_of: When) -> str:
        """The moment that is asked for."""
        raise AttributeError("_moment")

    def history_points(
        self, board: str, model: str, *, all_editions: bool = False
    ) -> tuple[time_answers.HistoryPoint, ...]:
        """Rank and values of a model on a board, one point for each stretch of time.

        Args:
            board: A series has at each time the edition that it means then.
            model: Public id, present or former.
            all_editions: Every edition of a series for all its time.
        """
        return tuple(
            progress.read_history(
                self._connection, self.shelf, board, model, all_editions=all_editions
            )
        )

    def history(self, board: str, model: str, *, all_editions: bool = False) -> pl.DataFrame:
        """The same as a frame, oldest first."""
        points = self.history_points(board, model, all_editions=all_editions)
        return frames.history_frame(points)

    def leader_list(
        self, board: str | answers.EditionInfo, *, since: When = None, until: When = None
    ) -> tuple[time_answers.Leader, ...]:
        """Who led a series or an edition, from which day to which, and why it ended."""
        return leaders.read_leaders(
            self._connection,
            self.shelf,
            board,
            None if since is None else moment(since),
            None if until is None else moment(until),
        )

    def leaders(
        self, board: str | answers.EditionInfo, *, since: When = None, until: When = None
    ) -> pl.DataFrame:
        """The same as a frame, oldest first."""
        return frames.leaders_frame(self.leader_list(board, since=since, until=until))

    def replay(self, board: str | answers.EditionInfo, *, top: int = 30) -> time_answers.Replay:
        """The first rows of an edition on every day on which they changed."""
        edition = self.shelf.named(board)[-1] if isinstance(board, str) else board
        return replay.read_replay(self._connection, self.shelf, edition, top)

    def why(self, model: str, board: str, as_of: When = None) -> time_answers.Why:
        """Why a model is not on a board, and what would bring it back.

        Args:
            model: Public id, present or former.
            board: Name of an edition or a series.
            as_of: The day; now by default.

        Raises:
            NotFoundError: There is no such model or board; the nearest names are suggested.
            NoDataError: Nothing is known of the board for that day.
        """
        at = self._moment(board, as_of)
        return why.read_why(self._connection, self.shelf, self._raw, model, board, at)

    def all_absences(
        self, editions: Iterable[answers.EditionInfo]
    ) -> dict[str, tuple[time_answers.Why, ...]]:
        """Why models are not on some editions now, by present public id.

        Models that never had a result on an edition are left out of it.
        """
        return why.read_absences(self._connection, self.shelf, self._raw, editions, self._now)

    def all_history(self) -> Iterator[tuple[str, tuple[time_answers.HistoryPoint, ...]]]:
        """Histories of all models on all boards, by model name."""
        found: dict[int, list[time_answers.HistoryPoint]] = defaultdict(list)
        for edition in self.shelf.shown():
            of_board = progress.read_histories(self._connection, self.shelf, edition, None)
            for model, points in of_board.items():
                found[model] += points
        for model, row in read_names(self._connection).items():
            if model in found:
                yield row.name, tuple(found[model])

    def change_list(
        self, board: str | None = None, *, since: When = None, until: When = None
    ) -> tuple[time_answers.Change, ...]:
        """What appeared, left, moved or changed its value between two dates, and why.

        By default between the two latest states of the board, or of every series' current board.
        """
        start = None if since is None else moment(since)
        end = self._now if until is None else moment(until)
        if board is None:
            return tuple(changes.read_all_changes(self._connection, self.shelf, start, end))
        return tuple(changes.read_changes(self._connection, self.shelf, board, start, end))

    def with_causes(self, changes_: Sequence[time_answers.Change]) -> list[time_answers.Change]:
        """Changes with the causes and commits of the moments at which they happened."""
        return changes.with_causes(self._connection, self.shelf, changes_)

    def changes(
        self,
        board: str | None = None,
        *,
        since: When = None,
        until: When = None,
        all_shifts: bool = False,
    ) -> pl.DataFrame:
        """The same as a frame; ``cause``, ``commit`` and ``message`` hold lists.

        Args:
            board: As for ``change_list``, like ``since`` and ``until``.
            since: The earlier date.
            until: The later date.
            all_shifts: Also ranks that moved only because of other models.
        """
        frame = changes.changes_frame(self.change_list(board, since=since, until=until))
        return frame if all_shifts else changes.without_shifts(frame)

    def leads(self, board: str | answers.EditionInfo) -> tuple[time_answers.LeadSpan, ...]:
        """Who led a board from when to when, oldest first; copies count as their original."""
        chosen = self.shelf.named(board) if isinstance(board, str) else (board,)
        return tuple(progress.read_leads(self._connection, self.shelf, chosen))
