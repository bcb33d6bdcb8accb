"""Boards whose suspect scores count as missing."""

from __future__ import annotations

from collections import Counter

import polars as pl

from tracker.answers.health import SuspectScore
from tracker.catalog.results.raw_scores import RawBoard, as_identity
from tracker.insights.health.suspects import read_suspects
from tracker.insights.reader import Reader, memoised
from tracker.ranking.suspect_rules import OF_SCORES, RULES

_CELLS = {"path": pl.String, "content_id": pl.Int64, "split": pl.String, "subset": pl.String}


def without_suspects(reader: Reader, board: RawBoard, at: str, identity: str) -> RawBoard:
    """The board without the scores that are suspect at a moment.

    A finding about a whole file takes all its scores, one about a split and subset only these.
    """
    cells = [
        (found.path, found.content_id, split, subset)
        for found in suspects_of(reader, board, at)
        for split, subset in found.cells or ((None, None),)
    ]
    without = pl.DataFrame(cells, schema=_CELLS, orient="row")
    return reader.raw_scores.without(board, without, as_identity(identity))


def left_out(reader: Reader, board: RawBoard, at: str) -> tuple[tuple[str, int], ...]:
    """Number of results with scores that are left out of a board, by rule."""
    found = {(one.rule, one.path) for one in suspects_of(reader, board, at)}
    counts = Counter(rule for rule, _ in found)
    return tuple((rule, counts[rule]) for rule in RULES if counts[rule])


def suspects_of(reader: Reader, board: RawBoard, at: str) -> tuple[SuspectScore, ...]:
    """The findings about scores in the files of a board at a moment, in what the board counts."""
    counted = {
        task.task: {(split, subset) for split in task.splits for subset in task.subsets}
        for task in board.definition.tasks
    }
    paths = set(board.files_at(at)["path"])
    return tuple(
        found
        for found in _of_tasks(reader, at, frozenset(counted))
        if found.path in paths
        and (not found.cells or not counted[found.task].isdisjoint(found.cells))
    )


@memoised
def _of_tasks(reader: Reader, at: str, tasks: frozenset[str]) -> tuple[SuspectScore, ...]:
    return read_suspects(reader, at, tasks=tasks, rule=",".join(OF_SCORES))
