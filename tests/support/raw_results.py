"""Small raw results as nested mappings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import polars as pl

from tracker.ranking.benchmark import (
    BenchmarkDefinition,
    CustomGroup,
    CustomGrouping,
    TaskSelection,
)
from tracker.ranking.recompute import ComputedBoard, recompute
from tracker.ranking.task_scores import SelectedScores, select_scores

Cells = Mapping[tuple[str, str], float | None]
"""Split and subset to score."""
FILES = {
    "file_id": pl.Int64,
    "model": pl.String,
    "revision": pl.String,
    "experiment": pl.String,
    "task": pl.String,
    "mteb_version": pl.String,
    "content_id": pl.Int64,
}
CELLS = {
    "content_id": pl.Int64,
    "split": pl.String,
    "subset": pl.String,
    "score": pl.Float64,
}


class Run(NamedTuple):
    """One result file."""

    model: str
    task: str
    scores: float | Cells | None
    """A number stands for split ``test``, subset ``default``."""
    experiment: str = ""
    revision: str | None = "main"
    mteb_version: str | None = "2.0.0"


def frames(runs: Iterable[Run]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The files and the cells of some runs; ids are given in their order."""
    files, cells = [], []
    for number, run in enumerate(runs, 1):
        files.append(
            (
                number,
                run.model,
                run.revision,
                run.experiment,
                run.task,
                run.mteb_version,
                100 + number,
            )
        )
        scores = (
            run.scores if isinstance(run.scores, Mapping) else {("test", "default"): run.scores}
        )
        cells += [(100 + number, *cell, score) for cell, score in scores.items()]
    return (
        pl.DataFrame(files, schema=FILES, orient="row"),
        pl.DataFrame(cells, schema=CELLS, orient="row"),
    )


def selection(
    name: str,
    kind: str = "STS",
    *,
    public: bool = True,
    splits: tuple[str, ...] = ("test",),
    subsets: tuple[str, ...] = ("default",),
) -> TaskSelection:
    """A task of a benchmark."""
    return TaskSelection(name, kind, public, splits, subsets)


def benchmark(*tasks: TaskSelection, **changes: Any) -> BenchmarkDefinition:
    """A benchmark of some tasks that ranks by Borda."""
    plain = BenchmarkDefinition(
        name="Small",
        tasks=tasks,
        aggregations=("mean_task", "mean_task_type", "task_types"),
        groupings=(),
        rank_by=(),
        public_tasks_only=False,
        show_zero_shot=True,
    )
    return plain._replace(**changes)


def grouping(name: str, groups: Mapping[str, list[tuple[TaskSelection, bool]]]) -> CustomGrouping:
    """A grouping of labels to tasks, each whole or in part."""
    return CustomGrouping(
        name,
        tuple(
            CustomGroup(label, tuple(task for task, _ in members), tuple(x for _, x in members))
            for label, members in groups.items()
        ),
    )


def with_layouts(contents: pl.DataFrame, cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Contents with lists of scores, and the layouts of these lists.

    Args:
        contents: ``content_id`` and ``task``.
        cells: ``content_id``, ``split``, ``subset`` and ``score``; contents with the same cells in
            the same order share a layout.
    """
    by_content = cells.group_by("content_id", maintain_order=True).agg(
        "split", "subset", scores="score"
    )
    names = ["/".join(map(str, row)) for row in by_content.select("split", "subset").rows()]
    ids = pl.Series([names.index(name) for name in names], dtype=pl.Int64)
    listed = by_content.with_columns(layout_id=ids)
    layouts = listed.unique("layout_id").select("layout_id", "split", "subset")
    joined = contents.select("content_id", "task").unique().join(listed, on="content_id")
    return joined, layouts.explode("split", "subset")


def select_cells(
    contents: pl.DataFrame, cells: pl.DataFrame, definition: BenchmarkDefinition
) -> SelectedScores:
    """The scores of a benchmark, from contents and single cells."""
    return select_scores(*with_layouts(contents, cells), definition)


def selected(runs: Iterable[Run], definition: BenchmarkDefinition) -> SelectedScores:
    """The scores of a benchmark in the contents of some runs."""
    return select_cells(*frames(runs), definition)


def computed(
    runs: Iterable[Run],
    definition: BenchmarkDefinition,
    *,
    revisions: Mapping[str, str | None] | None = None,
    training: Mapping[str, frozenset[str] | None] | None = None,
) -> ComputedBoard:
    """The board of some runs."""
    files, cells = frames(runs)
    scores = select_cells(files, cells, definition)
    return recompute(files, scores, definition, revisions or {}, training or {})


def rows_of(board: ComputedBoard, *columns: str) -> list[tuple[Any, ...]]:
    """The model, the experiment if there are any, and some columns of each row, in order."""
    has_any = bool((board.rows["experiment"] != "").any())
    names = ["model", *(["experiment"] if has_any else []), *columns]
    return board.rows.select(names).rows()
