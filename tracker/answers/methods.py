"""What the catalog answers about methods: papers, datasets, techniques, comparisons, coverage."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.boards import Bilingual, Evidence, Term


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


@dataclass(frozen=True)
class Dataset:
    """A benchmark, or data that models are trained on."""

    slug: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    kind_label: Bilingual
    what: Bilingual
    size: Bilingual | None
    languages: Bilingual
    note: Bilingual | None
    paper: str | None
    part_of: tuple[str, ...]
    """Slugs of the mixtures that contain it."""
    parts: tuple[str, ...]
    """Slugs of what it contains."""
    tasks: tuple[str, ...]
    """Benchmark tasks that are made of it: a model trained on it has seen their data."""
    source: str
    confidence: str
    uses: tuple[DatasetUse, ...]


@dataclass(frozen=True)
class PaperModel:
    """A model that a paper is linked to, or may be."""

    model: str
    slug: str
    role: Bilingual | None
    reason: str
    strength: str
    """``strong``: people or the model's BibTeX say it; ``medium``; ``weak``: a person must look."""


@dataclass(frozen=True)
class Paper:
    """A paper and what it is to the models, datasets and terms of the catalog."""

    arxiv_id: str
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    updated: str | None
    version: int | None
    venue: str | None
    doi: str | None
    withdrawn: bool
    introduces: Bilingual | None
    abstract: str | None
    url: str
    models: tuple[PaperModel, ...]
    proposed: tuple[PaperModel, ...]
    """Models that it only seems to present; nobody has looked."""
    datasets: tuple[str, ...]
    """Slugs of datasets that it introduces or describes."""
    terms: tuple[str, ...]
    """Slugs of the vocabulary that refer to it."""

    @property
    def matters(self) -> bool:
        """Whether anything in the catalog refers to it; it was only discovered otherwise."""
        return bool(self.models or self.datasets or self.terms or self.introduces)


@dataclass(frozen=True)
class TechniqueUse:
    """A model that uses a technique."""

    model: str
    slug: str
    properties: tuple[str, ...]
    """Under which properties its facts say so."""
    released: str | None


@dataclass(frozen=True)
class TechniqueShare:
    """How many of the first models of the English board used a technique at a quarter's end."""

    at: str
    """Day of the state that stood then."""
    n: int
    of: int
    """Models of the top whose methods are documented at all."""

    @property
    def year(self) -> int:
        """The year of the state."""
        return int(self.at[:4])


@dataclass(frozen=True)
class Technique:
    """A term of the vocabulary with who uses it."""

    term: Term
    uses: tuple[TechniqueUse, ...]
    """The earliest release first; unknown dates last."""
    first_seen: str | None
    shares: tuple[TechniqueShare, ...]
    """Quarter by quarter, as far as there are states."""

    @property
    def years(self) -> tuple[TechniqueShare, ...]:
        """The last share of each year."""
        return tuple({share.year: share for share in self.shares}.values())


@dataclass(frozen=True)
class Hit:
    """Something that a search found."""

    kind: str
    """``model``, ``paper``, ``dataset``, ``technique`` or ``comparison``."""
    key: str
    """Public id, arXiv id, slug, or group and slug."""
    title: Bilingual
    about: Bilingual | None


@dataclass(frozen=True)
class Subject:
    """One of the things that a written comparison compares."""

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
    confidence: str


@dataclass(frozen=True)
class WrittenComparison:
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


@dataclass(frozen=True)
class CoverageCell:
    """What is known of one property of one model."""

    property: str
    state: str
    """``documented``, ``not-documented`` (looked for, with the day) or ``unknown``."""
    checked: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class CoverageRow:
    """One model that should be covered."""

    model: str
    slug: str
    groups: tuple[str, ...]
    """Boards whose top it is in, and ``seed`` for the models of the first notes."""
    cells: tuple[CoverageCell, ...]


@dataclass(frozen=True)
class CoverageCount:
    """How many models of a group have a property documented."""

    group: str
    property: str
    n: int
    documented: int
    not_documented: int
    """Looked for and not published: an honest answer, with the day."""
    unknown: int


@dataclass(frozen=True)
class Coverage:
    """What is documented of the models that matter now."""

    rows: tuple[CoverageRow, ...]
    counts: tuple[CoverageCount, ...]
    """By group, the union of all last, and by property."""


@dataclass(frozen=True)
class Proposal:
    """A model to curate next."""

    model: str
    lack: int
    """Unknown properties, counted once for each board that has the model in its first fifty."""
    missing: tuple[str, ...]
    """Properties of which nothing is documented."""
    ready: tuple[str, ...]
    """Those of the missing that a text states, so that they only have to be accepted."""
    boards: tuple[str, ...]
    """Boards whose first fifty it is in."""
