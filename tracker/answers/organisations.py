"""Answers about organisations: who publishes models, under which names and accounts."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Bilingual


@dataclass(frozen=True)
class Organisation:
    """A company, laboratory, university, team or community that publishes models."""

    slug: str
    """Stable name of the entry, in small letters."""
    name: Bilingual
    """What it calls itself."""
    kind: str
    """company, lab, university, institute, team or community; ``account`` where nothing but the
    account on the Hub is known."""
    parent: str | None
    """Slug of the organisation that it belongs to."""
    owners: tuple[str, ...]
    """Accounts on the Hub, or beginnings of public ids; those of its parts come after its own."""
    aliases: tuple[str, ...]
    """Other names that people write."""
    models: tuple[str, ...]
    """Public ids of its models and of those of its parts, by name."""
    parts: tuple[str, ...] = ()
    """Slugs of the organisations that belong to it."""

    @property
    def n_models(self) -> int:
        """Number of its models."""
        return len(self.models)
