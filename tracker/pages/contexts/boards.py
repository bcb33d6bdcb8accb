"""Pages of boards, present and dated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import orjson

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.answers.history import Leader
from tracker.pages.charts.chart import Chart
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


TaskScoresLine = tuple[int | None, str, str, float | None, tuple[float | None, ...]]
_LINE = ("rank", "model", "slug", "mean_task", "scores")
_DECIMALS = 2


@dataclass(frozen=True)
class TaskScores:
    """The scores of single tasks, which a page loads where a reader asks for them."""

    board: str
    day: str
    tasks: tuple[str, ...]
    lines: tuple[TaskScoresLine, ...]
    json_path: str
    csv_path: str

    @cached_property
    def content(self) -> bytes:
        """The file that the page loads: as many digits as pages show, for the sake of its size."""
        rows = [
            (rank, model, slug, *_short([mean]), _short(scores))
            for rank, model, slug, mean, scores in self.lines
        ]
        told = {"board": self.board, "day": self.day, "unit": "percent", "tasks": self.tasks}
        return orjson.dumps({**told, "columns": _LINE, "rows": rows})


def _short(scores: Sequence[float | None]) -> list[float | None]:
    return [None if score is None else round(score, _DECIMALS) for score in scores]


@dataclass(frozen=True)
class ReplayMonth:
    """Who led a board at the end of a month."""

    day: str
    model: str
    slug: str
    path: str | None
    """The page of that day, where there is one that stays."""


@dataclass(frozen=True)
class ReplayFile:
    """The first rows of a board on every day, which a page loads where a reader asks for them."""

    path: str
    first: str
    until: str
    months: tuple[ReplayMonth, ...]
    """Newest first."""
    size: int
    """Bytes of the file."""


@dataclass(frozen=True)
class LeadStretch:
    """A lead as a stretch of a line of time, in parts of a hundred."""

    start: float
    width: float
    model: str
    slug: str
    from_day: str
    until_day: str | None
    place: int
    """Which colour it has; neighbours have different ones."""


@dataclass(frozen=True)
class BoardPage:
    """One board edition: its last state, who led it, and the same as data."""

    page: Page
    leaderboard: Leaderboard
    columns: tuple[str, ...]
    """Task types, in the board's order."""
    filters: tuple[BoardFilter, ...]
    tokens: dict[str, str]
    """What each line can be filtered by, by its label."""
    copies: tuple[CopyNote, ...]
    leads: tuple[Leader, ...]
    """Newest first."""
    stretches: tuple[LeadStretch, ...]
    """The same as a line of time, oldest first."""
    replay: ReplayFile | None
    related: tuple[BoardLink, ...]
    """Other editions of the same series."""
    successor: BoardLink | None
    has_zero_shot: bool
    has_mean_task_type: bool
    has_points: bool
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
    has_zero_shot: bool
    has_mean_task_type: bool
    has_points: bool
    json_path: str
    csv_path: str
    parquet_path: str
    citation: Citation
