"""How a benchmark makes a board of task scores, as plain data; the ranking computes from it."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson


class TaskSelection(NamedTuple):
    """One task of a benchmark, and which of its cells count."""

    task: str
    type: str
    is_public: bool
    splits: tuple[str, ...]
    subsets: tuple[str, ...]


class CustomGroup(NamedTuple):
    """One labelled bucket of tasks within a grouping."""

    label: str
    tasks: tuple[TaskSelection, ...]
    """A task with exactly the splits and subsets that count here."""
    whole: tuple[bool, ...]
    """For each of the tasks, whether it counts with its whole score rather than with some cells."""


class CustomGrouping(NamedTuple):
    """A dimension of its own by which a benchmark shows means, beside its task types."""

    name: str
    groups: tuple[CustomGroup, ...]


class BenchmarkDefinition(NamedTuple):
    """All that is needed to compute a board from task scores."""

    name: str
    tasks: tuple[TaskSelection, ...]
    """In the benchmark's own order, which is the order of its task types as well."""
    aggregations: tuple[str, ...]
    """Of ``mean_task``, ``mean_task_type``, ``task_types``, ``public_private``, ``mean_subset``."""
    groupings: tuple[CustomGrouping, ...]
    rank_by: tuple[str, ...]
    """Means to rank by, the first first: ``mean_task``, ``mean_public`` …; empty: Borda."""
    public_tasks_only: bool
    """Whether tasks with private data count neither in the means nor in the ranks."""
    show_zero_shot: bool

    def to_json(self) -> str:
        """The definition as canonical JSON, the same bytes for the same definition."""
        told = self._asdict()
        told["tasks"] = [_task_told(task) for task in self.tasks]
        told["groupings"] = [
            {
                "name": grouping.name,
                "groups": [
                    {
                        "label": group.label,
                        "tasks": [_task_told(task) for task in group.tasks],
                        "whole": group.whole,
                    }
                    for group in grouping.groups
                ],
            }
            for grouping in self.groupings
        ]
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()


def definition_from_json(text: str | bytes) -> BenchmarkDefinition:
    """The definition that :meth:`BenchmarkDefinition.to_json` wrote."""
    told = orjson.loads(text)
    return BenchmarkDefinition(
        name=told["name"],
        tasks=tuple(map(_task, told["tasks"])),
        aggregations=tuple(told["aggregations"]),
        groupings=tuple(
            CustomGrouping(
                name=grouping["name"],
                groups=tuple(
                    CustomGroup(
                        label=group["label"],
                        tasks=tuple(map(_task, group["tasks"])),
                        whole=tuple(group["whole"]),
                    )
                    for group in grouping["groups"]
                ),
            )
            for grouping in told["groupings"]
        ),
        rank_by=tuple(told["rank_by"]),
        public_tasks_only=told["public_tasks_only"],
        show_zero_shot=told["show_zero_shot"],
    )


def _task_told(task: TaskSelection) -> dict[str, Any]:
    return task._asdict()


def _task(told: dict[str, Any]) -> TaskSelection:
    return TaskSelection(
        task=told["task"],
        type=told["type"],
        is_public=told["is_public"],
        splits=tuple(told["splits"]),
        subsets=tuple(told["subsets"]),
    )
