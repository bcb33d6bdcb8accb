"""The verb that checks what a text says."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import DatabaseOption, open_database
from tracker.cli.output import Format, say, show
from tracker.errors import NotFoundError, UsageError, one_line

if TYPE_CHECKING:
    from tracker.answers.checking import CheckedText

LARGEST_FILE = 20_000_000
"""Bytes of a text that is read."""


class CheckFormat(StrEnum):
    """How verdicts are printed."""

    text = "text"
    table = "table"
    json = "json"
    sarif = "sarif"


def check(
    target: Annotated[
        str, typer.Argument(metavar="FILE|URL|-", help="The text; - reads standard input.")
    ],
    date: Annotated[
        str | None, typer.Option("--date", help="The text's date; else the one it gives itself.")
    ] = None,
    format_: Annotated[
        CheckFormat, typer.Option("--format", "-f", help="text, table, json or sarif.")
    ] = CheckFormat.text,
    fix: Annotated[
        bool, typer.Option("--fix", help="Propose corrections of numbers and names as a diff.")
    ] = False,
    cite: Annotated[
        bool, typer.Option("--cite", help="Print the text with footnotes to the receipts.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 where a statement is false.")
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Check what a text says of models and boards: true, when, or what it should say."""
    if fix and cite:
        raise UsageError("--fix and --cite print two different things: choose one")
    text = _read(target)
    with open_database(database) as catalog:
        checked = catalog.check(text, date=date)
    name = "-" if target == "-" else target
    if fix:
        from tracker.exports.checks import check_patch

        typer.echo(check_patch(checked, name), nl=False)
    elif cite:
        from tracker.exports.checks import cited_text

        typer.echo(cited_text(checked), nl=False)
    else:
        _show(checked, name, format_)
    say(_summary(checked))
    if checked.checked_until is not None:
        say(f"only the first {len(checked)} statements were checked: check the rest by itself")
    if strict and any(one.verdict in ("false", "unknown_model") for one in checked):
        raise typer.Exit(1)


def _read(target: str) -> str:
    """The text of a file, of an address, or of standard input."""
    if target.startswith(("http://", "https://")):
        from tracker.settings import load_settings
        from tracker.sources.web_pages import read_page

        return read_page(load_settings(), target)
    if target == "-":
        body = sys.stdin.buffer.read(LARGEST_FILE + 1)
    else:
        try:
            with Path(target).open("rb") as file:
                body = file.read(LARGEST_FILE + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise NotFoundError(f"cannot read {target}: {reason}") from None
    if len(body) > LARGEST_FILE:
        raise UsageError(f"{target} has more than {LARGEST_FILE:,} bytes")
    # A byte order mark stays: it is a character of the file, which spans and patches count.
    return body.decode("utf-8", "replace")


def _show(checked: CheckedText, name: str, format_: CheckFormat) -> None:
    from tracker.exports.checks import check_json, check_sarif

    if format_ is CheckFormat.json:
        sys.stdout.buffer.write(check_json(checked))
    elif format_ is CheckFormat.sarif:
        from tracker import __version__

        sys.stdout.buffer.write(check_sarif(checked, name, __version__))
    elif format_ is CheckFormat.table:
        columns = ["verdict", "kind", "model", "board", "claimed", "actual", "reason"]
        show(checked.to_polars(), Format.table, columns=columns)
    else:
        sys.stdout.write("".join(_lines(checked, name)))
    sys.stdout.flush()


def _lines(checked: CheckedText, name: str) -> list[str]:
    """One paragraph a statement: place, verdict, words, reason, receipt."""
    from tracker.exports.checks import Lines

    lines = Lines(checked.text)
    found = []
    for one in checked:
        line, column = lines.place(one.start)
        verdict = one.verdict.replace("_", " ")
        found.append(f"{name}:{line}:{column}: {verdict}: {one_line(one.statement)}\n")
        found.append(f"    {one.kind}: {one_line(one.reason)}\n")
        if one.link:
            found.append(f"    {one_line(one.link)}\n")
    return found


def _summary(checked: CheckedText) -> str:
    """Numbers of verdicts, and when all ranks of the text held together."""
    if not checked.statements:
        return "no statement was found that can be checked"
    counts: dict[str, int] = {}
    for one in checked:
        counts[one.verdict.replace("_", " ")] = counts.get(one.verdict.replace("_", " "), 0) + 1
    shown = f"{len(checked)} statements: " + ", ".join(f"{n} {v}" for v, n in counts.items())
    if checked.together is None:
        return shown
    days = ", ".join(
        first if first == last else f"{first} to {last or 'now'}"
        for first, last in checked.together
    )
    when = f"held together on {days}" if days else "held together on no known day"
    return f"{shown}; all {checked.n_ranks} ranks {when}"
