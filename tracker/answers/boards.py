"""Boards: editions, and what one showed on a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.answers.common import Answer, Bilingual, Day, Moment, TableAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from tracker.answers.layouts import Listing


MAIN_SERIES = ("mteb-english", "c-mteb", "mteb-multilingual")
"""Series that most readers ask for: first on pages, and first meant by a short name."""


@dataclass(frozen=True)
class Provenance:
    """Where a number comes from: enough to find it again."""

    source: str
    """Id of the source, for example ``published-boards``."""
    url: str
    """Address of the document, or of the commit for a git source."""
    published_at: Moment
    """When the source first showed this state."""
    fetched_at: Moment
    """When the tracker last saw it so; equals ``published_at`` for a single sighting."""
    commit: str | None
    digest: str
    """Git blob id, or SHA-256 of the raw bytes."""
    server: str | None = None
    """Who answered instead of the publisher's own server."""


@dataclass(frozen=True)
class CommonTasks:
    """The tasks that all of the first twenty rows of a board have."""

    n: int
    n_total: int
    missing: tuple[str, ...]
    """Tasks of the board that one of these rows lacks."""


@dataclass(frozen=True)
class RowInterval:
    """How far a row depends on which tasks its board has: 95 % intervals over drawn tasks."""

    rank_low: int
    """Best rank of the interval."""
    rank_high: int
    """Worst rank of the interval."""
    mean_low: float | None
    """Lower bound of the mean, in percent; missing where the row lacks a task."""
    mean_high: float | None
    """Upper bound of the mean, in percent."""
    tie_first: int
    """First place of the tie group: one more than the number of rows that are clearly ahead."""
    tie_last: int
    """Last place of the tie group: all rows but those that are clearly behind."""


@dataclass(frozen=True)
class PairedDifference:
    """The mean of one model less that of another over the tasks that both have."""

    model: str
    """Public id of the first model."""
    other: str
    """Public id of the second model."""
    board: str
    """Name of the board."""
    as_of: Moment
    """Moment of the scores."""
    difference: float
    """The first mean less the second, in percent points."""
    low: float | None
    """Lower bound of the 95 % interval, in percent points; missing where no two of the tasks are of
    one type."""
    high: float | None
    """Upper bound of the 95 % interval, in percent points."""
    n_ahead: int
    """Tasks on which the first model has the higher score."""
    n_behind: int
    """Tasks on which the second model has the higher score."""
    n_tasks: int
    """Tasks with a score of both."""
    n_tasks_total: int
    """Tasks of the board with any score."""

    @property
    def clear(self) -> bool:
        """Whether the interval is known and leaves out zero."""
        return (self.low is not None and self.low > 0) or (self.high is not None and self.high < 0)


@dataclass(frozen=True, repr=False)
class EditionInfo(Answer):
    """One board with one exact task list, and the period for which it is known."""

    series: str
    """Id of the series that it belongs to, for example ``mteb-english``."""
    series_title: Bilingual
    name: str
    """Name by its publisher, for example ``MTEB(eng, v2)``."""
    title: Bilingual
    """Readable title: ``English · MTEB(eng, v2)``, ``English, published board (56 datasets)``."""
    slug: str
    """Unique name in addresses; editions of one name differ by it."""
    source: str
    """Id of the source that it was first seen in."""
    task_type: str | None
    """Set for a published table that shows one task type only."""
    n_tasks: int
    """Number of its tasks."""
    tasks: tuple[str, ...]
    task_types: tuple[tuple[str, int | None], ...]
    """Task types in the board's order, each with its number of tasks, where known."""
    first_at: Moment | None
    """First moment for which it is known; ``None`` when nothing is known yet."""
    last_at: Moment | None
    """Last moment for which it is known."""
    n_rows: int
    """Number of rows in its last state."""
    archived: bool
    """Whether its publisher has stopped updating it."""
    current: bool
    """Whether it is the edition that its series means today."""
    successor: str | None


@dataclass(frozen=True, repr=False)
class LeaderboardRow(Answer):
    """One row of a board."""

    rank: int | None
    """Rank among the rows that are shown; a collapsed copy takes no place."""
    model: str
    """Public id that the model had on the day."""
    label: str
    """Name as the board shows it; an experiment adds what it varies."""
    slug: str
    organisation: str
    """Part of the public id before the slash."""
    mean_task: float | None
    """Mean over all tasks, in percent; missing where a task has no score."""
    mean_task_type: float | None
    """Mean over the means of the task types, in percent."""
    task_types: dict[str, float]
    """Mean of each task type, in percent."""
    n_tasks: int | None
    """Number of the board's tasks with a score."""
    n_tasks_total: int
    """Number of the board's tasks on the day."""
    zero_shot_pct: int | None
    """Share of the tasks whose training data the model declares not to have seen, in percent."""
    parameters: int | None
    """Number of parameters."""
    active_parameters: int | None
    """Number of parameters used for one token."""
    embedding_dimensions: int | None
    """Largest number of dimensions of an embedding."""
    max_tokens: int | None
    """Longest input in tokens."""
    licence: str | None
    """Identifier of the licence in small letters, that of SPDX where it has one; missing where it
    is unknown or the publisher gives an address."""
    open_weights: bool | None
    """Whether the weights can be downloaded."""
    release_date: Day | None
    """Day of the release; in frames the first of the month where only that is stated."""
    since: Moment
    """Moment from which the row has had exactly these values."""
    copies: tuple[str, ...]
    """Public ids of the copies that were collapsed into the row."""
    printed_rank: int | None = None
    """Rank as the source published it, copies counted."""
    mean_public: float | None = None
    """Mean over public tasks, in percent, on boards that have private ones."""
    mean_private: float | None = None
    """Mean over private tasks, in percent."""
    model_now: str = ""
    """Public id that the model has today."""
    points: float | None = None
    """Borda points, where the board ranks by them and they are known."""
    mean_common: float | None = None
    """Mean over the tasks that all of the first twenty rows have, in percent."""
    place: int | None = None
    """Place among the rows that meet the conditions of the question; missing without conditions."""
    declares_training: bool | None = None
    """Whether the model declares its training data; ``None`` where the board does not say."""
    interval: RowInterval | None = None
    """Intervals, where they were asked for."""
    to_next: PairedDifference | None = None
    """Difference to the next row that is shown, where intervals were asked for."""
    licence_link: str | None = None
    """Address of the licence, where the publisher gives that instead of a name."""
    finetunes: tuple[str, ...] = ()
    """Public ids of fine-tunes that were folded into the row, where that was asked for."""

    @property
    def partial(self) -> bool:
        """Whether the row has scores for fewer than half of the tasks."""
        return self.n_tasks is not None and 2 * self.n_tasks < self.n_tasks_total


@dataclass(frozen=True, repr=False)
class Leaderboard(TableAnswer):
    """A board as it stood on a date."""

    edition: EditionInfo
    as_of: Moment
    """Moment of the state that is shown."""
    origin: str
    """``published``, ``recomputed`` from results, or ``recorded`` from another server than the
    publisher's."""
    rank_by: str
    published_at: Moment
    """Moment at which the source published the state that is shown."""
    provenance: Provenance
    rows: tuple[LeaderboardRow, ...]
    n_collapsed: int
    """Rows hidden as copies."""
    note: Bilingual | None
    """What a reader must know: archived board, broken span, withdrawn leader."""
    registry: str | None = None
    """What a recomputed board was computed with, for example ``mteb 2.26.24``."""
    unit: str = "mean_task"
    """What the board ranks by: ``points`` (Borda count) or the name of a mean."""
    known_until: str = ""
    """Last moment for which the board is known; a later question gets this state."""
    asked_at: Moment | None = None
    """The moment that was asked for, where its day is later than that of ``known_until``."""
    common: CommonTasks | None = None
    """Set where one of the first twenty rows has no mean over all tasks."""
    n_unattributed: int = 0
    """Models with results on the board that no model of the registry claims."""
    unavailable: tuple[tuple[str, int], ...] = ()
    """Tasks whose result files the recorded copy lacks, with how many."""
    identity: str = "resolved"
    """``resolved``: one model through all its names; ``registry``: by spelling alone."""
    part: str | None = None
    """The part of the board that is ranked, such as ``type Retrieval``; missing for all of it."""
    computed_now: bool = False
    """Whether the answer was computed for this question instead of read from stored states."""
    left_out: tuple[tuple[str, int], ...] = ()
    """Rules of suspect scores and the number of results that they make count as missing, where that
    was asked for."""
    n_folded: int = 0
    """Fine-tunes that are not clearly ahead of their base model and were folded into it."""

    @property
    def rule(self) -> str:
        """What the ranks come from: ``points`` (Borda count) or the name of a mean."""
        own = {"published": self.unit, "borda": "points"}
        return own.get(self.rank_by, self.rank_by)

    def to_polars(self) -> pl.DataFrame:
        """One row a model, with the columns of ``leaderboard``; ``task_types`` is a struct."""
        return self.listing().frame()

    def listing(self) -> Listing:
        """The same as plain columns; ``task_types`` holds dictionaries."""
        from tracker.answers.frames import listing_of

        return listing_of("leaderboard", [self], task_types=dict(self.edition.task_types))


TIED_AMONG = 30
"""First rows of a past board among which notes look for those that tie with its leader."""


def tied_with(rows: Iterable[LeaderboardRow], leader: str) -> tuple[LeaderboardRow, ...]:
    """Return the rows that the choice of tasks does not tell apart from the leader."""
    return tuple(
        row
        for row in rows
        if row.interval and row.interval.tie_first == 1
        if leader not in (row.model, row.model_now)
    )
