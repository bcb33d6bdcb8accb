"""What stands in the curated files: frozen records that check themselves.

A rule that is broken carries its own remedy. Rules that need the rest of the knowledge (is this
slug a term, has this paper an entry) read it from the validation context and are skipped
without one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from tracker.text import did_you_mean

_HAN = re.compile(r"[\u3400-\u9fff]")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LINK = re.compile(r"https?://\S+")

NOT_DOCUMENTED = "not-documented"
"""The value of a property that was looked for and is not published."""

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


def _wrong(message: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError("curated", "{message}", {"message": message, "remedy": remedy})


def _shape(pattern: str, what: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise _wrong(f"{value!r} is not {what}", f"write {what}")
        return value

    return AfterValidator(check)


Text = Annotated[str, _shape(r"(?s)\S(.*\S)?", "a text without blanks around it")]
Slug = Annotated[str, _shape(_SLUG.pattern, "a slug (small letters, digits and hyphens)")]
Day = Annotated[str, _shape(r"\d{4}-\d\d(-\d\d)?", "a date such as 2024-10-22 or 2024-10")]
Moment = Annotated[
    str, _shape(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "a UTC moment such as 2024-10-22T02:56:00Z")
]
ArxivId = Annotated[str, _shape(r"\d{4}\.\d{4,5}", "an arXiv id such as 2405.17428, without v1")]
PublicId = Annotated[str, _shape(r"[^/\s]+/[^/\s]+", "a public id such as org/name")]
Link = Annotated[str, _shape(_LINK.pattern, "an address that starts with https://")]
Confidence = Literal["high", "medium", "low"]
Property = Literal[
    "base_model", "pooling", "attention", "objective", "negatives", "training_data", "stages",
    "innovation", "instructions", "embedding_dimensions", "licence", "released", "parameters",
    "max_tokens",
]  # fmt: skip


class Record(BaseModel):
    """Base of everything that stands in a curated file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Bilingual(Record):
    """The same text in both languages of the site."""

    en: Text
    zh: Text

    @field_validator("en", "zh")
    @classmethod
    def _own_language(cls, text: str, info: ValidationInfo) -> str:
        if bool(_HAN.search(text)) != (info.field_name == "zh"):
            language = "Chinese" if info.field_name == "zh" else "English"
            raise _wrong(f"{text[:40]!r} is not {language}", f"write it in {language}")
        return text


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


class Group(Record):
    """A group of the vocabulary."""

    slug: Slug
    title: Bilingual


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
    """Where a fact can be read."""

    source: Text
    """An address, or in the file one of the keys of the model's ``sources``."""
    locator: Text | None = None
    """Section, line of the card or configuration key."""
    confidence: Confidence
    checked: Day | None = None
    note: Text | None = None

    @field_validator("source")
    @classmethod
    def _resolved(cls, source: str, info: ValidationInfo) -> str:
        if _LINK.fullmatch(source):
            return source
        sources = (info.context or {}).get("sources", {})
        if source not in sources:
            raise _wrong(
                f"unknown source {source!r}",
                did_you_mean(source, sources, "name it under sources, or write its address"),
            )
        return str(sources[source])


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
        if name in TEXT_GROUPS and not _SLUG.fullmatch(value):
            return value
        if value not in terms or group not in (ANY_GROUP, terms[value]):
            of_group = [slug for slug, its in terms.items() if group in (ANY_GROUP, its)]
            where = "the vocabulary" if group == ANY_GROUP else f"vocabulary group {group!r}"
            raise _wrong(f"{name} {value!r} is not in {where}", did_you_mean(value, of_group))
        return value

    @field_validator("evidence")
    @classmethod
    def _has_evidence(cls, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        if not evidence:
            raise _wrong("a fact without evidence", "say where it can be read")
        return evidence


class PaperRef(Record):
    """A paper of a model, and what it is to the model."""

    arxiv: ArxivId
    role: Bilingual

    @field_validator("arxiv")
    @classmethod
    def _has_entry(cls, arxiv: str, info: ValidationInfo) -> str:
        papers = (info.context or {}).get("papers")
        if papers is not None and arxiv not in papers:
            raise _wrong(f"paper {arxiv} has no entry", f"add papers/{arxiv}.yaml")
        return arxiv


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
    sources: dict[str, Link] = {}
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
