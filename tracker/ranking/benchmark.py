"""Benchmark definitions: the tasks, means and ranking rule of a board, with their JSON codec."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson


class TaskSelection(NamedTuple):
    """One task of a benchmark, and the cells (split and subset) of it that count."""

    task: str
    type: str
    is_public: bool
    splits: tuple[str, ...]
    subsets: tuple[str, ...]


class CustomGroup(NamedTuple):
    """One labelled set of tasks within a grouping."""

    label: str
    tasks: tuple[TaskSelection, ...]
    """Each task with exactly the splits and subsets that count in this group."""
    whole: tuple[bool, ...]
    """For each task, whether its whole score counts rather than some of its cells."""


class CustomGrouping(NamedTuple):
    """A dimension besides task types by which a benchmark shows means, such as language."""

    name: str
    groups: tuple[CustomGroup, ...]


class BenchmarkDefinition(NamedTuple):
    """Everything needed to compute a board from task scores."""

    name: str
    tasks: tuple[TaskSelection, ...]
    """In the benchmark's own order, which also orders its task types."""
    aggregations: tuple[str, ...]
    """Columns to show: ``mean_task``, ``mean_task_type``, ``task_types``, ``public_private``,
    ``mean_subset``."""
    groupings: tuple[CustomGrouping, ...]
    rank_by: tuple[str, ...]
    """Means to rank by, most significant first, for example ``mean_task``; empty for Borda."""
    public_tasks_only: bool
    """Whether tasks with private data are left out of means and ranks."""
    show_zero_shot: bool

    def to_json(self) -> str:
        """Encode the definition as canonical JSON: equal definitions give equal bytes."""
        fields = self._asdict()
        fields["tasks"] = [task._asdict() for task in self.tasks]
        fields["groupings"] = [
            {
                "name": grouping.name,
                "groups": [
                    {
                        "label": group.label,
                        "tasks": [task._asdict() for task in group.tasks],
                        "whole": group.whole,
                    }
                    for group in grouping.groups
                ],
            }
            for grouping in self.groupings
        ]
        return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS).decode()


def definition_from_json(text: str | bytes) -> BenchmarkDefinition:
    """Decode a definition that :meth:`BenchmarkDefinition.to_json` wrote."""
    fields = orjson.loads(text)
    return BenchmarkDefinition(
        name=fields["name"],
        tasks=tuple(map(_task, fields["tasks"])),
        aggregations=tuple(fields["aggregations"]),
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
            for grouping in fields["groupings"]
        ),
        rank_by=tuple(fields["rank_by"]),
        public_tasks_only=fields["public_tasks_only"],
        show_zero_shot=fields["show_zero_shot"],
    )


def _task(fields: dict[str, Any]) -> TaskSelection:
    return TaskSelection(
        task=fields["task"],
        type=fields["type"],
        is_public=fields["is_public"],
        splits=tuple(fields["splits"]),
        subsets=tuple(fields["subsets"]),
    )
