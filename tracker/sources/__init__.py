"""One module a source: a header, a ``fetch`` that yields raw bytes, and pure ``parse`` functions.

The modules are imported only when they are asked for, so that listing them costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module

from tracker.errors import SourceError, UsageError
from tracker.records import SourceHeader

SOURCES: dict[str, str] = {
    "published-boards": "tracker.sources.published_boards",
    "leaderboard-api": "tracker.sources.leaderboard_api",
    "arxiv-papers": "tracker.sources.arxiv_papers",
}
"""Module path by source id, in the order in which a run asks them."""


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """One document that could not be fetched, among others that could."""

    stream: str
    url: str
    error: SourceError


def header(source_id: str) -> SourceHeader:
    """The header of a source.

    Raises:
        UsageError: There is no such source; the message suggests the nearest id.
    """
    path = SOURCES.get(source_id)
    if path is None:
        raise UsageError(f"unknown source {source_id!r}", remedy=suggestion(source_id, SOURCES))
    found: SourceHeader = import_module(path).HEADER
    return found


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names that look most like a name, whatever its upper and lower case."""
    from difflib import SequenceMatcher

    wanted = name.casefold()

    def likeness(other: str) -> float:
        folded = other.casefold()
        inside = bool(wanted) and (wanted in folded or folded in wanted)
        return max(SequenceMatcher(None, wanted, folded).ratio(), 0.9 * inside)

    rated = sorted(((-likeness(other), other) for other in known), key=lambda pair: pair)
    return [other for rating, other in rated[:count] if rating <= -0.5]


def suggestion(name: str, known: Iterable[str]) -> str:
    """``did you mean a, b or c``; where nothing is near, the first few of what there is."""
    names = list(known)
    near = nearest(name, names)
    if near:
        return "did you mean " + " or ".join(repr(one) for one in near)
    shown = ", ".join(repr(one) for one in names[:5])
    return f"there are {shown}" + (" and more" if len(names) > 5 else "") if names else ""
