"""Load curated datasets, comparisons and missing papers; each load rewrites the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, select

from tracker import curated as knowledge
from tracker.catalog.ids import Ids, Names, table_of
from tracker.catalog.knowledge import tables
from tracker.catalog.knowledge.receipts import receipt_columns
from tracker.catalog.results.registry_queries import newest_registry
from tracker.catalog.results.tables import RegistryModelTable, RegistryTaskTable
from tracker.common.text import bare_name
from tracker.curated import Curated
from tracker.receipts.judging import Judge

REWRITTEN = (
    tables.DatasetUseTable,
    tables.DatasetTable,
    tables.NoPaperTable,
    tables.ComparisonLineTable,
    tables.MethodComparisonTable,
    tables.OrganisationTable,
)
"""Each table before those that it refers to."""

# The name of a benchmark task is that of its dataset with prefixes and suffixes:
# NanoFEVERRetrieval is made from FEVER, HotpotQA-PLHardNegatives.v2 from HotpotQA.
_BEFORE = re.compile(r"^(Multilingual)?Nano")
_VERSION = re.compile(r"(HardNegatives|Decontaminated)?(\.v\d+)?$")
_LANGUAGE = re.compile(r"-(Fa|NL|PL|VN)$")
_KIND = re.compile(r"(RetrievalLite|Retrieval|Reranking|Classification|PairClassification)$")


def dataset_of_task(task: str) -> str:
    """Return the bare name of the dataset in the name of a benchmark task.

    >>> dataset_of_task("HotpotQA-PLHardNegatives.v2")
    'hotpotqa'
    """
    name = _VERSION.sub("", _BEFORE.sub("", task))
    return bare_name(_KIND.sub("", _LANGUAGE.sub("", name)))


def write_library(connection: Connection, names: Names, curated: Curated, judge: Judge) -> None:
    """Write datasets with their uses, missing papers, comparisons and organisations."""
    registered = _registered(connection, names.models)
    datasets = Ids(connection, tables.DatasetTable)
    uses = Ids(connection, tables.DatasetUseTable)
    titles = {group.slug: group.title for group in curated.dataset_kinds}
    facts = _facts_by_dataset(curated)
    for kind, dataset in curated.datasets:
        bare_names = {bare_name(name) for name in (dataset.name, *dataset.aliases)}
        of_tasks = {dataset_of_task(name) for name in (dataset.name, *dataset.aliases)}
        tasks = sorted(
            {task for name in bare_names | of_tasks for task in registered.tasks.get(name, ())}
        )
        id_ = datasets.add(**_dataset_row(kind, titles[kind], dataset, tasks))
        stated = [pair for name in sorted(bare_names) for pair in facts.get(name, ())]
        _add_curated_uses(uses, names, id_, dataset, stated)
        for name, training_tasks in registered.training_tasks.items():
            if found := sorted(training_tasks.intersection(tasks)):
                uses.add(
                    dataset_id=id_,
                    model_id=names.models[name],
                    declared="registry",
                    qualifier=None,
                    source=registered.version,
                    locator=", ".join(found),
                    confidence="medium",
                    date=None,
                )
    missing = _missing_papers(connection, names, curated)
    names.flush()
    for table in (datasets, uses, missing):
        table.flush()
    _write_comparisons(connection, curated, judge)
    _write_organisations(connection, curated)


def _add_curated_uses(
    uses: Ids,
    names: Names,
    dataset_id: int,
    dataset: knowledge.DatasetEntry,
    stated: Iterable[tuple[knowledge.ModelEntry, knowledge.FactEntry]],
) -> None:
    """Add the uses of a dataset that facts of models state, then those that its entry states."""
    with_fact = set()
    for model, fact in stated:
        with_fact.add(model.name)
        for evidence in fact.evidence:
            uses.add(
                dataset_id=dataset_id,
                model_id=names.model(model.name),
                declared="curated",
                qualifier=fact.qualifier,
                source=evidence.source,
                locator=evidence.locator,
                confidence=evidence.confidence,
                date=evidence.checked,
            )
    for name in dataset.used_by:
        if name not in with_fact:
            uses.add(
                dataset_id=dataset_id,
                model_id=names.model(name),
                declared="curated",
                qualifier=None,
                source=dataset.source,
                locator=None,
                confidence=dataset.confidence,
                date=None,
            )


def _missing_papers(connection: Connection, names: Names, curated: Curated) -> Ids:
    missing = Ids(connection, tables.NoPaperTable)
    for model in curated.models:
        if model.no_paper:
            missing.add(
                model_id=names.model(model.name),
                text_en=model.no_paper.text.en,
                text_zh=model.no_paper.text.zh,
                checked=model.no_paper.checked,
                source=model.no_paper.source,
            )
    return missing


def _dataset_row(
    kind: str, title: knowledge.BilingualText, dataset: knowledge.DatasetEntry, tasks: Iterable[str]
) -> dict[str, Any]:
    size, note = dataset.size, dataset.note
    return {
        "slug": dataset.slug,
        "name": dataset.name,
        "aliases": _json(dataset.aliases),
        "kind": kind,
        "kind_en": title.en,
        "kind_zh": title.zh,
        "what_en": dataset.what.en,
        "what_zh": dataset.what.zh,
        "size_en": size.en if size else None,
        "size_zh": size.zh if size else None,
        "languages_en": dataset.languages.en,
        "languages_zh": dataset.languages.zh,
        "note_en": note.en if note else None,
        "note_zh": note.zh if note else None,
        "paper": dataset.paper,
        "part_of": _json(dataset.part_of),
        "tasks": _json(tasks),
        "source": dataset.source,
        "confidence": dataset.confidence,
    }


def _json(values: Iterable[Any]) -> str:
    return orjson.dumps(list(values)).decode()


def _facts_by_dataset(
    curated: Curated,
) -> dict[str, list[tuple[knowledge.ModelEntry, knowledge.FactEntry]]]:
    """Return the facts about training data, by bare name of the data."""
    found: dict[str, list[tuple[knowledge.ModelEntry, knowledge.FactEntry]]] = defaultdict(list)
    for model in curated.models:
        for fact in model.facts:
            if fact.property == "training_data":
                found[bare_name(fact.value)].append((model, fact))
    return found


class _Registered(NamedTuple):
    """What the newest registry states about training data."""

    tasks: dict[str, list[str]]
    """Tasks by bare name of their dataset."""
    training_tasks: dict[str, frozenset[str]]
    """Training tasks in each model's own entry, without those derived from them."""
    version: str
    """Name and version of the registry."""


def _registered(connection: Connection, models: Container[str]) -> _Registered:
    """Read the newest registry; only models that the catalog has are included."""
    newest = newest_registry(connection)
    if newest is None:
        return _Registered({}, {}, "")
    tasks: dict[str, list[str]] = defaultdict(list)
    table = table_of(RegistryTaskTable)
    rows = connection.execute(
        select(table.c.name, table.c.properties).where(table.c.registry_id == newest.id)
    )
    for name, properties in rows:
        path = (orjson.loads(properties).get("dataset") or {}).get("path") or ""
        for dataset in {dataset_of_task(name), dataset_of_task(path.rpartition("/")[2])} - {""}:
            tasks[dataset].append(name)
    table = table_of(RegistryModelTable)
    rows = connection.execute(
        select(table.c.name, table.c.properties)
        .where(table.c.registry_id == newest.id)
        .order_by(table.c.name)
    )
    declared = {
        name: frozenset(orjson.loads(properties).get("training_datasets") or ())
        for name, properties in rows
        if name in models
    }
    return _Registered(tasks, declared, f"mteb {newest.mteb_version}")


def _write_comparisons(connection: Connection, curated: Curated, judge: Judge) -> None:
    comparisons = Ids(connection, tables.MethodComparisonTable)
    statements = Ids(connection, tables.ComparisonLineTable)
    for comparison in curated.comparisons:
        id_ = comparisons.add(
            slug=comparison.slug,
            title_en=comparison.title.en,
            title_zh=comparison.title.zh,
            summary_en=comparison.summary.en,
            summary_zh=comparison.summary.zh,
            subjects=_json([s.slug, s.name, s.model, s.paper] for s in comparison.subjects),
        )
        for position, (kind, statement, texts) in enumerate(_statements(comparison)):
            statements.add(
                comparison_id=id_,
                position=position,
                kind=kind,
                topic_en=statement.topic.en,
                topic_zh=statement.topic.zh,
                texts_en=_json(text.en for text in texts),
                texts_zh=_json(text.zh for text in texts),
                sources=_json(statement.sources),
                confidence=statement.confidence,
                receipts=_json(receipt_columns(its, judge) for its in statement.receipts),
            )
    comparisons.flush()
    statements.flush()


def _statements(
    comparison: knowledge.ComparisonEntry,
) -> Iterator[
    tuple[str, knowledge.Dimension | knowledge.Remark, tuple[knowledge.BilingualText, ...]]
]:
    for row in comparison.dimensions:
        yield "dimension", row, tuple(row.cells[subject.slug] for subject in comparison.subjects)
    for kind in ("difference", "connection", "remark"):
        for remark in getattr(comparison, f"{kind}s"):
            yield kind, remark, (remark.text,)


def _write_organisations(connection: Connection, curated: Curated) -> None:
    rows = Ids(connection, tables.OrganisationTable)
    for entry in curated.organisations:
        rows.add(
            slug=entry.slug,
            name_en=entry.name.en,
            name_zh=entry.name.zh or entry.name.en,
            kind=entry.kind,
            parent=entry.parent,
            owners=orjson.dumps(entry.owners).decode(),
            aliases=orjson.dumps(entry.aliases).decode(),
        )
    rows.flush()
