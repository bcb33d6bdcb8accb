"""Answers about time: histories, leads, replays, changes, and why a model is not there."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.boards import Bilingual, EditionInfo, Leaderboard, LeaderboardRow, ResultCommit


@dataclass(frozen=True)
class HistoryPoint:
    """A model on one edition from one change of rank or value to the next."""

    edition: str
    from_at: str
    to_at: str | None
    rank: int | None
    mean_task: float | None
    mean_task_type: float | None
    n_tasks: int | None
    edition_slug: str
    """Tells editions of one name apart, which differ by their task list."""
    origin: str = "published"
    """``published`` or ``recomputed``."""
    n_tasks_total: int | None = None
    """Tasks of the board then; ``None`` where they are not counted."""
    model: str = ""
    """The name that the model had then."""

    @property
    def partial(self) -> bool:
        """Whether it has results for fewer than half of the tasks."""
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
    from_at: str
    to_at: str | None
    margin: float | None
    """Lead over the second in percent points at the beginning, by mean over tasks."""
    note: Bilingual | None


@dataclass(frozen=True)
class Leader:
    """Who led a board at the end of each day from one day to another one."""

    from_day: str
    until_day: str | None
    """Last day at whose end it led; ``None`` while it leads."""
    model: str
    """The name that it had on the first day; copies count as their original."""
    board: str
    """Name of the edition."""
    unit: str
    """What the board ranks by: ``points`` (Borda count) or the name of a mean."""
    by: float | None
    """Lead over the second on the first day, in that unit; means are in percent points."""
    reason: str | None
    """Why the lead ended, in one sentence; ``None`` while it lasts."""
    model_now: str
    slug: str
    series: str
    board_slug: str
    origin: str
    """``published``, ``recomputed`` or ``recorded``."""
    mean_task: float | None
    """Its mean over tasks on the first day."""
    mean_by: float | None
    """That mean less the highest mean of any other row on the same day."""
    partial: bool
    """Whether it began to lead with results for fewer than half of the tasks."""
    cause: str | None
    """``overtaken``, ``lost_scores``, ``left``, ``board_ended`` or ``edition_changed``."""
    next_model: str | None
    """Who led after it."""
    commit: str | None
    """The commit that ended it, where the states come from results or a repository."""
    commit_url: str | None
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

    day: str
    n_tasks: int
    """Tasks of the board on that day."""
    origin: str
    rows: tuple[ReplayRow, ...]


@dataclass(frozen=True)
class Replay:
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
    """What would bring the model back; ``None`` where nothing would."""
    at: str | None = None
    """Moment of the commit that it goes back to."""
    commit: str | None = None
    url: str | None = None
    """Address of the commit or of the receipt."""
    message: str | None = None
    """First line of the commit's message."""
    tasks: tuple[str, ...] = ()
    """Tasks that it is about."""


@dataclass(frozen=True)
class Why:
    """Why a model is not on a board on a day; the reasons that explain most come first."""

    model: str
    model_now: str
    board: str
    """Name of the edition."""
    as_of: str
    listed: bool
    rank: int | None
    n_ranked: int
    reasons: tuple[Absence, ...]


@dataclass(frozen=True)
class Change:
    """What happened to one line between two dates."""

    series: str
    edition: str
    kind: str
    """``appeared``, ``left``, ``moved`` or ``value_changed``."""
    model: str
    slug: str
    from_rank: int | None
    to_rank: int | None
    from_value: float | None
    to_value: float | None
    at: str
    """Moment of the snapshot that shows it first."""
    cause: tuple[str, ...] | None = None
    """Causes of what happened to the model's results on the board's tasks, the most frequent
    first; ``others`` where only its rank moved; ``unexplained`` where nothing is found; ``None``
    where the catalog has no result files of that time."""
    commits: tuple[ResultCommit, ...] = ()
    """The commits that did it, the newest first."""
    model_now: str = ""
    """The model's present public id."""


@dataclass(frozen=True)
class Overview:
    """What the home page opens with, for one series."""

    series: str
    title: Bilingual
    leaderboard: Leaderboard
    leads: tuple[Leader, ...]
    """Who led the series, the oldest first; the last one leads now."""
    second: LeaderboardRow | None
