"""Curated records about datasets and comparisons of several models."""

from __future__ import annotations

from pydantic import Field, field_validator

from tracker.curated.basics import (
    BilingualText,
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
from tracker.curated.evidence import EvidenceEntry


class DatasetEntry(Record):
    """A benchmark or training data set."""

    slug: Slug
    name: Text
    aliases: tuple[Text, ...] = ()
    """Other names that facts and benchmark tasks use for it."""
    what: BilingualText
    size: BilingualText | None = None
    languages: BilingualText
    paper: KnownPaper | None = None
    part_of: tuple[Slug, ...] = ()
    """Mixtures that contain it."""
    used_by: tuple[PublicId, ...] = ()
    """Models that use it according to the source, if no fact of the model says so."""
    source: Link
    confidence: Confidence
    note: BilingualText | None = None


class DatasetsFile(Record):
    """The layout of ``datasets/<kind>.yaml``."""

    kind: Slug
    title: BilingualText
    datasets: tuple[DatasetEntry, ...]


class SubjectEntry(Record):
    """One column of a comparison."""

    slug: Slug
    """Key of its cells."""
    name: Text
    model: PublicId | None = None
    paper: KnownPaper | None = None


class _Sourced(Record):
    """A statement with its sources."""

    topic: BilingualText
    sources: tuple[Source, ...]
    confidence: Confidence
    receipts: tuple[EvidenceEntry, ...] = ()
    """Places in the sources that show it, as for facts of models."""

    @field_validator("sources")
    @classmethod
    def _has_sources(cls, sources: tuple[str, ...]) -> tuple[str, ...]:
        if not sources:
            raise wrong("a statement without sources", "name a source")
        return sources


class Dimension(_Sourced):
    """One row of a comparison: what each subject does about one topic."""

    cells: dict[Slug, BilingualText]
    """By subject."""


class Remark(_Sourced):
    """One paragraph of a comparison."""

    text: BilingualText


class ComparisonEntry(Record):
    """Models or methods side by side, with their differences and what they share."""

    slug: Slug
    title: BilingualText
    summary: BilingualText
    sources: dict[str, Link] = Field(default_factory=dict)
    subjects: tuple[SubjectEntry, ...]
    dimensions: tuple[Dimension, ...]
    differences: tuple[Remark, ...] = ()
    connections: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """Further remarks, for example on common errors."""

    @property
    def statements(self) -> tuple[Dimension | Remark, ...]:
        """Everything that the comparison states, in its order."""
        return (*self.dimensions, *self.differences, *self.connections, *self.remarks)
