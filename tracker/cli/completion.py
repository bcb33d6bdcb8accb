"""Shell completion of board and model names; empty if there is no catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from tracker.errors import TrackerError

if TYPE_CHECKING:
    from tracker.api import Catalog

_MOST = 200
"""Names that are offered at most."""


def board_names(incomplete: str) -> list[str]:
    """Series and editions that begin with a text, in any case."""
    return _beginning(
        incomplete,
        lambda catalog: (name for e in catalog.editions() for name in (e.series, e.name)),
    )


def model_names(incomplete: str) -> list[str]:
    """Public ids of models that begin with a text, or whose last part does, in any case."""
    return _beginning(
        incomplete, lambda catalog: (t.key for t in catalog.search_names() if t.kind == "model")
    )


def _beginning(incomplete: str, read: Callable[[Catalog], Iterable[str]]) -> list[str]:
    from tracker.api import open_catalog

    try:
        with open_catalog() as catalog:
            names = list(dict.fromkeys(read(catalog)))
    except TrackerError:
        return []
    return list(dict.fromkeys(_matching(incomplete.casefold(), names)))[:_MOST]


def _matching(beginning: str, names: Iterable[str]) -> Iterator[str]:
    yield from (name for name in names if name.casefold().startswith(beginning))
    for name in names:
        if "/" in name and name.casefold().partition("/")[2].startswith(beginning):
            yield name.partition("/")[2]  # a shell offers only what begins as typed
