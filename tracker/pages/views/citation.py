"""Citations: BibTeX entries of boards and papers."""

from __future__ import annotations

from tracker.answers.boards import Leaderboard
from tracker.answers.methods import Paper
from tracker.pages.contexts import Citation
from tracker.pages.language.filters import plain, safe_url, state_day

_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}%&#$_"},
}


def tex(text: str) -> str:
    """Escape untrusted text for TeX."""
    return "".join(_TEX.get(letter, letter) for letter in plain(text))


def citation(board: Leaderboard, digest: str) -> Citation:
    """Return the citation of a board state; ``digest`` is the short hash of the catalog."""
    day = state_day(board)
    fields = {
        "author": "{Embedding Tracker}",
        "title": f"{{{tex(board.edition.title.en)}}}",
        "year": day[:4],
        "month": str(int(day[5:7])),
        "note": f"As of {day}, catalog {digest}, from {tex(board.provenance.source)}",
    }
    source = safe_url(board.provenance.url)
    if source:
        # A brace would end the BibTeX field; addresses may percent-encode it.
        fields["url"] = source.replace("{", "%7B").replace("}", "%7D")
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    key = "".join(letter for letter in board.edition.slug if letter.isalnum() or letter in "-.")
    return Citation(day, digest, f"@misc{{{key}-{day},\n{lines}}}")


def bibtex(paper: Paper) -> str:
    """Return the BibTeX entry of a paper; missing fields are left out."""
    fields = {
        "title": f"{{{tex(paper.title)}}}" if paper.title else None,
        "author": " and ".join(map(tex, paper.authors)) or None,
        "year": paper.published[:4] if paper.published else None,
        "eprint": paper.arxiv_id,
        "archiveprefix": "arXiv",
        "doi": tex(paper.doi) if paper.doi else None,
        "note": "withdrawn" if paper.withdrawn else None,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{arxiv-{paper.arxiv_id.replace('/', '-')},\n{lines}}}"
