"""One graph of models: who was made of whom, by curated facts, registry, cards and copies.

A model is a node under its present public id. A base that no board lists is a node under the name
that sources give it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Row

from tracker.catalog import queries
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.common.model_builds import base_name, is_quantised
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.insights.models.names import read_names, read_present
from tracker.insights.reader import Reader, memoised

DERIVED, MERGED, ADAPTER = "derived", "merged", "adapter"
QUANTISED, CONVERTED, REUPLOAD = "quantised", "converted", "reupload"

_HUB = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/([^/\s]+/[^/\s?#]+)")
_PUBLIC_ID = re.compile(r"[^/\s]+/[^/\s]+")
_VARIANT = re.compile(r"(?P<name>.+?) \((?P<what>output_dtype|embed_dim)=(?P<value>[^)]+)\)")
_CARD_KINDS = {
    "quantized": QUANTISED, "merge": MERGED, "adapter": ADAPTER, "finetune": DERIVED,
}  # fmt: skip
"""Kinds of the Hub's tags, as in ``base_model:quantized:org/name``."""


class Node(NamedTuple):
    """A model in the graph."""

    name: str
    slug: str | None


class Edge(NamedTuple):
    """One model was made of another one."""

    child: Node
    parent: Node
    kind: str
    said_by: str
    source: str | None


class _Nodes:
    """Resolve names in sources to nodes."""

    def __init__(self, reader: Reader) -> None:
        names, present = read_names(reader), read_present(reader)
        self._by_id = {
            id_: Node(now.name, now.slug)
            for id_ in names
            if (now := names.get(present.get(id_, id_))) is not None
        }
        self._by_name = {row.name.casefold(): self._by_id[id_] for id_, row in names.items()}
        tails: dict[str, set[Node]] = defaultdict(set)
        for name, node in self._by_name.items():
            tails[name.rpartition("/")[2]].add(node)
        self._by_tail = {tail: nodes.pop() for tail, nodes in tails.items() if len(nodes) == 1}

    def of_id(self, model_id: int) -> Node:
        """The node of a model in the catalog."""
        return self._by_id[model_id]

    def named(self, text: str) -> Node:
        """The node that a source names: by public id, address, or a last part that is unique."""
        on_hub = _HUB.match(text)
        name = " ".join((on_hub[1] if on_hub else text).split())
        folded = name.casefold()
        known = self._by_name.get(folded)
        if known is None and "/" not in name:
            known = self._by_tail.get(folded)
        return known or self._by_name.setdefault(folded, Node(name, None))

    def learn(self, names: Iterable[str]) -> None:
        """Add the public ids of bases, so that the same base without organisation is known."""
        by_tail: dict[str, set[Node]] = defaultdict(set)
        for name in names:
            on_hub = _HUB.match(name)
            if on_hub or _PUBLIC_ID.fullmatch(name):
                node = self.named(name)
                by_tail[node.name.rpartition("/")[2].casefold()].add(node)
        for tail, nodes in by_tail.items():
            if len(nodes) == 1:
                self._by_tail.setdefault(tail, next(iter(nodes)))


@memoised
def read_edges(reader: Reader) -> tuple[Edge, ...]:
    """Read all edges; of two between the same models the one that says more is kept.

    Curated facts precede the registry, the registry cards, and cards rules.
    """
    nodes = _Nodes(reader)
    facts = [
        row
        for row in queries.facts(reader.connection)
        if row.property == "base_model" and row.value != NOT_DOCUMENTED
    ]
    version, registered = knowledge_queries.registry_properties(reader.connection)
    declared = {
        name: str(base)
        for name, properties in registered.items()
        if (base := properties.get("adapted_from")) is not None
    }
    nodes.learn((*(row.value for row in facts), *declared.values()))
    found: dict[tuple[Node, Node], Edge] = {}
    for edge in (
        *_from_relations(reader, nodes),
        *_from_facts(facts, nodes),
        *_from_registry(declared, version, nodes),
        *_from_cards(reader, nodes),
    ):
        pair = edge.child, edge.parent
        known = found.get(pair)
        if edge.child != edge.parent and (known is None or known.kind == DERIVED != edge.kind):
            found[pair] = edge
    return tuple(_without_vague(found.values()))


def _from_relations(reader: Reader, nodes: _Nodes) -> Iterator[Edge]:
    for row in queries.relations(reader.connection):
        if row.kind == "copy":
            said_by = "curated" if row.status == "curated" else "rule"
            child, parent = nodes.of_id(row.model_id), nodes.of_id(row.other_id)
            yield Edge(child, parent, _kind_of_copy(row.model), said_by, row.source)


def _from_facts(rows: Iterable[Row[Any]], nodes: _Nodes) -> Iterator[Edge]:
    for row in rows:
        child, parent = nodes.of_id(row.model_id), nodes.named(row.value)
        said_by = "registry" if row.kind == "registry" else "curated"
        yield Edge(child, parent, _kind_by_name(child.name, parent.name), said_by, row.source)


def _from_registry(declared: Mapping[str, str], version: str, nodes: _Nodes) -> Iterator[Edge]:
    for name, base in declared.items():
        child, parent = nodes.named(name), nodes.named(base)
        if child.slug is not None:
            yield Edge(child, parent, _kind_by_name(name, parent.name), "registry", version)


def _from_cards(reader: Reader, nodes: _Nodes) -> Iterator[Edge]:
    for row in knowledge_queries.candidates(reader.connection):
        if row.property == "base_model" and row.confidence == "high":
            child, parent = nodes.of_id(row.model_id), nodes.named(row.value)
            tag = re.search(r"base_model:(\w+):", row.quote or "")
            kind = _CARD_KINDS.get(tag[1], DERIVED) if tag else DERIVED
            if kind == DERIVED:
                kind = _kind_by_name(child.name, parent.name)
            yield Edge(child, parent, kind, "card", row.url)


def _without_vague(edges: Iterable[Edge]) -> Iterator[Edge]:
    """Leave out a base in words, such as ``Qwen3 decoder``, if another edge names the model."""
    by_child: dict[Node, list[Edge]] = defaultdict(list)
    for edge in edges:
        by_child[edge.child].append(edge)
    for of_child in by_child.values():
        exact = [edge for edge in of_child if _PUBLIC_ID.fullmatch(edge.parent.name)]
        yield from exact or of_child


def _kind_of_copy(name: str) -> str:
    if is_quantised(name.rpartition("/")[2]):
        return QUANTISED
    return CONVERTED if base_name(name) != name else REUPLOAD


def _kind_by_name(child: str, parent: str) -> str:
    """``quantised`` or ``converted`` if the child's name is the parent's and names a build."""
    variant = _VARIANT.fullmatch(child)
    if variant and variant["name"].casefold() == parent.casefold():
        return QUANTISED if variant["what"] == "output_dtype" else CONVERTED
    own, of = (name.rpartition("/")[2].casefold() for name in (child, parent))
    if own != of and base_name(own) in (of, base_name(of)):
        return _kind_of_copy(child)
    return DERIVED
