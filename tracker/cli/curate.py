"""Verbs for those who write curated files."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.output import say

curate = typer.Typer(help="Check and extend the curated knowledge.", no_args_is_help=True)
new = typer.Typer(help="An entry to start from.", no_args_is_help=True)
curate.add_typer(new, name="new")


@curate.command("check")
def check() -> None:
    """Read every curated file; the first mistake is one line: file, line, remedy."""
    from tracker.curated import read_curated
    from tracker.settings import load_settings

    folder = load_settings().curated
    found = read_curated(folder)
    counts = {
        "models": found.models,
        "papers": found.papers,
        "terms": found.terms,
        "datasets": found.datasets,
        "comparisons": found.comparisons,
        "relations": found.relations,
        "corrections": found.corrections,
    }
    told = ", ".join(f"{len(entries)} {name}" for name, entries in counts.items())
    typer.echo(f"{folder}: {told}")


@curate.command("schema")
def schema() -> None:
    """Write the JSON Schemas by which editors complete and check curated files."""
    from tracker.exports.curating import write_schemas
    from tracker.settings import load_settings

    for name in write_schemas(load_settings().curated):
        say(f"wrote {name}")


@new.command("model")
def model(
    name: Annotated[str, typer.Argument(help="Public id, e.g. nvidia/NV-Embed-v2.")],
) -> None:
    """Start an entry for a model with what the catalog knows of it."""
    from tracker.api import open_catalog
    from tracker.exports.curating import new_model
    from tracker.settings import load_settings

    with open_catalog() as catalog:
        found = catalog.model(name)
    typer.echo(str(new_model(load_settings().curated, found)))
