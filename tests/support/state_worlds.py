"""Two computed boards on three tasks, with results over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.support.catalogs import Loaded
from tests.support.registry_exports import benchmark, export, task
from tests.support.result_repository import result, result_path
from tracker.snapshots.store import Archive
from tracker.sources import benchmark_registry
from tracker.sources.records import Fetched

Files = dict[str, dict[str, Any] | bytes | None]
TASKS = ("A", "B", "C")
KINDS = {"A": "STS", "B": "STS", "C": "Retrieval"}


def registry(
    boards: Mapping[str, Iterable[str]],
    models: Iterable[str],
    *,
    version: str = "2.26.24",
    trained: Mapping[str, list[str]] | None = None,
    **changes: Any,
) -> bytes:
    """A registry export.

    Args:
        boards: Tasks by name of a board.
        models: Public ids of the models that it knows, each of revision ``main``.
        version: Version of the package that it comes from.
        trained: Training tasks by model; others declare nothing.
        changes: Further fields of every board.
    """
    trained = trained or {}
    return export(
        *(benchmark(name, list(tasks), **changes) for name, tasks in boards.items()),
        tasks=[
            task(name, kind, **({} if kind == "STS" else {"main_score": "ndcg_at_10"}))
            for name, kind in KINDS.items()
        ],
        models=[
            {"name": name, "revision": "main", "training_tasks": trained.get(name)}
            for name in models
        ],
        version=version,
    )


def put_registry(catalog: Loaded, body: bytes, at: str = "2025-06-01T00:00:00Z") -> None:
    """Archive a registry as exported at a moment."""
    header = benchmark_registry.HEADER
    answer = Fetched(benchmark_registry.STREAM, "https://example.org/mteb", body, at)
    Archive(catalog.archive).add(header.id, header.licence, answer, observed_at=at)


def scores(model: str, revision: str = "main", **values: float) -> Files:
    """Result files of a model, one per task."""
    return {result_path(model, revision, name): result(name, v) for name, v in values.items()}


def moved(files: Mapping[str, Any], old: str, new: str) -> Files:
    """Changes that move all files of a model to another name."""
    before, after = (f"results/{name.replace('/', '__')}/" for name in (old, new))
    changes: Files = {}
    for path, said in files.items():
        if path.startswith(before):
            changes |= {path: None, after + path.removeprefix(before): said}
    return changes
