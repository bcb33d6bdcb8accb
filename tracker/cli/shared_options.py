"""Options that every command with ``--format`` has: columns, spreadsheets, pager.

They are added to the command when it is registered, so that no command repeats them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from tracker.cli.options import FormatOption
from tracker.cli.output import OPTIONS, OutputOptions

ColumnsOption = Annotated[
    str | None,
    typer.Option(
        "--columns", help="Print these columns, separated by commas; all are in the reference."
    ),
]
ExcelOption = Annotated[
    bool,
    typer.Option(
        "--excel",
        help="CSV for spreadsheets: with a byte order mark, formulas defused.",
    ),
]
PagerOption = Annotated[
    bool, typer.Option("--pager/--no-pager", help="Long tables in a terminal through PAGER.")
]
_ADDED: dict[str, tuple[Any, Any]] = {
    "shown_columns": (ColumnsOption, None),
    "excel": (ExcelOption, False),
    "pager": (PagerOption, True),
}


def with_output_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Add the options to a command that prints frames; others stay as they are."""
    # A module that names types only for checkers keeps their names as text.
    hints = inspect.get_annotations(verb)
    if hints.get("format_") not in (FormatOption, "FormatOption"):
        return verb

    @wraps(verb)
    def command(**arguments: Any) -> None:
        columns = arguments.pop("shown_columns") or ""
        asked = OutputOptions(
            tuple(name.strip() for name in columns.split(",") if name.strip()),
            arguments.pop("excel"),
            arguments.pop("pager"),
        )
        OPTIONS.columns, OPTIONS.excel, OPTIONS.pager = asked.columns, asked.excel, asked.pager
        verb(**arguments)

    hints = get_type_hints(verb, include_extras=True)
    parameters = [
        parameter.replace(annotation=hints[name])
        for name, parameter in inspect.signature(verb).parameters.items()
    ]
    added = [
        inspect.Parameter(
            name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation
        )
        for name, (annotation, default) in _ADDED.items()
    ]
    before = [p for p in parameters if p.name != "database"]
    last = [p for p in parameters if p.name == "database"]
    command.__signature__ = inspect.Signature([*before, *added, *last])  # type: ignore[attr-defined]
    command.__annotations__ = hints | {name: kind for name, (kind, _) in _ADDED.items()}
    return command
