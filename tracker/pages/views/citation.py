"""How to cite a board or a paper: day, state of the catalog, and BibTeX."""

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
    """A stranger's text as TeX prints it."""
    return "".join(_TEX.get(letter, letter) for letter in plain(text))


def citation(board: Leaderboard, digest: str) -> Citation:
    """How to cite a board as it stands on its page; ``digest`` tells the state of the catalog."""
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
        # Braces would end the field; an address may always be written without them.
        fields["url"] = source.replace("{", "%7B").replace("}", "%7D")
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    key = "".join(letter for letter in board.edition.slug if letter.isalnum() or letter in "-.")
    return Citation(day, digest, f"@misc{{{key}-{day},\n{lines}}}")


def bibtex(paper: Paper) -> str:
    """An entry made of what the catalog knows of a paper; what it does not know stays out."""
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
