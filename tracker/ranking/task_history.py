"""Scores and leaders of one task over its whole history.

A task is a board of one task, but single tasks are asked by the hundred: this follows only what
changes and never ranks all rows. A test holds it to :func:`tracker.ranking.states.board_states`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from tracker.ranking.states import RowKey
from tracker.ranking.task_state import ContentScore, TaskState
from tracker.ranking.timelines import TaskResult

_DIGITS = 12
"""Scores are compared to this many digits, as on boards."""


class ScoreInterval(NamedTuple):
    """The score of a row, with the interval in which it held."""

    key: RowKey
    score: float
    """From 0 to 1."""
    since: str
    until: str | None
    """``None`` for an open interval."""


class TopInterval(NamedTuple):
    """The first rows of a task, with the interval in which they were first."""

    leaders: tuple[RowKey, ...]
    """The rows that share the first rank, by name; empty where no row has a score."""
    second: RowKey | None
    """The best row of another model than the first leader."""
    since: str
    until: str | None
    """``None`` for an open interval."""


class TaskHistory(NamedTuple):
    """A task over its whole history."""

    scores: list[ScoreInterval]
    tops: list[TopInterval]
    """Oldest first, one after the other."""

    def at(self, moment: str) -> list[tuple[int, ScoreInterval]]:
        """The rows that hold at a moment with their ranks, best first, equal ones by name."""
        held = [row for row in self.scores if holds(row, moment)]
        held.sort(key=lambda row: _order(row.key, row.score))
        ranked: list[tuple[int, ScoreInterval]] = []
        for place, row in enumerate(held, 1):
            is_equal = ranked and round(ranked[-1][1].score, _DIGITS) == round(row.score, _DIGITS)
            ranked.append((ranked[-1][0] if is_equal else place, row))
        return ranked


def holds(interval: ScoreInterval | TopInterval, moment: str) -> bool:
    """Whether an interval covers a moment."""
    return interval.since <= moment and (interval.until is None or interval.until > moment)


def task_history(results: Iterable[TaskResult], scores: Mapping[int, ContentScore]) -> TaskHistory:
    """Follow one task through its history.

    Args:
        results: The contents that count for each row on the task. Those without a score are
            ignored.
        scores: By content, for the splits and subsets that count; impossible scores are left out.
    """
    replay = _Replay(scores)
    events: list[tuple[str, RowKey, tuple[int, ...]]] = []
    for result in results:
        contents = tuple(content for content in result.contents if content in scores)
        key = RowKey(result.model, result.name, result.experiment)
        if contents:
            events.append((result.since, key, contents))
            if result.until is not None:
                events.append((result.until, key, ()))
    # At one moment ends come before beginnings, since a changed result has both.
    events.sort(key=lambda event: (event[0], bool(event[2])))
    for at, group in groupby(events, key=itemgetter(0)):
        for _, key, contents in group:
            replay.set_contents(key, contents)
        replay.update(at)
    return replay.finished()


class _Replay:
    """The current state of a task while its events are replayed in order."""

    def __init__(self, scores: Mapping[int, ContentScore]) -> None:
        self._task = TaskState(scores)
        self._names: dict[tuple[str, str], RowKey] = {}
        """By model and experiment."""
        self._open: dict[RowKey, tuple[float, str]] = {}
        """Score and its beginning."""
        self._scores: list[ScoreInterval] = []
        self._tops: list[TopInterval] = []

    def set_contents(self, key: RowKey, contents: tuple[int, ...]) -> None:
        """Set the contents that count for a row; none if it has no result any more."""
        row = key.model, key.experiment
        self._task.put(row, contents)
        if contents:
            self._names[row] = key

    def update(self, at: str) -> None:
        """Close and open the intervals that change at a moment."""
        now = {self._names[row]: score for row, score in self._task.row_scores().items()}
        ended = [key for key, held in self._open.items() if now.get(key) != held[0]]
        for key in ended:
            score, since = self._open.pop(key)
            self._scores.append(ScoreInterval(key, score, since, at))
        begun = now.keys() - self._open.keys()
        for key in begun:
            self._open[key] = (now[key], at)
        if ended or begun:
            self._follow_top(now, at)

    def _follow_top(self, now: Mapping[RowKey, float], at: str) -> None:
        top = _top(now)
        if self._tops:
            if self._tops[-1][:2] == top:
                return
            self._tops[-1] = self._tops[-1]._replace(until=at)
        self._tops.append(TopInterval(*top, at, None))

    def finished(self) -> TaskHistory:
        """The whole history, with the intervals that are still open."""
        still = (ScoreInterval(key, *held, None) for key, held in self._open.items())
        return TaskHistory([*self._scores, *still], self._tops)


def _top(scores: Mapping[RowKey, float]) -> tuple[tuple[RowKey, ...], RowKey | None]:
    """The rows that share the first rank, and the best row of another model than the first."""
    if not scores:
        return (), None
    leaders = _first(scores)
    model = leaders[0].model
    others = {key: score for key, score in scores.items() if key.model != model}
    return leaders, _first(others)[0] if others else None


def _first(scores: Mapping[RowKey, float]) -> tuple[RowKey, ...]:
    """The rows with the highest score, by name."""
    best = round(max(scores.values()), _DIGITS)
    # Rounding all would take most of the time of following a task.
    least = best - 10**-_DIGITS
    return tuple(
        sorted(
            key for key, score in scores.items() if score >= least and round(score, _DIGITS) == best
        )
    )


def _order(key: RowKey, score: float) -> tuple[float, RowKey]:
    """Sorts the highest score first, equal ones by name."""
    return -round(score, _DIGITS), key
