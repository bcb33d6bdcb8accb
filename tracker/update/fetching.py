"""What every fetch needs: its options, its report, and ways to ask the catalog and to archive."""

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
    """What a fetch brought."""

    source: str
    new: int = 0
    """New states."""
    unchanged: int = 0
    rejected: list[str] = field(default_factory=list)
    """Documents that the plausibility gate kept out while a good one is known, a line each."""
    withheld: list[str] = field(default_factory=list)
    """Documents that it kept out of which nothing better was ever seen."""
    failures: list[TrackerError] = field(default_factory=list)


ANOTHER_SERVER = "another server"
"""What is noted where nobody says which server an imported copy comes from."""


@dataclass(frozen=True)
class FetchOptions:
    """What a single fetch may be told."""

    location: str | None = None
    """URL or path, instead of the configured one."""
    since: str | None = None
    until: str | None = None
    observed_at: str | None = None
    """When the answers were published, for an archived copy that is imported."""
    everything: bool = False
    """All boards of the live leaderboard."""
    accepted: tuple[str, ...] = ()
    """Boards whose present state a person vouches for, whatever the plausibility gate says."""
    server: str | None = None
    """Who answered, where it was not the publisher's own server."""


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


def count(
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
        report.unchanged += 1  # also where a server without 304 sent the same bytes again


def asked(settings: Settings, question: Callable[[Any], _T]) -> _T:
    """Return what a function reads from the catalog's connection."""
    ensure_catalog(settings, for_writing=True)
    engine = open_engine(settings.catalog_url, read_only=True)
    try:
        with explained(settings.catalog_url), engine.connect() as connection:
            return question(connection)
    finally:
        engine.dispose()


def archived(
    settings: Settings,
    source: SourceHeader,
    options: FetchOptions,
    answers: Iterable[Fetched | FetchFailure],
) -> FetchReport:
    """Archive answers as they come.

    Raises:
        SourceError: Nothing but failures came.
    """
    archive = Archive(settings.archive)
    known = set(archive.latest(source.id))
    report = FetchReport(source.id)
    for answer in answers:
        if isinstance(answer, FetchFailure):
            report.failures.append(answer.error)
            continue
        record = archive.add(source.id, source.licence, answer, observed_at=options.observed_at)
        count(report, answer, record, None, known_before=answer.stream in known)
    if not (report.new or report.unchanged) and report.failures:
        raise report.failures[0]
    return report
