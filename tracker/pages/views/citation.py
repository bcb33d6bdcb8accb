"""Citations of boards and papers."""

from __future__ import annotations

from tracker.answers.boards import Leaderboard
from tracker.answers.methods import Paper
from tracker.insights.references.bibtex import bibtex as as_bibtex
from tracker.insights.references.boards import board_reference
from tracker.insights.references.csl import csl_json
from tracker.insights.references.reading import reference_of
from tracker.insights.references.ris import ris
from tracker.pages.contexts import Citation


def citation(board: Leaderboard, digest: str) -> Citation:
    """Return the citation of a board state; ``digest`` is the short hash of the catalog."""
    reference = board_reference(board, digest)
    formats = ("CSL-JSON", csl_json([reference])), ("RIS", ris(reference))
    return Citation(str(reference.issued), digest, as_bibtex(reference), formats)


def bibtex(paper: Paper) -> str:
    """Return the BibTeX entry of a paper; missing fields are left out."""
    return as_bibtex(reference_of(paper))


def other_formats(paper: Paper) -> tuple[tuple[str, str], ...]:
    """Return name and text of a paper's reference in the formats other than BibTeX."""
    reference = reference_of(paper)
    return ("CSL-JSON", csl_json([reference])), ("RIS", ris(reference))
