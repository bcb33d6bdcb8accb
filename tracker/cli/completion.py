"""Shell completion of board and model names; empty if there is no catalog.

Typer offers what begins with the text as typed, in the same case.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tracker.errors import TrackerError

if TYPE_CHECKING:
    from tracker.api import Catalog

_MOST = 200
"""Names that are offered at most."""
_OFFERED = re.compile(r"[\w./:@%+=,()& -]+")
"""Names that are offered: others, with quotes, dollar signs or control characters, could become
commands in a shell."""
_SPECIAL = re.compile(r"[()& ]")
"""What bash needs a backslash for."""


def board_names(incomplete: str) -> list[str]:
    """Series, and editions by slug or name, that begin with a text."""
    return _beginning(
        incomplete,
        lambda catalog: (n for e in catalog.editions() for n in (e.series, e.slug, e.name)),
    )


def model_names(incomplete: str) -> list[str]:
    """Public ids of models that begin with a text, or whose last part does."""

    def names(catalog: Catalog) -> Iterable[str]:
        ids = [t.key for t in catalog.search_names() if t.kind == "model"]
        # A shell offers only what begins as typed.
        return [*ids, *(name.partition("/")[2] for name in ids if "/" in name)]

    return _beginning(incomplete, names)


def _beginning(incomplete: str, read: Callable[[Catalog], Iterable[str]]) -> list[str]:
    from tracker.api import open_catalog

    try:
        with open_catalog() as catalog:
            names = (n for n in read(catalog) if n.startswith(incomplete))
            found = list(dict.fromkeys(filter(_OFFERED.fullmatch, names)))[:_MOST]
    except TrackerError:
        return []
    return _for_bash(found) if os.environ.get("_TRACKER_COMPLETE") == "complete_bash" else found


def _for_bash(names: list[str]) -> list[str]:
    """Quote names, as zsh and fish do themselves; bash inserts what it gets."""
    typed = os.environ.get("COMP_WORDS", "")
    try:
        shlex.split(typed)
    except ValueError:  # an open quote
        return names
    if "\\" in typed:  # Typer compares without backslashes and would drop quoted names
        return [name for name in names if not _SPECIAL.search(name)]
    return [_SPECIAL.sub(r"\\\g<0>", name) for name in names]
