"""The family tree of base models: roots, and the present leaders that descend from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from tracker.answers.bases import BaseModel, BaseRow, BoardRank
from tracker.insights.methods.coverage import read_first_fifty
from tracker.insights.models.lineage_edges import Edge, Node, read_edges
from tracker.insights.reader import Reader, memoised

_SAID_BY = ("curated", "registry", "card", "rule")
"""Whose word counts first where sources name several bases."""
_LAST = 10**9


@memoised
def read_bases(reader: Reader) -> tuple[BaseModel, ...]:
    """Read the families of the first fifty of the main boards, the largest family first.

    A model stands below the base that people, then the registry, then cards name. A leader
    without a documented base is left out: it would be a tree of its own.
    """
    ranks = _ranks(reader)
    parents = _parents(reader)
    children: dict[Node, set[Node]] = defaultdict(set)
    for node in _nodes(reader):
        if node.name in ranks:
            for child, parent in _way_up(node, parents):
                children[parent].add(child)
    below = {child for found in children.values() for child in found}
    roots = [_family(root, children, ranks) for root in children if root not in below]
    return tuple(sorted(roots, key=lambda root: (-root.n_ranked, root.best or _LAST, root.model)))


def read_base_rows(reader: Reader) -> tuple[BaseRow, ...]:
    """The same as rows, in the order of the tree."""
    rows = []
    for root in read_bases(reader):
        above: list[str] = []
        for depth, found in root.walk():
            above[depth:] = [found.model]
            rows.append(
                BaseRow(
                    base=root.model,
                    depth=depth,
                    model=found.model,
                    parent=above[depth - 1] if depth else None,
                    ranks=tuple(f"{rank.board} {rank.rank}" for rank in found.ranks),
                    best=min((rank.rank for rank in found.ranks), default=None),
                )
            )
    return tuple(rows)


def _ranks(reader: Reader) -> Mapping[str, tuple[BoardRank, ...]]:
    """Present ranks among the first fifty, by public id."""
    found: dict[str, list[BoardRank]] = defaultdict(list)
    for board, edition, rows in read_first_fifty(reader):
        for row in rows:
            if row.rank is not None:
                rank = BoardRank(board, edition.title, row.rank)
                found[row.model_now or row.model].append(rank)
    return {model: tuple(own) for model, own in found.items()}


def _nodes(reader: Reader) -> Iterator[Node]:
    yield from sorted({edge.child for edge in read_edges(reader)})


def _parents(reader: Reader) -> Mapping[Node, Node]:
    """The one base that counts, by model."""
    edges: dict[Node, list[Edge]] = defaultdict(list)
    for edge in read_edges(reader):
        edges[edge.child].append(edge)
    return {
        child: min(own, key=lambda edge: (_SAID_BY.index(edge.said_by), edge.parent.name)).parent
        for child, own in edges.items()
    }


def _way_up(node: Node, parents: Mapping[Node, Node]) -> Iterator[tuple[Node, Node]]:
    """Pairs of child and parent from a model to its root; a circle ends there."""
    seen = {node}
    while (parent := parents.get(node)) is not None and parent not in seen:
        yield node, parent
        seen.add(parent)
        node = parent


def _family(
    node: Node, children: Mapping[Node, set[Node]], ranks: Mapping[str, tuple[BoardRank, ...]]
) -> BaseModel:
    below = [_family(child, children, ranks) for child in children.get(node, ())]
    ordered = sorted(below, key=lambda child: (child.best or _LAST, child.model.casefold()))
    return BaseModel(node.name, node.slug, ranks.get(node.name, ()), tuple(ordered))
