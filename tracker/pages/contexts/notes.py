"""Contexts of the three notes: state of the art, Chinese models, training."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.answers.methods import WrittenComparison
from tracker.answers.models import StateOfTheArtRow
from tracker.pages.contexts.common import FactItem, Page


@dataclass(frozen=True)
class NoteEdition:
    """One dated or current edition of a note, with links to the other editions."""

    note: str
    """``sota``, ``chinese`` or ``training``; also the key of its site words."""
    path: str
    """Path of the current edition."""
    day: str | None
    """Date of a permanent edition; ``None`` for the current one."""
    days: tuple[str, ...]
    """Dates of the permanent editions."""
    others: tuple[tuple[str, str], ...]
    """Key and path of the other notes for the same day."""


@dataclass(frozen=True)
class StateOfTheArtEntry:
    """One leading model with its facts."""

    row: StateOfTheArtRow
    innovations: tuple[FactItem, ...]
    pooling: tuple[FactItem, ...]
    training_data: tuple[FactItem, ...]


@dataclass(frozen=True)
class StateOfTheArtSection:
    """The leading models of one series."""

    leaderboard: Leaderboard
    board_path: str
    entries: tuple[StateOfTheArtEntry, ...]
    n_documented: int
    tied: tuple[LeaderboardRow, ...]
    """Models that are tied with the first one; empty where no scores of single tasks are known."""


@dataclass(frozen=True)
class StateOfTheArtPage:
    """Leaders of some series: their innovations, pooling and training data."""

    page: Page
    edition: NoteEdition
    sections: tuple[StateOfTheArtSection, ...]
    essays: tuple[WrittenComparison, ...]
    """Hand-written comparisons of these models; they are not dated."""


@dataclass(frozen=True)
class Leader:
    """One of the leading models."""

    model: str
    slug: str


@dataclass(frozen=True)
class TrainingUse:
    """One dataset or training method, and the leaders that use it."""

    label: Bilingual
    path: str | None
    """Path of its page, if it has one."""
    models: tuple[Leader, ...]
    """In order of their rank on the first board that lists them."""


@dataclass(frozen=True)
class TrainingTopic:
    """One training property: the values that leaders use, most used first."""

    property: str
    uses: tuple[TrainingUse, ...]
    n_more: int
    """Number of values with few users that are not listed."""
    n_documented: int
    """Number of leaders for which this property is documented."""


@dataclass(frozen=True)
class CountedSection:
    """A series whose leaders are counted."""

    leaderboard: Leaderboard
    board_path: str
    n_models: int


@dataclass(frozen=True)
class TrainingNotePage:
    """Training data and methods of the leading models."""

    page: Page
    edition: NoteEdition
    sections: tuple[CountedSection, ...]
    n_models: int
    topics: tuple[TrainingTopic, ...]
    essays: tuple[WrittenComparison, ...]
