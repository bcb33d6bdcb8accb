"""Contexts of the home page, the change pages and the source page."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.boards import LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.answers.health import Gap, SourceStatus
from tracker.answers.history import Change, Overview
from tracker.answers.methods import CitedPage, Paper
from tracker.pages.contexts.boards import LeadSpan
from tracker.pages.contexts.common import Page


@dataclass(frozen=True)
class SeriesLead:
    """The current leader of one series."""

    overview: Overview
    board_path: str
    leader: LeaderboardRow
    top: tuple[LeaderboardRow, ...]
    """The top rows of the board."""
    by: float | None
    """Lead over rank 2 in the unit that the board ranks by."""
    mean_by: float | None
    """The leader's mean minus the highest mean of any other row."""
    spans: tuple[LeadSpan, ...]
    """Leaders of the series since July 2024, oldest first."""
    tied: tuple[LeaderboardRow, ...]
    """Other rows that no row is clearly ahead of, where intervals are known."""


@dataclass(frozen=True)
class SeriesChanges:
    """What happened on the current edition of one series in the last days of its data."""

    series: str
    title: Bilingual
    board_path: str
    at: str
    """When the later state was first shown."""
    appeared: tuple[Change, ...]
    left: tuple[Change, ...]
    value_changed: tuple[Change, ...]
    moved: tuple[Change, ...]
    """Moves that start or end in the upper ranks."""
    n_moved: int
    """Number of all moves, including those in ``moved``."""
    data_path: str
    """Path of the JSON file with every change."""


@dataclass(frozen=True)
class HomePage:
    """Home page: leader of each series, latest changes, newest papers, source status."""

    page: Page
    leads: tuple[SeriesLead, ...]
    changes: tuple[SeriesChanges, ...]
    """Changes of the leading series."""
    papers: tuple[Paper, ...]
    """The newest papers that are matched to models."""
    sources: tuple[SourceStatus, ...]
    data_until: str | None
    n_boards: int
    n_models: int


@dataclass(frozen=True)
class ChangesPage:
    """What changed on each series in the last days of its data."""

    page: Page
    leading: tuple[SeriesChanges, ...]
    others: tuple[SeriesChanges, ...]
    months: tuple[str, ...]
    """Months that have their own page, newest first."""
    publishers: dict[str, Bilingual]
    """Name of the organisation of each model with changes, by the model's name."""


@dataclass(frozen=True)
class LoggedChange:
    """A change and its board."""

    change: Change
    title: Bilingual
    board_path: str


@dataclass(frozen=True)
class ChangeMonthPage:
    """Changes on the leading series in one month, newest day first."""

    page: Page
    month: str
    """The month, ``YYYY-MM``."""
    months: tuple[str, ...]
    """All months that have a page."""
    changes: tuple[LoggedChange, ...]
    series: tuple[str, ...]
    """Series that occur in ``changes``."""


@dataclass(frozen=True)
class SourcesPage:
    """Every source with its licence, dates and status."""

    page: Page
    sources: tuple[SourceStatus, ...]
    gaps: tuple[Gap, ...]
    """Days on which a source was not fetched, the newest first."""
    cited: tuple[CitedPage, ...]
    """Cited announcements and project pages; dead links first."""
    digest: str
