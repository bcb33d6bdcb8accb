"""Names by which a search finds things directly."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Bilingual


@dataclass(frozen=True)
class NamedThing:
    """Something with a name of its own, and everything that it is called."""

    kind: str
    """As in ``Hit``."""
    key: str
    """As in ``Hit``; of a board its slug."""
    title: Bilingual
    about: Bilingual | None
    names: tuple[str, ...]
    """Its own names; one that it shares with copies is only the original's."""
    aliases: tuple[str, ...]
    """Other names; they count after everybody's own names."""
