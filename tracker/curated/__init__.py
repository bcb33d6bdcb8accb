"""Read the YAML files under ``db/curated`` into checked, frozen records.

A mistake in a file is a :class:`~tracker.errors.CuratedError` with file, line, problem and remedy.
Classes named ``…Entry`` are what a person wrote; the answers about models, papers and datasets are
in :mod:`tracker.answers`.
"""

from __future__ import annotations

from tracker.curated.basics import BilingualText, Group
from tracker.curated.evidence import EvidenceEntry
from tracker.curated.library import ComparisonEntry, DatasetEntry, Dimension, Remark, SubjectEntry
from tracker.curated.reading import read_curated
from tracker.curated.records import (
    BoardNoteEntry,
    BrokenSpan,
    CorrectionEntry,
    Curated,
    FactEntry,
    ModelEntry,
    NoPaperEntry,
    PaperEntry,
    PaperRef,
    PublishedBoard,
    RelationEntry,
    SeriesEntry,
    TermEntry,
)

__all__ = [
    "BilingualText",
    "BoardNoteEntry",
    "BrokenSpan",
    "ComparisonEntry",
    "CorrectionEntry",
    "Curated",
    "DatasetEntry",
    "Dimension",
    "EvidenceEntry",
    "FactEntry",
    "Group",
    "ModelEntry",
    "NoPaperEntry",
    "PaperEntry",
    "PaperRef",
    "PublishedBoard",
    "RelationEntry",
    "Remark",
    "SeriesEntry",
    "SubjectEntry",
    "TermEntry",
    "read_curated",
]
