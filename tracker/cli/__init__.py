"""The command line: thin commands over ``tracker.api`` and ``tracker.update``.

Results go to stdout, messages to stderr. Exit codes: 0 done, 1 the thing asked for is not there or
a source failed, 2 wrong usage.

Where each command is:

- ``boards``: boards; ``leaderboard``: leaderboard; ``choose``: choose
- ``history``: history, leaders, changes, why; ``frontier``: frontier
- ``tasks``: task, tasks; ``contamination``: contamination
- ``reading``: models, model, lineage, compare, claims, note, papers, doctor, sql
- ``lint``: lint; ``status``: status
- ``knowledge``: search, paper, bibtex, cite, datasets, dataset, organisations, techniques,
  technique, bases
- ``check``: check
- ``writing``: update, fetch, load, verify, export, copy, site
- ``backups``: backup, restore; ``serving``: serve, mcp
- groups of commands: ``curate``, ``evidence``, ``private_board`` (board), ``schedule``, ``watch``
"""

from __future__ import annotations

import functools
import io
import logging
import sys
from collections.abc import Callable

import typer

from tracker.cli import (
    backups,
    boards,
    check,
    curate,
    evidence,
    history,
    knowledge,
    private_board,
    reading,
    schedule,
    serving,
    tasks,
    watch,
    writing,
)
from tracker.cli.output import say
from tracker.cli.shared_options import with_output_options
from tracker.common.notices import LOGGER
from tracker.errors import TrackerError, UsageError, one_line

app = typer.Typer(
    name="tracker",
    help="Which text-embedding model leads, since when, why, and how do we know?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        from tracker import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
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


for command in (
    *boards.COMMANDS,
    *history.COMMANDS,
    *tasks.COMMANDS,
    *reading.COMMANDS,
    *knowledge.COMMANDS,
    *check.COMMANDS,
    *writing.COMMANDS,
    *backups.COMMANDS,
    *serving.COMMANDS,
):
    app.command(command.__name__.removesuffix("_"))(with_output_options(command))
app.add_typer(writing.site, name="site")
app.add_typer(evidence.evidence, name="evidence")
app.add_typer(curate.curate, name="curate")
app.add_typer(private_board.board, name="board")
app.add_typer(schedule.schedule, name="schedule")
app.add_typer(watch.watch, name="watch")


@functools.cache
def _command() -> Callable[[], None]:
    """Make the command once a process; that takes longer than most answers."""
    return typer.main.get_command(app)


class _Talk(logging.Handler):
    """Notices of the tracker, each one line on stderr."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


def main() -> None:
    """Run the command line; a failure that the tracker can explain is one line on stderr."""
    LOGGER.handlers = [_Talk()]
    # A console that cannot show Chinese or a line shows a replacement, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        _command()()
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
