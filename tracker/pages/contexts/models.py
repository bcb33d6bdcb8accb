"""Pages of models."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers import (
    Claim,
    HistoryPoint,
    MetadataValue,
    Model,
    ModelStanding,
    NoPaper,
    PaperLink,
    RelatedModel,
)
from tracker.pages.contexts.common import FactGroup, Page


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model in the index."""

    model: str
    slug: str
    parameters: int | None
    released: str | None
    best: ModelStanding | None
    """The best rank it holds now on one of the leading series, else on any board."""
    n_boards: int


@dataclass(frozen=True, slots=True)
class ModelGroup:
    """The models of one organisation."""

    organisation: str
    lines: tuple[ModelLine, ...]


@dataclass(frozen=True, slots=True)
class ModelsPage:
    """All models, by organisation."""

    page: Page
    groups: tuple[ModelGroup, ...]
    n_models: int


@dataclass(frozen=True, slots=True)
class EditionHistory:
    """A model's path on one edition, newest first."""

    standing: ModelStanding
    points: tuple[HistoryPoint, ...]
    n_hidden: int
    """Points that are only in the data file."""


@dataclass(frozen=True, slots=True)
class ModelPage:
    """One model: where it stands, how it got there, what it is and who says so."""

    page: Page
    model: Model
    parameters: int | None
    released: str | None
    standings: tuple[ModelStanding, ...]
    """Boards that list it now."""
    former: tuple[ModelStanding, ...]
    """Boards that listed it once, or are archived."""
    histories: tuple[EditionHistory, ...]
    facts: tuple[FactGroup, ...]
    metadata: tuple[MetadataValue, ...]
    papers: tuple[PaperLink, ...]
    no_paper: NoPaper | None
    related: tuple[RelatedModel, ...]
    claims: tuple[Claim, ...]
    """The first of its self-reported scores beside runs, the largest difference first."""
    n_claims: int
    json_path: str
