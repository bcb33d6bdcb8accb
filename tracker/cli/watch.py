"""``tracker watch``: rules for notices, tried on the past and sent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import typer

from tracker.cli.options import FormatOption
from tracker.cli.output import Format, say, show

watch = typer.Typer(help="Be told of changes: try rules, send notices.", no_args_is_help=True)


@watch.command("test")
def test(
    since: Annotated[
        str | None, typer.Option("--since", help="First day; a year ago by default.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Last day.")] = None,
    format_: FormatOption = Format.table,
) -> None:
    """What the rules would have told over the last year; nothing is sent."""
    import polars as pl

    from tracker.api import open_catalog
    from tracker.common.times import moment
    from tracker.settings import load_settings
    from tracker.update.watch_rules import read_rules
    from tracker.update.watching import fired

    rules = read_rules(load_settings().watch_file)
    last = moment(until)[:10]
    first = (
        moment(since, begins=True)[:10]
        if since
        else (date.fromisoformat(last) - timedelta(days=365)).isoformat()
    )
    with open_catalog() as catalog:
        found = list(fired(catalog, rules, first, last))
    rows = [(f.event.day, f.rule.name, f.event.text, list(f.rule.send)) for f in found]
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "day": pl.String,
        "rule": pl.String,
        "text": pl.String,
        "send": pl.List(pl.String),
    }
    show(pl.DataFrame(rows, schema=schema, orient="row"), format_)
    for rule in rules.rules:
        count = sum(f.rule == rule for f in found)
        say(f"{rule.name}: {count} from {first} to {last}")


@watch.command("send")
def send() -> None:
    """Tell what is new since the last run, as an update does; exit status 1 if any is refused."""
    from tracker.io.locks import writing
    from tracker.settings import load_settings
    from tracker.update.watch_rules import read_rules
    from tracker.update.watching import tell

    settings = load_settings()
    read_rules(settings.watch_file)
    with writing(settings.home):
        good = tell(settings, say)
    raise typer.Exit(0 if good else 1)
