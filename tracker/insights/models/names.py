"""Resolve the names that people type to models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Row

from tracker.catalog import queries
from tracker.catalog.models import originals
from tracker.common.checks import check_type
from tracker.common.text import did_you_mean
from tracker.errors import NotFoundError
from tracker.insights.reader import Reader, memoised


@memoised
def read_originals(reader: Reader) -> originals.Originals:
    """Read which models are copies or former names of which."""
    return originals.read_originals(reader.connection)


@memoised
def read_names(reader: Reader) -> dict[int, Row[Any]]:
    """Read names and slugs of all models by id, in the order of the names."""
    return {row.id: row for row in queries.models(reader.connection)}


def named_model(name: str, known: Mapping[str, str], originals: Mapping[str, str]) -> str:
    """Resolve a typed name to a public id: the id itself, its slug, or its last part.

    A last part that several ids share is resolved if all of them belong to one model: copies and
    former names count as their original.

    Args:
        name: In any case.
        known: Slugs by public id.
        originals: The original's public id, by that of a copy or of a former name.

    Raises:
        NotFoundError: No model has that name, or several have.
        UsageError: The name is not text.
    """
    check_type("model", name, str)
    folded = name.casefold().strip()
    for public_id, slug in known.items():
        if folded in (public_id.casefold(), slug):
            return public_id
    tails = [public_id for public_id in known if public_id.casefold().endswith("/" + folded)]
    if len(tails) == 1:
        return tails[0]
    meant = {originals.get(tail, tail) for tail in tails}
    if len(meant) == 1:
        return meant.pop()
    if tails:
        raise NotFoundError(
            f"{name!r} is the name of {len(tails)} models",
            remedy="name one: " + ", ".join(tails[:5]),
        )
    raise NotFoundError(
        f"no model called {name!r}", remedy=did_you_mean(name, known, "see: tracker models")
    )


@memoised
def read_original_names(reader: Reader) -> dict[str, str]:
    """Read the original's public id by that of a copy or former name."""
    names = read_names(reader)
    found = read_originals(reader).of.items()
    return {names[id_].name: names[of].name for id_, of in found if {id_, of} <= names.keys()}


def likely_model(name: str, known: Iterable[str]) -> str | None:
    """Find the registry model that an unknown name most likely means.

    It has the same name under another organisation, or nearly the same name.
    """
    by_name: dict[str, list[str]] = {}
    for public_id in sorted(known):
        by_name.setdefault(public_id.rpartition("/")[2].casefold(), []).append(public_id)
    own = name.rpartition("/")[2].casefold()
    if own in by_name:
        return by_name[own][0]
    near = get_close_matches(own, by_name, n=1, cutoff=_NEAR)
    return by_name[near[0]][0] if near else None


_NEAR = 0.85
"""Least similarity of two names, by difflib."""


@memoised
def read_present(reader: Reader) -> dict[int, int]:
    """Read the id of the present name by the id of a former one."""
    found = read_originals(reader)
    return {model: found.of[model] for model in found.former}


@memoised
def read_former(reader: Reader) -> dict[int, frozenset[int]]:
    """Read ids of a model's former names by its present id."""
    found: dict[int, set[int]] = {}
    for former, present in read_present(reader).items():
        found.setdefault(present, set()).add(former)
    return {present: frozenset(names) for present, names in found.items()}
