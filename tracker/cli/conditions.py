"""Options for conditions on models, shared by the commands that take them."""

from __future__ import annotations

from typing import Annotated

import typer

_ROWS = "Which rows"

MaxParameters = Annotated[
    str | None,
    typer.Option(
        "--max-parameters", help="At most so many parameters, e.g. 600M.", rich_help_panel=_ROWS
    ),
]
MaxMemory = Annotated[
    str | None,
    typer.Option("--max-memory", help="At most so much memory, e.g. 4GB.", rich_help_panel=_ROWS),
]
MinContext = Annotated[
    int | None,
    typer.Option(
        "--min-context", min=1, help="Inputs of at least so many tokens.", rich_help_panel=_ROWS
    ),
]
OpenWeights = Annotated[
    bool, typer.Option("--open-weights", help="Weights can be downloaded.", rich_help_panel=_ROWS)
]
Licence = Annotated[
    str | None,
    typer.Option(
        "--licence", help="One of these licences, e.g. apache-2.0,mit.", rich_help_panel=_ROWS
    ),
]
Commercial = Annotated[
    bool,
    typer.Option(
        "--commercial", help="A licence that allows commercial use.", rich_help_panel=_ROWS
    ),
]
Organisation = Annotated[
    str | None, typer.Option("--org", help="Models of this organisation.", rich_help_panel=_ROWS)
]
UntrainedOnly = Annotated[
    bool,
    typer.Option(
        "--untrained-only",
        help="Declared to be trained on none of the tasks.",
        rich_help_panel=_ROWS,
    ),
]
NoInstructions = Annotated[
    bool, typer.Option("--no-instructions", help="Needs no instructions.", rich_help_panel=_ROWS)
]
Pooling = Annotated[
    str | None,
    typer.Option("--pooling", help="A pooling, e.g. last-token.", rich_help_panel=_ROWS),
]
Base = Annotated[
    str | None,
    typer.Option("--base", help="A part of the base model's name.", rich_help_panel=_ROWS),
]
ReleasedSince = Annotated[
    str | None,
    typer.Option(
        "--released-since",
        help="Released on this day, or in this month or year, or later.",
        rich_help_panel=_ROWS,
    ),
]
