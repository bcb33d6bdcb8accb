"""Interface between pages and catalog; ``tracker.api.Catalog`` implements it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import polars as pl

from tracker.answers.bases import BaseModel
from tracker.answers.boards import EditionInfo, Leaderboard, PairedDifference
from tracker.answers.contamination import Contamination
from tracker.answers.coverage import Coverage
from tracker.answers.frontier import CatchUp, FrontierSpan
from tracker.answers.health import Gap, SourceStatus, SuspectScore
from tracker.answers.history import Change, HistoryPoint, Leader, Overview, Replay, Why
from tracker.answers.lineage import Lineage
from tracker.answers.methods import CitedPage, Dataset, Paper, Technique, Term, WrittenComparison
from tracker.answers.models import Claim, Model, StateOfTheArt
from tracker.answers.search import NamedThing
from tracker.answers.tasks import Task, TaskInfo
from tracker.insights.boards.model_choice import ChoiceBoard
from tracker.ranking.confidence_intervals import IntervalJob


class CatalogReader(Protocol):
    """What a site reads from a catalog; with it, pages can be tested without a database."""

    @property
    def data_until(self) -> str | None:
        """Latest moment for which any source has data."""

    @property
    def digest(self) -> str:
        """Short hash of the catalog's content."""

    def editions(self) -> tuple[EditionInfo, ...]:
        """Every board edition."""

    def board(self, board: str | EditionInfo, as_of: str | None = None, /) -> Leaderboard:
        """A board at the end of a date, by default its latest state."""

    def choice_boards(self) -> Iterable[ChoiceBoard]:
        """What choices from the present boards need."""

    def difference(self, model: str, other: str, board: EditionInfo, /) -> PairedDifference:
        """The mean of one model less that of another, with its interval.

        Raises:
            NoDataError: They share no task, or there are no scores of single tasks.
            NotFoundError: One of them is not on the board.
        """

    def interval_job(self, board: Leaderboard, /, *, top: int) -> IntervalJob:
        """What draws the intervals of its first rows.

        Raises:
            NoDataError: The catalog has no scores of single tasks of this board.
        """

    def folded_finetunes(self, board: str | EditionInfo, /) -> Mapping[str, str]:
        """Fine-tunes that are not clearly ahead of their base, and the models they fold into.

        Raises:
            NoDataError: There are no scores of single tasks.
        """

    def task_scores(self, board: str | EditionInfo, /) -> pl.DataFrame:
        """``label``, ``task``, ``score`` (percent) of its latest state, without missing scores."""

    def task_list(self) -> tuple[TaskInfo, ...]:
        """Tasks of the present boards by name.

        Raises:
            NoDataError: The catalog has no registry.
        """

    def all_tasks(self) -> Iterable[Task]:
        """The same tasks in the same order, with their tables and leaders now."""

    def leader_list(self, board: str | EditionInfo, /) -> tuple[Leader, ...]:
        """Leaders of a board with first and last day, oldest first."""

    def frontier_list(self, board: str, /) -> tuple[FrontierSpan, ...]:
        """The best open model under each size through time."""

    def catch_up_list(self, board: str | EditionInfo, /) -> tuple[CatchUp, ...]:
        """How long small open models took to reach the best means."""

    def replay(self, board: str | EditionInfo, /) -> Replay:
        """Top rows of a board on every day on which they changed."""

    def change_list(self) -> tuple[Change, ...]:
        """What happened on each series in the last days for which it is known."""

    def all_models(self) -> Iterable[Model]:
        """Every model with its metadata, facts, papers and ranks."""

    def all_lineages(self) -> Mapping[str, Lineage]:
        """Relatives of every model that has any, by model name."""

    def all_history(self) -> Iterable[tuple[str, tuple[HistoryPoint, ...]]]:
        """Model names, each with the history on every edition."""

    def all_absences(self, editions: Iterable[EditionInfo], /) -> Mapping[str, tuple[Why, ...]]:
        """Reasons why models are not on some boards now, by model name."""

    def with_causes(self, changes: Sequence[Change], /) -> list[Change]:
        """The same changes with causes and commits added."""

    def all_claims(self) -> Iterable[tuple[str, tuple[Claim, ...]]]:
        """Model names, each with self-reported scores beside measured ones."""

    def state_of_the_art(self, board: str, as_of: str | None = None, /) -> StateOfTheArt:
        """Leading models of a board with the documented facts about their methods."""

    def overviews(self) -> tuple[Overview, ...]:
        """Leader, second and lead history of each series."""

    def contamination_report(
        self, board: str | EditionInfo, as_of: str | None = None, /
    ) -> Contamination:
        """Declared training of a board's models on its tasks.

        Raises:
            NoDataError: The catalog has no registry.
        """

    def lint_list(self) -> tuple[SuspectScore, ...]:
        """Suspect scores of today, by task and file.

        Raises:
            NoDataError: The catalog has no result files.
            SourceError: They cannot be read.
        """

    def gap_list(self) -> tuple[Gap, ...]:
        """Days on which a source was not fetched."""

    def status(self) -> tuple[SourceStatus, ...]:
        """Status of every source."""

    def cited_pages(self) -> tuple[CitedPage, ...]:
        """Cited web pages with the result of the last visit."""

    def terms(self) -> tuple[Term, ...]:
        """Terms of the bilingual vocabulary."""

    def written_comparisons(self) -> tuple[WrittenComparison, ...]:
        """Hand-written comparisons."""

    def base_list(self) -> tuple[BaseModel, ...]:
        """The family tree of base models, with the leaders below them."""

    def technique_list(self) -> tuple[Technique, ...]:
        """Techniques with the models that use them."""

    def dataset_list(self) -> tuple[Dataset, ...]:
        """Datasets with the models trained on them."""

    def coverage_report(self) -> Coverage:
        """How much is documented about the leading models."""

    def paper_list(self) -> tuple[Paper, ...]:
        """Papers with the models, datasets and terms that cite them."""

    def search_names(self) -> tuple[NamedThing, ...]:
        """Everything with a name of its own, in the order in which equal names count."""
