"""Decide whether an answer of the live leaderboard is plausible, and archive it accordingly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import orjson

from tracker.common.times import now_text
from tracker.errors import SourceError
from tracker.io.validators import Validators
from tracker.sources import PUBLISHER_MUST_FIX
from tracker.sources._leaderboard_boards import parse_scores
from tracker.sources._leaderboard_lists import parse_benchmarks, parse_models, parse_tasks
from tracker.sources.contracts import check_bytes
from tracker.sources.records import Fetched, SourceHeader

if TYPE_CHECKING:
    from tracker.sources.runs import FetchReport, Run

KEPT_ROWS = 0.8
"""Boards grow; one that lost a fifth of its lines was answered from half-read results."""
TOP = 10
KEPT_TOP = 0.5
"""Models that were there before keep most of the first ten places among themselves.

Newcomers are left out of that: in the summer of 2026 they took six of the first ten places of
``MIEB(lite)`` within eleven weeks.
"""
OLD_TOP = 0.2
"""Newcomers that take nine or all of the first ten places are not newcomers, but other data."""
MORE_NULLS = 0.2
"""Missing scores get fewer; a jump means that the server has lost results, not that models have."""


class Gate:
    """Archives answers, each compared with the last good one of its stream."""

    def __init__(self, header: SourceHeader, run: Run) -> None:
        self._header = header
        self._run = run
        self._archive = run.archive
        self._seen_at = run.options.observed_at or now_text()
        # An imported older copy is compared with the state before it. Damaged bytes count as
        # missing, so that the source sends them again.
        self._last = {
            stream: origin
            for stream, origin in self._archive.latest(header.id, until=self._seen_at).items()
            if self._archive.holds(origin.sha256)
        }
        self.benchmarks: bytes | None = self._last_body("benchmarks")
        """The newest list of benchmarks."""

    def validators(self) -> dict[str, Validators]:
        """Return the validators of the last answers, by address."""
        return {o.url: Validators(o.etag, o.last_modified) for o in self._last.values()}

    def _last_body(self, stream: str) -> bytes | None:
        origin = self._last.get(stream)
        return self._archive.read(origin.sha256) if origin else None

    def take(self, answer: Fetched, report: FetchReport) -> None:
        """Archive an answer and count it."""
        reason = unreadable = None
        ranking: list[str] = []
        if answer.body is not None:
            if answer.stream == "benchmarks":
                self.benchmarks = answer.body
            if answer.stream not in self._last:
                ranking = self._run.wanted.last_ranking(
                    self._header.id, answer.stream, self._seen_at
                )
            try:
                check_bytes(self._header.id, answer.stream, answer.body)
                reason = self._judge(answer.stream, answer.body, ranking)
            except SourceError as error:
                unreadable = error
        if unreadable is not None:
            self._archive.add(
                self._header.id,
                self._header.licence,
                answer,
                observed_at=self._run.options.observed_at,
                reason=unreadable.cause,
            )
            cause = f"rejected: {unreadable.cause}"
            report.failures.append(
                SourceError(self._header.id, cause, place=answer.stream, remedy=PUBLISHER_MUST_FIX)
            )
        else:
            known_before = answer.stream in self._last or bool(ranking)
            self._run.keep(self._header, answer, report, reason=reason, known_before=known_before)

    def _judge(self, stream: str, body: bytes, ranking: list[str]) -> str | None:
        """Return why an answer is rejected, unless a person accepts it; see ``judge``."""
        board = stream.removeprefix("scores/")
        number = _number_of_models(self.benchmarks, board)
        reason = judge(stream, body, self._last_body(stream), number, ranking)
        return None if board in self._run.options.accepted else reason


def _number_of_models(benchmarks: bytes | None, board: str) -> int | None:
    """Return how many models the list of benchmarks counts on a board."""
    try:
        known = {b.name: b.num_models for b in parse_benchmarks(benchmarks)} if benchmarks else {}
    except SourceError:
        return None  # the broken list itself is rejected
    return known.get(board)


def judge(
    stream: str,
    body: bytes,
    last_good: bytes | None,
    num_models: int | None = None,
    last_names: Sequence[str] = (),
) -> str | None:
    """Return why an answer is not plausible, or ``None`` if it is.

    Args:
        stream: Which document it is.
        body: The new answer.
        last_good: The last answer of this stream that was plausible.
        num_models: For scores, how many models the list of benchmarks counts on the board.
        last_names: For scores of which no last answer is at hand, the models that the catalog
            lists on the board, best first: a catalog may begin with bundled data.

    Raises:
        SourceError: The answer cannot be read.
    """
    read = _READERS.get(stream, _scored_names)
    new = read(body)
    try:
        old = read(last_good) if last_good else _Shape(last_names)
    except SourceError:  # written by an older parser's rules: nothing to compare with
        old = None
    if not new.names:
        if old and old.names:
            return f"no rows, but {len(old.names)} last time"
        if num_models:
            return f"no rows, but the list of benchmarks counts {num_models} models"
        return None if stream.startswith("scores/") else "no entries"
    if not old or not old.names:
        return None
    if len(new.names) < KEPT_ROWS * len(old.names):
        return f"only {len(new.names)} rows, but {len(old.names)} last time"
    if not stream.startswith("scores/"):
        return None
    return _moved(new, old) or _lost(new, old)


class _Shape(NamedTuple):
    """What the plausibility of an answer depends on."""

    names: Sequence[str]
    """Models in rank order, or names of a list's entries."""
    tasks: frozenset[int] = frozenset()
    """Positions of the tasks that any model has a score for."""
    scores: int = 0

    @property
    def nulls(self) -> float:
        """Share of missing scores."""
        cells = len(self.tasks) * len(self.names)
        return 1 - self.scores / cells if cells else 0.0


def _moved(new: _Shape, old: _Shape) -> str | None:
    """Whether other models lead a board than a board's ordinary life explains."""
    listed, before = set(new.names), set(old.names)
    top = old.names[:TOP]
    stayed = sum(name in listed for name in top)
    if stayed < KEPT_TOP * len(top):
        return f"only {stayed} of the first {len(top)} models of last time are still listed"
    if min(len(new.names), len(old.names)) >= TOP:
        same = len(set(top) & set(new.names[:TOP]))
        if same < OLD_TOP * TOP:
            return f"only {same} of the first {TOP} models are those of last time"
    if new.tasks == old.tasks:  # other tasks, other ranks
        ahead = [name for name in new.names if name in before][: len(top)]
        same = len(set(top) & set(ahead))
        if same < KEPT_TOP * len(top):
            return f"newcomers aside, only {same} of the first {len(top)} models stayed there"
    return None


def _lost(new: _Shape, old: _Shape) -> str | None:
    """Whether scores are missing that were there."""
    if not old.tasks:
        return None
    if new.tasks == old.tasks:
        if new.nulls > old.nulls + MORE_NULLS:
            return f"{new.nulls:.0%} of the scores are missing, but {old.nulls:.0%} last time"
    elif new.scores < KEPT_ROWS * old.scores:  # a task without any score leaves the task list
        return f"only {new.scores} scores, but {old.scores} last time"
    return None


def _scored_names(body: bytes) -> _Shape:
    state = parse_scores(body)
    names = [listing.model for listing in state.standing.listings]
    tasks = {
        position
        for row in state.rows
        for position, score in enumerate(orjson.loads(row.task_scores or "[]"))
        if score is not None
    }
    return _Shape(names, frozenset(tasks), sum(row.n_tasks or 0 for row in state.rows))


_READERS: dict[str, Callable[[bytes], _Shape]] = {
    "benchmarks": lambda body: _Shape([info.name for info in parse_benchmarks(body)]),
    "models": lambda body: _Shape([record.listing.model for record in parse_models(body)]),
    "tasks": lambda body: _Shape([info.name for info in parse_tasks(body)]),
}
