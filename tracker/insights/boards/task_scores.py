"""Scores of single tasks on a board."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import polars as pl

from tracker.answers.boards import EditionInfo
from tracker.catalog.boards import state_queries
from tracker.catalog.results.queries import first_result_at
from tracker.insights.boards.choosing import choose_state
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.recomputed import recomputed_task_scores
from tracker.insights.reader import Reader
from tracker.insights.units import percent

_SCHEMA = {"label": pl.String, "task": pl.String, "score": pl.Float64}


def read_task_scores(reader: Reader, query: BoardQuery) -> pl.DataFrame:
    """``label`` (a line of the board), ``task`` and ``score`` in percent; missing ones stay out."""
    chosen = choose_state(reader, query)
    edition = chosen.edition
    edition_id = reader.editions.ids[edition.slug]
    if chosen.kind == "printed":
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
    for label, told in rows:
        labels += [label] * len(told)
        tasks += told.keys()
        scores += told.values()
    columns = {"label": labels, "task": tasks, "score": scores}
    return pl.DataFrame(columns, schema=_SCHEMA).sort("label", "task")


def _published(
    reader: Reader, edition: EditionInfo, edition_id: int, unit: str, at: str
) -> Iterator[tuple[str, dict[str, float]]]:
    for line in state_queries.board_rows(
        reader.connection, edition_id, at, computed=False, with_tasks=True
    ):
        told = orjson.loads(line.task_scores) if line.task_scores else []
        scores = zip(edition.tasks, told, strict=False)
        yield line.label, {task: percent(it, unit) for task, it in scores if it is not None}
