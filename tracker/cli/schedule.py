"""``tracker schedule``: a daily update by cron, by a systemd timer, or in the foreground."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import say
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.io.schedules import Entry, Plan

schedule = typer.Typer(help="Update every day: install, show, remove.", no_args_is_help=True)

AtOption = Annotated[str, typer.Option("--at", help="Local time of day, HH:MM.")]


def _plan(at: str = "05:17") -> Plan:
    from tracker.io.schedules import plan
    from tracker.settings import load_settings

    return plan(load_settings().home, at)


def _show(entries: list[Entry]) -> None:
    for entry in entries:
        typer.echo(f"# {entry.kind}: {entry.place}\n{entry.text}")


@schedule.command("install")
def install(
    at: AtOption = "05:17",
    kind: Annotated[
        str | None,
        typer.Option("--kind", help="systemd or cron; by default what this machine has."),
    ] = None,
    print_only: Annotated[
        bool, typer.Option("--print", help="Only print what would be installed.")
    ] = False,
) -> None:
    """Update this home every day, by a systemd timer of the user or by cron."""
    from tracker.io import schedules
    from tracker.pages.build.tools import check_site_tools

    check_site_tools()
    plan = _plan(at)
    if kind is not None and kind not in schedules.KINDS:
        raise UsageError(f"unknown kind {kind!r}", remedy="systemd or cron")
    if print_only:
        _print(plan, kind)
        return
    chosen = kind or schedules.preferred_kind()
    entries = schedules.install(plan, chosen)
    _show(entries)
    say(f"{plan.home} is updated every day at {plan.hour:02}:{plan.minute:02} by {chosen}")
    for name in sorted(os.environ):
        if name.startswith("TRACKER_") and name != "TRACKER_HOME":
            place = plan.home / "tracker.toml"
            say(f"note: {name} is set in this shell only; a schedule reads {place}")


def _print(plan: Plan, kind: str | None) -> None:
    from tracker.io.schedules import KINDS, cron_lines, units

    for chosen in (kind,) if kind else KINDS:
        if chosen == "cron":
            typer.echo("\n".join(cron_lines(plan)))
        else:
            for name, text in units(plan).items():
                typer.echo(f"# {name}\n{text}")


@schedule.command("show")
def show() -> None:
    """Show the schedule of this home; exit status 1 if there is none."""
    from tracker.io.schedules import installed

    entries = installed(_plan())
    _show(entries)
    if not entries:
        say("no schedule; see: tracker schedule install")
    raise typer.Exit(0 if entries else 1)


@schedule.command("remove")
def remove() -> None:
    """Remove the schedule of this home."""
    from tracker.io import schedules

    places = [entry.place for entry in schedules.remove(_plan())]
    say(f"removed: {', '.join(places)}" if places else "no schedule")


@schedule.command("run")
def run(at: AtOption = "05:17") -> None:
    """Stay in the foreground and update every day; at once if the last time was missed."""
    import signal
    import time
    from datetime import datetime

    from tracker.io.locks import check_writable
    from tracker.io.schedules import keep_running
    from tracker.pages.build.tools import check_site_tools
    from tracker.settings import load_settings
    from tracker.update.daily import last_update

    check_site_tools()
    settings = load_settings()
    plan = _plan(at)
    check_writable(settings.home)

    def stop(*_: object) -> None:
        say("stopped")
        raise SystemExit(0)  # ends a running update, too; the next start repeats it

    # The first process of a container gets no signal that it does not ask for.
    signal.signal(signal.SIGTERM, stop)
    keep_running(
        plan,
        last_update=last_update(settings),
        local_time=lambda: datetime.now().astimezone(),
        sleep=time.sleep,
        notify=say,
    )
