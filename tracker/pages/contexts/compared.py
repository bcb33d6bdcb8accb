"""Pages that lay models side by side."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Bilingual
from tracker.answers.models import MetadataValue, ModelStanding
from tracker.pages.contexts.common import FactLine, Page


@dataclass(frozen=True)
class ComparedModel:
    """A column of a comparison."""

    model: str
    slug: str


@dataclass(frozen=True)
class ComparedCell:
    """What is known of one model in one respect; all empty where nothing is known."""

    standing: ModelStanding | None = None
    score: float | None = None
    """Mean over a task type, in percent."""
    metadata: MetadataValue | None = None
    facts: tuple[FactLine, ...] = ()


@dataclass(frozen=True)
class ComparedRow:
    """One respect in which models are compared."""

    property: str
    """Name of the property, or of the task type where there is a board."""
    board: Bilingual | None
    """The board whose standing or score it is."""
    cells: tuple[ComparedCell, ...]


@dataclass(frozen=True)
class PairLink:
    """A generated comparison and where its page is."""

    first: ComparedModel
    second: ComparedModel
    path: str


@dataclass(frozen=True)
class PairGroup:
    """Generated comparisons that are made for the same reason."""

    reason: str
    """``seed``, ``family`` or ``neighbour``."""
    pairs: tuple[PairLink, ...]


@dataclass(frozen=True)
class ComparePage:
    """Where a reader picks models, and the comparisons that need no script."""

    page: Page
    properties: tuple[str, ...]
    """Names of properties in the order of the rows."""
    task_types: tuple[str, ...]
    """Types of tasks for which any model has a mean."""
    groups: tuple[PairGroup, ...]


@dataclass(frozen=True)
class PairPage:
    """Two models side by side."""

    page: Page
    models: tuple[ComparedModel, ...]
    different: tuple[ComparedRow, ...]
    shared: tuple[ComparedRow, ...]
