"""Pages of what leads, what changed, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.boards import LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.answers.health import SourceStatus
from tracker.answers.history import Change, Overview
from tracker.answers.methods import CitedPage, Paper
from tracker.pages.contexts.boards import LeadStretch
from tracker.pages.contexts.common import Page


@dataclass(frozen=True)
class SeriesLead:
    """Who leads one series now."""

    overview: Overview
    board_path: str
    leader: LeaderboardRow
    top: tuple[LeaderboardRow, ...]
    """The first rows of the board."""
    by: float | None
    """Lead over the second in the board's own unit."""
    mean_by: float | None
    """The leader's mean less the highest mean of any other row."""
    stretches: tuple[LeadStretch, ...]
    """Who led the series since July 2024."""


@dataclass(frozen=True)
class SeriesChanges:
    """What happened on the current edition of one series in the last days of its data."""

    series: str
    title: Bilingual
    board_path: str
    at: str
    """When the later state was shown first."""
    appeared: tuple[Change, ...]
    left: tuple[Change, ...]
    value_changed: tuple[Change, ...]
    moved: tuple[Change, ...]
    """Moves that touch the upper ranks; the others follow from newcomers above."""
    n_moved: int
    """All moves, those in ``moved`` included."""
    data_path: str
    """JSON with every change."""


@dataclass(frozen=True)
class HomePage:
    """Who leads each series now, by how much and since when; what changed; how sources are."""

    page: Page
    leads: tuple[SeriesLead, ...]
    changes: tuple[SeriesChanges, ...]
    """Only the newcomers and withdrawals that a reader wants to see first."""
    papers: tuple[Paper, ...]
    """The newest that are matched to models."""
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
    """Months that have a page of their own, the newest first."""


@dataclass(frozen=True)
class LoggedChange:
    """A change and the board on which it happened."""

    change: Change
    title: Bilingual
    board_path: str


@dataclass(frozen=True)
class ChangeMonthPage:
    """What happened on the leading series in a month, the newest day first."""

    page: Page
    month: str
    """``2024-10``."""
    months: tuple[str, ...]
    """All that have a page."""
    lines: tuple[LoggedChange, ...]
    series: tuple[str, ...]
    """Series that occur."""


@dataclass(frozen=True)
class SourcesPage:
    """Every source, its licence, its dates and its state."""

    page: Page
    sources: tuple[SourceStatus, ...]
    cited: tuple[CitedPage, ...]
    """Announcements and project pages, those that are gone first."""
    digest: str
