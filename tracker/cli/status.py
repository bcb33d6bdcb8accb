"""``tracker status``: the heartbeat of a home, for people, monitors and health checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import DatabaseOption, FormatOption, open_database
from tracker.cli.output import Format, say, show
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.answers.health import SourceStatus, UpdateRun


def status(
    gaps: Annotated[
        bool, typer.Option("--gaps", help="Days on which a source was not fetched, and why.")
    ] = False,
    runs: Annotated[bool, typer.Option("--runs", help="Recorded runs, the newest first.")] = False,
    within: Annotated[
        int | None,
        typer.Option(
            "--within",
            min=1,
            metavar="HOURS",
            help="Exit status 1 unless an update ended within these hours: a health check.",
        ),
    ] = None,
    failing_days: Annotated[
        int | None,
        typer.Option(
            "--failing-days",
            min=1,
            metavar="DAYS",
            help="Only sources that have failed for so many days; exit status 1 if there is one.",
        ),
    ] = None,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Each source: last success and failure, newest data, rows, and whether it is late."""
    if sum((gaps, runs, within is not None, failing_days is not None)) > 1:
        raise UsageError("choose one of --gaps, --runs, --within and --failing-days")
    with open_database(database) as catalog:
        if gaps:
            found = catalog.gaps()
            show(found, format_)
            say(f"{found.height} gaps" if found.height else "no gaps")
        elif runs:
            show(catalog.runs(), format_)
        elif within is not None:
            _check_age(catalog.run_list(), within)
        else:
            _show_sources(catalog.status(), format_, failing_days)


def _check_age(runs: Sequence[UpdateRun], hours: int) -> None:
    """Say when the last update ended, and exit with 1 if that is too long ago or it failed."""
    from tracker.common.times import hours_ago

    ended = (run for run in runs if run.command == "update" and run.finished)
    last = next(ended, None)
    if last is None:
        say("error: no update has ended yet; run: tracker update")
        raise typer.Exit(1)
    line = f"the last update ended at {last.finished}: {last.outcome}"
    if last.reason:
        line += f" ({last.reason})"
    is_old = str(last.finished) < hours_ago(hours)
    say(f"error: {line}" if is_old or last.outcome == "failed" else line)
    raise typer.Exit(1 if is_old or last.outcome == "failed" else 0)


def _show_sources(found: Sequence[SourceStatus], format_: Format, failing_days: int | None) -> None:
    from tracker.answers.frames import frame_of
    from tracker.common.times import hours_ago

    if failing_days is not None:
        limit = hours_ago(24 * failing_days)
        found = [s for s in found if s.failing_since and s.failing_since <= limit]
    columns = [
        "source",
        "state",
        "last_success",
        "last_failure",
        "data_until",
        "snapshots",
        "rejected",
        "missed_days",
        "rows",
    ]
    show(frame_of("status", found), format_, columns=columns)
    for source in found:
        if source.failure:
            say(f"{source.source}: {source.failure}")
    if failing_days is not None:
        raise typer.Exit(1 if found else 0)
