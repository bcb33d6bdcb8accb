"""Pages of models."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Bilingual
from tracker.answers.history import Change, HistoryPoint, Why
from tracker.answers.models import (
    Claim,
    MetadataValue,
    ModelStanding,
    NoPaper,
    PaperLink,
    RelatedModel,
)
from tracker.pages.contexts.common import FactGroup, Page


@dataclass(frozen=True)
class ModelLine:
    """One model in the index."""

    model: str
    slug: str
    parameters: int | None
    released: str | None
    best: ModelStanding | None
    """The best rank it holds now on one of the leading series, else on any board."""
    n_boards: int


@dataclass(frozen=True)
class ModelGroup:
    """The models of one organisation."""

    organisation: str
    lines: tuple[ModelLine, ...]


@dataclass(frozen=True)
class ModelsPage:
    """All models, by organisation."""

    page: Page
    groups: tuple[ModelGroup, ...]
    n_models: int


@dataclass(frozen=True)
class EditionHistory:
    """A model's path on one edition, newest first."""

    standing: ModelStanding
    points: tuple[HistoryPoint, ...]
    n_hidden: int
    """Points that are only in the data file."""


@dataclass(frozen=True)
class ProfileLine:
    """One task type: a model beside the median of its class."""

    task_type: str
    mean: float
    median: float
    n: int
    """Models of the class that have a mean for it, this one included."""


@dataclass(frozen=True)
class Profile:
    """A model on one board among those of its size."""

    title: Bilingual
    board_path: str
    size: str
    """``tiny`` to ``huge``, or ``unknown``."""
    n_class: int
    lines: tuple[ProfileLine, ...]


@dataclass(frozen=True)
class TouchedTasks:
    """The tasks of a board whose data the makers say they trained on."""

    title: Bilingual
    board_path: str
    tasks: tuple[str, ...]
    n_tasks: int
    """Tasks of the board."""


@dataclass(frozen=True)
class FormerStanding:
    """A board that listed a model once, and why no more."""

    standing: ModelStanding
    archived: bool
    """Whether the board itself ended."""
    left: Change | None
    """What is known of its leaving."""


@dataclass(frozen=True)
class LastChange:
    """The newest change of a model's rank or mean on any board."""

    at: str
    title: Bilingual
    board_path: str


@dataclass(frozen=True)
class AbsenceBox:
    """Why a model is not on a board."""

    title: Bilingual
    board_path: str
    why: Why


@dataclass(frozen=True)
class ModelPage:
    """One model: where it stands, how it got there, what it is and who says so."""

    page: Page
    model: str
    slug: str
    organisation: str
    links: tuple[str, ...]
    first_seen_at: str | None
    parameters: int | None
    released: str | None
    standings: tuple[ModelStanding, ...]
    """Boards that list it now with results for at least half of their tasks."""
    partial: tuple[ModelStanding, ...]
    """Boards that list it now with fewer results."""
    absences: tuple[AbsenceBox, ...]
    """Leading boards that do not list it, and why."""
    former: tuple[FormerStanding, ...]
    """Boards that listed it once, or are archived."""
    profiles: tuple[Profile, ...]
    touched: tuple[TouchedTasks, ...]
    last_change: LastChange | None
    histories: tuple[EditionHistory, ...]
    facts: tuple[FactGroup, ...]
    metadata: tuple[MetadataValue, ...]
    papers: tuple[PaperLink, ...]
    no_paper: NoPaper | None
    related: tuple[RelatedModel, ...]
    claims: tuple[Claim, ...]
    """The first of its self-reported scores beside runs, the largest difference first."""
    n_claims: int
    bibtex: tuple[str, ...]
    """Entries of its papers."""
    json_path: str
