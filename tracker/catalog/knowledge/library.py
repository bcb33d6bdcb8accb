"""Curated datasets, comparisons and "there is no paper" to rows; rewritten whole by every load."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from typing import Any

import orjson
from sqlalchemy import Connection, select

from tracker import curated as knowledge
from tracker.catalog.ids import Ids, Names, table_of
from tracker.catalog.knowledge import tables
from tracker.catalog.results.registry_queries import registries
from tracker.catalog.results.tables import RegistryModel, RegistryTask
from tracker.common.text import bare_name
from tracker.curated import Curated

REWRITTEN = (
    tables.DatasetUse,
    tables.Dataset,
    tables.NoPaper,
    tables.ComparisonLine,
    tables.MethodComparison,
)
"""In an order in which each table goes before those it refers to."""

# A benchmark task carries the name of its dataset with what was done to it around that:
# NanoFEVERRetrieval and HotpotQA-PLHardNegatives.v2 are still FEVER and HotpotQA.
_BEFORE = re.compile(r"^(Multilingual)?Nano")
_VERSION = re.compile(r"(HardNegatives|Decontaminated)?(\.v\d+)?$")
_LANGUAGE = re.compile(r"-(Fa|NL|PL|VN)$")
_KIND = re.compile(r"(RetrievalLite|Retrieval|Reranking|Classification|PairClassification)$")


def dataset_of_task(task: str) -> str:
    """The bare name of the dataset that a benchmark task is named for.

    >>> dataset_of_task("HotpotQA-PLHardNegatives.v2")
    'hotpotqa'
    """
    name = _VERSION.sub("", _BEFORE.sub("", task))
    return bare_name(_KIND.sub("", _LANGUAGE.sub("", name)))


def write_library(connection: Connection, names: Names, curated: Curated) -> None:
    """Write datasets with their uses, comparisons, and which models have no paper."""
    tasks, declared, version = _registered(connection, names.models)
    datasets = Ids(connection, tables.Dataset)
    uses = Ids(connection, tables.DatasetUse)
    titles = {group.slug: group.title for group in curated.dataset_kinds}
    facts = _facts_by_dataset(curated)
    for kind, dataset in curated.datasets:
        called = {bare_name(name) for name in (dataset.name, *dataset.aliases)}
        of_tasks = {dataset_of_task(name) for name in (dataset.name, *dataset.aliases)}
        overlapping = sorted({task for name in called | of_tasks for task in tasks.get(name, ())})
        id_ = datasets.add(**_dataset_row(kind, titles[kind], dataset, overlapping))
        stated = {(m.name, f.qualifier) for name in called for m, f in facts.get(name, ())}
        for model, fact in (pair for name in sorted(called) for pair in facts.get(name, ())):
            for evidence in fact.evidence:
                uses.add(
                    dataset_id=id_,
                    model_id=names.model(model.name),
                    declared="curated",
                    qualifier=fact.qualifier,
                    source=evidence.source,
                    locator=evidence.locator,
                    confidence=evidence.confidence,
                    date=evidence.checked,
                )
        for name in dataset.used_by:
            if name not in {model for model, _ in stated}:
                uses.add(
                    dataset_id=id_,
                    model_id=names.model(name),
                    declared="curated",
                    qualifier=None,
                    source=dataset.source,
                    locator=None,
                    confidence=dataset.confidence,
                    date=None,
                )
        for name, trained in declared.items():
            if found := sorted(trained.intersection(overlapping)):
                uses.add(
                    dataset_id=id_,
                    model_id=names.models[name],
                    declared="registry",
                    qualifier=None,
                    source=version,
                    locator=", ".join(found),
                    confidence="medium",
                    date=None,
                )
    missing = Ids(connection, tables.NoPaper)
    for model in curated.models:
        if model.no_paper:
            missing.add(
                model_id=names.model(model.name),
                text_en=model.no_paper.text.en,
                text_zh=model.no_paper.text.zh,
                checked=model.no_paper.checked,
                source=model.no_paper.source,
            )
    names.flush()
    for table in (datasets, uses, missing):
        table.flush()
    _write_comparisons(connection, curated)


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
    """Every fact that names training data, by the bare name that it uses."""
    found: dict[str, list[tuple[knowledge.ModelEntry, knowledge.FactEntry]]] = defaultdict(list)
    for model in curated.models:
        for fact in model.facts:
            if fact.property == "training_data":
                found[bare_name(fact.value)].append((model, fact))
    return found


def _registered(
    connection: Connection, models: Container[str]
) -> tuple[dict[str, list[str]], dict[str, frozenset[str]], str]:
    """What the newest registry says: tasks by dataset, training tasks by known model, its name.

    The tasks that a model's own entry lists are taken, not those that follow from them.
    """
    known = registries(connection)
    if not known:
        return {}, {}, ""
    newest = known[-1]
    tasks: dict[str, list[str]] = defaultdict(list)
    table = table_of(RegistryTask)
    rows = connection.execute(
        select(table.c.name, table.c.properties).where(table.c.registry_id == newest.id)
    )
    for name, properties in rows:
        path = (orjson.loads(properties).get("dataset") or {}).get("path") or ""
        for dataset in {dataset_of_task(name), dataset_of_task(path.rpartition("/")[2])} - {""}:
            tasks[dataset].append(name)
    table = table_of(RegistryModel)
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
    return tasks, declared, f"mteb {newest.mteb_version}"


def _write_comparisons(connection: Connection, curated: Curated) -> None:
    whole = Ids(connection, tables.MethodComparison)
    lines = Ids(connection, tables.ComparisonLine)
    for comparison in curated.comparisons:
        id_ = whole.add(
            slug=comparison.slug,
            title_en=comparison.title.en,
            title_zh=comparison.title.zh,
            summary_en=comparison.summary.en,
            summary_zh=comparison.summary.zh,
            subjects=_json([s.slug, s.name, s.model, s.paper] for s in comparison.subjects),
        )
        for position, (kind, line, texts) in enumerate(_lines(comparison)):
            lines.add(
                comparison_id=id_,
                position=position,
                kind=kind,
                topic_en=line.topic.en,
                topic_zh=line.topic.zh,
                texts_en=_json(text.en for text in texts),
                texts_zh=_json(text.zh for text in texts),
                sources=_json(line.sources),
                confidence=line.confidence,
            )
    whole.flush()
    lines.flush()


def _lines(
    comparison: knowledge.ComparisonEntry,
) -> Iterator[
    tuple[str, knowledge.Dimension | knowledge.Remark, tuple[knowledge.BilingualText, ...]]
]:
    for row in comparison.dimensions:
        yield "dimension", row, tuple(row.cells[its.slug] for its in comparison.subjects)
    for kind in ("difference", "connection", "remark"):
        for remark in getattr(comparison, f"{kind}s"):
            yield kind, remark, (remark.text,)
