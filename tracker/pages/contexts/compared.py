"""Contexts of pages that compare models side by side."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.boards import PairedDifference
from tracker.answers.common import Bilingual
from tracker.answers.models import MetadataValue, ModelStanding
from tracker.pages.contexts.common import FactItem, Page


@dataclass(frozen=True)
class ComparedModel:
    """A column of a comparison."""

    model: str
    slug: str


@dataclass(frozen=True)
class ComparedCell:
    """One value of one model; every field is empty if the value is unknown."""

    standing: ModelStanding | None = None
    score: float | None = None
    """Mean over a task type, in percent."""
    metadata: MetadataValue | None = None
    facts: tuple[FactItem, ...] = ()
    better: bool = False
    """Whether the value is better than those of the other models."""


@dataclass(frozen=True)
class ComparedRow:
    """One property of all compared models."""

    property: str
    """Property name; with a board, ``rank`` or a task type."""
    board: Bilingual | None
    """The board that the ranks or scores come from."""
    cells: tuple[ComparedCell, ...]


@dataclass(frozen=True)
class ComparedTask:
    """Scores of two models on a task, in percent."""

    task: str
    first: float
    second: float


@dataclass(frozen=True)
class ComparedTasks:
    """The tasks of a board that both models have, the largest lead of the first one first."""

    board: Bilingual
    tasks: tuple[ComparedTask, ...]


@dataclass(frozen=True)
class PairLink:
    """A generated comparison and the path of its page."""

    first: ComparedModel
    second: ComparedModel
    path: str


@dataclass(frozen=True)
class PairGroup:
    """Generated comparisons that were chosen for the same reason."""

    reason: str
    """``seed``, ``family`` or ``neighbour``."""
    pairs: tuple[PairLink, ...]


@dataclass(frozen=True)
class ComparePage:
    """The model picker, and generated comparisons that work without scripts."""

    page: Page
    properties: tuple[str, ...]
    """Property names in row order."""
    task_types: tuple[str, ...]
    """Task types for which any model has a mean."""
    groups: tuple[PairGroup, ...]
    boards: tuple[str, ...]
    """Slugs of the leading boards, of which two models are compared task by task."""
    task_kinds: str
    """JSON: the type of each task of these boards."""


@dataclass(frozen=True)
class PairPage:
    """Two models side by side."""

    page: Page
    models: tuple[ComparedModel, ...]
    deciding: tuple[ComparedRow, ...]
    """What decides whether a model can be used: size, memory, licence, context and so on."""
    measured: tuple[ComparedRow, ...]
    """Means of task types and ranks on boards that list both."""
    different: tuple[ComparedRow, ...]
    """Other properties in which the models differ."""
    shared: tuple[ComparedRow, ...]
    """Other properties in which they agree."""
    differences: tuple[PairedDifference, ...]
    """The mean of the first model less that of the second, by board."""
    tasks: tuple[ComparedTasks, ...]
