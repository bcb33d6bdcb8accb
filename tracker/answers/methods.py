"""Methods: papers, datasets, techniques, written comparisons, cited pages, search hits."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.adoption import BoardShare, FirstOnBoard, TechniqueShare
from tracker.answers.common import Answer, Bilingual, Day
from tracker.answers.models import Evidence
from tracker.common.author_names import AuthorName


@dataclass(frozen=True)
class Term:
    """One entry of the bilingual vocabulary."""

    group: str
    """Group of the vocabulary, for example ``pooling``."""
    slug: str
    """Unique name in the group."""
    label: Bilingual
    """Its name in words."""
    definition: Bilingual
    paper: str | None
    """arXiv id of the paper that introduced it."""


@dataclass(frozen=True)
class DatasetUse:
    """One declaration that a model was trained on a dataset."""

    model: str
    slug: str
    declared: str
    """``curated`` (people read it) or ``registry`` (the model's own entry there)."""
    qualifier: str | None
    source: str
    locator: str | None
    confidence: str
    date: str | None


@dataclass(frozen=True, repr=False)
class Dataset(Answer):
    """A benchmark, or data that models are trained on."""

    slug: str
    """Unique name."""
    name: str
    """Name that its publisher gives it."""
    aliases: tuple[str, ...]
    kind: str
    """What it is: a benchmark, training data, a mixture …"""
    kind_label: Bilingual
    what: Bilingual
    """What it contains, in one sentence."""
    size: Bilingual | None
    """Its size in words."""
    languages: Bilingual
    """Its languages in words."""
    note: Bilingual | None
    paper: str | None
    """arXiv id of the paper that describes it."""
    part_of: tuple[str, ...]
    """Slugs of the mixtures that contain it."""
    parts: tuple[str, ...]
    """Slugs of what it contains."""
    tasks: tuple[str, ...]
    """Benchmark tasks that are made of it: a model trained on it has seen their data."""
    source: str
    """Address of what describes it."""
    confidence: str
    """``high``, ``medium`` or ``low``."""
    uses: tuple[DatasetUse, ...]

    @property
    def n_models(self) -> int:
        """Number of models that declare it or are documented to use it."""
        return len({use.model for use in self.uses})

    @property
    def n_curated(self) -> int:
        """Number of models whose use of it people read in a source."""
        return len({use.model for use in self.uses if use.declared == "curated"})

    @property
    def n_tasks(self) -> int:
        """Number of benchmark tasks that are made of it."""
        return len(self.tasks)


@dataclass(frozen=True)
class PaperModel:
    """A model that a paper is linked to, or may be."""

    model: str
    """Public id of the model."""
    slug: str
    role: Bilingual | None
    reason: str
    """Why the paper is linked to it."""
    strength: str
    """``strong``: people or the model's BibTeX say it; ``medium``; ``weak``: a person must look."""


@dataclass(frozen=True, repr=False)
class Paper(Answer):
    """A paper and what it is to the models, datasets and terms of the catalog."""

    arxiv_id: str
    """arXiv id without version."""
    title: str | None
    """Title; missing where the paper has not been fetched."""
    authors: tuple[str, ...]
    """Names as people write them, in the paper's order."""
    published: str | None
    """Day of its first version, ``YYYY-MM-DD``, or only its month, ``YYYY-MM``."""
    updated: str | None
    """Day of its last version; of a withdrawn paper the day of the withdrawal."""
    version: int | None
    """Number of its last known version."""
    venue: str | None
    """Journal or conference."""
    doi: str | None
    withdrawn: bool
    """Whether its authors have withdrawn it."""
    introduces: Bilingual | None
    abstract: str | None
    url: str
    """Address of its page on arXiv."""
    models: tuple[PaperModel, ...]
    proposed: tuple[PaperModel, ...]
    """Models that it only seems to present; nobody has looked."""
    datasets: tuple[str, ...]
    """Slugs of datasets that it introduces or describes."""
    terms: tuple[str, ...]
    """Slugs of the vocabulary that refer to it."""
    tasks: tuple[str, ...] = ()
    """Benchmark tasks that cite it, as their registry says."""
    boards: tuple[str, ...] = ()
    """Boards that cite it, as their registry says."""
    categories: tuple[str, ...] = ()
    """Categories on arXiv, the primary one first."""
    withdrawn_because: str | None = None
    """Reason that its authors give for the withdrawal."""
    names: tuple[AuthorName, ...] = ()
    """The authors' names, taken apart."""
    all_authors: bool = True
    """Whether ``authors`` lists all of them."""

    @property
    def n_models(self) -> int:
        """Number of models that it is linked to."""
        return len(self.models)

    @property
    def matters(self) -> bool:
        """Whether anything in the catalog refers to it; otherwise it was only discovered."""
        cited = self.models or self.datasets or self.terms or self.tasks or self.boards
        return bool(cited or self.introduces)

    @property
    def withdrawn_on(self) -> str | None:
        """Day of the version by which its authors withdrew it."""
        return self.updated if self.withdrawn else None


@dataclass(frozen=True)
class TechniqueUse:
    """A model that uses a technique."""

    model: str
    """Public id of the model."""
    slug: str
    properties: tuple[str, ...]
    """Under which properties its facts say so."""
    released: str | None


@dataclass(frozen=True, repr=False)
class Technique(Answer):
    """A term of the vocabulary with who uses it."""

    term: Term
    uses: tuple[TechniqueUse, ...]
    """The earliest release first; unknown dates last."""
    first_seen: Day | None
    """Day of the earliest release of a model that uses it."""
    shares: tuple[TechniqueShare, ...]
    """Of the English board's top 20, quarter by quarter, as far as there are states."""
    firsts: tuple[FirstOnBoard, ...] = ()
    """The first model with it on each of the three main boards."""
    boards: tuple[BoardShare, ...] = ()
    """Its share of the first fifty of these boards."""

    @property
    def years(self) -> tuple[TechniqueShare, ...]:
        """The last share of each year."""
        return tuple({share.year: share for share in self.shares}.values())

    @property
    def n_models(self) -> int:
        """Number of models that use it."""
        return len(self.uses)

    @property
    def first_model(self) -> str | None:
        """Public id of the model of ``first_seen``."""
        return self.uses[0].model if self.first_seen else None

    @property
    def first_on_boards(self) -> tuple[str, ...]:
        """By board, ``series: model, rank n on day``: the first model with it there."""
        return tuple(first.text for first in self.firsts)

    @property
    def top50(self) -> tuple[str, ...]:
        """By board, ``series: n/of``: users among the documented models of its first fifty now."""
        return tuple(board.text for board in self.boards)

    @property
    def top20(self) -> tuple[str, ...]:
        """By year, ``year: n/of``: users among the documented models of the English top 20."""
        return tuple(f"{share.year}: {share.n}/{share.of}" for share in self.years)


@dataclass(frozen=True)
class Hit:
    """Something that a search found."""

    kind: str
    """``board``, ``task``, ``model``, ``organisation``, ``technique``, ``dataset``, ``paper`` or
    ``comparison``."""
    key: str
    """Public id, arXiv id, name of a task, slug, or group and slug."""
    title: Bilingual
    """Its name or title."""
    about: Bilingual | None
    """What it is, in one sentence."""


@dataclass(frozen=True)
class Subject:
    """One of the subjects of a written comparison."""

    slug: str
    name: str
    model: str | None
    paper: str | None


@dataclass(frozen=True)
class WrittenLine:
    """One statement of a written comparison."""

    kind: str
    """``dimension``, ``difference``, ``connection`` or ``remark``."""
    topic: Bilingual
    texts: tuple[Bilingual, ...]
    """For a dimension one for each subject, else one."""
    sources: tuple[str, ...]
    """Addresses of sources without a receipt."""
    confidence: str
    receipts: tuple[Evidence, ...] = ()
    """Places that show it."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of all that it rests on."""
        return (*(receipt.source for receipt in self.receipts), *self.sources)


@dataclass(frozen=True, repr=False)
class WrittenComparison(Answer):
    """Models or methods side by side, as people wrote it."""

    slug: str
    title: Bilingual
    summary: Bilingual
    subjects: tuple[Subject, ...]
    lines: tuple[WrittenLine, ...]

    def of(self, kind: str) -> tuple[WrittenLine, ...]:
        """The lines of one kind, in their order."""
        return tuple(line for line in self.lines if line.kind == kind)


@dataclass(frozen=True)
class CitedPage:
    """A page that a receipt points to, as it was seen last."""

    url: str
    title: str | None
    """What it called itself while it was there."""
    published: str | None
    """The day on which it says it was published."""
    status: int
    """200, or what its server answered when the page was gone."""
    seen_at: str
