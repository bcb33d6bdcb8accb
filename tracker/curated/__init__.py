"""Knowledge that people wrote, in YAML under ``db/curated``, read into checked, frozen records.

Every mistake in a file is one :class:`~tracker.errors.CuratedError`: file, line, what is wrong,
what to do about it.
"""

from __future__ import annotations

from tracker.curated.reading import read_curated
from tracker.curated.records import (
    NOT_DOCUMENTED,
    Bilingual,
    BoardNote,
    BrokenSpan,
    Correction,
    Curated,
    Evidence,
    Fact,
    Group,
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
    "NOT_DOCUMENTED",
    "Bilingual",
    "BoardNote",
    "BrokenSpan",
    "Correction",
    "Curated",
    "Evidence",
    "Fact",
    "Group",
    "Model",
    "NoPaper",
    "Paper",
    "PaperRef",
    "PublishedBoard",
    "Relation",
    "Series",
    "Term",
    "read_curated",
]
