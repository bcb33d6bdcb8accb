"""Scores of single tasks on a board."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import polars as pl

from tracker.answers.boards import EditionInfo
from tracker.catalog.boards import state_queries
from tracker.catalog.results.queries import first_result_at
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.recomputed import recomputed_task_scores
from tracker.insights.boards.state_lookup import choose_state
from tracker.insights.reader import Reader
from tracker.insights.units import percent

_SCHEMA = {"label": pl.String, "task": pl.String, "score": pl.Float64}


def read_task_scores(reader: Reader, query: BoardQuery) -> pl.DataFrame:
    """Read the scores of single tasks on a board.

    Returns:
        ``label`` (of a row), ``task`` and ``score`` in percent; missing scores have no row.
    """
    chosen = choose_state(reader, query)
    edition = chosen.edition
    edition_id = reader.editions.ids[edition.slug]
    if chosen.kind == "published":
        rows = _published(
            reader, edition, edition_id, reader.editions.units[edition.slug], chosen.at
        )
    elif first_result_at(reader.connection) is None:
        rows = iter(())  # the starter has computed states without the scores behind them
    else:
        rows = recomputed_task_scores(reader, edition, chosen.at)
    labels: list[str] = []
    tasks: list[str] = []
    scores: list[float] = []
    for label, by_task in rows:
        labels += [label] * len(by_task)
        tasks += by_task.keys()
        scores += by_task.values()
    columns = {"label": labels, "task": tasks, "score": scores}
    return pl.DataFrame(columns, schema=_SCHEMA).sort("label", "task")


def _published(
    reader: Reader, edition: EditionInfo, edition_id: int, unit: str, at: str
) -> Iterator[tuple[str, dict[str, float]]]:
    for row in state_queries.board_rows(
        reader.connection, edition_id, at, computed=False, with_tasks=True
    ):
        found = orjson.loads(row.task_scores) if row.task_scores else []
        scores = zip(edition.tasks, found, strict=False)
        yield (
            row.label,
            {task: percent(score, unit) for task, score in scores if score is not None},
        )
