"""States of single tasks: each is a board of one task, computed from the same result files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from tracker.catalog.boards.state_inputs import Board, Inputs
from tracker.catalog.results.registry_queries import StoredRegistry
from tracker.ranking.benchmark import BenchmarkDefinition, TaskSelection
from tracker.ranking.states import BoardStates

_NO_EDITION = 0


def task_states(
    connection: Connection, registry: StoredRegistry, tasks: Sequence[TaskSelection]
) -> Iterator[tuple[TaskSelection, BoardStates]]:
    """Compute all states of some tasks over the whole history of the results.

    A task is ranked by its score; the value ``mean_task`` of a row is this score.

    Args:
        connection: The catalog.
        registry: Its models are ranked.
        tasks: Each with the splits and subsets that count.
    """
    boards = [Board(_NO_EDITION, registry, _alone(task)) for task in tasks]
    inputs = Inputs(connection, registry, boards)
    inputs.read_results(boards, [""] * len(boards))
    inputs.read_scores(boards)
    for task, board in zip(tasks, boards, strict=True):
        yield task, inputs.states(board)


def _alone(task: TaskSelection) -> BenchmarkDefinition:
    """The definition of a board of one task."""
    return BenchmarkDefinition(
        name=task.task,
        tasks=(task,),
        aggregations=("mean_task",),
        groupings=(),
        rank_by=("mean_task",),
        public_tasks_only=False,
        show_zero_shot=True,
    )
