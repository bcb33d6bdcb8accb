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
    code = 0
    with open_database(database) as catalog:
        if gaps:
            found = catalog.gaps()
            show(found, format_)
            say(f"{found.height} gaps" if found.height else "no gaps")
        elif runs:
            show(catalog.runs(), format_)
        elif within is not None:
            code = _check_age(catalog.run_list(), within)
        else:
            code = _show_sources(catalog.status(), format_, failing_days)
    raise typer.Exit(code)


def _check_age(runs: Sequence[UpdateRun], hours: int) -> int:
    """Say when the last update ended; return 1 if that is too long ago or it failed, else 0."""
    from tracker.common.times import hours_ago

    ended = (run for run in runs if run.command == "update" and run.finished)
    last = next(ended, None)
    if last is None:
        say("error: no update has ended yet; run: tracker update")
        return 1
    line = f"the last update ended at {last.finished}: {last.outcome}"
    if last.reason:
        line += f" ({last.reason})"
    is_ill = str(last.finished) < hours_ago(hours) or last.outcome == "failed"
    say(f"error: {line}" if is_ill else line)
    return int(is_ill)


def _show_sources(found: Sequence[SourceStatus], format_: Format, failing_days: int | None) -> int:
    """Show sources; return 1 if only those were asked for that fail, and one does, else 0."""
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
            say(f"{source.source}: {source.failure.removeprefix(f'{source.source}: ')}")
    return int(failing_days is not None and bool(found))
