"""Find copies of models on the published boards by rules, each with its reason.

A copy takes ranks from other models, so views collapse it into its original by default. Two rules
propose a copy: a name that only adds a build suffix to another listed name, and equal scores.
Relations in ``db/curated/relations.yaml`` overrule both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, select

from tracker.catalog import tables
from tracker.catalog.identity.originals import last_names
from tracker.catalog.ids import Ids, table_of
from tracker.common.model_builds import base_name
from tracker.sources import published_boards

_MIN_EQUAL_VALUES = 4
"""Fewer equal scores may be a coincidence."""


class PublishedRow(NamedTuple):
    """One row of a published board, with the interval in which its scores held."""

    edition: str
    model: str
    values: str
    """JSON array or object of all scores."""
    valid_from: str
    valid_to: str | None


class Copy(NamedTuple):
    """A copy of a model, with the reason for which it counts as one."""

    model: str
    original: str
    reason_en: str
    reason_zh: str


@dataclass
class _Families:
    """Groups of models that are copies of each other (disjoint sets), with reasons for pairs."""

    distinct: Container[frozenset[str]]
    parent: dict[str, str] = field(default_factory=dict)
    reasons: dict[frozenset[str], tuple[str, str]] = field(default_factory=dict)

    def join(self, one: str, other: str, reason: tuple[str, str]) -> None:
        """Put two models into one family, unless they are declared distinct."""
        pair = frozenset((one, other))
        if one == other or pair in self.distinct:
            return
        self.reasons.setdefault(pair, reason)
        self.parent[self._root(one)] = self._root(other)

    def _root(self, model: str) -> str:
        root = model
        while (above := self.parent.setdefault(root, root)) != root:
            root = above
        return root

    def groups(self) -> list[list[str]]:
        """Return the families with several members, each sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for model in self.parent:
            found[self._root(model)].append(model)
        return [sorted(group) for group in found.values() if len(group) > 1]

    def reason(self, model: str, original: str, family: list[str]) -> tuple[str, str]:
        """Return why a model is in a family: its link to the original, or to another member."""
        direct = self.reasons.get(frozenset((model, original)))
        if direct is not None:
            return direct
        for member in family:
            if (via := self.reasons.get(frozenset((model, member)))) is not None:
                return f"{via[0]} (via {member})", f"{via[1]}（经由 {member}）"
        return "", ""


def find_copies(
    rows: Iterable[PublishedRow],
    known: set[str],
    present: Mapping[str, str] | None = None,
    distinct: Container[frozenset[str]] = (),
) -> list[Copy]:
    """Find copies by name and by equal scores.

    Args:
        rows: Rows of the published boards.
        known: Registered models, which are preferred as originals of their families.
        present: Present name by former name; a model is not a copy of itself under another name.
        distinct: Pairs that are declared different models, whatever their scores.

    Returns:
        Copies with their originals, sorted. The order of the arguments does not matter.
    """
    names = present or {}
    renamed = [row._replace(model=names.get(row.model, row.model)) for row in rows]
    first_seen: dict[str, str] = {}
    for row in renamed:
        first_seen[row.model] = min(first_seen.get(row.model, row.valid_from), row.valid_from)
    families = _Families(distinct)
    _join_equal_scores(families, renamed, known)
    _join_builds(families, renamed, known, first_seen)

    def precedence(model: str) -> tuple[bool, bool, str, int, str]:
        display = _display(model)
        return (
            base_name(display) != display,
            model not in known,
            first_seen[model],
            len(model),
            model,
        )

    copies = []
    for family in families.groups():
        original = min(family, key=precedence)
        copies += [
            Copy(model, original, *families.reason(model, original, family))
            for model in family
            if model != original
        ]
    return sorted(copies)


def _join_equal_scores(
    families: _Families, rows: Iterable[PublishedRow], known: Container[str]
) -> None:
    """Join models whose scores on an edition are equal."""
    by_values: dict[tuple[str, str], list[PublishedRow]] = defaultdict(list)
    for row in rows:
        by_values[row.edition, row.values].append(row)
    shared = {key: group for key, group in by_values.items() if len(group) > 1}
    for (edition, values), group in sorted(shared.items()):
        if _count_values(values) < _MIN_EQUAL_VALUES:
            continue
        for one, other in combinations(sorted(group), 2):
            if one.model != other.model and _may_be_copy(one, other, known):
                since = max(one.valid_from, other.valid_from)[:10]
                reason = (
                    f"equal scores on {edition} since {since}",
                    f"自 {since} 起在 {edition} 上分数完全相同",
                )
                families.join(one.model, other.model, reason)


def _may_be_copy(one: PublishedRow, other: PublishedRow, known: Container[str]) -> bool:
    """Decide whether equal scores make two models copies.

    An organisation may list several models of its own with the scores of one of them, and two
    registered models are different.
    """
    return _same_base(one.model, other.model) or (
        _organisation(one.model) != _organisation(other.model)
        and not (one.model in known and other.model in known)
        and _overlap(one, other)
    )


def _join_builds(
    families: _Families,
    rows: Iterable[PublishedRow],
    known: Container[str],
    first_seen: Mapping[str, str],
) -> None:
    """Join a model whose name is that of another one with a build suffix, on the same edition."""
    on_edition: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        on_edition[row.edition].add(row.model)
    for models in on_edition.values():
        by_display: dict[str, list[str]] = defaultdict(list)
        for model in sorted(models):
            by_display[_display(model).casefold()].append(model)
        for model in sorted(models):
            base = base_name(_display(model))
            if base != _display(model) and by_display.get(base.casefold()):
                original = min(
                    by_display[base.casefold()], key=lambda m: (m not in known, first_seen[m], m)
                )
                reason = f"name: a build of {original}", f"名称表明是 {original} 的一种构建"
                families.join(model, original, reason)


def _overlap(one: PublishedRow, other: PublishedRow) -> bool:
    return (one.valid_to is None or one.valid_to > other.valid_from) and (
        other.valid_to is None or other.valid_to > one.valid_from
    )


def _display(model: str) -> str:
    return model.partition("/")[2]


def _organisation(model: str) -> str:
    return model.partition("/")[0]


def _same_base(one: str, other: str) -> bool:
    return base_name(_display(one)).casefold() == base_name(_display(other)).casefold()


def _count_values(values: str) -> int:
    found = orjson.loads(values)
    return sum(v is not None for v in (found.values() if isinstance(found, dict) else found))


def propose_copies(connection: Connection, shipped: Iterable[Copy] = ()) -> None:
    """Add the copies that the rules find to the relations; curated relations overrule them.

    Args:
        connection: The transaction of the load.
        shipped: Copies of the starter, for a catalog without the archived tables of task types:
            some copies have equal scores only there.
    """
    model, relation = table_of(tables.ModelTable), table_of(tables.RelationTable)
    rows = connection.execute(select(model.c.name, model.c.id))
    ids: dict[str, int] = dict(map(tuple, rows))
    names = {id_: name for name, id_ in ids.items()}
    curated = connection.execute(
        select(relation.c.model_id, relation.c.other_id, relation.c.kind)
    ).all()
    present = last_names({names[a]: names[b] for a, b, kind in curated if kind == "moved"})
    # A curated relation may have a former name of a model.
    now = {id_: present.get(name, name) for id_, name in names.items()}
    curated_copies = {now[a]: now[b] for a, b, kind in curated if kind == "copy"}
    distinct = {frozenset((now[a], now[b])) for a, b, kind in curated if kind == "distinct"}
    relations = Ids(connection, tables.RelationTable)
    published = _published_rows(connection)
    found = {
        copy.model: copy
        for copy in find_copies(published, _registered(connection), present, distinct)
    }
    if not _has_type_tables(connection):
        found |= {
            copy.model: copy
            for copy in shipped
            if {copy.model, copy.original} <= ids.keys()
            and frozenset((copy.model, copy.original)) not in distinct
        }
    for _, copy in sorted(found.items()):
        is_curated = copy.model in curated_copies
        is_curated_in_reverse = curated_copies.get(copy.original) == copy.model
        if not is_curated and not is_curated_in_reverse:
            relations.add(
                model_id=ids[copy.model],
                other_id=ids[copy.original],
                kind="copy",
                status="proposed",
                reason_en=copy.reason_en,
                reason_zh=copy.reason_zh,
                since=None,
                source=None,
            )
    relations.flush()


def _published_rows(connection: Connection) -> list[PublishedRow]:
    """Read the rows of the published boards, without type tables of boards that have an overall."""
    row, listing = table_of(tables.BoardRowTable), table_of(tables.ListingTable)
    model, edition = table_of(tables.ModelTable), table_of(tables.EditionTable)
    query = (
        select(
            edition.c.name,
            model.c.name,
            row.c.task_types,
            row.c.task_scores,
            row.c.valid_from,
            row.c.valid_to,
            edition.c.task_type,
        )
        .join(edition, edition.c.id == row.c.edition_id)
        .join(listing, listing.c.id == row.c.listing_id)
        .join(model, model.c.id == listing.c.model_id)
        .where(edition.c.source == published_boards.HEADER.id)
    )
    found = connection.execute(query).all()
    with_overall = {name for name, *_, task_type in found if task_type is None}
    return [
        PublishedRow(name, model_name, scores or types, valid_from, valid_to)
        for name, model_name, types, scores, valid_from, valid_to, task_type in found
        if task_type is None or "/".join(name.split("/")[:2]) not in with_overall
    ]


def _has_type_tables(connection: Connection) -> bool:
    row, edition = table_of(tables.BoardRowTable), table_of(tables.EditionTable)
    query = (
        select(row.c.id)
        .join(edition, edition.c.id == row.c.edition_id)
        .where(edition.c.source == published_boards.HEADER.id, edition.c.task_type.is_not(None))
    )
    return connection.execute(query.limit(1)).first() is not None


def _registered(connection: Connection) -> set[str]:
    """Return the models that the live leaderboard lists."""
    record, stream = table_of(tables.ModelRecordTable), table_of(tables.StreamTable)
    listing, model = table_of(tables.ListingTable), table_of(tables.ModelTable)
    query = (
        select(model.c.name)
        .distinct()
        .join(listing, listing.c.model_id == model.c.id)
        .join(record, record.c.listing_id == listing.c.id)
        .join(stream, stream.c.id == record.c.stream_id)
        .where(stream.c.source == "leaderboard-api")
    )
    return set(connection.execute(query).scalars())
