"""Contexts and files of contamination pages, from the answer for a board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import polars as pl

from tracker.answers.common import Bilingual
from tracker.answers.contamination import Contamination, ExposedCell
from tracker.exports.frames import frame_csv
from tracker.pages.contexts import BoardLink, ContaminationPage, Page, Receipts
from tracker.pages.language.filters import plain
from tracker.pages.views.boards import board_path, page
from tracker.pages.views.tasks import of_tasks

SHOWN = 50
TRAINED = "trained/"
_TRAINED = ("itself", "base", "sibling")


def contamination_page(found: Contamination, task_slugs: Mapping[str, str]) -> ContaminationPage:
    """Build the contamination page of a board.

    Args:
        found: The answer for the board.
        task_slugs: Slugs of the tasks that have a page, by name.
    """
    edition, shown = found.edition, found.rows[:SHOWN]
    path = f"{board_path(edition)}{TRAINED}"
    places = [
        place
        for place in range(len(found.tasks))
        if any(row.exposures[place] in _TRAINED for row in shown)
    ]
    tasks = tuple(found.tasks[place] for place in places)
    words, own = page(path, "contamination"), edition.title
    return ContaminationPage(
        page=Page(
            path,
            Bilingual(f"{plain(own.en)}: {words.title.en}", f"{plain(own.zh)}：{words.title.zh}"),
            words.description,
        ),
        board=BoardLink(edition, board_path(edition)),
        as_of=min(found.as_of, edition.last_at or found.as_of),
        registry=found.registry,
        rows=shown,
        tasks=tasks,
        cells=tuple("".join(row.exposures[place][0] for place in places) for row in shown),
        receipts=tuple(_receipts(found)),
        task_slugs=of_tasks(task_slugs, tasks),
        n_rows=len(found.rows),
        n_tasks=len(found.tasks),
        n_silent=sum(not row.declares_training for row in found.rows),
        scored=found.scored,
        csv_path=f"{path}{edition.slug}.trained.csv",
        receipts_path=f"{path}{edition.slug}.receipts.csv",
    )


def _receipts(found: Contamination) -> list[Receipts]:
    """Where the training of the shown models is declared, in their order."""
    by_model: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cell in _trained(found):
        by_model[cell.model][cell.receipt or ""].append(cell.task)
    return [
        Receipts(
            row.model_now,
            row.slug,
            tuple((source, tuple(tasks)) for source, tasks in by_model[row.model_now].items()),
        )
        for row in {row.model_now: row for row in found.rows[:SHOWN]}.values()
        if row.model_now in by_model
    ]


def _trained(found: Contamination) -> list[ExposedCell]:
    """Cells with declared training, each once."""
    return list(dict.fromkeys(cell for cell in found.cells if cell.exposure in _TRAINED))


def exposures_csv(found: Contamination) -> bytes:
    """All rows of the board with their exposure to each of its tasks."""
    first = {
        "rank": pl.Int64, "model": pl.String, "mean_task": pl.Float64, "mean_untrained": pl.Float64,
        "n_untrained": pl.Int64, "rank_untrained": pl.Int64,
    }  # fmt: skip
    table = pl.DataFrame(
        [
            (
                row.rank, row.model_now, row.mean_task, row.mean_untrained, row.n_untrained,
                row.rank_untrained, *row.exposures,
            )
            for row in found.rows
        ],
        schema={**first, **dict.fromkeys(found.tasks, pl.String)},
        orient="row",
    )  # fmt: skip
    return frame_csv(table)


def receipts_csv(found: Contamination) -> bytes:
    """Every declared training of a model of the board on one of its tasks, with its receipt."""
    schema = dict.fromkeys(("model", "task", "exposure", "base", "receipt"), pl.String)
    rows = [(c.model, c.task, c.exposure, c.base, c.receipt) for c in _trained(found)]
    return frame_csv(pl.DataFrame(rows, schema=schema, orient="row"))
