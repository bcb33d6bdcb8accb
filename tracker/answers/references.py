"""References: what a bibliography needs of a paper, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.common.author_names import AuthorName


class ReferenceKind(StrEnum):
    """Where a work appeared."""

    journal = "journal"
    proceedings = "proceedings"
    preprint = "preprint"
    """On arXiv only."""
    other = "other"
    """On a page of its own, such as a report or a data set."""


@dataclass(frozen=True)
class Reference:
    """One work, with its fields as plain text; what is not known is ``None`` or empty."""

    key: str
    """Citation key: ASCII letters, digits, dots and hyphens."""
    kind: ReferenceKind
    title: str | None
    authors: tuple[AuthorName, ...]
    all_authors: bool
    """Whether ``authors`` lists all of them."""
    issued: str | None
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; of a published work when it was published."""
    venue: str | None
    doi: str | None
    url: str | None
    arxiv_id: str | None
    category: str | None
    """Primary category on arXiv."""
    withdrawn_on: str | None = None
    withdrawn_because: str | None = None
    note: str | None = None
    """What a reader must know besides, such as which state of the data was read."""

    @property
    def remark(self) -> str | None:
        """That the work was withdrawn, when and why; else its note."""
        if self.withdrawn_on is None:
            return self.note
        reason = f": {self.withdrawn_because}" if self.withdrawn_because else ""
        return f"Withdrawn on {self.withdrawn_on}{reason}"
