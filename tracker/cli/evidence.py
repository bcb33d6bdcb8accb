"""The verb that shows what a model's facts rest on."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import DatabaseOption, FormatOption
from tracker.cli.output import Format, say, show


def evidence(
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
