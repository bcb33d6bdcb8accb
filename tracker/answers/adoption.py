"""Adoption of techniques: the first model with each on a board, and its share of the leaders."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Bilingual


@dataclass(frozen=True)
class TechniqueShare:
    """Models with a technique among the first of a board at the end of a quarter."""

    at: str
    """Day of the state that stood then."""
    n: int
    of: int
    """Models of the top whose methods are documented at all."""

    @property
    def year(self) -> int:
        """The year of the state."""
        return int(self.at[:4])


@dataclass(frozen=True)
class FirstOnBoard:
    """The first model with a technique on a board."""

    series: str
    """Slug of the board's series."""
    title: Bilingual
    """Title of its newest edition."""
    day: str
    """Day from which the model was ranked."""
    model: str
    """Public id of the model."""
    slug: str
    rank: int
    """Its rank on that day."""
    is_start: bool
    """Whether the edition of the board begins on that day; the model may be older than that."""

    @property
    def text(self) -> str:
        """All of it on one line."""
        before = " or before" if self.is_start else ""
        return f"{self.series}: {self.model}, rank {self.rank} on {self.day}{before}"


@dataclass(frozen=True)
class BoardShare:
    """Share of a technique among the first fifty of a board, by quarter."""

    series: str
    title: Bilingual
    shares: tuple[TechniqueShare, ...]

    @property
    def text(self) -> str:
        """The last share on one line."""
        return f"{self.series}: {self.shares[-1].n}/{self.shares[-1].of}"
