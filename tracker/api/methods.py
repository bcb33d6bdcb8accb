"""Questions about methods: papers, datasets, techniques, search and coverage."""

from __future__ import annotations

from tracker.api.questions import Questions
from tracker.common.checks import check_type
from tracker.common.deferred_imports import deferred_imports
from tracker.errors import UsageError

with deferred_imports(globals()):
    import polars as pl

    from tracker.answers.bases import BaseModel
    from tracker.answers.coverage import Coverage, Proposal
    from tracker.answers.frames import frame_of
    from tracker.answers.methods import (
        CitedPage,
        Dataset,
        Hit,
        Paper,
        Technique,
        Term,
        WrittenComparison,
    )
    from tracker.answers.references import Reference
    from tracker.answers.search import NamedThing
    from tracker.insights import search
    from tracker.insights.methods import bases, coverage, datasets, papers, proposals, techniques
    from tracker.insights.methods import written_comparisons as written
    from tracker.insights.models.model import read_terms
    from tracker.insights.references import reading
    from tracker.insights.search_names import read_named


class MethodQuestions(Questions):
    """Papers, datasets, techniques and comparisons."""

    def papers(self, query: str | None = None) -> pl.DataFrame:
        """Papers, newest first; ``query`` looks for words in title and authors.

        Hyphens and plurals make no difference.
        """
        return frame_of("papers", papers.matching(self.paper_list(), query or ""))

    def paper(self, arxiv_id: str) -> Paper:
        """One paper by its arXiv id or address.

        Raises:
            NotFoundError: Nothing in the catalog refers to it.
        """
        return papers.read_paper(self._reader, arxiv_id)

    def paper_list(self) -> tuple[Paper, ...]:
        """All papers, newest first, with the models, datasets and terms that refer to each."""
        return papers.read_papers(self._reader)

    def unmatched_list(self) -> tuple[Paper, ...]:
        """Papers of which nobody has said whose they are, those with proposals first."""
        return papers.read_unmatched(self._reader)

    def unmatched(self) -> pl.DataFrame:
        """The same as a frame, one row a proposed model with its reason."""
        return frame_of("unmatched", self.unmatched_list())

    def references(self, *names: str) -> tuple[Reference, ...]:
        """References of papers, and of all papers of models, each once.

        Args:
            names: arXiv ids in any spelling, and public ids of models.

        Raises:
            UsageError: No name is given.
            NotFoundError: There is no such paper or model, or no paper of a model is known.
        """
        if not names:
            raise UsageError("no paper or model is named", remedy="give an arXiv id or a model")
        for name in names:
            check_type("names", name, str)
        return reading.read_references(self._reader, names)

    def bibtex(self, *names: str, form: str = "bibtex") -> str:
        """The same as text for a reference manager.

        Args:
            names: arXiv ids in any spelling, and public ids of models.
            form: ``bibtex``, ``csl-json`` or ``ris``.

        Raises:
            UsageError: There is no such format, or no name is given.
            NotFoundError: There is no such paper or model, or no paper of a model is known.
        """
        return reading.written(self.references(*names), form)

    def dataset_list(self) -> tuple[Dataset, ...]:
        """Benchmarks and training data, each with who was trained on it by whose word."""
        return datasets.read_datasets(self._reader)

    def datasets(self) -> pl.DataFrame:
        """The same as a frame, one row a dataset."""
        return frame_of("datasets", self.dataset_list())

    def dataset(self, name: str) -> Dataset:
        """One dataset by slug, name or alias.

        Raises:
            NotFoundError: There is none; the nearest names are suggested.
        """
        return datasets.find_dataset(self.dataset_list(), name)

    def search_list(self, text: str, *, limit: int = 20) -> tuple[Hit, ...]:
        """What has a name, then what has all of some words in its text, the best first.

        Boards, tasks, models, organisations, techniques, datasets, papers and comparisons. One
        wrong letter of a name is forgiven, and organisations are known by their Chinese names.
        """
        return search.read_hits(self._reader, text, limit)

    def search_names(self) -> tuple[NamedThing, ...]:
        """Everything with a name of its own, in the order in which equal names count."""
        return read_named(self._reader)

    def search(self, text: str, *, limit: int = 20) -> pl.DataFrame:
        """The same as a frame, the best first; Chinese words of two characters are found too."""
        return frame_of("search", self.search_list(text, limit=limit))

    def technique_list(self) -> tuple[Technique, ...]:
        """Terms of the vocabulary that models use, the most used first."""
        return techniques.read_techniques(self._reader)

    def techniques(self) -> pl.DataFrame:
        """The same as a frame: users, first seen, share of each year's top 20."""
        return frame_of("techniques", self.technique_list())

    def technique(self, name: str) -> Technique:
        """One technique by slug, label or a phrase that means it, in either language.

        Raises:
            NotFoundError: There is no such term, or no model uses it; the nearest are suggested.
        """
        return techniques.read_technique(self._reader, name)

    def base_list(self) -> tuple[BaseModel, ...]:
        """The family tree of base models: roots, and the leaders of the main boards below them."""
        return bases.read_bases(self._reader)

    def bases(self) -> pl.DataFrame:
        """The same as a frame, one row a model in the order of the tree."""
        return frame_of("bases", bases.read_base_rows(self._reader))

    def terms(self) -> tuple[Term, ...]:
        """The bilingual vocabulary of methods."""
        return read_terms(self._reader)

    def written_comparisons(self) -> tuple[WrittenComparison, ...]:
        """Comparisons that people wrote, with their receipts."""
        return written.read_written(self._reader)

    def cited_pages(self) -> tuple[CitedPage, ...]:
        """Announcements and project pages that receipts point to, as they were seen last."""
        return written.read_cited_pages(self._reader)

    def coverage_report(self) -> Coverage:
        """What is documented of the present leaders and of the models of the first notes."""
        return coverage.read_coverage(self._reader)

    def proposal_list(self) -> tuple[Proposal, ...]:
        """Models to curate next, those whose facts the first fifty of boards lack most first."""
        return proposals.read_proposals(self._reader, self.coverage_report())

    def proposals(self) -> pl.DataFrame:
        """The same as a frame, one row a model."""
        return frame_of("proposals", self.proposal_list())

    def coverage(self) -> pl.DataFrame:
        """The same as counts in a frame, one row a group of models and property."""
        return self.coverage_report().to_polars()
