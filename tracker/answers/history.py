"""Time: histories, leaders, replays, changes, and why a model is not on a board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.answers.boards import EditionInfo, Leaderboard, LeaderboardRow
from tracker.answers.common import Answer, Bilingual, Day, Moment, ResultCommit, TableAnswer

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class HistoryPoint:
    """A model on one edition from one change of rank or value to the next."""

    edition: str
    """Name of the edition."""
    from_at: Moment
    """First moment at which the values hold."""
    to_at: Moment | None
    """First moment at which they no longer hold; missing while they do."""
    rank: int | None
    """Best rank of the model; missing where it is listed without one."""
    mean_task: float | None
    """Mean over all tasks, in percent."""
    mean_task_type: float | None
    """Mean over the means of the task types, in percent."""
    n_tasks: int | None
    """Number of the board's tasks with a score."""
    edition_slug: str
    """Unique name of the edition; editions of one name differ by their task list."""
    origin: str = "published"
    """``published`` or ``recomputed``."""
    n_tasks_total: int | None = None
    """Number of the board's tasks then; missing where it is not known."""
    model: str = ""
    """Public id that the model had then."""
    points: float | None = None
    """Borda points when this rank and these values began; they also change with other models.
    Missing where the board does not rank by them."""

    @property
    def partial(self) -> bool:
        """Whether it has scores for fewer than half of the tasks."""
        return (
            self.n_tasks is not None
            and self.n_tasks_total is not None
            and 2 * self.n_tasks < self.n_tasks_total
        )


@dataclass(frozen=True)
class LeadSpan:
    """Who led a board, from when to when; copies count as their original."""

    edition: str
    model: str
    slug: str
    mean_task: float | None
    from_at: Moment
    to_at: Moment | None
    margin: float | None
    """Lead over the second in percent points at the beginning, by mean over tasks."""
    note: Bilingual | None


@dataclass(frozen=True)
class Leader:
    """Who led a board at the end of each day from one day to another one."""

    from_day: Day
    """First day at whose end it led."""
    until_day: Day | None
    """Last day at whose end it led; missing while it leads."""
    model: str
    """Public id that it had on the first day; copies count as their original."""
    board: str
    """Name of the edition."""
    unit: str
    """What the board ranks by: ``points`` (Borda count) or the name of a mean."""
    by: float | None
    """Lead over the second on the first day, in that unit; means are in percent points."""
    reason: str | None
    """Why the lead ended, in one sentence; missing while it lasts."""
    model_now: str
    """Public id that the model has today."""
    slug: str
    series: str
    """Series of the edition."""
    board_slug: str
    """Unique name of the edition."""
    origin: str
    """``published``, ``recomputed`` or ``recorded``."""
    mean_task: float | None
    """Its mean over tasks on the first day, in percent."""
    mean_by: float | None
    """That mean less the highest mean of any other row on the same day."""
    partial: bool
    """Whether it began to lead with scores for fewer than half of the tasks."""
    cause: str | None
    """``overtaken``, ``lost_scores``, ``left``, ``board_ended`` or ``edition_changed``."""
    next_model: str | None
    """Public id of the model that led after it."""
    commit: str | None
    """The commit that ended it, where the states come from results or a repository."""
    commit_url: str | None
    """Address of that commit."""
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """One of the first rows of a board on a day."""

    rank: int
    model: str
    """The name that it had on the day."""
    model_now: str
    slug: str
    points: float | None
    mean_task: float | None
    n_tasks: int | None


@dataclass(frozen=True, slots=True)
class ReplayDay:
    """The first rows at the end of a day, which hold until the next one of the replay."""

    day: Day
    n_tasks: int
    """Tasks of the board on that day."""
    origin: str
    rows: tuple[ReplayRow, ...]


@dataclass(frozen=True, repr=False)
class Replay(Answer):
    """The first rows of a board on every day on which they changed, oldest first."""

    edition: EditionInfo
    unit: str
    """What the board ranks by: ``points`` (Borda count) or the name of a mean."""
    days: tuple[ReplayDay, ...]


@dataclass(frozen=True)
class Absence:
    """One reason why a model is not on a board, or not under the name that was asked for."""

    kind: str
    """``listed``, ``renamed``, ``no_results``, ``tasks_missing``, ``files_removed``,
    ``not_registered``, ``withdrawn``, ``another_edition``, ``impossible_score``, ``copy`` or
    ``not_yet``."""
    text: Bilingual
    """The reason in one sentence."""
    remedy: Bilingual | None
    """What would bring the model back; missing where nothing would."""
    at: Moment | None = None
    """Moment of the commit that caused it."""
    commit: str | None = None
    """The commit that caused it."""
    url: str | None = None
    """Address of the commit or of the receipt."""
    message: str | None = None
    """First line of the commit's message."""
    tasks: tuple[str, ...] = ()
    """Tasks that it is about."""

    @property
    def day(self) -> Day | None:
        """Day of the commit that caused it."""
        return self.at[:10] if self.at else None


@dataclass(frozen=True, repr=False)
class Why(TableAnswer):
    """Why a model is not on a board on a day; the reasons that explain most come first."""

    model: str
    """Public id that was asked for."""
    model_now: str
    """Public id that the model has today."""
    board: str
    """Name of the edition."""
    as_of: Moment
    """Moment of the state that is explained."""
    listed: bool
    """Whether the board lists the model."""
    rank: int | None
    """Its rank there."""
    n_ranked: int
    """Number of ranked rows."""
    reasons: tuple[Absence, ...]

    def to_polars(self) -> pl.DataFrame:
        """One row a reason, in English, with the columns of ``why``."""
        from tracker.answers.frames import frame_of

        return frame_of("why", [self])


@dataclass(frozen=True)
class Change:
    """What happened to one row between two dates."""

    series: str
    """Series of the edition."""
    edition: str
    """Name of the edition."""
    kind: str
    """``appeared``, ``left``, ``moved`` or ``value_changed``."""
    model: str
    """Public id that the model had on the later date."""
    slug: str
    """Path segment of the model's page."""
    from_rank: int | None
    """Rank on the earlier date."""
    to_rank: int | None
    """Rank on the later date."""
    from_value: float | None
    """Mean over tasks on the earlier date, in percent."""
    to_value: float | None
    """Mean over tasks on the later date, in percent."""
    at: Moment
    """Moment of the snapshot that shows it first."""
    cause: tuple[str, ...] | None = None
    """Causes of what happened to the model's results on the board's tasks, the most frequent
    first; ``others`` where only its rank moved; ``unexplained`` where nothing is found; ``None``
    where the catalog has no result files of that time."""
    commits: tuple[ResultCommit, ...] = ()
    """The commits that did it, the newest first."""
    model_now: str = ""
    """Public id that the model has today."""


@dataclass(frozen=True, repr=False)
class Overview(Answer):
    """What the home page opens with, for one series."""

    series: str
    title: Bilingual
    leaderboard: Leaderboard
    leads: tuple[Leader, ...]
    """Who led the series, the oldest first; the last one leads now."""
    second: LeaderboardRow | None
