"""Hypothesis strategy for histories of result files: changes, gaps, several revisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import polars as pl
from hypothesis import strategies as st

from tests.support.raw_results import CELLS, FILES, Cells, select_cells, selection
from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.task_scores import SelectedScores
from tracker.ranking.task_state import ContentScore
from tracker.ranking.timelines import ResultFileVersion

A, B, C = selection("A"), selection("B", subsets=("de", "en")), selection("C", "Retrieval")
SECRET = selection("D", "Retrieval", public=False)
MOMENTS = tuple(f"2025-01-0{day}T00:00:00Z" for day in range(1, 7))
REVISIONS: Mapping[str, str | None] = {"m": "main", "n": None, "o": "older", "p": "main"}
TRAINING: Mapping[str, frozenset[str] | None] = {
    "m": frozenset({"A", "C"}),
    "n": frozenset(),
    "o": None,
}


class History(NamedTuple):
    """All versions of some files, with the scores in their contents."""

    files: tuple[ResultFileVersion, ...]
    scores: Mapping[int, Cells]
    """By content, the scores by split and subset."""

    def select(self, definition: BenchmarkDefinition) -> SelectedScores:
        """The scores of the contents in the cells of a board."""
        tasks = {file.content: file.task for file in self.files}
        cells = [
            (content, *cell, score)
            for content, found in self.scores.items()
            for cell, score in found.items()
        ]
        contents = {"content_id": list(tasks), "task": list(tasks.values())}
        return select_cells(
            pl.DataFrame(contents, schema={"content_id": pl.Int64, "task": pl.String}),
            pl.DataFrame(cells, schema=CELLS, orient="row"),
            definition,
        )

    def at(self, moment: str) -> pl.DataFrame:
        """The files of a moment; ids follow the order of the paths."""
        rows = [
            (
                number,
                file.model,
                file.revision,
                file.experiment,
                file.task,
                file.mteb_version,
                file.content,
            )
            for number, file in enumerate(sorted(self.files, key=lambda file: file.file))
            if holds(file.since, file.until, moment)
        ]
        return pl.DataFrame(rows, schema=FILES, orient="row")


def holds(since: str, until: str | None, moment: str) -> bool:
    """Whether an interval covers a moment."""
    return since <= moment and (until is None or until > moment)


def content_scores(selected: SelectedScores) -> dict[int, ContentScore]:
    """The scores of each content as one object."""
    cells: dict[int, set[tuple[str, str]]] = {}
    for row in selected.cells.drop_nulls("score").iter_rows(named=True):
        cells.setdefault(row["content_id"], set()).add((row["split"], row["subset"]))
    columns = selected.contents.select("content_id", "mean", "scored", "is_full")
    return {
        content: ContentScore(mean, scored, full, frozenset(cells.get(content, ())))
        for content, mean, scored, full in columns.iter_rows()
    }


_CELLS: dict[str, tuple[tuple[str, str], ...]] = {
    "A": (("test", "default"),),
    "B": (("test", "de"), ("test", "en")),
    "C": (("test", "default"), ("dev", "default")),
    "D": (("test", "default"),),
}
_SCORE = st.none() | st.integers(0, 4).map(lambda n: n / 4)


@st.composite
def _contents(draw: st.DrawFn, task: str) -> Cells:
    """Scores of a task, of some of its subsets; a score may be missing."""
    cells = draw(st.lists(st.sampled_from(_CELLS[task]), min_size=1, unique=True))
    return {cell: draw(_SCORE) for cell in cells}


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to fourteen files of four models on four tasks, over six moments."""
    key = st.tuples(
        st.sampled_from("mnop"),
        st.sampled_from("ABCD"),
        st.sampled_from(("", "", '{"model_kwargs":{}}', '{"dim":8}')),
        st.sampled_from(("main", "older", "external", None)),
        # Prefix of the folder and of the model's name in it.
        st.sampled_from(("", "", "former-")),
    )
    files: list[ResultFileVersion] = []
    scores: dict[int, Cells] = {}
    for model, task, experiment, revision, former in draw(
        st.lists(key, min_size=1, max_size=14, unique=True)
    ):
        path = f"{former}{model}/{revision}/{experiment}/{task}"
        moments = draw(st.lists(st.sampled_from(MOMENTS), min_size=1, max_size=4, unique=True))
        for since, until in _spans(sorted(moments)):
            if since != min(moments) and draw(st.integers(0, 3)) == 0:
                continue  # the file is absent in this interval
            content = len(scores) + 1
            scores[content] = draw(_contents(task))
            version = draw(st.sampled_from(("1.9.0", "1.34.1", "2.0.0", "1.34-1.36", None)))
            name = f"{former}{model}"
            files.append(
                ResultFileVersion(
                    path, task, content, model, name, revision, experiment, version, since, until
                )
            )
    return History(tuple(files), scores)


def _spans(moments: list[str]) -> Iterable[tuple[str, str | None]]:
    return zip(moments, [*moments[1:], None], strict=True)
