"""Checked texts: statements with their verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.answers.common import TableAnswer

if TYPE_CHECKING:
    import polars as pl

KINDS = (
    "rank", "lead", "score", "difference", "size", "dimensions", "context", "licence",
    "release_date", "pooling", "base_model", "training_data", "technique", "paper", "organisation",
    "n_tasks", "existence",
)  # fmt: skip
VERDICTS = ("true", "true_on_other_days", "near", "false", "unknown_model", "not_checkable")


@dataclass(frozen=True)
class Correction:
    """A part of a text and what should stand there instead."""

    start: int
    """First character of the part."""
    end: int
    """First character behind it."""
    text: str


@dataclass(frozen=True)
class CheckedStatement:
    """One statement of a text with its verdict."""

    start: int
    """First character of the statement in the text."""
    end: int
    """First character behind it."""
    statement: str
    """The statement as it is written."""
    kind: str
    """One of ``KINDS``."""
    model: str | None
    """Public id of the model, or the unknown name as it is written."""
    board: str | None
    """Name of the edition or series that is meant."""
    claimed: str | float | None
    """What the text says."""
    actual: str | float | None
    """What the catalog says, on the text's date where the answer depends on a date."""
    verdict: str
    """One of ``VERDICTS``."""
    days: tuple[tuple[str, str | None], ...]
    """Stretches of days on which it held, both ends included; ``None`` where it still does."""
    link: str | None
    """Address of the receipt."""
    reason: str
    """The verdict in one sentence."""
    correction: Correction | None = None
    """The proposed change, where there is exactly one."""

    @property
    def claimed_text(self) -> str | None:
        """What the text says, as text."""
        return None if self.claimed is None else str(self.claimed)

    @property
    def actual_text(self) -> str | None:
        """What the catalog says, as text."""
        return None if self.actual is None else str(self.actual)

    @property
    def periods(self) -> tuple[str, ...]:
        """Stretches of days on which it held, each as ``first/last``; open ones end in ``/``."""
        return tuple(f"{first}/{last or ''}" for first, last in self.days)


@dataclass(frozen=True, repr=False)
class CheckedText(TableAnswer):
    """A text with its statements; iterating over it gives the statements in their order."""

    text: str
    date: str | None
    """The text's date: day, month or year."""
    statements: tuple[CheckedStatement, ...]
    n_ranks: int
    """Number of statements about ranks and leads with a known model."""
    together: tuple[tuple[str, str | None], ...] | None
    """Days on which all of these held together; missing for fewer than two."""
    checked_until: int | None = None
    """Where checking stopped, because the text has too many statements."""

    def __iter__(self) -> Iterator[CheckedStatement]:
        return iter(self.statements)

    def __len__(self) -> int:
        return len(self.statements)

    def to_polars(self) -> pl.DataFrame:
        """One row a statement, with the columns of ``check``."""
        from tracker.answers.frames import frame_of

        return frame_of("check", [self])
