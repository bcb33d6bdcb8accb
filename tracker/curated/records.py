"""What stands in the curated files: frozen records that check themselves.

Rules that need the rest of the knowledge (is this slug a term, has this paper an entry) read it
from the validation context and are skipped without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from tracker.common.addresses import parse_address
from tracker.common.text import did_you_mean
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.curated.basics import (
    SLUG,
    ArxivId,
    Bilingual,
    Confidence,
    Day,
    Group,
    KnownPaper,
    Link,
    Moment,
    PublicId,
    Record,
    Slug,
    Source,
    Text,
    wrong,
)
from tracker.curated.library import Comparison, Dataset
from tracker.receipts.records import Receipt, SourceRecord

ANY_GROUP = "*"
"""An innovation may be a term of any vocabulary group."""

SLUG_GROUPS = {
    "pooling": "pooling",
    "attention": "attention",
    "instructions": "instructions",
    "innovation": ANY_GROUP,
}
"""Properties whose value must be a term, and the vocabulary group that it must be in."""

TEXT_GROUPS = {"objective": "objective", "negatives": "negatives"}
TEXT_GROUPS |= {"training_data": "data", "stages": "stage"}
"""Properties whose value is a term or a short text: what looks like a slug must be a term."""


Property = Literal[
    "base_model", "pooling", "attention", "objective", "negatives", "training_data", "stages",
    "innovation", "instructions", "embedding_dimensions", "licence", "released", "parameters",
    "max_tokens",
]  # fmt: skip


ReceiptKind = Literal["primary", "secondary", "inherited", "registry"]
"""primary: the makers' own; secondary: others about it; inherited: of a base, sibling or family;
registry: declared to the benchmark's registry."""
LONGEST_TERM = 80
MOST_WORDS = 8


class Series(Record):
    """One leaderboard through time."""

    slug: Slug
    title: Bilingual
    editions: tuple[Text, ...]
    """Names in order of succession; the last one with data on a date is current on it."""


class PublishedBoard(Record):
    """A folder of the leaderboard as it was published until 2025-02."""

    folder: Text
    title: Bilingual
    series: Slug
    main_table: str | None = None
    """Task type to show where the board has no overall table."""
    note: Bilingual | None = None


class Term(Record):
    """A word of the controlled vocabulary."""

    group: Slug
    slug: Slug
    label: Bilingual
    definition: Bilingual
    cues: tuple[Text, ...] = ()
    """Phrases that point to it in a paper or a model card."""
    config_cues: tuple[Text, ...] = ()
    paper: ArxivId | None = None
    """Where it was introduced or is described best."""


class Paper(Record):
    """A paper behind a model, a method or a benchmark."""

    arxiv_id: ArxivId
    title: Text
    authors: tuple[Text, ...]
    more_authors: bool = False
    """Whether further authors follow the listed ones."""
    submitted: Day | None = None
    venue: Text | None = None
    introduces: Bilingual | None = None
    source: Link
    confidence: Confidence = "high"


class Evidence(Record):
    """Where a fact can be read, and what stands there."""

    source: Source
    """An address, or in the file one of the keys of the model's ``sources``."""
    locator: Text | None = None
    """Heading, table, symbol, key, lines (``L10-L20``) or page (``p. 3``) of the source."""
    shows: tuple[Text, ...] = ()
    """Terms, names or numbers that stand together at that place; no sentences."""
    kind: ReceiptKind = Field(default=None, validate_default=True)
    """What the source is to the model; ``registry`` where the address says so, else ``primary``."""
    of: PublicId | None = Field(default=None, validate_default=True)
    """The model that an ``inherited`` receipt speaks of."""
    confidence: Confidence
    checked: Day | None = None
    note: Text | None = None

    @field_validator("shows")
    @classmethod
    def _terms_only(cls, shows: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if shows and not info.data.get("locator"):
            raise wrong("shows without locator", "say where in the source the terms stand")
        for term in shows:
            if len(term) > LONGEST_TERM or len(term.split()) > MOST_WORDS:
                raise wrong(f"{term[:40]!r} is a sentence", "name the few terms that decide")
        return shows

    @field_validator("kind", mode="before")
    @classmethod
    def _kind_of_address(cls, kind: str | None, info: ValidationInfo) -> str:
        declared = parse_address(info.data.get("source", "")).is_registry
        return kind or ("registry" if declared else "primary")

    @field_validator("of")
    @classmethod
    def _of_another(cls, of: str | None, info: ValidationInfo) -> str | None:
        if (of is not None) != (info.data.get("kind") == "inherited"):
            raise wrong("kind inherited and of: belong together", "give both or neither")
        return of

    @field_validator("confidence")
    @classmethod
    def _secondary_is_never_sure(cls, confidence: str, info: ValidationInfo) -> str:
        if confidence == "high" and info.data.get("kind") == "secondary":
            raise wrong("a secondary source with high confidence", "write medium or low")
        return confidence

    @property
    def receipt(self) -> Receipt:
        """The part of it that a machine can check."""
        return Receipt(self.source, self.locator, self.shows)


class Fact(Record):
    """One statement about a model, with its receipts."""

    property: Property
    value: Text
    """A term's slug, a short text, or ``not-documented``."""
    statement: Bilingual | None = None
    qualifier: Text | None = None
    evidence: tuple[Evidence, ...]

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
            of_group = [slug for slug, its in terms.items() if group in (ANY_GROUP, its)]
            where = "the vocabulary" if group == ANY_GROUP else f"vocabulary group {group!r}"
            raise wrong(f"{name} {value!r} is not in {where}", did_you_mean(value, of_group))
        return value

    @field_validator("evidence")
    @classmethod
    def _has_evidence(cls, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        if not evidence:
            raise wrong("a fact without evidence", "say where it can be read")
        return evidence


class PaperRef(Record):
    """A paper of a model, and what it is to the model."""

    arxiv: KnownPaper
    role: Bilingual


class NoPaper(Record):
    """That no paper describes the model, as of a day."""

    text: Bilingual
    checked: Day
    source: Link | None = None


class Model(Record):
    """What is known of a model apart from its scores."""

    name: PublicId
    organisation: Text
    listed_as: tuple[PublicId, ...] = ()
    """Other public ids under which boards list the very same model."""
    sources: dict[str, Link] = Field(default_factory=dict)
    facts: tuple[Fact, ...]
    papers: tuple[PaperRef, ...] = ()
    no_paper: NoPaper | None = None


class Correction(Record):
    """A value that a source gives wrong."""

    model: PublicId
    property: Text
    """The field as the API names it, for example ``embeddingDim``."""
    wrong: Text
    right: Text
    reason: Bilingual
    source: Link


class Relation(Record):
    """``model`` is another listing of ``of``, which is the one that speaks for both.

    ``distinct`` says the opposite: a rule would take it for a copy, and a person says it is none.
    """

    kind: Literal["copy", "moved", "quantised", "reupload", "renamed", "distinct"]
    model: PublicId
    of: PublicId
    date: Day | None = None
    reason: Bilingual
    source: Link


class BoardNote(Record):
    """What a reader should know of a model's place on a board."""

    board: Text
    """A series' slug or an edition's name."""
    model: PublicId
    since: Moment
    until: Moment | None = None
    text: Bilingual
    source: Link


class Withdrawal(Record):
    """The publisher took a model off its leaderboard on purpose."""

    model: PublicId
    date: Day
    text: Bilingual
    source: Link


class BrokenSpan(Record):
    """A time in which published boards were damaged, so that ranks of it mislead."""

    folders: tuple[Text, ...]
    since: Moment
    until: Moment
    text: Bilingual


class BoardsFile(Record):
    """The layout of ``boards.yaml``."""

    series: tuple[Series, ...]
    boards: tuple[PublishedBoard, ...] = ()


class VocabularyFile(Record):
    """The layout of ``vocabulary/<group>.yaml``."""

    group: Slug
    title: Bilingual
    terms: tuple[Term, ...]


class CorrectionsFile(Record):
    """The layout of ``corrections.yaml``."""

    corrections: tuple[Correction, ...]


class RelationsFile(Record):
    """The layout of ``relations.yaml``."""

    relations: tuple[Relation, ...]


class NotesFile(Record):
    """The layout of ``notes.yaml``."""

    notes: tuple[BoardNote, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    broken_spans: tuple[BrokenSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Curated:
    """All curated knowledge, checked."""

    series: tuple[Series, ...] = ()
    boards: tuple[PublishedBoard, ...] = ()
    groups: tuple[Group, ...] = ()
    terms: tuple[Term, ...] = ()
    papers: tuple[Paper, ...] = ()
    models: tuple[Model, ...] = ()
    corrections: tuple[Correction, ...] = ()
    relations: tuple[Relation, ...] = ()
    notes: tuple[BoardNote, ...] = ()
    broken_spans: tuple[BrokenSpan, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    datasets: tuple[tuple[str, Dataset], ...] = ()
    """Each with the kind that its file is named for."""
    dataset_kinds: tuple[Group, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    receipts: Mapping[str, SourceRecord] = field(default_factory=dict)
    """What is on record of cited sources, by address."""
