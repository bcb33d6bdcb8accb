"""References of states of boards: which board, on which day, from which data."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from tracker.answers.boards import Leaderboard
from tracker.answers.references import Reference, ReferenceKind
from tracker.common.author_names import AuthorName
from tracker.errors import one_line


def board_reference(board: Leaderboard, digest: str) -> Reference:
    """Return the reference of a state of a board.

    Args:
        board: The state.
        digest: Short hash of the catalog, by which the same data are known again.
    """
    day = state_day(board)
    slug = "".join(letter for letter in board.edition.slug if letter.isalnum() or letter in "-.")
    where = board.provenance
    source = f"{where.source}, commit {where.commit[:12]}" if where.commit else where.source
    return Reference(
        key=f"{slug}-{day}",
        kind=ReferenceKind.other,
        title=one_line(board.edition.title.en),
        authors=(AuthorName("Embedding Tracker", is_group=True),),
        all_authors=True,
        issued=day,
        venue=None,
        doi=None,
        url=_web_address(where.url),
        arxiv_id=None,
        category=None,
        note=f"As of {day}, {board.origin}, catalog {digest}, from {one_line(source)}",
    )


def state_day(board: Leaderboard) -> str:
    """Return the day of a board state: the requested day, or that of the last known state."""
    return min(board.as_of, board.edition.last_at or board.as_of)[:10]


def _web_address(url: str) -> str | None:
    """An address that a reference may have; ``None`` for any other text."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or not url.isprintable():
        return None
    return quote(url.strip(), safe=":/?#[]@!$&'()*+,;=%~")
