"""The command line: thin commands over ``tracker.api`` and ``tracker.update``.

Results go to stdout, messages to stderr. Exit codes: 0 done, 1 the thing asked for is not there or
a source failed, 2 wrong usage. ``COMMANDS`` and ``GROUPS`` say where each command is.
"""

from __future__ import annotations

import functools
import io
import logging
import sys
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import Any

import typer

from tracker.cli.output import say
from tracker.cli.shared_options import with_output_options
from tracker.common.garbage_collection import collect_rarely
from tracker.common.notices import LOGGER
from tracker.errors import TrackerError, UsageError, one_line

COMMANDS: Mapping[str, str] = {
    "boards": "boards",
    "leaderboard": "leaderboard",
    "choose": "choose",
    "history": "history",
    "leaders": "history",
    "frontier": "frontier",
    "changes": "history",
    "why": "history",
    "task": "tasks",
    "tasks": "tasks",
    "contamination": "contamination",
    "claims": "reading",
    "models": "reading",
    "model": "reading",
    "lineage": "reading",
    "compare": "reading",
    "note": "reading",
    "papers": "reading",
    "status": "status",
    "doctor": "reading",
    "lint": "lint",
    "sql": "reading",
    "search": "knowledge",
    "paper": "knowledge",
    "bibtex": "knowledge",
    "cite": "knowledge",
    "datasets": "knowledge",
    "dataset": "knowledge",
    "organisations": "knowledge",
    "techniques": "knowledge",
    "technique": "knowledge",
    "bases": "knowledge",
    "check": "check",
    "update": "writing",
    "fetch": "writing",
    "load": "writing",
    "verify": "writing",
    "export": "writing",
    "copy": "writing",
    "backup": "backups",
    "restore": "backups",
    "serve": "serving",
    "mcp": "serving",
}
"""Each command, in the order of the help text, with the module of this package that has it."""
GROUPS: Mapping[str, str] = {
    "site": "writing",
    "evidence": "evidence",
    "curate": "curate",
    "board": "private_board",
    "schedule": "schedule",
    "watch": "watch",
}
"""Groups of commands, each with the module that has it."""


def _show_version(asked: bool) -> None:
    if asked:
        from tracker import __version__

        typer.echo(__version__)
        raise typer.Exit


def _options(
    version: bool = typer.Option(
        False,
        "--version",
        help="Show the version and stop.",
        callback=_show_version,
        is_eager=True,  # no command has to follow
    ),
) -> None:
    pass


def application(names: Collection[str] = (*COMMANDS, *GROUPS)) -> typer.Typer:
    """Make the command line, of all commands and groups or of some."""
    app = typer.Typer(
        name="tracker",
        help="Which text-embedding model leads, since when, why, and how do we know?",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name, module in COMMANDS.items():
        if name in names:
            app.command(name)(with_output_options(_member(module, name)))
    for name, module in GROUPS.items():
        if name in names:
            app.add_typer(_member(module, name), name=name)
    return app


def _member(module: str, name: str) -> Any:
    """A command or group of commands of one module."""
    return getattr(import_module(f"tracker.cli.{module}"), name)


@functools.cache
def _command(asked: str) -> Callable[..., None]:
    """The command line for one first word, made once a process.

    Making all commands takes longer than most answers, so a known one is made alone. Anything else
    (help, completion, a word that is no command) needs the names of all.
    """
    known = asked in COMMANDS or asked in GROUPS
    return typer.main.get_command(application([asked]) if known else application())


class _Talk(logging.Handler):
    """Notices of the tracker, each one line on stderr."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


def main() -> None:
    """Run the command line; a failure that the tracker can explain is one line on stderr."""
    collect_rarely()
    LOGGER.handlers = [_Talk()]
    # A console that cannot show Chinese or a line shows a replacement, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        command = _command(next(iter(sys.argv[1:]), ""))
        command(prog_name="tracker")  # also as python -m tracker
    except TrackerError as error:
        sys.stdout.flush()
        typer.echo(f"error: {error}", err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:
        # Whoever read our output has seen enough; say nothing more to it.
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        # The database says what is wrong with it in its own words; anything else is our fault.
        if not type(error).__module__.startswith("sqlalchemy."):
            raise
        typer.echo(f"error: catalog: {one_line(getattr(error, 'orig', error))}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        sys.exit(130)
