"""Evidence of a model's facts, and extraction of candidates from many texts."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tracker.cli.options import DatabaseOption, FormatOption
from tracker.cli.output import Format, say, show
from tracker.cli.shared_options import with_output_options


class DefaultGroup(TyperGroup):
    """A group whose first word may be left out: ``tracker evidence MODEL`` shows a model."""

    default = "show"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command before arguments that name no command."""
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


evidence = typer.Typer(
    cls=DefaultGroup,
    help="What a model's facts rest on: tracker evidence MODEL. Extract it from many texts.",
    no_args_is_help=True,
)


class EngineName(StrEnum):
    """Where the processes run that extract."""

    local = "local"
    ray = "ray"


def show_(
    model: Annotated[str, typer.Argument(help="Public id of the model, org/name.")],
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Curated facts of a model's method, and what its card, files and papers state."""
    from tracker.api import open_catalog

    with open_catalog(database) as catalog:
        frame = catalog.evidence(model)
    if frame.is_empty():
        say("nothing is known of its method")
    show(
        frame,
        format_,
        columns=["property", "value", "kind", "confidence", "state", "conflict", "quote", "source"],
    )
    for decision in frame.get_column("decision").drop_nulls().unique(maintain_order=True):
        say(decision)


evidence.command(DefaultGroup.default)(with_output_options(show_))


@evidence.command("extract")
def extract(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder with ORG/NAME/README.md, papers (.html) and configurations."),
    ] = None,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="Processes here, or on Ray (extra ray).")
    ] = EngineName.local,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes; all cores by default.")
    ] = None,
) -> None:
    """Extract what the texts of a folder, or all archived ones, state: a JSON object a line.

    Lines have the columns of ``tracker evidence MODEL`` without state, conflict and decision,
    which come from comparing texts. Lines and their order are equal for every engine and number
    of workers. A text that cannot be read is a line on stderr. RAY_ADDRESS names a Ray cluster.
    """
    import orjson

    from tracker.settings import load_settings
    from tracker.update.extraction import prepare, run

    texts, job = prepare(load_settings(), folder, say)
    n_rows = n_findings = 0
    for extraction in run(texts, job, engine.value, workers or os.cpu_count() or 1):
        for row in extraction.rows:
            typer.echo(orjson.dumps(row))
        for finding in extraction.findings:
            say(finding)
        n_rows, n_findings = n_rows + len(extraction.rows), n_findings + len(extraction.findings)
    say(f"{len(texts)} texts, {n_rows} statements, {n_findings} findings")
