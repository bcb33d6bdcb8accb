"""Days on which a source was not fetched, from the log of runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from tracker.answers.health import Gap, UpdateRun
from tracker.snapshots.run_log import Attempt, RunRecord
from tracker.sources.records import SourceHeader

NO_RUN = "no run"
STOPPED = "stopped"
RUNNING = "running"


def read_gaps(headers: Iterable[SourceHeader], runs: Sequence[RunRecord], now: str) -> list[Gap]:
    """Return the gaps of all sources, by source and day.

    A source that is worth asking once a day has a gap where a whole UTC day passed without
    success; one that is worth asking every seven days, where seven days did. Days before the
    first success are no gaps, and today is none.

    Args:
        headers: Of the sources.
        runs: All recorded runs, the oldest first.
        now: Moment until which to look.
    """
    return [gap for header in headers for gap in _gaps_of(header, runs, now[:10])]


def _gaps_of(header: SourceHeader, runs: Sequence[RunRecord], today: str) -> Iterator[Gap]:
    if header.ended:
        return
    attempts = [a for run in runs for a in run.attempts if a.source == header.id]
    good = sorted({a.at[:10] for a in attempts if a.failure is None and a.at[:10] <= today})
    if not good:
        return
    period = max(1, header.refresh_hours // 24)
    days = [date.fromisoformat(day) for day in good]
    ends = [*days[1:], date.fromisoformat(today)]
    for last, following in zip(days, ends, strict=True):
        if (following - last).days <= period:
            continue
        since, until = last + timedelta(days=1), following - timedelta(days=1)
        later = "filled" if header.keeps_history else "lost"
        state = "open" if last == days[-1] else later
        reason = _reason(attempts, runs, since.isoformat(), until.isoformat())
        length = (until - since).days + 1
        yield Gap(header.id, since.isoformat(), until.isoformat(), length, state, reason)


def _reason(attempts: Iterable[Attempt], runs: Iterable[RunRecord], since: str, until: str) -> str:
    for attempt in attempts:
        if attempt.failure is not None and since <= attempt.at[:10] <= until:
            return attempt.failure
    if any(r.finished is None and since <= r.started[:10] <= until for r in runs):
        return STOPPED
    return NO_RUN


def failing_since(source: str, runs: Iterable[RunRecord]) -> str | None:
    """Return the moment of the first failure of a source since its last success."""
    first = None
    for run in runs:
        for attempt in run.attempts:
            if attempt.source == source:
                first = None if attempt.failure is None else first or attempt.at
    return first


def update_runs(runs: Sequence[RunRecord], *, is_running: bool) -> Iterator[UpdateRun]:
    """Yield recorded runs as answers, the newest first.

    Args:
        runs: All recorded runs, the oldest first.
        is_running: Whether a run holds the lock of the home; then the newest one has not stopped.
    """
    for run in reversed(runs):
        failed = [a for a in run.attempts if a.failure is not None]
        reason = run.failure or next((a.failure for a in failed), None)
        unended = RUNNING if is_running and run is runs[-1] else STOPPED
        yield UpdateRun(
            started=run.started,
            finished=run.finished,
            command=run.command,
            outcome=run.outcome or unended,
            new=sum(a.new for a in run.attempts),
            failed=tuple(a.source for a in failed),
            reason=reason,
        )
