"""Options that all reading commands share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.completion import board_names
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
LanguageOption = Annotated[str, typer.Option("--lang", help="en or zh.")]
BoardArgument = Annotated[
    str,
    typer.Argument(
        help="Edition or series, e.g. mteb-english, french, 中文, 'MTEB(eng, v2)'.",
        autocompletion=board_names,
    ),
]


def open_database(database: str | None) -> Catalog:
    """The catalog that is asked: the home's own unless another one is named."""
    from tracker.api import open_catalog

    return open_catalog(database)


def fields_of(query: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Those options of a command that are fields of a question, so that no list repeats them.

    Args:
        query: ``BoardQuery`` or ``ChoiceQuery``.
        options: The local variables of the command, which has an option for every field.
    """
    from tracker import api

    return {field.name: options[field.name] for field in fields(getattr(api, query))}
