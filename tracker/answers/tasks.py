"""Tasks: what each is, which boards use it, who leads it, and who was trained on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.answers.common import Answer, Bilingual, Day, Moment, TableAnswer

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class TaskBoard:
    """A board that uses a task."""

    name: str
    slug: str
    title: Bilingual
    current: bool
    """Whether it is a present board."""
    splits: tuple[str, ...]
    """Splits of the task that count on it."""
    subsets: tuple[str, ...]
    """Subsets of the task that count on it."""


@dataclass(frozen=True, repr=False)
class TaskInfo(Answer):
    """What the newest registry says of a task."""

    name: str
    """Name of the task."""
    slug: str
    """Unique name in addresses."""
    type: str
    """For example ``Retrieval``."""
    metric: str
    """Name of its main metric, for example ``ndcg_at_10``."""
    public: bool
    """Whether its data are public."""
    languages: tuple[str, ...]
    """Codes of its languages with their scripts, for example ``cmn-Hans``."""
    domains: tuple[str, ...]
    """Where its texts come from, for example ``News``."""
    modalities: tuple[str, ...]
    """For example ``text``."""
    dataset: str | None
    """Dataset with its data, as ``org/name``."""
    revision: str | None
    """Revision of the dataset."""
    reference: str | None
    """Address of what describes it."""
    splits: tuple[str, ...]
    """All its splits that are evaluated."""
    subsets: tuple[str, ...]
    """All its subsets."""
    adapted_from: tuple[str, ...]
    """Tasks that it was made from."""
    superseded_by: str | None
    """Task that took its place."""
    boards: tuple[TaskBoard, ...]
    """Boards that use it, present ones first."""
    registry: str
    """Which registry says so, for example ``mteb 2.26.24``."""

    @property
    def n_boards(self) -> int:
        """Number of present boards that use it."""
        return sum(board.current for board in self.boards)

    @property
    def board_names(self) -> tuple[str, ...]:
        """Names of the present boards that use it."""
        return tuple(board.name for board in self.boards if board.current)


@dataclass(frozen=True)
class TaskRow:
    """A model on a task."""

    rank: int
    """Rank by score; equal scores share one."""
    model: str
    """Public id that the model had on the day."""
    model_now: str
    """Public id that it has today."""
    label: str
    """Its name; an experiment adds what it varies."""
    slug: str | None
    """Unique name of the model in addresses; missing for one that is on no board."""
    score: float
    """Main score over the splits and subsets that count, in percent."""
    exposure: str
    """Its declared training: on the task ``itself``, by its ``base`` model, on a ``sibling`` of the
    task, on ``none`` of these; ``undeclared`` where it declares nothing."""
    parameters: int | None
    """Number of parameters."""
    licence: str | None
    """Licence as the registry has it."""
    open_weights: bool | None
    """Whether the weights can be downloaded."""
    since: Moment
    """Moment from which it has had this score."""


@dataclass(frozen=True)
class TaskLead:
    """Who led a task at the end of each day from one day to another one."""

    model: str
    """Public id that it had on the first day."""
    model_now: str
    """Public id that it has today."""
    slug: str | None
    from_day: Day
    """First day at whose end it led."""
    until_day: Day | None
    """Last day at whose end it led; missing while it leads."""
    score: float
    """Its score on the first day, in percent."""
    by: float | None
    """Lead over the next model on the first day, in percent points; missing without one."""


@dataclass(frozen=True)
class TaskTraining:
    """A model that declares training on a task."""

    model: str
    slug: str | None
    """Unique name of the model in addresses; missing for one that is on no board."""
    exposure: str
    """``itself``, ``base`` or ``sibling``."""
    base: str | None
    """The model whose training data had it, where it was inherited."""


@dataclass(frozen=True, repr=False)
class Task(TableAnswer):
    """A task on a date: what it is, its whole table, and its leaders."""

    info: TaskInfo
    as_of: Moment
    """Moment of the scores that are shown."""
    splits: tuple[str, ...]
    """Splits that count in the scores."""
    subsets: tuple[str, ...]
    """Subsets that count in the scores."""
    rows: tuple[TaskRow, ...]
    """Best first; empty where the catalog has no raw scores."""
    leads: tuple[TaskLead, ...]
    """Oldest first, until the moment that is shown."""
    trained: tuple[TaskTraining, ...]
    """Models that declare training on it, on a sibling, or by their base."""
    n_undeclared: int
    """Registered models that declare no training data."""
    scored: bool
    """Whether the catalog has raw scores at all."""

    @property
    def changed_at(self) -> str | None:
        """Moment of the last change of a score in the table; missing without scores."""
        return max((row.since for row in self.rows), default=None)

    @property
    def leader(self) -> TaskLead | None:
        """Who leads; ``None`` without scores."""
        return self.leads[-1] if self.leads and self.leads[-1].until_day is None else None

    def to_polars(self) -> pl.DataFrame:
        """One row a model, with the columns of ``task``."""
        from tracker.answers.frames import frame_of

        return frame_of("task", [self])
