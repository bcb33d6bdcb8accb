"""Compute each state of a board on its own; few boards need it, and they have few states."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tracker.catalog.results.raw_scores import (
    RegisteredModels,
    holding_at,
)
from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.recompute import ComputedBoard, recompute
from tracker.ranking.row_state import RowValues
from tracker.ranking.states import (
    BoardStates,
    Ranking,
    RowInterval,
    RowKey,
)
from tracker.ranking.task_scores import SelectedScores


def separate_states(
    files: pl.DataFrame,
    selected: SelectedScores,
    definition: BenchmarkDefinition,
    models: RegisteredModels,
    *,
    since: str,
) -> BoardStates:
    """Compute each state of a board on its own, for boards that rank subsets.

    Args:
        files: All versions of the files of registered models on the board's tasks.
        selected: The scores in their contents.
        definition: The board.
        models: The registered models.
        since: Begin with the state of this moment; ``""`` for the first one.
    """
    moments = {*files["valid_from"], *files["valid_to"].drop_nulls()}
    states = BoardStates([], [])
    for at in sorted({max(moment, since) for moment in moments}):
        current = holding_at(files, at)
        computed = recompute(current, selected, definition, models.revisions, models.training_tasks)
        names = dict(current.sort("valid_from").select("model", "name").iter_rows())
        _append(states, computed, definition, names, at)
    return states


def _append(
    states: BoardStates,
    computed: ComputedBoard,
    definition: BenchmarkDefinition,
    names: Mapping[str, str],
    at: str,
) -> None:
    """Append a state that was computed on its own, in place."""
    now: dict[RowKey, RowValues] = {}
    ranks: list[tuple[int, float, RowKey]] = []
    for row in computed.rows.iter_rows(named=True):
        key = RowKey(row["model"], names[row["model"]], row["experiment"])
        now[key] = _values(row, computed.task_types, definition)
        if row["rank"] is not None:
            ranks.append((row["rank"], row["points"], key))
    for place, open_row in enumerate(states.rows):
        if open_row.until is None and now.get(open_row.key) != open_row.values:
            states.rows[place] = open_row._replace(until=at)
    still_open = {row.key for row in states.rows if row.until is None}
    states.rows.extend(
        RowInterval(key, values, at, None) for key, values in now.items() if key not in still_open
    )
    ranks.sort(key=lambda item: (item[0], item[2]))
    ranking = Ranking(
        tuple(key for *_, key in ranks),
        array("i", [rank for rank, *_ in ranks]),
        array("d", [points for _, points, _ in ranks]),
        next(iter(computed.rows["n_tasks_total"].to_list()), 0),
        None,
        at,
        None,
    )
    last = states.rankings[-1] if states.rankings else None
    if last is not None and last[:5] == ranking[:5]:
        return
    if last is not None:
        states.rankings[-1] = last._replace(until=at)
    if now or last is not None:
        states.rankings.append(ranking)


def _values(
    row: Mapping[str, Any], task_types: Sequence[str], definition: BenchmarkDefinition
) -> RowValues:
    shown = definition.aggregations
    types = zip(task_types, row["task_types"], strict=True)
    return RowValues(
        row["mean_subset"],
        row["mean_task_type"] if "mean_task_type" in shown else None,
        None,
        None,
        tuple((kind, mean) for kind, mean in types if mean is not None)
        if "task_types" in shown
        else (),
        row["n_tasks"],
        row["zero_shot_pct"],
    )
