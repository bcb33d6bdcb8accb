"""Questions about time: histories, leaders, replays, changes, and why a model is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tracker.answers.boards import EditionInfo
from tracker.api.questions import Questions
from tracker.common.deferred_imports import deferred_imports
from tracker.common.times import When, moment
from tracker.insights.boards.query import BoardQuery

with deferred_imports(globals()):
    import polars as pl

    from tracker.answers.frames import frame_of
    from tracker.answers.frontier import CatchUp, FrontierSpan
    from tracker.answers.history import Change, HistoryPoint, Leader, Replay, Why
    from tracker.insights.history import changes, frontier, histories, leaders, replay
    from tracker.insights.models import why
    from tracker.insights.models.names import read_names


class HistoryQuestions(Questions):
    """Boards and models through time."""

    def history_list(
        self, board: str, model: str, *, all_editions: bool = False
    ) -> tuple[HistoryPoint, ...]:
        """Rank and values of a model on a board, one point for each stretch of time.

        Args:
            board: A series has at each time the edition that it means then.
            model: Public id, present or former.
            all_editions: Every edition of a series for all its time.
        """
        points = histories.read_history(self._reader, board, model, all_editions=all_editions)
        return tuple(points)

    def history(self, board: str, model: str, *, all_editions: bool = False) -> pl.DataFrame:
        """The same as a frame, oldest first."""
        points = self.history_list(board, model, all_editions=all_editions)
        return frame_of("history", points)

    def leader_list(
        self, board: str | EditionInfo, *, since: When = None, until: When = None
    ) -> tuple[Leader, ...]:
        """Who led a series or an edition, from which day to which, and why it ended."""
        return leaders.read_leaders(
            self._reader,
            board,
            None if since is None else moment(since, now=self._reader.now, begins=True),
            None if until is None else moment(until, now=self._reader.now),
        )

    def leaders(
        self, board: str | EditionInfo, *, since: When = None, until: When = None
    ) -> pl.DataFrame:
        """The same as a frame, oldest first."""
        return frame_of("leaders", self.leader_list(board, since=since, until=until))

    def frontier_list(
        self,
        board: str | EditionInfo,
        as_of: When = None,
        *,
        all_editions: bool = False,
    ) -> tuple[FrontierSpan, ...]:
        """The best open model under each size through time, or on a day.

        Models count with declared open weights, a known size and scores for all tasks of the
        board.

        Args:
            board: A series has at each time the edition that it means then.
            as_of: Only what held at the end of this day.
            all_editions: Every edition of a series for all its time.

        Raises:
            NotFoundError: There is no such board; the nearest names are suggested.
        """
        spans = frontier.read_frontier(self._reader, board, all_editions=all_editions)
        if as_of is None:
            return tuple(spans)
        return tuple(frontier.on_day(spans, moment(as_of, now=self._reader.now)[:10]))

    def frontier(
        self, board: str | EditionInfo, as_of: When = None, *, all_editions: bool = False
    ) -> pl.DataFrame:
        """The same as a frame, by edition and size, oldest first."""
        found = self.frontier_list(board, as_of, all_editions=all_editions)
        return frame_of("frontier", found)

    def catch_up_list(self, board: str | EditionInfo) -> tuple[CatchUp, ...]:
        """How long small open models took to reach the best mean of open models of any size.

        Raises:
            NotFoundError: There is no such board; the nearest names are suggested.
        """
        return tuple(frontier.read_catch_ups(self._reader, board))

    def catch_up(self, board: str | EditionInfo) -> pl.DataFrame:
        """The same as a frame, oldest record first."""
        return frame_of("catch_up", self.catch_up_list(board))

    def replay(self, board: str | EditionInfo, *, top: int = 30) -> Replay:
        """The first rows of an edition on every day on which they changed."""
        edition = self._reader.editions.named(board)[-1] if isinstance(board, str) else board
        return replay.read_replay(self._reader, edition, top)

    def why(self, model: str, board: str, as_of: When = None) -> Why:
        """Why a model is not on a board, and what would bring it back.

        Args:
            model: Public id, present or former.
            board: Name of an edition or a series.
            as_of: The day; now by default.

        Raises:
            NotFoundError: There is no such model or board; the nearest names are suggested.
            NoDataError: Nothing is known of the board for that day.
        """
        return why.read_why(self._reader, model, BoardQuery(board, as_of))

    def all_absences(self, editions: Iterable[EditionInfo]) -> dict[str, tuple[Why, ...]]:
        """Why models are not on some editions now, by present public id.

        Models that never had a result on an edition are left out of it.
        """
        return why.read_absences(self._reader, editions)

    def all_history(self) -> Iterator[tuple[str, tuple[HistoryPoint, ...]]]:
        """Histories of all models on all boards, by model name."""
        found: dict[int, list[HistoryPoint]] = defaultdict(list)
        for edition in self._reader.editions.shown():
            of_board = histories.read_histories(self._reader, edition, None)
            for model, points in of_board.items():
                found[model] += points
        for model, row in read_names(self._reader).items():
            if model in found:
                yield row.name, tuple(found[model])

    def change_list(
        self, board: str | None = None, *, since: When = None, until: When = None
    ) -> tuple[Change, ...]:
        """What appeared, left, moved or changed its value between two dates, and why.

        By default in the last 30 days for which the board, or every series' current board, is
        known.
        """
        now = self._reader.now
        start = None if since is None else moment(since, now=now, begins=True)
        end = moment(until, now=now)
        if board is None:
            return tuple(changes.read_all_changes(self._reader, start, end))
        return tuple(changes.read_changes(self._reader, board, start, end))

    def with_causes(self, found: Sequence[Change]) -> list[Change]:
        """Changes with the causes and commits of the moments at which they happened."""
        return changes.with_causes(self._reader, found)

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
        frame = frame_of("changes", self.change_list(board, since=since, until=until))
        return frame if all_shifts else changes.without_shifts(frame)
