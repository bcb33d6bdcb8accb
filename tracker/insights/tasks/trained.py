"""Which models declare training on a task, on a similar one, or by their base model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import orjson

from tracker.answers.tasks import TaskTraining
from tracker.catalog.results.registry_queries import present_models
from tracker.insights.methods.datasets import read_datasets
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader, memoised
from tracker.insights.tasks.infos import known_registry
from tracker.ranking.contamination import Declaration, exposing_base, exposure


@memoised
def read_declarations(reader: Reader) -> Mapping[str, Declaration]:
    """What each model of the newest registry declares of its training, by public id."""
    documented = _documented(reader)
    found = {}
    for name, row in present_models(reader.connection, known_registry(reader).id).items():
        known = orjson.loads(row.properties)
        tasks = row.training_tasks
        found[name] = Declaration(
            None if tasks is None else frozenset(orjson.loads(tasks)),
            frozenset(known.get("training_datasets") or ()),
            known.get("adapted_from"),
            documented.get(name, {}),
        )
    return found


def _documented(reader: Reader) -> dict[str, dict[str, str]]:
    """By model, the tasks made of datasets that people read among its training data.

    Each task comes with the address of what they read.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for dataset in read_datasets(reader):
        for use in dataset.uses:
            if use.declared == "curated":
                found[use.model] |= dict.fromkeys(dataset.tasks, use.source)
    return found


def trained_on_task(reader: Reader, task: str) -> Iterator[TaskTraining]:
    """Yield the models that declare training that meets a task, by name."""
    declared = read_declarations(reader)
    slugs = read_slugs(reader)
    for model in sorted(declared, key=str.casefold):
        kind = exposure(task, model, declared)
        if kind in ("itself", "base", "sibling"):
            base = exposing_base(task, model, declared) if kind == "base" else None
            yield TaskTraining(model, slugs.get(model), kind, base)


@memoised
def read_slugs(reader: Reader) -> Mapping[str, str]:
    """Slugs of all models by public id."""
    return {row.name: row.slug for row in read_names(reader).values()}
