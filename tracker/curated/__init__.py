"""Knowledge that people wrote, in YAML under ``db/curated``, read into checked, frozen records.

Every mistake in a file is one :class:`~tracker.errors.CuratedError`: file, line, what is wrong,
what to do about it.
"""

from __future__ import annotations

from tracker.curated.basics import Bilingual, Group
from tracker.curated.library import Comparison, Dataset, Dimension, Remark, Subject
from tracker.curated.reading import read_curated
from tracker.curated.records import (
    BoardNote,
    BrokenSpan,
    Correction,
    Curated,
    Evidence,
    Fact,
    Model,
    NoPaper,
    Paper,
    PaperRef,
    PublishedBoard,
    Relation,
    Series,
    Term,
)

__all__ = [
    "Bilingual",
    "BoardNote",
    "BrokenSpan",
    "Comparison",
    "Correction",
    "Curated",
    "Dataset",
    "Dimension",
    "Evidence",
    "Fact",
    "Group",
    "Model",
    "NoPaper",
    "Paper",
    "PaperRef",
    "PublishedBoard",
    "Relation",
    "Remark",
    "Series",
    "Subject",
    "Term",
    "read_curated",
]
