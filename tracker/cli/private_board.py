"""Verbs for private boards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.output import say

board = typer.Typer(
    help="Add a private board beside the public ones, or remove it.", no_args_is_help=True
)


@board.command("add")
def add(
    description: Annotated[Path, typer.Argument(metavar="FILE", help="Description, a YAML file.")],
) -> None:
    """Read a board's tasks, models and result files, and rank it: tracker board add board.yaml.

    A board that is known already gets a new state.
    """
    from tracker.settings import load_settings
    from tracker.update.private_boards import add_board

    report = add_board(load_settings(), description)
    say("the board has a new state" if report.new else "the board has not changed")


@board.command("remove")
def remove(
    name: Annotated[str, typer.Argument(help="Name in the board's description.")],
) -> None:
    """Remove a private board from catalog and pages; the archive keeps its states."""
    from tracker.settings import load_settings
    from tracker.update.private_boards import remove_board

    remove_board(load_settings(), name)
    say(f"{name} is removed")
