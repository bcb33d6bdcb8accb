"""A small results repository: invented scores of real models on the tasks of some real boards.

Models join in three commits, lack tasks, have a second revision, an experiment, a value outside of
its metric's range, and values of MRR@1 that are not precision@1.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

from tests.real.independent_board import Task
from tests.real.independent_reader import Registry
from tests.support.result_repository import (
    ResultRepository,
    metadata,
    metadata_path,
    result_path,
)

MOMENTS = ("2025-02-10T10:00:00Z", "2025-05-20T10:00:00Z", "2025-12-01T10:00:00Z")
NAMED = (
    "BAAI/bge-multilingual-gemma2", "Qwen/Qwen3-Embedding-8B", "Qwen/Qwen3-Embedding-0.6B",
    "BAAI/bge-m3", "intfloat/e5-mistral-7b-instruct", "intfloat/multilingual-e5-small",
    "NovaSearch/stella_en_1.5B_v5", "infgrad/Jasper-Token-Compression-600M",
    "microsoft/harrier-oss-v1-0.6b", "google/embeddinggemma-300m", "BAAI/bge-large-zh-v1.5",
    "tencent/Youtu-Embedding", "codefuse-ai/F2LLM-v2-0.6B", "jinaai/jina-embeddings-v3",
    "ibm-granite/granite-embedding-278m-multilingual", "Alibaba-NLP/gte-multilingual-base",
)  # fmt: skip
N_DRAWN = 10
"""Further models of the registry, drawn by chance."""
LANGUAGES = ("deu", "cmn", "zho", "fra", "eng")
MOST_SUBSETS = 5
"""Subsets that a file has of a task with many: first those in these languages."""
SUSPECT = "SCIDOCS"
"""The task where MRR@1 is wrong."""


def invent(folder: Path, boards: Iterable[str]) -> Path:
    """Make the repository in a folder; returns its path."""
    registry, chance = Registry(), Random(2026)
    tasks = {task.name: task for board in boards for task in registry.tasks(board)}
    ways = {
        name: _subsets(registry, [t for b in boards for t in registry.tasks(b) if t.name == name])
        for name in tasks
    }
    repository = ResultRepository(folder / "results.git")
    models = _models(registry, chance)
    for number, at in enumerate(MOMENTS):
        files: dict[str, Any] = {}
        for model in models[number :: len(MOMENTS)]:
            files |= _files(registry, model, tasks, ways, chance)
        repository.commit(files, at=at)
    return repository.path


def _models(registry: Registry, chance: Random) -> list[str]:
    text_models = [
        name
        for name, entry in registry.models.items()
        if entry.get("modalities") == ["text"] and name not in NAMED
    ]
    found = [*NAMED, *chance.sample(sorted(text_models), N_DRAWN)]
    chance.shuffle(found)
    return found


def _subsets(registry: Registry, uses: list[Task]) -> dict[str, list[str]]:
    """Subsets by split that a file of a task has."""
    entry = registry.task_entries[uses[0].name]
    by_subset = entry.get("subset_languages") or {}
    subsets = sorted({subset for task in uses for subset in task.subsets})

    def is_asked(subset: str) -> bool:
        languages = by_subset.get(subset, entry["languages"])
        return bool({language[:3] for language in languages} & set(LANGUAGES))

    kept = sorted(subsets, key=lambda subset: not is_asked(subset))[:MOST_SUBSETS]
    return {split: kept for task in uses for split in task.splits}


def _files(
    registry: Registry,
    model: str,
    tasks: dict[str, Task],
    ways: dict[str, dict[str, list[str]]],
    chance: Random,
) -> dict[str, Any]:
    """The files of a model; some models lack some tasks."""
    skill, lacks = chance.uniform(0.4, 0.8), chance.choice((0.0, 0.0, 0.02, 0.3))
    main = registry.revisions[model] or "no_revision_available"
    files: dict[str, Any] = {metadata_path(model, main): metadata(model, main)}
    for name in tasks:
        if chance.random() < lacks:
            continue
        files[result_path(model, main, name)] = _body(name, ways[name], skill, chance)
        if chance.random() < 0.02:
            files[result_path(model, "older", name)] = _body(name, ways[name], skill, chance)
        if chance.random() < 0.02:
            folder = metadata_path(model, main, experiment="d128")
            files[folder] = metadata(model, main, embed_dim=128)
            path = result_path(model, main, name, experiment="d128")
            files[path] = _body(name, ways[name], skill, chance)
    return files


def _body(name: str, subsets: dict[str, list[str]], skill: float, chance: Random) -> dict[str, Any]:
    """A result file; one of some hundred has a value that cannot be."""
    scores = {
        split: [
            {
                "hf_subset": subset,
                "languages": [],
                "main_score": round(min(0.99, max(0.01, chance.gauss(skill, 0.1))), 5),
            }
            for subset in kept
        ]
        for split, kept in subsets.items()
    }
    if chance.random() < 0.003:
        next(iter(scores.values()))[0]["main_score"] = 1.5
    if name == SUSPECT:
        for cells in scores.values():
            for cell in cells:
                precision = round(chance.random(), 3)
                wrong = chance.random() < 0.3
                cell["precision_at_1"] = precision
                cell["mrr_at_1"] = precision + 0.05 if wrong else precision
    return {
        "dataset_revision": "d1",
        "evaluation_time": 1.0,
        "mteb_version": "2.0.0",
        "scores": scores,
        "task_name": name,
    }
