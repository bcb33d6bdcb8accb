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
    rule: Annotated[
        str | None,
        typer.Option(
            "--rule",
            help="Only findings of these rules, separated by commas: mrr-at-1, main-score,"
            " out-of-range, evaluator, equal, siblings, dataset-revision.",
        ),
    ] = None,
    as_of: AsOfOption = None,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Scores to look at before relying on them: tracker lint --task CosQA."""
    with open_database(database) as catalog:
        frame = catalog.lint(task=task, model=model, rule=rule, as_of=as_of)
    if frame.is_empty():
        say("no suspect scores")
    else:
        n_files, n_models = frame["path"].n_unique(), frame["model"].n_unique()
        say(
            f"{frame.height} findings in {n_files} files of {n_models} models:"
            " leads to look at, not verdicts"
        )
        counts = frame["rule"].value_counts().sort("count", "rule", descending=[True, False])
        say(" · ".join(f"{name} {count}" for name, count in counts.iter_rows()))
    show(frame, format_, columns=_COLUMNS)
