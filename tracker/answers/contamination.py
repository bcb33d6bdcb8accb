"""Contamination: which models of a board were trained on its tasks, by whose word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Moment, TableAnswer

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class ExposedRow:
    """A model on a board, with its declared training on the tasks of the board."""

    rank: int | None
    """Rank on the board."""
    model: str
    """Public id that it had on the day."""
    model_now: str
    """Public id that it has today."""
    label: str
    """Its name as the board shows it."""
    slug: str
    declares_training: bool
    """Whether the registry declares its training data at all."""
    n_itself: int
    """Tasks of the board that it was trained on itself."""
    n_base: int
    """Tasks that a model it was made from was trained on."""
    n_sibling: int
    """Tasks of which only a similar task, or their source dataset, is among its training data."""
    n_none: int
    """Tasks that its declared training data do not meet; 0 if it declares nothing."""
    n_undeclared: int
    """Tasks of which nothing is declared."""
    mean_task: float | None
    """Mean over all tasks, in percent."""
    mean_untrained: float | None
    """Mean over the tasks that its declared training data do not meet, in percent. Each model has
    tasks of its own here, so two such means are not comparable."""
    n_untrained: int
    """Tasks of that mean."""
    untrained_share: float | None
    """Share of the comparisons that it wins over tasks that neither of two models was trained on,
    in percent; missing without declared training data."""
    rank_untrained: int | None
    """Rank by that share, among models with such scores for at least half of the tasks."""
    exposures: tuple[str, ...]
    """Its exposure to each task, in the order of the board's tasks."""


@dataclass(frozen=True)
class ExposedCell:
    """A model and a task, with the receipt of what is declared."""

    model: str
    """Public id that the model has today."""
    task: str
    """Name of the task."""
    exposure: str
    """``itself``, ``base``, ``sibling``, ``none`` or ``undeclared``."""
    base: str | None
    """The model whose training data had the task, where it was inherited."""
    receipt: str | None
    """Where it is declared: the registry with the model, or the address of a source."""


@dataclass(frozen=True, repr=False)
class Contamination(TableAnswer):
    """Models of a board and their declared training on its tasks."""

    edition: EditionInfo
    as_of: Moment
    """Moment of the board; declarations are those of today."""
    registry: str
    """Which registry declares, for example ``mteb 2.26.24``."""
    tasks: tuple[str, ...]
    rows: tuple[ExposedRow, ...]
    cells: tuple[ExposedCell, ...]
    """One for every row and task."""
    scored: bool
    """Whether scores of single tasks are known; without them there are no means over some tasks."""

    def to_polars(self) -> pl.DataFrame:
        """One row a model, with the columns of ``contamination``."""
        from tracker.answers.frames import frame_of

        return frame_of("contamination", [self])

    def cells_to_polars(self) -> pl.DataFrame:
        """One row a model and task, with the columns of ``contamination --cells``."""
        from tracker.answers.frames import frame_of

        return frame_of("contamination --cells", [self])
