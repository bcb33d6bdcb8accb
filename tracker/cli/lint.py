"""The verb that looks for suspect scores in result files."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import AsOfOption, DatabaseOption, FormatOption, open_database
from tracker.cli.output import Format, say, show

_COLUMNS = ("rule", "task", "model", "split", "subset", "reason", "mteb_version", "since")


def lint(
    task: Annotated[str | None, typer.Option("--task", help="Only this task.")] = None,
    model: Annotated[str | None, typer.Option("--model", help="Only this model.")] = None,
    as_of: AsOfOption = None,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Scores that contradict their own result file or cannot be: tracker lint --task CosQA."""
    with open_database(database) as catalog:
        frame = catalog.lint(task=task, model=model, as_of=as_of)
    if frame.is_empty():
        say("no suspect scores")
    else:
        n_files, n_models = frame["path"].n_unique(), frame["model"].n_unique()
        say(
            f"{frame.height} suspect scores in {n_files} files of {n_models} models:"
            " leads to look at, not verdicts"
        )
    show(frame, format_, columns=_COLUMNS)
