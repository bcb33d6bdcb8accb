"""Shared parts of all fetches: options, report, catalog queries, archiving."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tracker.catalog.engine import explained, open_engine
from tracker.catalog.home import ensure_catalog
from tracker.errors import SourceError, TrackerError, UsageError
from tracker.settings import Settings
from tracker.snapshots.origin import Origin, Sighting
from tracker.snapshots.store import Archive
from tracker.sources import FetchFailure
from tracker.sources.records import Fetched, SourceHeader

_T = TypeVar("_T")
Notify = Callable[[str], None]


@dataclass
class FetchReport:
    """Counts and errors of one fetch."""

    source: str
    new: int = 0
    """New states."""
    unchanged: int = 0
    rejected: list[str] = field(default_factory=list)
    """Documents that the plausibility check rejected although a good state is known, one line
    each."""
    withheld: list[str] = field(default_factory=list)
    """Documents that it rejected without a known good state, one line each."""
    failures: list[TrackerError] = field(default_factory=list)


ANOTHER_SERVER = "another server"
"""Recorded if the server of an imported copy is not given."""


@dataclass(frozen=True)
class FetchOptions:
    """Options of one fetch."""

    location: str | None = None
    """URL or path instead of the configured one."""
    since: str | None = None
    until: str | None = None
    observed_at: str | None = None
    """When the answers of an imported copy were published."""
    everything: bool = False
    """Fetch all boards of the live leaderboard."""
    accepted: tuple[str, ...] = ()
    """Boards whose present state is accepted despite the plausibility check."""
    server: str | None = None
    """Server that answered, if it was not the publisher's own."""


def forbid_outside(settings: Settings, source: str, location: str) -> None:
    """Raise ``SourceError`` if reading a location needs the network in offline mode."""
    from tracker.sources.published_boards import is_outside

    if settings.offline and is_outside(location):
        raise SourceError(
            source,
            "offline: no outside connection is allowed",
            place=location,
            remedy="unset TRACKER_OFFLINE, or give a local copy with --from",
        )


def present_only(source: SourceHeader, options: FetchOptions) -> None:
    """Raise ``UsageError`` if days are asked of a source without a history."""
    if options.since or options.until:
        cause = "this source has no history: --since and --until are not supported"
        raise UsageError(f"{source.id}: {cause}")


def git_times(source: SourceHeader, options: FetchOptions) -> None:
    """Raise ``UsageError`` if a moment is given for a source whose commits are dated."""
    if options.observed_at:
        raise UsageError(f"{source.id}: --observed-at is not supported: git dates its commits")


def count_answer(
    report: FetchReport,
    answer: Fetched,
    record: Origin | Sighting | None,
    reason: str | None,
    *,
    known_before: bool,
) -> None:
    """Count an archived answer in a report.

    Args:
        report: The report.
        answer: The answer.
        record: What the archive wrote of it.
        reason: Why it was rejected, if it was.
        known_before: Whether a good state of the document is known.
    """
    if reason is not None:
        line = f"{report.source}: {answer.stream}: rejected: {reason}"
        if known_before:
            report.rejected.append(f"{line}; the last good snapshot stays (--accept overrules)")
        else:
            report.withheld.append(f"{line}; nothing is shown of it")
    elif isinstance(record, Origin):
        report.new += 1
    else:
        report.unchanged += 1  # includes the same bytes sent again by a server without 304


def query_catalog(settings: Settings, question: Callable[[Any], _T]) -> _T:
    """Call a function with a read-only connection to the catalog, and return its result."""
    ensure_catalog(settings, for_writing=True)
    engine = open_engine(settings.catalog_url, read_only=True)
    try:
        with explained(settings.catalog_url), engine.connect() as connection:
            return question(connection)
    finally:
        engine.dispose()


def archive_answers(
    settings: Settings,
    source: SourceHeader,
    options: FetchOptions,
    answers: Iterable[Fetched | FetchFailure],
) -> FetchReport:
    """Archive answers as they come.

    Raises:
        SourceError: All answers were failures.
    """
    archive = Archive(settings.archive)
    known = set(archive.latest(source.id))
    report = FetchReport(source.id)
    for answer in answers:
        if isinstance(answer, FetchFailure):
            report.failures.append(answer.error)
            continue
        record = archive.add(source.id, source.licence, answer, observed_at=options.observed_at)
        count_answer(report, answer, record, None, known_before=answer.stream in known)
    if not (report.new or report.unchanged) and report.failures:
        raise report.failures[0]
    return report
