"""One fetch of a source: its options, what it may use, and its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.errors import SourceError, TrackerError, UsageError
from tracker.git.clone import is_outside
from tracker.io.validators import Validators
from tracker.settings import GO_ONLINE, OFFLINE
from tracker.sources import FetchFailure
from tracker.sources.contracts import check_bytes
from tracker.sources.records import Fetched, SourceHeader

if TYPE_CHECKING:
    from tracker.settings import Settings
    from tracker.sources.protocol import DocumentArchive, Wanted

Notify = Callable[[str], None]

ABSENT_LONGER = 4
"""Absent documents are requested again after this many refresh periods of the source."""


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
    unknown: dict[str, None] = field(default_factory=dict)
    """Fields that the recorded shapes lack, as ``document: field``."""


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


@dataclass(frozen=True)
class Run:
    """What a source gets when it is fetched."""

    settings: Settings
    options: FetchOptions
    archive: DocumentArchive
    wanted: Wanted
    notify: Notify

    def require_no_days(self, source: SourceHeader) -> None:
        """Raise ``UsageError`` if days are asked of a source without a history."""
        if self.options.since or self.options.until:
            cause = "this source has no history: --since and --until are not supported"
            raise UsageError(f"{source.id}: {cause}")

    def require_no_moment(self, source: SourceHeader) -> None:
        """Raise ``UsageError`` if a moment is given for a source whose commits are dated."""
        if self.options.observed_at:
            cause = "--observed-at is not supported: git dates its commits"
            raise UsageError(f"{source.id}: {cause}")

    def require_no_location(self, source: SourceHeader, what: str) -> None:
        """Raise ``UsageError`` if another location is given for documents with own addresses."""
        if self.options.location:
            cause = f"--from is not supported: each {what} has its own address"
            raise UsageError(f"{source.id}: {cause}")

    def forbid_outside(self, source: SourceHeader, location: str) -> None:
        """Raise ``SourceError`` if reading a location needs the network in offline mode."""
        if self.settings.offline and is_outside(location):
            raise SourceError(
                source.id,
                OFFLINE,
                place=location,
                remedy=f"give a local copy with --from, or {GO_ONLINE}",
            )

    def last_seen(self, source: SourceHeader) -> dict[str, str]:
        """Return the last moment at which each archived document of a source was seen."""
        return {o.stream: o.seen_at for o in self.archive.observations(source.id)}

    def validators(self, source: SourceHeader) -> dict[str, Validators]:
        """Return what the server sent for conditional requests, by document.

        Damaged documents count as missing, so that the source sends them again.
        """
        return {
            stream: Validators(origin.etag, origin.last_modified)
            for stream, origin in self.archive.latest(source.id).items()
            if self.archive.holds(origin.sha256)
        }

    def keep(
        self,
        source: SourceHeader,
        answer: Fetched,
        report: FetchReport,
        *,
        reason: str | None = None,
        known_before: bool = True,
    ) -> None:
        """Archive an answer, and count it in a report.

        Args:
            source: The source.
            answer: The answer.
            report: Counts it.
            reason: Why it is rejected, if it is.
            known_before: Whether a good state of the document is known.

        Raises:
            SourceError: The answer lacks a field of the source's recorded shape.
        """
        found = (*answer.unknown, *check_bytes(source.id, answer.stream, answer.body))
        report.unknown |= dict.fromkeys(f"{answer.stream}: {name}" for name in found)
        record = self.archive.add(
            source.id,
            source.licence,
            answer,
            observed_at=self.options.observed_at,
            reason=reason,
        )
        if reason is not None:
            line = f"{source.id}: {answer.stream}: rejected: {reason}"
            if known_before:
                report.rejected.append(f"{line}; the last good snapshot stays (--accept overrules)")
            else:
                report.withheld.append(f"{line}; nothing is shown of it")
        elif record is not None and record.is_new_state:
            report.new += 1
        else:
            report.unchanged += 1  # includes the same bytes sent again by a server without 304

    def keep_all(
        self, source: SourceHeader, answers: Iterable[Fetched | FetchFailure]
    ) -> FetchReport:
        """Archive answers as they come.

        Raises:
            SourceError: All answers were failures.
        """
        report = FetchReport(source.id)
        for answer in answers:
            if isinstance(answer, FetchFailure):
                report.failures.append(answer.error)
            else:
                self.keep(source, answer, report)
        if not (report.new or report.unchanged) and report.failures:
            raise report.failures[0]
        return report
