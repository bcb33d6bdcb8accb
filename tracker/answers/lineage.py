"""Lineage: what a model was made of, what was made of it, and which data it inherits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.answers.common import TableAnswer

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Relative:
    """A model that another one was made of, or that was made of it."""

    direction: str
    """``ancestor`` or ``descendant``."""
    distance: int
    """Steps between the two models, at least 1."""
    model: str
    """Public id, or the name that a source gives to a model that no board lists."""
    slug: str | None
    """Path segment of its page; ``None`` if no board lists it."""
    kind: str
    """The last step: ``derived`` (trained further), ``merged``, ``adapter``, ``quantised``,
    ``converted`` (packed for another runtime) or ``reupload``."""
    through: str
    """The model at the near end of the last step; at distance 1 the model itself."""
    said_by: str
    """``curated``, ``registry``, ``card`` or ``rule``."""
    source: str | None
    """Address of the receipt, or name and version of the registry."""


@dataclass(frozen=True)
class InheritedData:
    """Training data that is documented for an ancestor and not for the model itself."""

    dataset: str
    """Name as the ancestor's fact gives it."""
    of_model: str
    """The nearest ancestor with it."""
    slug: str
    """Path segment of the ancestor's page."""
    distance: int
    """Steps to this ancestor."""
    said_by: str
    """``curated`` or ``registry``."""
    tasks: tuple[str, ...]
    """Benchmark tasks that are made from the same data."""


@dataclass(frozen=True, repr=False)
class Lineage(TableAnswer):
    """The family of one model."""

    model: str
    """Public id."""
    slug: str
    relatives: tuple[Relative, ...]
    """Ancestors, then descendants, the nearest first."""
    inherited: tuple[InheritedData, ...]
    """The nearest ancestor's data first."""

    @property
    def ancestors(self) -> tuple[Relative, ...]:
        """What the model was made of."""
        return tuple(one for one in self.relatives if one.direction == "ancestor")

    @property
    def descendants(self) -> tuple[Relative, ...]:
        """What was made of the model."""
        return tuple(one for one in self.relatives if one.direction == "descendant")

    def to_polars(self) -> pl.DataFrame:
        """One row a relative, with the columns of ``lineage``."""
        from tracker.answers.frames import frame_of

        return frame_of("lineage", [self])

    def inherited_data(self) -> pl.DataFrame:
        """One row a dataset that the model inherits."""
        from tracker.answers.frames import frame_of

        return frame_of("inherited", [self])
