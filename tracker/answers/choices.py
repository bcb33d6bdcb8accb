"""Which model to take: ranked models, Pareto fronts, and why the others dropped out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Answer, Bilingual, Day, Moment, TableAnswer

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class DropReason:
    """Why a model dropped out."""

    condition: str
    """Name of the condition, such as ``max_parameters``; ``tasks`` where scores are missing."""
    kind: str
    """``unmet``, ``unknown`` (no source says the value), or ``partial`` (tasks are missing)."""
    text: Bilingual


@dataclass(frozen=True, repr=False)
class ChosenModel(Answer):
    """A model of the board, seen from the question."""

    place: int | None
    """Place among the ranked models; equal scores share one. Missing where it dropped out."""
    rank: int | None
    """Rank on the whole board, by the board's own rule."""
    model: str
    """Public id of today."""
    label: str
    """Name as the board shows it."""
    slug: str
    score: float | None
    """Weighted mean, in percent; missing where the model lacks a task that counts."""
    task_types: dict[str, float]
    """Mean of each task type that counts, in percent."""
    on_size_front: bool
    """No other ranked model has a better score with at most as many parameters, or the same score
    with fewer."""
    on_storage_front: bool
    """The same by storage."""
    parameters: int | None
    """Number of parameters."""
    embedding_dimensions: int | None
    """Largest number of dimensions of an embedding."""
    storage_gb: float | None
    """Gigabytes that a million vectors take: dimensions × 4 bytes."""
    memory_mb: float | None
    """Memory of the weights, in megabytes."""
    max_tokens: int | None
    """Longest input in tokens."""
    licence: str | None
    """Licence as the publisher writes it."""
    open_weights: bool | None
    """Whether the weights can be downloaded."""
    release_date: Day | None
    """Day of the release; in frames the first of the month where only that is stated."""
    reasons: tuple[DropReason, ...] = ()
    """Why it dropped out; empty where it is ranked."""

    @property
    def dropped(self) -> tuple[str, ...]:
        """Why it dropped out, in English."""
        return tuple(reason.text.en for reason in self.reasons)


@dataclass(frozen=True, repr=False)
class Choice(TableAnswer):
    """The answer to the question which model to take."""

    edition: EditionInfo
    as_of: Moment
    """Moment of the scores."""
    types: dict[str, float]
    """Weight of each task type that counts."""
    languages: dict[str, float]
    """Weight of each language that counts, by ISO 639-3 code; empty for whole tasks."""
    left_out: tuple[str, ...]
    """Types of the board that do not count because no model has all their tasks."""
    explained: Bilingual
    """What the models were ranked by, in one sentence."""
    models: tuple[ChosenModel, ...]
    """The ranked models, best first."""
    dropped: tuple[ChosenModel, ...]
    """The other models of the board, in its order."""

    @property
    def rows(self) -> tuple[ChosenModel, ...]:
        """All models, the ranked ones first."""
        return self.models + self.dropped

    def to_polars(self) -> pl.DataFrame:
        """One row a model, with the columns of ``choose``; ``task_types`` is a struct."""
        from tracker.answers.frames import frame_of

        return frame_of("choose", [self], task_types=self.types)
