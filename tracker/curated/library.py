"""Curated records about methods at large: datasets, and comparisons of several models."""

from __future__ import annotations

from pydantic import Field, field_validator

from tracker.curated.basics import (
    Bilingual,
    Confidence,
    KnownPaper,
    Link,
    PublicId,
    Record,
    Slug,
    Source,
    Text,
    wrong,
)


class Dataset(Record):
    """A benchmark, or data that models are trained on."""

    slug: Slug
    name: Text
    aliases: tuple[Text, ...] = ()
    """Other names: those that facts and benchmark tasks use for it."""
    what: Bilingual
    size: Bilingual | None = None
    languages: Bilingual
    paper: KnownPaper | None = None
    part_of: tuple[Slug, ...] = ()
    """Mixtures that contain it."""
    used_by: tuple[PublicId, ...] = ()
    """Models that the source names, where no fact of theirs does."""
    source: Link
    confidence: Confidence
    note: Bilingual | None = None


class DatasetsFile(Record):
    """The layout of ``datasets/<kind>.yaml``."""

    kind: Slug
    title: Bilingual
    datasets: tuple[Dataset, ...]


class Subject(Record):
    """One of the things that a comparison compares."""

    slug: Slug
    """Key of its column."""
    name: Text
    model: PublicId | None = None
    paper: KnownPaper | None = None


class _Sourced(Record):
    """A statement with where it can be read."""

    topic: Bilingual
    sources: tuple[Source, ...]
    confidence: Confidence

    @field_validator("sources")
    @classmethod
    def _has_sources(cls, sources: tuple[str, ...]) -> tuple[str, ...]:
        if not sources:
            raise wrong("a statement without sources", "say where it can be read")
        return sources


class Dimension(_Sourced):
    """One row of a comparison: what each subject does in one respect."""

    cells: dict[Slug, Bilingual]
    """By subject."""


class Remark(_Sourced):
    """One paragraph of a comparison."""

    text: Bilingual


class Comparison(Record):
    """Models or methods side by side, with what divides and what connects them."""

    slug: Slug
    title: Bilingual
    summary: Bilingual
    sources: dict[str, Link] = Field(default_factory=dict)
    subjects: tuple[Subject, ...]
    dimensions: tuple[Dimension, ...]
    differences: tuple[Remark, ...] = ()
    connections: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """What else a reader should know, for example what is often told wrong."""
