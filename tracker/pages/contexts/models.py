"""Contexts of model pages."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Bilingual
from tracker.answers.history import Change, HistoryPoint, Why
from tracker.answers.lineage import InheritedData, Relative
from tracker.answers.models import (
    Claim,
    MetadataValue,
    ModelStanding,
    NoPaper,
    PaperLink,
    RelatedModel,
)
from tracker.pages.contexts.common import FactGroup, Page
from tracker.pages.contexts.suspects import SuspectList


@dataclass(frozen=True)
class ModelEntry:
    """One row of the model index."""

    model: str
    slug: str
    parameters: int | None
    released: str | None
    best: ModelStanding | None
    """Its best current rank on a leading series, otherwise on any board."""
    n_boards: int


@dataclass(frozen=True)
class ModelGroup:
    """All models of one organisation."""

    organisation: Bilingual
    """Its name, or the account on the Hub where nothing else is known."""
    accounts: tuple[str, ...]
    """Parts of public ids before the slash, as far as they differ from the name."""
    models: tuple[ModelEntry, ...]
    feed: str
    """Path of its feed of changes, without language and ending; empty for none."""


@dataclass(frozen=True)
class ModelsPage:
    """Index of all models, grouped by organisation."""

    page: Page
    groups: tuple[ModelGroup, ...]
    n_models: int


@dataclass(frozen=True)
class RankLine:
    """The rank of a model on a board through time, as a drawing."""

    path: str
    """Path of an SVG; the best rank is at the top."""
    first: str
    """First day of the line."""
    until: str
    best: int
    worst: int


@dataclass(frozen=True)
class EditionHistory:
    """A model's history on one board edition, newest first."""

    standing: ModelStanding
    points: tuple[HistoryPoint, ...]
    n_hidden: int
    """Number of points that only the data file lists."""
    line: RankLine | None = None
    """The rank through time; for the boards that matter most, and where it changed."""


@dataclass(frozen=True)
class ProfileRow:
    """One task type: a model's mean and the median of its size class, in percent."""

    task_type: str
    mean: float
    median: float
    n: int
    """Number of models in the class with a mean for it, this one included."""


@dataclass(frozen=True)
class Profile:
    """A model compared with models of its size on one board."""

    title: Bilingual
    board_path: str
    size: str
    """Size class, ``tiny`` to ``huge``, or ``unknown``."""
    n_class: int
    rows: tuple[ProfileRow, ...]


@dataclass(frozen=True)
class TrainedTasks:
    """Tasks of a board whose data the publishers declare as training data."""

    title: Bilingual
    board_path: str
    tasks: tuple[str, ...]
    n_tasks: int
    """Number of tasks on the board."""


@dataclass(frozen=True)
class FormerStanding:
    """A board that used to list a model, and why it no longer does."""

    standing: ModelStanding
    archived: bool
    """Whether the board itself was archived."""
    left: Change | None
    """The change that removed the model, if known."""


@dataclass(frozen=True)
class LastChange:
    """The latest change of a model's rank or mean on any board."""

    at: str
    title: Bilingual
    board_path: str


@dataclass(frozen=True)
class Absence:
    """Why a model is not on a board."""

    title: Bilingual
    board_path: str
    why: Why


@dataclass(frozen=True)
class Descendants:
    """Models made of a model in one way, the nearest first."""

    kind: str
    """As in ``Relative.kind``."""
    models: tuple[Relative, ...]


@dataclass(frozen=True)
class Family:
    """What a model was made of, what was made of it, and the training data that it inherits."""

    ancestors: tuple[Relative, ...]
    descendants: tuple[Descendants, ...]
    inherited: tuple[InheritedData, ...]


@dataclass(frozen=True)
class ModelPage:
    """One model: ranks, history, metadata, documented method and sources."""

    page: Page
    model: str
    slug: str
    organisation: Bilingual
    """Its name, or the account on the Hub where nothing else is known."""
    links: tuple[str, ...]
    first_seen_at: str | None
    parameters: int | None
    released: str | None
    standings: tuple[ModelStanding, ...]
    """Current boards on which it has results for at least half of the tasks."""
    partial: tuple[ModelStanding, ...]
    """Current boards on which it has fewer results."""
    absences: tuple[Absence, ...]
    """Leading boards that do not list it, and why."""
    former: tuple[FormerStanding, ...]
    """Boards that no longer list it, or that are archived."""
    profiles: tuple[Profile, ...]
    trained_tasks: tuple[TrainedTasks, ...]
    last_change: LastChange | None
    histories: tuple[EditionHistory, ...]
    facts: tuple[FactGroup, ...]
    metadata: tuple[MetadataValue, ...]
    papers: tuple[PaperLink, ...]
    no_paper: NoPaper | None
    related: tuple[RelatedModel, ...]
    claims: tuple[Claim, ...]
    """Self-reported scores beside measured ones, largest difference first; not all of them."""
    task_slugs: dict[str, str]
    """Slugs of the tasks on the page that have a page, by name."""
    n_claims: int
    """Number of all such pairs."""
    bibtex: tuple[str, ...]
    """BibTeX entries of its papers."""
    suspects: SuspectList
    """What one should look at before relying on its scores."""
    json_path: str
    family: Family | None = None
    """Its relatives, if it has any."""
