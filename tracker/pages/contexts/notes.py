"""The three notes: what leads, the Chinese models, what they are trained on and how."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.boards import Leaderboard
from tracker.answers.common import Bilingual
from tracker.answers.methods import WrittenComparison
from tracker.answers.models import StateOfTheArtRow
from tracker.pages.contexts.common import FactLine, Page


@dataclass(frozen=True)
class NoteEdition:
    """One edition of a note among the others."""

    note: str
    """``sota``, ``chinese`` or ``training``: the group of its words."""
    path: str
    """Where its present edition is."""
    day: str | None
    """The date of a permanent edition; ``None`` for the present one."""
    days: tuple[str, ...]
    """Dates of the permanent editions."""
    others: tuple[tuple[str, str], ...]
    """The other notes of the same day: the group of their words, and their path."""


@dataclass(frozen=True)
class StateOfTheArtEntry:
    """One leading model; its facts as lines to read."""

    row: StateOfTheArtRow
    innovations: tuple[FactLine, ...]
    pooling: tuple[FactLine, ...]
    training_data: tuple[FactLine, ...]


@dataclass(frozen=True)
class StateOfTheArtSection:
    """The leading models of one series."""

    leaderboard: Leaderboard
    board_path: str
    entries: tuple[StateOfTheArtEntry, ...]
    n_documented: int


@dataclass(frozen=True)
class StateOfTheArtPage:
    """What leads some series, what it brought, how it pools, what it was trained on."""

    page: Page
    edition: NoteEdition
    sections: tuple[StateOfTheArtSection, ...]
    essays: tuple[WrittenComparison, ...]
    """What people wrote of these models; it is not of the day."""


@dataclass(frozen=True)
class Leader:
    """A model among the first."""

    model: str
    slug: str


@dataclass(frozen=True)
class TrainingUse:
    """One dataset or way of training, and the leaders that use it."""

    label: Bilingual
    path: str | None
    """Its own page."""
    models: tuple[Leader, ...]
    """By rank on the first board that lists them."""


@dataclass(frozen=True)
class TrainingTopic:
    """One property of training: what the leaders use, the most used first."""

    property: str
    uses: tuple[TrainingUse, ...]
    n_more: int
    """Those that are not listed, with the fewest users."""
    n_documented: int
    """Leaders of which anything is documented here."""


@dataclass(frozen=True)
class CountedSection:
    """The series whose leaders are counted."""

    leaderboard: Leaderboard
    board_path: str
    n_models: int


@dataclass(frozen=True)
class TrainingNotePage:
    """What the leaders are trained on, and how."""

    page: Page
    edition: NoteEdition
    sections: tuple[CountedSection, ...]
    n_models: int
    topics: tuple[TrainingTopic, ...]
    essays: tuple[WrittenComparison, ...]
