"""Citations of boards and papers."""

from __future__ import annotations

from tracker.answers.boards import Leaderboard
from tracker.answers.methods import Paper
from tracker.insights.references.bibtex import bibtex as as_bibtex
from tracker.insights.references.bibtex import entry, verbatim
from tracker.insights.references.bibtex import tex as escape
from tracker.insights.references.csl import csl_json
from tracker.insights.references.reading import reference_of
from tracker.insights.references.ris import ris
from tracker.pages.contexts import Citation
from tracker.pages.language.filters import plain, safe_url, state_day


def tex(text: str) -> str:
    """Escape untrusted text for TeX."""
    return escape(plain(text))


def citation(board: Leaderboard, digest: str) -> Citation:
    """Return the citation of a board state; ``digest`` is the short hash of the catalog."""
    day = state_day(board)
    fields: dict[str, str | None] = {
        "author": "{Embedding Tracker}",
        "title": f"{{{tex(board.edition.title.en)}}}",
        "year": day[:4],
        "month": str(int(day[5:7])),
        "note": f"As of {day}, catalog {digest}, from {tex(board.provenance.source)}",
    }
    source = safe_url(board.provenance.url)
    if source:
        fields["url"] = verbatim(source)
    key = "".join(letter for letter in board.edition.slug if letter.isalnum() or letter in "-.")
    return Citation(day, digest, entry("misc", f"{key}-{day}", fields))


def bibtex(paper: Paper) -> str:
    """Return the BibTeX entry of a paper; missing fields are left out."""
    return as_bibtex(reference_of(paper))


def other_formats(paper: Paper) -> tuple[tuple[str, str], ...]:
    """Return name and text of a paper's reference in the formats other than BibTeX."""
    reference = reference_of(paper)
    return ("CSL-JSON", csl_json([reference])), ("RIS", ris(reference))
