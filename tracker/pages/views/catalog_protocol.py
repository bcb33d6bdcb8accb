"""What the pages ask of the catalog; ``tracker.api.Catalog`` answers all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import polars as pl

from tracker.answers.boards import EditionInfo, Leaderboard
from tracker.answers.health import SourceStatus
from tracker.answers.history import Change, HistoryPoint, Leader, Overview, Replay, Why
from tracker.answers.methods import (
    CitedPage,
    Coverage,
    Dataset,
    Paper,
    Technique,
    Term,
    WrittenComparison,
)
from tracker.answers.models import Claim, Model, StateOfTheArt


class Reading(Protocol):
    """The questions that a site is made of, so that pages can be tested without a database."""

    @property
    def data_until(self) -> str | None:
        """Newest moment that any source knows."""

    @property
    def digest(self) -> str:
        """Short hash of the catalog's content."""

    def editions(self) -> tuple[EditionInfo, ...]:
        """Every board with one exact task list."""

    def board(self, board: str | EditionInfo, as_of: str | None = None, /) -> Leaderboard:
        """A board as it stood on a date."""

    def task_scores(self, board: str | EditionInfo, /) -> pl.DataFrame:
        """``label``, ``task`` and ``score`` in percent of its last state; missing ones stay out."""

    def leader_list(self, board: str | EditionInfo, /) -> tuple[Leader, ...]:
        """Who led a board from which day to which, newest last."""

    def replay(self, board: str | EditionInfo, /) -> Replay:
        """The first rows of a board on every day on which they changed."""

    def change_list(self) -> tuple[Change, ...]:
        """What happened on each series in the last days for which it is known."""

    def all_models(self) -> Iterable[Model]:
        """Every model with all that is known of it."""

    def all_history(self) -> Iterable[tuple[str, tuple[HistoryPoint, ...]]]:
        """The history of every model on every edition, by model name."""

    def all_absences(self, editions: Iterable[EditionInfo], /) -> Mapping[str, tuple[Why, ...]]:
        """Why models are not on some boards now, by the name of the model."""

    def with_causes(self, changes: Sequence[Change], /) -> list[Change]:
        """Changes with the causes and commits of the moments at which they happened."""

    def all_claims(self) -> Iterable[tuple[str, tuple[Claim, ...]]]:
        """Self-reported scores beside runs, by the name of the model, where it has both."""

    def state_of_the_art(self, board: str, as_of: str | None = None, /) -> StateOfTheArt:
        """The leading models of a board and what is documented of their methods."""

    def overviews(self) -> tuple[Overview, ...]:
        """What the home page opens with."""

    def status(self) -> tuple[SourceStatus, ...]:
        """How every source is doing."""

    def cited_pages(self) -> tuple[CitedPage, ...]:
        """Pages that receipts point to, as they were seen last."""

    def terms(self) -> tuple[Term, ...]:
        """The bilingual vocabulary."""

    def written_comparisons(self) -> tuple[WrittenComparison, ...]:
        """Comparisons that people wrote."""

    def technique_list(self) -> tuple[Technique, ...]:
        """Techniques with who uses them."""

    def dataset_list(self) -> tuple[Dataset, ...]:
        """Datasets with who was trained on them."""

    def coverage_report(self) -> Coverage:
        """What is documented of the models that matter."""

    def paper_list(self) -> tuple[Paper, ...]:
        """Papers with what refers to them."""
