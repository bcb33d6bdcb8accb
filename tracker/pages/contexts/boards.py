"""Pages of boards, present and dated."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers import Bilingual, Leaderboard, LeaderboardRow, LeadSpan
from tracker.pages.charts import Chart
from tracker.pages.contexts.common import BoardLink, Page


@dataclass(frozen=True)
class BoardLine:
    """One board in the index."""

    link: BoardLink
    leader: LeaderboardRow | None
    n_ranked: int


@dataclass(frozen=True)
class BoardGroup:
    """Boards that are listed together: ``leading``, ``other`` or ``archived``."""

    kind: str
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True)
class BoardsPage:
    """All boards."""

    page: Page
    groups: tuple[BoardGroup, ...]
    n_boards: int


@dataclass(frozen=True)
class CopyNote:
    """Why a line of a board is not shown."""

    model: str
    slug: str
    """The model that speaks for both."""
    copy: str
    reason: Bilingual | None
    status: str | None
    """``curated`` or ``proposed``."""


@dataclass(frozen=True)
class Citation:
    """How to cite a board as it stands on its page."""

    day: str
    """The day for which the board speaks."""
    digest: str
    """Short hash of the catalog: which state of the data this is."""
    bibtex: str


@dataclass(frozen=True)
class FilterChoice:
    """One thing that lines of a board can be filtered by."""

    token: str
    """What such a line has among its tokens, ``size:small``."""
    label: Bilingual
    n: int
    """How many lines have it."""


@dataclass(frozen=True)
class BoardFilter:
    """A filter with at least two choices."""

    name: str
    choices: tuple[FilterChoice, ...]


@dataclass(frozen=True)
class TaskScores:
    """The scores of single tasks, which a page loads where a reader asks for them."""

    json_path: str
    csv_path: str
    n_bytes: int
    """Size of the JSON file."""
    n_tasks: int
    n_rows: int


@dataclass(frozen=True)
class BoardPage:
    """One board edition: its last state, who led it, and the same as data."""

    page: Page
    leaderboard: Leaderboard
    columns: tuple[str, ...]
    """Task types, in the board's order."""
    ranked: tuple[LeaderboardRow, ...]
    unranked: tuple[LeaderboardRow, ...]
    filters: tuple[BoardFilter, ...]
    tokens: dict[str, str]
    """What each line can be filtered by, by its label."""
    copies: tuple[CopyNote, ...]
    leads: tuple[LeadSpan, ...]
    """Newest first."""
    related: tuple[BoardLink, ...]
    """Other editions of the same series."""
    successor: BoardLink | None
    has_zero_shot: bool
    has_mean_task_type: bool
    charts: tuple[Chart, ...]
    task_scores: TaskScores | None
    dated: tuple[str, ...]
    """Days of which there is a page that stays."""
    json_path: str
    csv_path: str
    parquet_path: str
    citation: Citation


@dataclass(frozen=True)
class DatedBoardPage:
    """One board edition as it stood at the end of a day."""

    page: Page
    leaderboard: Leaderboard
    day: str
    days: tuple[str, ...]
    """All days of which this board has such a page."""
    board_path: str
    columns: tuple[str, ...]
    ranked: tuple[LeaderboardRow, ...]
    has_zero_shot: bool
    has_mean_task_type: bool
    json_path: str
    csv_path: str
    parquet_path: str
    citation: Citation
