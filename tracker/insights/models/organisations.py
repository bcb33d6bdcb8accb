"""Organisations: names in both languages, parents, accounts, and the models of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import orjson

from tracker.answers.common import Bilingual
from tracker.answers.organisations import Organisation
from tracker.catalog.knowledge import queries
from tracker.common.text import did_you_mean
from tracker.errors import NotFoundError
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader, memoised


@dataclass(frozen=True)
class Publishers:
    """Who publishes a model, by its public id."""

    by_owner: Mapping[str, Organisation]
    """By account or beginning of a public id, in small letters; the longest one wins."""
    names: Mapping[str, Bilingual]
    """By slug."""
    parents: Mapping[str, str | None]
    """By slug."""

    def of(self, model: str) -> Organisation | None:
        """The organisation that publishes a model, if it has an entry."""
        name = model.casefold()
        account = name.partition("/")[0]
        owners = [owner for owner in self.by_owner if "/" in owner and name.startswith(owner)]
        return self.by_owner.get(max(owners, key=len, default=account))

    def slugs(self, model: str) -> tuple[str, ...]:
        """Slugs of the organisation that publishes a model and of those above it."""
        own = self.of(model)
        slug = own.slug if own else None
        found = []
        while slug is not None:
            found.append(slug)
            slug = self.parents[slug]
        return tuple(found)

    def label(self, model: str) -> Bilingual | None:
        """Name of the organisation with the one above it, such as ``Qwen (Alibaba)``."""
        own = self.of(model)
        if own is None or own.parent is None:
            return own.name if own else None
        above = self.names[own.parent]
        return Bilingual(
            own.name.en if above.en in own.name.en else f"{own.name.en} ({above.en})",
            own.name.zh if above.zh in own.name.zh else f"{own.name.zh}（{above.zh}）",
        )


@memoised
def _read_entries(reader: Reader) -> tuple[Organisation, ...]:
    """The entries as they are written, without models and parts."""
    return tuple(
        Organisation(
            slug=row.slug,
            name=Bilingual(row.name_en, row.name_zh),
            kind=row.kind,
            parent=row.parent,
            owners=tuple(orjson.loads(row.owners)),
            aliases=tuple(orjson.loads(row.aliases)),
            models=(),
        )
        for row in queries.organisations(reader.connection)
    )


@memoised
def read_organisations(reader: Reader) -> tuple[Organisation, ...]:
    """Read all organisations that have an entry, by slug."""
    entries = _read_entries(reader)
    publishers = read_publishers(reader)
    models: dict[str, list[str]] = defaultdict(list)
    for row in read_names(reader).values():
        if (publisher := publishers.of(row.name)) is not None:
            models[publisher.slug].append(row.name)
    owners = {entry.slug: entry.owners for entry in entries}
    parents = {entry.slug: entry.parent for entry in entries}
    found = []
    for entry in entries:
        parts = _inside(entry.slug, parents)
        whole = (entry.slug, *parts)
        own = sorted((model for slug in whole for model in models[slug]), key=str.casefold)
        found.append(
            replace(
                entry,
                owners=tuple(owner for slug in whole for owner in owners[slug]),
                models=tuple(own),
                parts=parts,
            )
        )
    return tuple(found)


def _inside(slug: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """Slugs of the organisations below one, at any depth."""
    below = sorted(part for part, parent in parents.items() if parent == slug)
    return tuple(found for part in below for found in (part, *_inside(part, parents)))


@memoised
def read_publishers(reader: Reader) -> Publishers:
    """Read who publishes models: the nearest organisation, as its entry is written."""
    entries = _read_entries(reader)
    return Publishers(
        {owner.casefold(): entry for entry in entries for owner in entry.owners},
        {entry.slug: entry.name for entry in entries},
        {entry.slug: entry.parent for entry in entries},
    )


def find_organisation(reader: Reader, name: str) -> Organisation:
    """Find an organisation by slug, name in either language, alias or account.

    An account whose name is no name of an organisation means the models of that account alone.

    Raises:
        NotFoundError: Nothing has that name; the nearest are suggested.
    """
    wanted = name.strip().casefold()
    accounts: dict[str, list[str]] = defaultdict(list)
    for row in read_names(reader).values():
        accounts[row.name.partition("/")[0]].append(row.name)
    by_name: dict[str, Organisation] = {}
    for entry in read_organisations(reader):
        names = (entry.slug, entry.name.en, entry.name.zh, *entry.aliases)
        by_name |= {known.casefold(): entry for known in names}
    if wanted in by_name:
        return by_name[wanted]
    for account, models in accounts.items():
        if account.casefold() == wanted:
            own = tuple(sorted(models, key=str.casefold))
            label = Bilingual(account, account)
            above = read_publishers(reader).by_owner.get(wanted)
            parent = above.slug if above else None
            return Organisation(account, label, "account", parent, (account,), (), own)
    known = [*by_name, *accounts]
    raise NotFoundError(
        f"no model of an organisation called {name!r}",
        remedy=did_you_mean(wanted, known, "see: tracker organisations"),
    )
