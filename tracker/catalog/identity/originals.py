"""Resolve copies and former names of models to their originals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, text

_Value = TypeVar("_Value")


class Originals(NamedTuple):
    """Originals of copies and former names."""

    of: dict[int, int]
    """Id of the original, by id of the copy or former name."""
    former: frozenset[int]
    """Those keys of ``of`` that are the original itself under a former name."""


def present_names(connection: Connection) -> dict[str, str]:
    """Return the present public id by former public id, without copies."""
    found = connection.execute(
        text(
            "select a.name, b.name from relation r join model a on a.id = r.model_id"
            " join model b on b.id = r.other_id where r.kind = 'moved'"
            " order by r.status desc, b.name desc"
        )
    )
    return last_names(dict(tuple(row) for row in found))


def by_present_name(named: Mapping[str, _Value], present: Mapping[str, str]) -> dict[str, _Value]:
    """Add the present names of models that a registry knows under a former name only.

    Args:
        named: What a registry has, by the public ids that it knows.
        present: Present public id by former public id.

    Returns:
        ``named``, and the same values under present names that it does not have.
    """
    return {present[name]: value for name, value in named.items() if name in present} | dict(named)


def registry_renames(connection: Connection) -> dict[str, tuple[str, str]]:
    """The names that changed in the registry alone: no folder of results ever had the new one.

    Returns:
        By former public id: the next one, and the first commit of the results on or after the
        day of the change. Changes after the last commit are left out.
    """
    found = connection.execute(
        text(
            """
            select a.name, b.name, (
                   select min(n.published_at) from snapshot n join stream s on s.id = n.stream_id
                    where s.source = 'result-files' and n.published_at >= r.since)
              from relation r join model a on a.id = r.model_id join model b on b.id = r.other_id
             where r.kind = 'moved' and r.status = 'curated'
               and b.name not in (select i.model from result_identity i where i.model is not null)
            """
        )
    )
    return {former: (name, at) for former, name, at in found if at is not None}


def last_names(moved: Mapping[str, str]) -> dict[str, str]:
    """Follow chains of moves to their ends.

    Args:
        moved: Next name by former name.

    Returns:
        Last name by former name.
    """
    last: dict[str, str] = {}
    for name in moved:
        here, passed = name, {name}
        while here in moved and moved[here] not in passed:
            passed.add(here := moved[here])
        last[name] = here
    return last


def read_originals(connection: Connection) -> Originals:
    """Read the original of each copy and former name, following chains to their ends."""
    found = connection.execute(
        text(
            "select model_id, other_id, kind from relation where kind in ('copy', 'moved')"
            " order by kind, status desc, other_id desc"
        )
    ).all()
    # The later row wins: a move over a copy, a curated relation over a proposed one.
    direct = {row[0]: (row[1], row[2]) for row in found}
    of: dict[int, int] = {}
    former = set()
    for model in direct:
        # Curated and proposed relations together may form a cycle; each id is visited once.
        here, passed, kinds = model, {model}, set()
        while here in direct and direct[here][0] not in passed:
            here, kind = direct[here]
            passed.add(here)
            kinds.add(kind)
        if here != model:
            of[model] = here
            if kinds == {"moved"}:
                former.add(model)
    return Originals(of, frozenset(former))
