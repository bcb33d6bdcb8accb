"""Contexts of task pages: the index of the tasks of the present boards, and each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from tracker.answers.common import Bilingual
from tracker.answers.methods import Dataset
from tracker.answers.tasks import Task, TaskInfo
from tracker.pages.contexts import Page, SuspectList, TaskEntry, TaskGroup, TaskPage, TasksPage
from tracker.pages.language.filters import plain
from tracker.pages.language.texts import bilingual
from tracker.pages.views.boards import page

TASKS = "tasks/"
SHOWN = 100
"""Rows of a task's table on its page."""


def task_slugs(infos: Iterable[TaskInfo]) -> dict[str, str]:
    """Slugs of the tasks that have a page, by name."""
    return {info.name: info.slug for info in infos}


def of_tasks(slugs: Mapping[str, str], tasks: Iterable[str]) -> dict[str, str]:
    """The slugs of some tasks that have a page."""
    return {task: slugs[task] for task in tasks if task in slugs}


def task_page(
    task: Task,
    slugs: Mapping[str, str],
    datasets: Iterable[Dataset],
    suspects: SuspectList = SuspectList((), 0),  # noqa: B008
) -> TaskPage:
    """Build the page of one task.

    Args:
        task: The task now.
        slugs: What ``task_slugs`` returned.
        datasets: All datasets.
        suspects: Its suspect scores.
    """
    info = task.info
    name = plain(info.name)
    path = f"{TASKS}{info.slug}/"
    related = [*info.adapted_from, *([info.superseded_by] if info.superseded_by else [])]
    return TaskPage(
        Page(path, Bilingual(name, name), bilingual("task.about", task=name)),
        # With the present moment here, every page would change with every commit.
        replace(task, as_of=task.changed_at or ""),
        min(SHOWN, len(task.rows)),
        of_tasks(slugs, related),
        tuple(dataset for dataset in datasets if info.name in dataset.tasks),
        suspects,
        f"{path}{info.slug}.json",
        f"{path}{info.slug}.csv",
    )


def task_entry(task: Task) -> TaskEntry:
    """Build the line of one task in the index."""
    return TaskEntry(task.info, task.leader, len({row.model_now for row in task.rows}))


def tasks_page(entries: Iterable[TaskEntry]) -> TasksPage:
    """Build the index of tasks by type, the types with most tasks first."""
    by_type: dict[str, list[TaskEntry]] = defaultdict(list)
    for entry in entries:
        by_type[entry.info.type].append(entry)
    ordered = sorted(by_type.items(), key=lambda group: (-len(group[1]), group[0]))
    groups = tuple(TaskGroup(kind, tuple(tasks)) for kind, tasks in ordered)
    n_tasks = sum(len(group.tasks) for group in groups)
    has_scores = any(entry.n_models for group in groups for entry in group.tasks)
    return TasksPage(page("tasks/", "tasks"), groups, n_tasks, has_scores)
