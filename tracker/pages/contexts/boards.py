"""Contexts of board pages: the index, present boards and dated boards."""

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
class BoardEntry:
    """One row of the board index."""

    link: BoardLink
    leader: LeaderboardRow | None
    n_ranked: int
    """Number of models with a rank."""


@dataclass(frozen=True)
class BoardGroup:
    """Boards listed under one heading."""

    kind: str
    """``leading``, ``other`` or ``archived``."""
    boards: tuple[BoardEntry, ...]


@dataclass(frozen=True)
class BoardsPage:
    """Index of all boards."""

    page: Page
    groups: tuple[BoardGroup, ...]
    n_boards: int


@dataclass(frozen=True)
class CopyNote:
    """A row that the board hides because it copies another model, and the reason."""

    model: str
    slug: str
    """Slug of the original model, whose row is shown."""
    copy: str
    reason: Bilingual | None
    status: str | None
    """``curated`` or ``proposed``."""


@dataclass(frozen=True)
class Citation:
    """How to cite the board state shown on a page."""

    day: str
    """The day of the state, ``YYYY-MM-DD``."""
    digest: str
    """Short hash of the catalog, which identifies the data used."""
    bibtex: str
    other_formats: tuple[tuple[str, str], ...] = ()
    """Name and text of the same reference in other formats."""


@dataclass(frozen=True)
class FilterChoice:
    """One value of a filter."""

    token: str
    """Token that matching rows carry, such as ``size:small``."""
    label: Bilingual
    n: int
    """Number of matching rows."""


@dataclass(frozen=True)
class BoardFilter:
    """A filter of a board with at least two choices."""

    name: str
    choices: tuple[FilterChoice, ...]


@dataclass(frozen=True)
class RowRemark:
    """Remarks beside the mean of a row."""

    mean_untrained: float | None = None
    """Mean over the tasks that the model was not trained on, in percent."""
    n_untrained: int | None = None
    """Number of these tasks; missing where the model declares no training data."""
    n_suspect: int = 0
    """Number of its suspect scores on the board's tasks."""
    base_slug: str | None = None
    """Slug of the model into whose row it folds, if it is a fine-tune not clearly ahead of it."""


@dataclass(frozen=True)
class RowRemarks:
    """The remarks of all rows of a board."""

    by_label: dict[str, RowRemark]
    has_untrained: bool
    """Whether means over untrained tasks are known."""
    rank_span: int
    """Last rank of an interval, which the bars of intervals are scaled to."""
    n_foldable: int
    """Fine-tunes that can be folded."""
    has_contamination: bool
    """Whether there is a page of declared training on the board's tasks."""


TaskScoresRow = tuple[int | None, str, str, float | None, tuple[float | None, ...]]
_COLUMNS = ("rank", "model", "slug", "mean_task", "scores")
_DECIMALS = 2


@dataclass(frozen=True)
class TaskScores:
    """Scores of single tasks, in percent; the page loads them on request."""

    board: str
    day: str
    tasks: tuple[str, ...]
    rows: tuple[TaskScoresRow, ...]
    """One row a model; its scores are in the order of ``tasks``, ``None`` where missing."""
    json_path: str
    csv_path: str
    slugs: tuple[str | None, ...] = ()
    """Slug of each task that has a page."""
    suspects: tuple[tuple[int, ...], ...] = ()
    """Positions of the tasks on which a row has a suspect score, by row."""

    @cached_property
    def content(self) -> bytes:
        """JSON file that the page loads; scores are rounded as on pages to keep it small."""
        rows = [
            (rank, model, slug, *_short([mean]), _short(scores))
            for rank, model, slug, mean, scores in self.rows
        ]
        about = {"board": self.board, "day": self.day, "unit": "percent"}
        tasks = {"tasks": self.tasks, "slugs": self.slugs}
        suspects = {"suspects": self.suspects}
        return orjson.dumps({**about, **tasks, **suspects, "columns": _COLUMNS, "rows": rows})


def _short(scores: Sequence[float | None]) -> list[float | None]:
    return [None if score is None else round(score, _DECIMALS) for score in scores]


@dataclass(frozen=True)
class ReplayMonth:
    """The leader of a board at the end of a month."""

    day: str
    model: str
    slug: str
    path: str | None
    """Permanent page of that day, if there is one."""


@dataclass(frozen=True)
class ReplayFile:
    """The top rows of a board for every day; the page loads the file on request."""

    path: str
    first: str
    until: str
    months: tuple[ReplayMonth, ...]
    """Newest first."""
    size: int
    """File size in bytes."""


@dataclass(frozen=True)
class LeadSpan:
    """One lead as a segment of a time bar."""

    start: float
    """Left edge, in percent of the bar."""
    width: float
    """Width, in percent of the bar."""
    model: str
    slug: str
    from_day: str
    until_day: str | None
    colour: int
    """Index of its colour; neighbouring segments differ."""


@dataclass(frozen=True)
class BoardPage:
    """One board edition: its latest state, its leaders through time and its data files."""

    page: Page
    leaderboard: Leaderboard
    task_types: tuple[str, ...]
    """Its task types, each a column of the table, in the board's order."""
    filters: tuple[BoardFilter, ...]
    tokens: dict[str, str]
    """Space-separated filter tokens by row label."""
    remarks: RowRemarks
    copies: tuple[CopyNote, ...]
    leads: tuple[Leader, ...]
    """Newest first."""
    spans: tuple[LeadSpan, ...]
    """The leads as segments of a time bar, oldest first."""
    replay: ReplayFile | None
    related: tuple[BoardLink, ...]
    """Other editions of the same series."""
    successor: BoardLink | None
    has_zero_shot: bool
    has_mean_task_type: bool
    has_points: bool
    charts: tuple[Chart, ...]
    task_scores: TaskScores | None
    task_slugs: dict[str, str]
    """Slugs of its tasks that have a page, by name."""
    dated: tuple[str, ...]
    """Days that have a permanent page."""
    json_path: str
    csv_path: str
    parquet_path: str
    citation: Citation


@dataclass(frozen=True)
class DatedBoardPage:
    """One board edition at the end of a day (UTC)."""

    page: Page
    leaderboard: Leaderboard
    day: str
    days: tuple[str, ...]
    """All days for which this board has a permanent page."""
    board_path: str
    task_types: tuple[str, ...]
    has_zero_shot: bool
    has_mean_task_type: bool
    has_points: bool
    json_path: str
    csv_path: str
    parquet_path: str
    citation: Citation
