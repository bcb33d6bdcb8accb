"""Options that all reading commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import Format

if TYPE_CHECKING:
    from tracker.api import Catalog

FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="table, json, csv or markdown.")
]
DatabaseOption = Annotated[
    str | None, typer.Option("--db", help="Catalog to ask: SQLAlchemy URL or path.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help="The end of this day, month or year in UTC: YYYY-MM-DD, YYYY-MM, YYYY, today,"
        " yesterday, 2024年10月22日.",
    ),
]
BoardArgument = Annotated[
    str, typer.Argument(help="Edition or series, e.g. mteb-english, french, 中文, 'MTEB(eng, v2)'.")
]


def open_database(database: str | None) -> Catalog:
    """The catalog that is asked: the home's own unless another one is named."""
    from tracker.api import open_catalog

    return open_catalog(database)
