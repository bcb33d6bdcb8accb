"""Contexts of task pages: the index and each task."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.methods import Dataset
from tracker.answers.tasks import Task, TaskInfo, TaskLead
from tracker.pages.contexts.common import Page
from tracker.pages.contexts.suspects import SuspectList


@dataclass(frozen=True)
class TaskEntry:
    """One task of the index."""

    info: TaskInfo
    leader: TaskLead | None
    n_models: int
    """Number of models with a score."""


@dataclass(frozen=True)
class TaskGroup:
    """The tasks of one type."""

    type: str
    tasks: tuple[TaskEntry, ...]


@dataclass(frozen=True)
class TasksPage:
    """Index of all tasks of the present boards."""

    page: Page
    groups: tuple[TaskGroup, ...]
    n_tasks: int
    has_scores: bool
    """Whether the catalog has raw scores."""


@dataclass(frozen=True)
class TaskPage:
    """One task: what it is, its leaders, its table, and who declares training on it."""

    page: Page
    task: Task
    n_shown: int
    """Number of rows that the page shows; the files have all of them."""
    slugs: dict[str, str]
    """Slugs of the related tasks that have a page, by name."""
    datasets: tuple[Dataset, ...]
    """Datasets that the task is made of."""
    suspects: SuspectList
    """What one should look at before relying on its scores."""
    json_path: str
    csv_path: str
