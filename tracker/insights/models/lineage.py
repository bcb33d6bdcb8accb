"""The family of a model: a walk through the graph both ways, and the data that it inherits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from tracker.answers.lineage import InheritedData, Lineage, Relative
from tracker.common.text import bare_name
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.insights.methods.datasets import read_datasets
from tracker.insights.models.lineage_edges import Edge, Node, read_edges
from tracker.insights.models.model import read_facts
from tracker.insights.models.names import find_model, read_names, read_present
from tracker.insights.reader import Reader, memoised

_Data = Mapping[str, tuple[str, str]]
"""Name and who says so, by the dataset's name without case and punctuation."""


def read_lineage(reader: Reader, name: str) -> Lineage:
    """Read the family of one model.

    Raises:
        NotFoundError: There is no such model; the nearest names are suggested.
    """
    found = find_model(reader, name)
    return _lineage(reader, Node(found.name, found.slug))


def read_all_lineages(reader: Reader) -> dict[str, Lineage]:
    """Read the families of all models that have relatives, by public id."""
    nodes = {node for edge in read_edges(reader) for node in (edge.child, edge.parent)}
    return {node.name: _lineage(reader, node) for node in sorted(nodes) if node.slug is not None}


def _lineage(reader: Reader, node: Node) -> Lineage:
    up = tuple(_walk(node, _by_child(reader), "ancestor", lambda edge: edge.parent))
    down = tuple(_walk(node, _by_parent(reader), "descendant", lambda edge: edge.child))
    inherited = tuple(_inherited(reader, node.name, up))
    return Lineage(node.name, node.slug or "", (*up, *down), inherited)


def _walk(
    start: Node,
    edges: Mapping[Node, list[Edge]],
    direction: str,
    end: Callable[[Edge], Node],
) -> Iterator[Relative]:
    """Yield every model that is reached, once, the nearest first; cycles end there."""
    seen, level, distance = {start}, [start], 0
    while level:
        distance += 1
        reached: dict[Node, tuple[Edge, Node]] = {}
        for node in level:
            for edge in edges.get(node, ()):
                if end(edge) not in seen:
                    reached.setdefault(end(edge), (edge, node))
        for node, (edge, through) in sorted(
            reached.items(), key=lambda its: its[0].name.casefold()
        ):
            yield Relative(
                direction, distance, node.name, node.slug, edge.kind, through.name, edge.said_by,
                edge.source,
            )  # fmt: skip
        seen |= reached.keys()
        level = list(reached)


def _inherited(
    reader: Reader, model: str, ancestors: Iterable[Relative]
) -> Iterator[InheritedData]:
    data = _training_data(reader)
    known = set(data.get(model, {}))
    for ancestor in ancestors:
        for folded, (name, said_by) in data.get(ancestor.model, {}).items():
            if folded not in known and ancestor.slug is not None:
                known.add(folded)
                tasks = _tasks(reader).get(folded, ())
                yield InheritedData(
                    name, ancestor.model, ancestor.slug, ancestor.distance, said_by, tasks
                )


@memoised
def _by_child(reader: Reader) -> Mapping[Node, list[Edge]]:
    found: dict[Node, list[Edge]] = defaultdict(list)
    for edge in read_edges(reader):
        found[edge.child].append(edge)
    return dict(found)


@memoised
def _by_parent(reader: Reader) -> Mapping[Node, list[Edge]]:
    found: dict[Node, list[Edge]] = defaultdict(list)
    for edge in read_edges(reader):
        found[edge.parent].append(edge)
    return dict(found)


@memoised
def _training_data(reader: Reader) -> Mapping[str, _Data]:
    """Documented training data by the model's present public id."""
    names, present = read_names(reader), read_present(reader)
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for model_id, facts in read_facts(reader).items():
        model = names[present.get(model_id, model_id)].name
        for fact in facts:
            if fact.property == "training_data" and fact.value != NOT_DOCUMENTED:
                said_by = "registry" if fact.evidence[0].kind == "registry" else "curated"
                found[model].setdefault(bare_name(fact.value), (fact.value, said_by))
    return found


@memoised
def _tasks(reader: Reader) -> Mapping[str, tuple[str, ...]]:
    """Benchmark tasks by the bare name of the data that they are made from."""
    found: dict[str, tuple[str, ...]] = {}
    for edition in reader.editions.shown():
        found.update({bare_name(task): (task,) for task in edition.tasks})
    for dataset in read_datasets(reader):
        for name in (dataset.slug, dataset.name, *dataset.aliases):
            if dataset.tasks:
                found[bare_name(name)] = dataset.tasks
    return found
