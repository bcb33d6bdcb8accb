"""Records of the curated files, and the checks of a single file.

Checks that need other files (is this slug a term, has this paper an entry) read them from the
validation context and are skipped without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from tracker.common.text import did_you_mean
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.curated.basics import (
    SLUG,
    ArxivId,
    BilingualText,
    Confidence,
    Day,
    Group,
    KnownPaper,
    Link,
    Moment,
    PublicId,
    Record,
    Slug,
    Text,
    wrong,
)
from tracker.curated.evidence import EvidenceEntry
from tracker.curated.library import ComparisonEntry, DatasetEntry
from tracker.curated.organisations import OrganisationEntry
from tracker.curated.suspects import SuspectsFile
from tracker.receipts.records import SourceRecord

ANY_GROUP = "*"
"""Group of properties whose value may be a term of any vocabulary group."""

SLUG_GROUPS = {
    "pooling": "pooling",
    "attention": "attention",
    "instructions": "instructions",
    "innovation": ANY_GROUP,
}
"""Properties whose value must be a term, with the vocabulary group of the term."""

TEXT_GROUPS = {"objective": "objective", "negatives": "negatives"}
TEXT_GROUPS |= {"training_data": "data", "stages": "stage"}
"""Properties whose value is a term or a short text; a text that looks like a slug must be a
term."""


Property = Literal[
    "base_model", "pooling", "attention", "objective", "negatives", "training_data", "stages",
    "innovation", "instructions", "embedding_dimensions", "licence", "released", "parameters",
    "max_tokens",
]  # fmt: skip


class SeriesEntry(Record):
    """One leaderboard with its editions over time."""

    slug: Slug
    title: BilingualText
    editions: tuple[Text, ...]
    """Names, oldest first; the last one with data on a date is current on that date."""


class PublishedBoard(Record):
    """A folder of the leaderboard that was published until 2025-02."""

    folder: Text
    title: BilingualText
    series: Slug
    main_table: str | None = None
    """Task type to show if the board has no overall table."""
    note: BilingualText | None = None


class TermEntry(Record):
    """A term of the controlled vocabulary."""

    group: Slug
    slug: Slug
    label: BilingualText
    definition: BilingualText
    cues: tuple[Text, ...] = ()
    """Phrases that indicate it in a paper or a model card."""
    config_cues: tuple[Text, ...] = ()
    paper: ArxivId | None = None
    """The paper that introduced it or describes it best."""


class PaperEntry(Record):
    """A paper about a model, a method or a benchmark."""

    arxiv_id: ArxivId
    title: Text
    authors: tuple[Text, ...]
    more_authors: bool = False
    """Whether there are further authors than those listed."""
    submitted: Day | None = None
    venue: Text | None = None
    introduces: BilingualText | None = None
    source: Link
    confidence: Confidence = "high"


class FactEntry(Record):
    """One statement about a model, with its evidence."""

    property: Property
    value: Text
    """A term's slug, a short text, or ``not-documented``."""
    statement: BilingualText | None = None
    qualifier: Text | None = None
    evidence: tuple[EvidenceEntry, ...]

    @field_validator("value")
    @classmethod
    def _known(cls, value: str, info: ValidationInfo) -> str:
        name = info.data.get("property", "")
        terms: Mapping[str, str] | None = (info.context or {}).get("terms")
        group = SLUG_GROUPS.get(name) or TEXT_GROUPS.get(name)
        if terms is None or group is None or value == NOT_DOCUMENTED:
            return value
        if name in TEXT_GROUPS and not SLUG.fullmatch(value):
            return value
        if value not in terms or group not in (ANY_GROUP, terms[value]):
            of_group = [slug for slug, term in terms.items() if group in (ANY_GROUP, term)]
            where = "the vocabulary" if group == ANY_GROUP else f"vocabulary group {group!r}"
            raise wrong(f"{name} {value!r} is not in {where}", did_you_mean(value, of_group))
        return value

    @field_validator("evidence")
    @classmethod
    def _has_evidence(cls, evidence: tuple[EvidenceEntry, ...]) -> tuple[EvidenceEntry, ...]:
        if not evidence:
            raise wrong("a fact without evidence", "name a source")
        return evidence


class PaperRef(Record):
    """A paper of a model, with its role, such as "describes it"."""

    arxiv: KnownPaper
    role: BilingualText


class NoPaperEntry(Record):
    """A statement that no paper describes the model, as of a day."""

    text: BilingualText
    checked: Day
    source: Link | None = None


class ModelEntry(Record):
    """Everything curated about one model."""

    name: PublicId
    organisation: Text
    listed_as: tuple[PublicId, ...] = ()
    """Other public ids under which boards list the same model."""
    sources: dict[str, Link] = Field(default_factory=dict)
    facts: tuple[FactEntry, ...]
    papers: tuple[PaperRef, ...] = ()
    no_paper: NoPaperEntry | None = None


class CorrectionEntry(Record):
    """A wrong value in a source, with the right one."""

    model: PublicId
    property: Text
    """Name of the field in the API, for example ``embeddingDim``."""
    wrong: Text
    right: Text
    reason: BilingualText
    source: Link


class RelationEntry(Record):
    """``model`` is the same model as ``of``, under whose name both are shown.

    ``distinct`` states the opposite: it overrules a rule that would take ``model`` for a copy.
    """

    kind: Literal["copy", "moved", "quantised", "reupload", "renamed", "distinct"]
    model: PublicId
    of: PublicId
    date: Day | None = None
    reason: BilingualText
    source: Link


class BoardNoteEntry(Record):
    """A note about a model's rank on a board."""

    board: Text
    """Slug of a series or name of an edition."""
    model: PublicId
    since: Moment
    until: Moment | None = None
    text: BilingualText
    source: Link


class Withdrawal(Record):
    """The publisher removed a model from its leaderboard on purpose."""

    model: PublicId
    date: Day
    text: BilingualText
    source: Link


class BrokenSpan(Record):
    """An interval in which published boards were damaged and their ranks are misleading."""

    folders: tuple[Text, ...]
    since: Moment
    until: Moment
    text: BilingualText


class BoardsFile(Record):
    """The layout of ``boards.yaml``."""

    series: tuple[SeriesEntry, ...]
    boards: tuple[PublishedBoard, ...] = ()


class VocabularyFile(Record):
    """The layout of ``vocabulary/<group>.yaml``."""

    group: Slug
    title: BilingualText
    terms: tuple[TermEntry, ...]


class CorrectionsFile(Record):
    """The layout of ``corrections.yaml``."""

    corrections: tuple[CorrectionEntry, ...]


class RelationsFile(Record):
    """The layout of ``relations.yaml``."""

    relations: tuple[RelationEntry, ...]


class NotesFile(Record):
    """The layout of ``notes.yaml``."""

    notes: tuple[BoardNoteEntry, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    broken_spans: tuple[BrokenSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Curated:
    """All curated records of a folder, checked against each other."""

    series: tuple[SeriesEntry, ...] = ()
    boards: tuple[PublishedBoard, ...] = ()
    groups: tuple[Group, ...] = ()
    terms: tuple[TermEntry, ...] = ()
    papers: tuple[PaperEntry, ...] = ()
    models: tuple[ModelEntry, ...] = ()
    corrections: tuple[CorrectionEntry, ...] = ()
    relations: tuple[RelationEntry, ...] = ()
    notes: tuple[BoardNoteEntry, ...] = ()
    broken_spans: tuple[BrokenSpan, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    datasets: tuple[tuple[str, DatasetEntry], ...] = ()
    """Pairs of the kind, which names the file, and the dataset."""
    dataset_kinds: tuple[Group, ...] = ()
    comparisons: tuple[ComparisonEntry, ...] = ()
    organisations: tuple[OrganisationEntry, ...] = ()
    suspects: SuspectsFile = field(default_factory=SuspectsFile)
    """What the rules on suspect scores know beforehand."""
    receipts: Mapping[str, SourceRecord] = field(default_factory=dict)
    """What is on record of cited sources, by address."""
