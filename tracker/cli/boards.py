"""The command ``boards``, and the order of the commands on the state of boards."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import DatabaseOption, FormatOption, open_database
from tracker.cli.output import Format, show


def boards(
    all_tables: Annotated[
        bool, typer.Option("--all-tables", help="Also tables of single task types.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Every board: its series, period and size."""
    with open_database(database) as catalog:
        frame = catalog.boards(all_tables=all_tables)
    show(
        frame,
        format_,
        columns=["series", "edition", "n_tasks", "n_rows", "first_at", "last_at", "current"],
    )
