"""Which models of a board were trained on its tasks, and how they stand without those tasks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.answers.contamination import Contamination, ExposedCell, ExposedRow
from tracker.errors import NoDataError
from tracker.insights.boards.board import read_board
from tracker.insights.boards.differences import whole_question
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.score_table import ScoreTable, read_score_table, row_name
from tracker.insights.reader import Reader
from tracker.insights.tasks.infos import known_registry, read_infos
from tracker.insights.tasks.trained import read_declarations
from tracker.ranking.contamination import (
    Declaration,
    exposing_base,
    exposure,
    untrained_shares,
)
from tracker.ranking.ranks import rank_by

_Declared = Mapping[str, Declaration]
_LANGUAGE = re.compile(r" \([\w-]+\)$")


def read_contamination(reader: Reader, query: BoardQuery) -> Contamination:
    """Read the declared training of a board's models on its tasks.

    Args:
        reader: The open catalog.
        query: The board, the moment and the part of it.

    Raises:
        NotFoundError: There is no such board.
        NoDataError: Nothing is known of it for that moment, or the catalog has no registry.
    """
    board = read_board(reader, query)
    registry = known_registry(reader)
    declared = read_declarations(reader)
    try:
        scores = read_score_table(reader, whole_question(query))
    except NoDataError:
        scores = None
    tasks = board.edition.tasks if scores is None else scores.tasks
    registered = _registered(reader, tasks)
    exposures = [
        [
            "undeclared" if name is None else exposure(name, _model(row), declared)
            for name in registered
        ]
        for row in board.rows
    ]
    named = f"mteb {registry.mteb_version}"
    return Contamination(
        edition=board.edition,
        as_of=board.as_of,
        registry=named,
        tasks=tasks,
        rows=tuple(_rows(board, exposures, declared, _scores(board, scores))),
        cells=tuple(_cells(board, tasks, registered, exposures, declared, named)),
        scored=scores is not None,
    )


def _registered(reader: Reader, tasks: Sequence[str]) -> list[str | None]:
    """The name of each task in the registry, in which training is declared.

    Archived boards add the language, as in ``MassiveIntentClassification (en)``. Of a task that
    the registry does not have, nothing is declared.
    """
    known = read_infos(reader)
    plain = (task if task in known else _LANGUAGE.sub("", task) for task in tasks)
    return [task if task in known else None for task in plain]


def _model(row: LeaderboardRow) -> str:
    return row.model_now or row.model


def _scores(board: Leaderboard, scores: ScoreTable | None) -> NDArray[np.float64] | None:
    """Scores by row of the board and task, NaN if missing; ``None`` where none are known."""
    if scores is None:
        return None
    missing = np.full(len(scores.tasks), np.nan)
    places = (scores.rows.get(row_name(row)) for row in board.rows)
    rows = [missing if place is None else scores.table.scores[place] for place in places]
    return np.array(rows).reshape(len(rows), len(scores.tasks))


def _rows(
    board: Leaderboard,
    exposures: Sequence[Sequence[str]],
    declared: _Declared,
    scores: NDArray[np.float64] | None,
) -> Iterator[ExposedRow]:
    """The rows of the board, in its order."""
    n_tasks = len(exposures[0]) if exposures else 0
    if scores is None:
        scores = np.full((len(board.rows), n_tasks), np.nan)
    is_clean = np.array([[kind == "none" for kind in own] for own in exposures], bool)
    is_clean = is_clean.reshape(len(board.rows), n_tasks)
    shares = untrained_shares(scores, is_clean)
    used = np.where(is_clean, scores, np.nan)
    n_used = (~np.isnan(used)).sum(axis=1)
    ranks = _ranks(np.where(2 * n_used >= n_tasks, shares, np.nan))
    for place, row in enumerate(board.rows):
        counts = Counter(exposures[place])
        found = declared.get(_model(row))
        n = int(n_used[place])
        yield ExposedRow(
            rank=row.rank,
            model=row.model,
            model_now=_model(row),
            label=row.label,
            slug=row.slug,
            declares_training=found is not None and found.tasks is not None,
            n_itself=counts["itself"],
            n_base=counts["base"],
            n_sibling=counts["sibling"],
            n_none=counts["none"],
            n_undeclared=counts["undeclared"],
            mean_task=row.mean_task,
            mean_untrained=float(np.nansum(used[place])) * 100 / n if n else None,
            n_untrained=n,
            untrained_share=None if np.isnan(shares[place]) else float(shares[place]) * 100,
            rank_untrained=ranks[place],
            exposures=tuple(exposures[place]),
        )


def _ranks(values: NDArray[np.float64]) -> list[int | None]:
    """Rank of each value, the highest first; a missing one has none."""
    frame = pl.DataFrame({"row": range(len(values)), "value": values.round(12)})
    ranked = rank_by(frame.with_columns(pl.col("value").fill_nan(None)), "value")
    return ranked.sort("row")["rank"].to_list()


def _cells(
    board: Leaderboard,
    tasks: Sequence[str],
    registered: Sequence[str | None],
    exposures: Sequence[Sequence[str]],
    declared: _Declared,
    registry: str,
) -> Iterator[ExposedCell]:
    """Each model and task, with where the declaration can be read."""
    for row, own in zip(board.rows, exposures, strict=True):
        model = _model(row)
        for task, name, kind in zip(tasks, registered, own, strict=True):
            base = receipt = None
            if name is not None and kind != "undeclared":
                base = exposing_base(name, model, declared) if kind == "base" else None
                receipt = f"{registry}: training_datasets of {base or model}"
                if kind == "sibling" and name not in (declared[model].tasks or ()):
                    receipt = declared[model].documented[name]
            yield ExposedCell(model, task, kind, base, receipt)
