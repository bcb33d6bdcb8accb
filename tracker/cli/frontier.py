"""The best open models under some sizes through time."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import (
    AsOfOption,
    BoardArgument,
    DatabaseOption,
    FormatOption,
    open_database,
)
from tracker.cli.output import Format, say, show


def frontier(
    board: BoardArgument,
    as_of: AsOfOption = None,
    catch_up: Annotated[
        bool,
        typer.Option(
            "--catch-up",
            help="How long small models took to reach what models of any size had, instead.",
        ),
    ] = False,
    all_editions: Annotated[
        bool, typer.Option("--all-editions", help="Every edition of a series for all its time.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Best open model under 0.5B, 1B, 2B and 8B by day: tracker frontier mteb-english."""
    with open_database(database) as catalog:
        if catch_up:
            frame = catalog.catch_up(board)
            columns = [c for c in frame.columns if c != "board_slug"]
        else:
            frame = catalog.frontier(board, as_of, all_editions=all_editions)
            columns = [c for c in frame.columns if c not in ("board_slug", "types")]
            for types in {tuple(row) for row in frame["types"].to_list() if row}:
                say(f"mean of the means of {', '.join(types)}: no open model ever had all tasks")
    say("open weights, known sizes and all tasks; means of two boards are not comparable")
    show(frame, format_, columns=columns)
