"""Histories of single tasks, computed from the same result files as boards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from tracker.catalog.boards.state_inputs import Board, Inputs
from tracker.catalog.results.registry_queries import StoredRegistry
from tracker.ranking.benchmark import BenchmarkDefinition, TaskSelection
from tracker.ranking.task_history import TaskHistory, task_history

_NO_EDITION = 0


def task_histories(
    connection: Connection, registry: StoredRegistry, tasks: Sequence[TaskSelection]
) -> Iterator[TaskHistory]:
    """Compute the histories of some tasks, in their order.

    Args:
        connection: The catalog.
        registry: Its models are ranked.
        tasks: Different ones, each with the splits and subsets that count.
    """
    # Selecting the scores of all tasks at once takes a fraction of the time of one by one.
    together = Board(_NO_EDITION, registry, _definition(tasks))
    inputs = Inputs(connection, registry, [together])
    inputs.read_results([together], [""])
    inputs.read_scores([together])
    scores = inputs.content_scores(together)
    for task in tasks:
        yield task_history(inputs.results(task.task), scores)


def _definition(tasks: Sequence[TaskSelection]) -> BenchmarkDefinition:
    """A board of some tasks; nothing is ranked by it."""
    return BenchmarkDefinition(
        name="",
        tasks=tuple(tasks),
        aggregations=("mean_task",),
        groupings=(),
        rank_by=("mean_task",),
        public_tasks_only=False,
        show_zero_shot=True,
    )
