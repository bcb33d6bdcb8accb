"""Who is who: copies that rules find on the published boards, each with its reason.

A copy takes ranks from others, so views collapse it into its original by default. Two rules
propose one: a name that only adds a build's suffix to another listed name, and equal scores. What
a person wrote in ``db/curated/relations.yaml`` stands above both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, select

from tracker.catalog import tables
from tracker.catalog.ids import Ids, table_of
from tracker.catalog.models.originals import last_names
from tracker.sources import published_boards

# Fewer equal numbers than this may be chance.
_MIN_EQUAL_VALUES = 4

_BUILD = re.compile(
    r"[-_.](?:i?q\d(?:_[0-9a-z]+)*|f(?:p)?16|f32|fp32|bf16|fp8|int[48]|w\d+a\d+|[48]bits?|gguf|ggml"
    r"|awq|gptq|exl2|onnx|openvino|mlx|bnb|vllm|quantized|quantised|imatrix|imat|gguf-imatrix)$",
    re.IGNORECASE,
)


class Interval(NamedTuple):
    """One line of a published board for as long as its values stood."""

    edition: str
    model: str
    values: str
    valid_from: str
    valid_to: str | None


class Copy(NamedTuple):
    """A model that is another model again, and why we think so."""

    model: str
    original: str
    reason_en: str
    reason_zh: str


@lru_cache(maxsize=4096)
def base_name(name: str) -> str:
    """A model's display name without suffixes that only tell how it was built.

    >>> base_name("Conan-embedding-v1-Q4_K_M-GGUF")
    'Conan-embedding-v1'
    """
    while (shorter := _BUILD.sub("", name)) != name and shorter:
        name = shorter
    return name


@dataclass
class _Family:
    """Models that are one another's copies, with the reasons that tie them."""

    parent: dict[str, str] = field(default_factory=dict)

    def find(self, model: str) -> str:
        root = model
        while (above := self.parent.setdefault(root, root)) != root:
            root = above
        return root

    def join(self, one: str, other: str) -> None:
        self.parent[self.find(one)] = self.find(other)

    def groups(self) -> list[list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for model in self.parent:
            found[self.find(model)].append(model)
        return [sorted(group) for group in found.values() if len(group) > 1]


def _overlap(one: Interval, other: Interval) -> bool:
    return (one.valid_to is None or one.valid_to > other.valid_from) and (
        other.valid_to is None or other.valid_to > one.valid_from
    )


def find_copies(
    intervals: Iterable[Interval],
    known: set[str],
    present: Mapping[str, str] | None = None,
    distinct: Container[frozenset[str]] = (),
) -> list[Copy]:
    """Copies by name rule and equal score vectors.

    Args:
        intervals: Lines of the published boards; ``values`` is a JSON text of all their scores.
        known: Models that the benchmark's registry knows: originals, where they belong to a family.
        present: Present name by former name: a model is no copy of itself under another name.
        distinct: Pairs that people say are different models, whatever their figures.

    Returns:
        Copies with their originals, sorted; a pure function of its arguments.
    """
    by_values: dict[tuple[str, str], list[Interval]] = defaultdict(list)
    first_seen: dict[str, str] = {}
    on_edition: dict[str, set[str]] = defaultdict(set)
    now = present or {}
    for named in intervals:
        interval = named._replace(model=now.get(named.model, named.model))
        by_values[interval.edition, interval.values].append(interval)
        on_edition[interval.edition].add(interval.model)
        seen = first_seen.get(interval.model, interval.valid_from)
        first_seen[interval.model] = min(seen, interval.valid_from)
    family = _Family()
    reasons: dict[frozenset[str], tuple[str, str]] = {}

    def tie(one: str, other: str, reason: tuple[str, str]) -> None:
        pair = frozenset((one, other))
        if one == other or pair in distinct:
            return
        reasons.setdefault(pair, reason)
        family.join(one, other)

    shared = {key: group for key, group in by_values.items() if len(group) > 1}
    for (edition, values), group in sorted(shared.items()):
        if _count_values(values) < _MIN_EQUAL_VALUES:
            continue
        group.sort()
        for i, one in enumerate(group):
            for other in group[i + 1 :]:
                if one.model == other.model:
                    continue
                if _same_base(one.model, other.model) or (
                    # One house may list several models of its own with scores copied from one, and
                    # two models that the registry knows are two.
                    _house(one.model) != _house(other.model)
                    and not (one.model in known and other.model in known)
                    and _overlap(one, other)
                ):
                    since = max(one.valid_from, other.valid_from)[:10]
                    reason = (
                        f"equal scores on {edition} since {since}",
                        f"自 {since} 起在 {edition} 上分数完全相同",
                    )
                    tie(one.model, other.model, reason)
    for models in on_edition.values():
        plain: dict[str, list[str]] = defaultdict(list)
        for model in sorted(models):
            plain[_display(model).casefold()].append(model)
        for model in sorted(models):
            base = base_name(_display(model))
            if base != _display(model) and plain.get(base.casefold()):
                original = min(
                    plain[base.casefold()], key=lambda m: (m not in known, first_seen[m], m)
                )
                reason = f"name: a build of {original}", f"名称表明是 {original} 的一种构建"
                tie(model, original, reason)

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
    for group_models in family.groups():
        original = min(group_models, key=precedence)
        for model in group_models:
            if model == original:
                continue
            copies.append(Copy(model, original, *_reason(model, original, group_models, reasons)))
    return sorted(copies)


def _reason(
    model: str, original: str, family: list[str], reasons: Mapping[frozenset[str], tuple[str, str]]
) -> tuple[str, str]:
    """Why a model is in a family: what ties it to the original, or to a member that is tied."""
    direct = reasons.get(frozenset((model, original)))
    if direct is not None:
        return direct
    for member in family:
        if (via := reasons.get(frozenset((model, member)))) is not None:
            return f"{via[0]} (via {member})", f"{via[1]}（经由 {member}）"
    return "", ""


def _display(model: str) -> str:
    return model.partition("/")[2]


def _house(model: str) -> str:
    return model.partition("/")[0]


def _same_base(one: str, other: str) -> bool:
    return base_name(_display(one)).casefold() == base_name(_display(other)).casefold()


def _count_values(values: str) -> int:
    found = orjson.loads(values)
    return sum(v is not None for v in (found.values() if isinstance(found, dict) else found))


def propose_copies(connection: Connection) -> None:
    """Add the copies that rules find to the relations, below what people wrote."""
    row, listing = table_of(tables.BoardRowTable), table_of(tables.ListingTable)
    model, edition = table_of(tables.ModelTable), table_of(tables.EditionTable)
    relation = table_of(tables.RelationTable)
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
    intervals = [
        Interval(name, model_name, scores or types, valid_from, valid_to)
        for name, model_name, types, scores, valid_from, valid_to, task_type in found
        # A type table repeats part of what its board's overall table tells.
        if task_type is None or "/".join(name.split("/")[:2]) not in with_overall
    ]
    ids = {name: id_ for id_, name in connection.execute(select(model.c.id, model.c.name))}
    curated = connection.execute(
        select(relation.c.model_id, relation.c.other_id, relation.c.kind)
    ).all()
    names = {id_: name for name, id_ in ids.items()}
    present = last_names({names[a]: names[b] for a, b, kind in curated if kind == "moved"})
    # A person may have written a name that the model has left since.
    now = {id_: present.get(name, name) for id_, name in names.items()}
    by_person = {now[a]: now[b] for a, b, kind in curated if kind == "copy"}
    distinct = {frozenset((now[a], now[b])) for a, b, kind in curated if kind == "distinct"}
    relations = Ids(connection, tables.RelationTable)
    for copy in find_copies(intervals, _registered(connection), present, distinct):
        # What a person wrote stands, also where a rule would have it the other way round.
        if copy.model not in by_person and by_person.get(copy.original) != copy.model:
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


def _registered(connection: Connection) -> set[str]:
    """Models that the live leaderboard lists."""
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
