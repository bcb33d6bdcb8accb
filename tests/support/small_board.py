"""A small board of three tasks in three languages, with three models in the registry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.catalogs import Loaded
from tests.support.registry_exports import benchmark, export, task
from tests.support.result_repository import ResultRepository, result, result_path
from tests.support.state_worlds import put_registry
from tracker.sources import result_files

BOARD = "Small(mul, v1)"
REGISTRY = export(
    benchmark(BOARD, ["A", "B", "C"]),
    tasks=[
        task("A", languages=["eng-Latn"]),
        task("B", languages=["cmn-Hans"]),
        task(
            "C",
            "Retrieval",
            main_score="ndcg_at_10",
            subsets=["en", "de"],
            languages=["deu-Latn", "eng-Latn"],
            subset_languages={"en": ["eng-Latn"], "de": ["deu-Latn"]},
        ),
    ],
    models=[
        {
            "name": "lab/large", "revision": "main", "n_parameters": 8_000_000_000,
            "memory_usage_mb": 15_000, "max_tokens": 32768, "license": "apache-2.0",
            "open_weights": True, "training_tasks": ["A"], "use_instructions": True,
            "release_date": "2025-03-01",
        },
        {
            "name": "lab/small", "revision": "main", "n_parameters": 300_000_000,
            "memory_usage_mb": 600, "max_tokens": 8192, "license": "mit",
            "open_weights": True, "training_tasks": [], "use_instructions": False,
            "release_date": "2025-01-01",
        },
        {"name": "mill/closed", "revision": "main", "open_weights": False},
    ],
)  # fmt: skip
SCORES: dict[str, dict[str, Any]] = {
    "lab/large": {"A": 0.9, "B": 0.5, "C": {"en": 0.5, "de": 0.9}},
    "lab/small": {"A": 0.5, "B": 0.6, "C": {"en": 0.6, "de": 0.2}},
    "mill/closed": {"A": 0.7, "B": 0.7},
}


def load_small_board(catalog: Loaded, folder: Path) -> Loaded:
    """Load the board as of March 2025 into an empty catalog."""
    repository = ResultRepository(folder / "results.git")
    files = {
        result_path(model, "main", name): result(name, value)
        for model, values in SCORES.items()
        for name, value in values.items()
    }
    repository.commit(files, at="2025-03-10T10:00:00Z")
    result_files.update(str(repository.path), catalog.clones / "result-files", seen_at="")
    put_registry(catalog, REGISTRY)
    catalog.load()
    return catalog
