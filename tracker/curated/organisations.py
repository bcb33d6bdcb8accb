"""Curated records of organisations: who publishes models, and under which accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tracker.common.text import did_you_mean
from tracker.curated.basics import Record, Slug, Text
from tracker.curated.document import Document


class OrganisationName(Record):
    """A name; many organisations use the same one in Chinese."""

    en: Text
    zh: Text | None = None


class OrganisationEntry(Record):
    """A company, laboratory, university, team or community that publishes models."""

    slug: Slug
    name: OrganisationName
    kind: Literal["company", "lab", "university", "institute", "team", "community"]
    parent: Slug | None = None
    """The organisation that it belongs to."""
    owners: tuple[Text, ...] = ()
    """Accounts on the Hub: the part of a public id before the slash. ``account/name`` means the
    models of an account whose names begin so; the longer one wins."""
    aliases: tuple[Text, ...] = ()
    """Other names that people write, in any language."""

    def names(self) -> Iterator[str]:
        """All names by which it is found."""
        yield from (self.slug, self.name.en, *filter(None, [self.name.zh]))
        yield from (*(owner for owner in self.owners if "/" not in owner), *self.aliases)


class OrganisationsFile(Record):
    """The layout of ``organisations.yaml``."""

    organisations: tuple[OrganisationEntry, ...]


def check_organisations(file: OrganisationsFile, document: Document) -> None:
    """Check that each name means one organisation, and that parents exist without circles.

    Raises:
        CuratedError: The first mistake.
    """
    by_slug = {entry.slug: entry for entry in file.organisations}
    owners: dict[str, str] = {}
    for number, entry in enumerate(file.organisations):
        place = ("organisations", number)
        for name in entry.names():
            other = owners.setdefault(name.casefold(), entry.slug)
            if other != entry.slug or (name == entry.slug and by_slug[name] is not entry):
                document.fail(
                    (*place, "slug"),
                    f"{name!r} would mean both {other!r} and {entry.slug!r}",
                    "decide which organisation this name means",
                )
        above = [entry.slug]
        while (parent := by_slug[above[-1]].parent) is not None:
            if parent not in by_slug:
                document.fail(
                    (*place, "parent"),
                    f"no organisation {parent!r}",
                    did_you_mean(parent, by_slug),
                )
            if parent in above:
                document.fail(
                    (*place, "parent"),
                    f"{entry.slug!r} would belong to itself",
                    "name an organisation above it, or none",
                )
            above.append(parent)
