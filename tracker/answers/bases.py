"""Answers about base models: which base carries which embedding models, and how they rank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.answers.common import Bilingual


@dataclass(frozen=True)
class BoardRank:
    """The present rank of a model on one of the main boards."""

    board: str
    """Name of the edition."""
    title: Bilingual
    rank: int


@dataclass(frozen=True)
class BaseModel:
    """A model in the family tree, with those that were made of it."""

    model: str
    """Public id, or the name that sources give to a model that no board lists."""
    slug: str | None
    """Path segment of its page; ``None`` if no board lists it."""
    ranks: tuple[BoardRank, ...]
    """Where it is among the first fifty of a main board."""
    children: tuple[BaseModel, ...]
    """Models that were made of it, the best first."""

    @property
    def best(self) -> int | None:
        """The best present rank in the family."""
        own = [rank.rank for rank in self.ranks]
        found = own + [child.best for child in self.children if child.best is not None]
        return min(found, default=None)

    @property
    def n_ranked(self) -> int:
        """Number of models of the family among the first fifty of a main board."""
        return bool(self.ranks) + sum(child.n_ranked for child in self.children)

    def walk(self, depth: int = 0) -> Iterator[tuple[int, BaseModel]]:
        """The model and all below it with their depth, in the order of the tree."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


@dataclass(frozen=True)
class BaseRow:
    """One model of the family tree as a row."""

    base: str
    """The root of its family."""
    depth: int
    """Steps from the root."""
    model: str
    """Public id, or the name that sources give to a model that no board lists."""
    parent: str | None
    """The model that it was made of."""
    ranks: tuple[str, ...]
    """Present ranks, as ``MTEB(eng, v2) 3``."""
    best: int | None
    """Its best present rank on a main board."""
