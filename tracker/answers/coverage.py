"""Answers about what is known of models: coverage, receipts, and what to curate next."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.answers.common import Answer, TableAnswer
from tracker.answers.models import Evidence

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class CoverageCell:
    """What is known of one property of one model."""

    property: str
    state: str
    """``documented``, ``not-documented`` (looked for, with the day) or ``unknown``."""
    checked: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class CoverageRow:
    """One model that should be covered."""

    model: str
    slug: str
    groups: tuple[str, ...]
    """Boards whose top it is in, and ``seed`` for the models of the first notes."""
    cells: tuple[CoverageCell, ...]


@dataclass(frozen=True)
class CoverageCount:
    """How many models of a group have a property documented."""

    group: str
    """Board whose top the models are in, ``seed`` or ``all``."""
    property: str
    """Property of the method, or ``paper``."""
    n: int
    """Number of models of the group."""
    documented: int
    """Number of models with a documented value."""
    not_documented: int
    """Number of models whose value was looked for and is not published."""
    unknown: int
    """Number of models whose value nobody has looked for."""

    # The field ``property`` hides the decorator's usual name.
    @builtins.property
    def documented_pct(self) -> float | None:
        """Share of documented models, in percent; missing for an empty group."""
        return 100 * self.documented / self.n if self.n else None

    @builtins.property
    def answered_pct(self) -> float | None:
        """Share of documented and looked-for models, in percent; missing for an empty group."""
        return 100 * (self.documented + self.not_documented) / self.n if self.n else None


@dataclass(frozen=True)
class ReceiptCount:
    """How well the facts about a group of models are known, by their receipts."""

    group: str
    """Board whose top the models are in, ``seed``, ``all``, or ``catalog`` for every model."""
    n: int
    """Number of receipts."""
    verified: int
    """Number of those of the makers' own sources that were compared with the source and hold."""
    registry: int
    """Number of declarations of the registry."""
    unchecked: int
    """Number of those that nobody could compare with the source yet."""
    secondary: int
    """Number of sources by others."""
    inherited: int
    """Number of receipts about a base, a sibling or the family."""
    wrong: int
    """Number of those whose source says something else or has changed, or cannot be read."""


@dataclass(frozen=True, repr=False)
class Coverage(TableAnswer):
    """What is documented of the models that matter now."""

    rows: tuple[CoverageRow, ...]
    counts: tuple[CoverageCount, ...]
    """By group, the union of all last, and by property."""
    receipts: tuple[ReceiptCount, ...] = ()
    """By group; the union of all and then the whole catalog last."""

    def to_polars(self) -> pl.DataFrame:
        """The counts, one row a group and property, with the columns of ``coverage``."""
        from tracker.answers.frames import frame_of

        return frame_of("coverage", [self])


@dataclass(frozen=True, repr=False)
class Proposal(Answer):
    """A model to curate next."""

    model: str
    """Public id of the model."""
    lack: int
    """Unknown properties, counted once for each board that has the model in its first fifty."""
    missing: tuple[str, ...]
    """Properties of which nothing is documented."""
    ready: tuple[str, ...]
    """Those of the missing that a text states, so that they only have to be accepted."""
    boards: tuple[str, ...]
    """Boards whose first fifty it is in."""
