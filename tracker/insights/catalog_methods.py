"""What an open catalog answers about methods; ``tracker.api.Catalog`` is one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.answers import methods as answers
from tracker.errors import NotFoundError
from tracker.insights import search
from tracker.insights.frames import models_frame
from tracker.insights.methods import coverage, datasets, papers, proposals, techniques
from tracker.insights.methods import written_comparisons as written
from tracker.insights.models.model import read_models, read_terms

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Connection

    from tracker.catalog.results.raw_scores import RawScores
    from tracker.insights.boards.editions import Shelf


class Atlas:
    """The questions about papers, datasets, techniques and comparisons; every method is a read."""

    _connection: Connection
    _raw: RawScores

    @property
    def shelf(self) -> Shelf:
        """All editions."""
        raise AttributeError("shelf")

    def models(
        self,
        *,
        organisation: str | None = None,
        pooling: str | None = None,
        technique: str | None = None,
        objective: str | None = None,
        base: str | None = None,
        trained_on: str | None = None,
    ) -> pl.DataFrame:
        """Models: name, organisation, size, dimensions, licence and where they stand.

        Args:
            organisation: Only models of this organisation.
            pooling: Slug or label of a pooling, in either language.
            technique: The same of any term of the vocabulary.
            objective: The same of a training objective.
            base: Part of the name of the base model.
            trained_on: Slug, name or alias of a dataset, by anyone's word.

        Raises:
            NotFoundError: A condition names nothing that is known; the nearest are suggested.
        """
        wanted = techniques.Filter(pooling, technique, objective, base, trained_on)
        names = techniques.matching_models(self._connection, wanted)
        found = [
            model
            for model in read_models(self._connection, self.shelf)
            if (not organisation or model.organisation.casefold() == organisation.casefold())
            and (names is None or model.name in names)
        ]
        if organisation and not found and names is None:
            raise NotFoundError(f"no model of an organisation called {organisation!r}")
        return models_frame(found)

    def dataset_list(self) -> tuple[answers.Dataset, ...]:
        """Benchmarks and training data, each with who was trained on it by whose word."""
        return datasets.read_datasets(self._connection)

    def datasets(self) -> pl.DataFrame:
        """The same as a frame, one line a dataset."""
        return datasets.datasets_frame(self.dataset_list())

    def dataset(self, name: str) -> answers.Dataset:
        """One dataset by slug, name or alias.

        Raises:
            NotFoundError: There is none; the nearest names are suggested.
        """
        return datasets.find_dataset(self.dataset_list(), name)

    def paper(self, arxiv_id: str) -> answers.Paper:
        """One paper by its arXiv id or address.

        Raises:
            NotFoundError: Nothing in the catalog refers to it.
        """
        terms = read_terms(self._connection)
        return papers.read_paper(self._connection, arxiv_id, self.dataset_list(), terms)

    def paper_list(self) -> tuple[answers.Paper, ...]:
        """All papers, newest first, with the models, datasets and terms that refer to each."""
        terms = read_terms(self._connection)
        return papers.read_papers(self._connection, self.dataset_list(), terms)

    def unmatched_papers(self) -> tuple[answers.Paper, ...]:
        """Papers of which nobody has said whose they are, those with proposals first."""
        terms = read_terms(self._connection)
        return papers.read_unmatched(self._connection, self.dataset_list(), terms)

    def unmatched(self) -> pl.DataFrame:
        """The same as a frame, one line a proposed model with its reason."""
        return papers.unmatched_frame(self.unmatched_papers())

    def search_list(self, text: str, *, limit: int = 20) -> tuple[answers.Hit, ...]:
        """Models, papers, datasets, techniques and comparisons with all of some words."""
        return search.read_hits(self._connection, text, limit)

    def search(self, text: str, *, limit: int = 20) -> pl.DataFrame:
        """The same as a frame, the best first; Chinese words of two characters are found too."""
        return search.hits_frame(self.search_list(text, limit=limit))

    def technique_list(self) -> tuple[answers.Technique, ...]:
        """Terms of the vocabulary that models use, the most used first."""
        return techniques.read_techniques(self._connection, self.shelf, self._raw)

    def techniques(self) -> pl.DataFrame:
        """The same as a frame: users, first seen, share of each year's top 20."""
        return techniques.techniques_frame(self.technique_list())

    def written_comparisons(self) -> tuple[answers.WrittenComparison, ...]:
        """Comparisons that people wrote, with their receipts."""
        return written.read_written(self._connection)

    def cited_pages(self) -> tuple[answers.CitedPage, ...]:
        """Announcements and project pages that receipts point to, as they were seen last."""
        return written.read_cited_pages(self._connection)

    def coverage_report(self) -> answers.Coverage:
        """What is documented of the present leaders and of the models of the first notes."""
        return coverage.read_coverage(self._connection, self.shelf, self._raw)

    def proposals(self) -> pl.DataFrame:
        """Models to curate next, those that the first fifty of boards lack most first."""
        found = proposals.read_proposals(self._connection, self.coverage_report())
        return proposals.proposals_frame(found)

    def coverage(self) -> pl.DataFrame:
        """The same as counts in a frame, one line a group of models and property."""
        return coverage.coverage_frame(self.coverage_report())
