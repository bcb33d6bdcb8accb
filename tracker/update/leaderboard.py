"""Fetch the live leaderboard: compare each answer with the last good one before it is accepted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from tracker.catalog.queries import last_ranking
from tracker.common.times import now_text
from tracker.errors import SourceError
from tracker.io.validators import Validators
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import PUBLISHER_MUST_FIX, FetchFailure, leaderboard_api
from tracker.sources.published_boards import is_outside
from tracker.sources.records import Fetched
from tracker.update.fetching import (
    ANOTHER_SERVER,
    FetchOptions,
    FetchReport,
    Notify,
    count_answer,
    forbid_outside,
    present_only,
    query_catalog,
)

_ID = leaderboard_api.HEADER.id


def fetch_leaderboard(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    """Fetch the lists and boards, and archive each answer as accepted or rejected.

    Args:
        settings: Settings of this run.
        options: Options of the fetch.
        notify: Called with each document.

    Raises:
        SourceError: Nothing could be fetched.
    """
    source = leaderboard_api.HEADER
    present_only(source, options)
    root = options.location or settings.leaderboard_api_url
    forbid_outside(settings, source.id, root)
    gate = _Gate(settings, options)
    report = FetchReport(source.id)
    answers = leaderboard_api.fetch(
        leaderboard_api.open_session(settings),
        root,
        boards=settings.leaderboard_api_boards,
        everything=options.everything,
        validators=gate.validators(),
        last_benchmarks=gate.benchmarks,
    )
    for answer in answers:
        notify(f"{source.id}: {answer.stream}")
        if isinstance(answer, FetchFailure):
            report.failures.append(answer.error)
        else:
            gate.take(_as_published(settings, options, answer), report)
    taken = report.new or report.unchanged or report.rejected or report.withheld
    if report.failures and not taken:
        raise report.failures[0]
    return report


def _as_published(settings: Settings, options: FetchOptions, answer: Fetched) -> Fetched:
    """Return an answer with its public address and its server."""
    root = options.location or settings.leaderboard_api_url
    if not is_outside(root):
        # A local copy is recorded under the address of the public document.
        public = leaderboard_api.public_url(settings.leaderboard_api_url, answer.stream)
        answer = replace(answer, url=public)
    # Another address may be another server than the public one.
    is_other = root.rstrip("/") != settings.leaderboard_api_url.rstrip("/")
    server = options.server or (ANOTHER_SERVER if is_other else None)
    return replace(answer, server=server) if server is not None else answer


class _Gate:
    """Archives answers, each compared with the last good one of its stream."""

    def __init__(self, settings: Settings, options: FetchOptions) -> None:
        self._settings = settings
        self._options = options
        self._archive = Archive(settings.archive)
        self._seen_at = options.observed_at or now_text()
        # An imported older copy is compared with the state before it. Damaged bytes count as
        # missing, so that the source sends them again.
        self._last = {
            stream: origin
            for stream, origin in self._archive.latest(_ID, until=self._seen_at).items()
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
                question = partial(last_ranking, source=_ID, stream=answer.stream, at=self._seen_at)
                ranking = query_catalog(self._settings, question)
            try:
                reason = self._judge(answer.stream, answer.body, ranking)
            except SourceError as error:
                unreadable = error
        record = self._archive.add(
            _ID,
            leaderboard_api.HEADER.licence,
            answer,
            observed_at=self._options.observed_at,
            reason=unreadable.cause if unreadable else reason,
        )
        if unreadable is not None:
            cause = f"rejected: {unreadable.cause}"
            report.failures.append(
                SourceError(_ID, cause, place=answer.stream, remedy=PUBLISHER_MUST_FIX)
            )
        else:
            known_before = answer.stream in self._last or bool(ranking)
            count_answer(report, answer, record, reason, known_before=known_before)

    def _judge(self, stream: str, body: bytes, ranking: list[str]) -> str | None:
        """Return why an answer is rejected, unless a person accepts it; see ``judge``."""
        board = stream.removeprefix("scores/")
        number = _number_of_models(self.benchmarks, board)
        reason = leaderboard_api.judge(stream, body, self._last_body(stream), number, ranking)
        return None if board in self._options.accepted else reason


def _number_of_models(benchmarks: bytes | None, board: str) -> int | None:
    """Return how many models the list of benchmarks counts on a board."""
    try:
        known = (
            {b.name: b.num_models for b in leaderboard_api.parse_benchmarks(benchmarks)}
            if benchmarks
            else {}
        )
    except SourceError:
        return None  # the broken list itself is rejected
    return known.get(board)
