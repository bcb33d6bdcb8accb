"""The verb that asks which models of a board were trained on its tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import (
    AsOfOption,
    BoardArgument,
    DatabaseOption,
    FormatOption,
    open_database,
)
from tracker.cli.output import Format, say, show

if TYPE_CHECKING:
    from tracker.answers.contamination import Contamination

_COLUMNS = (
    "rank", "model", "n_itself", "n_base", "n_sibling", "n_none", "n_undeclared", "mean_task",
    "mean_untrained", "n_untrained", "rank_untrained",
)  # fmt: skip


def contamination(
    board: BoardArgument,
    as_of: AsOfOption = None,
    type_: Annotated[
        str | None, typer.Option("--type", help="Only tasks of this type, e.g. Retrieval.")
    ] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="At most so many rows.")] = None,
    cells: Annotated[
        bool, typer.Option("--cells", help="Each model and task, with where it is declared.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Which models of a board were trained on its tasks: tracker contamination c-mteb --top 20."""
    with open_database(database) as catalog:
        found = catalog.contamination_report(board, as_of, type=type_)
    for line in _header(found):
        say(line)
    if cells:
        kept = [row.model_now for row in found.rows[:top]]
        frame = found.cells_to_polars()
        show(frame.filter(frame["model"].is_in(kept)), format_)
    else:
        show(found.to_polars().head(top) if top else found.to_polars(), format_, columns=_COLUMNS)


def _header(found: Contamination) -> Iterator[str]:
    silent = sum(not row.declares_training for row in found.rows)
    yield (
        f"{found.edition.name} · {len(found.tasks)} tasks · as of {found.as_of} · declarations of"
        f" {found.registry} and of cards, papers and code"
    )
    yield (
        f"{silent} of {len(found.rows)} models declare no training data: what they were trained on"
        " is not known, so they have no mean over untrained tasks"
    )
    yield (
        "mean_untrained: over the n_untrained tasks that no declared training data meet, other ones"
        " for each model; rank_untrained: by comparisons on tasks that neither of two models was"
        " trained on, among models with at least half of the tasks"
    )
    if not found.scored:
        yield (
            "no scores of single tasks are in the catalog: means and ranks over some tasks are"
            " missing; fetch result-files, then load"
        )
