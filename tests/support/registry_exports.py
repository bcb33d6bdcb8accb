"""Small exports of the benchmark registry, to be changed by tests."""

from __future__ import annotations

import json
from typing import Any


def task(name: str, kind: str = "STS", **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "main_score": "cosine_spearman",
        "is_public": True,
        "splits": ["test"],
        "subsets": ["default"],
        **changes,
    }


def benchmark(name: str = "B", tasks: list[Any] | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "tasks": ["T1", "unscored", "T2"] if tasks is None else tasks,
        "aggregations": ["mean_task", "mean_task_type", "task_types"],
        "public_tasks_only": False,
        "show_zero_shot": True,
        "on_leaderboard": True,
        **changes,
    }


def export(*benchmarks: dict[str, Any], version: str = "2.26.24", **changes: Any) -> bytes:
    """An export with the tasks of the boards in :mod:`tests.support.leaderboard_payloads`."""
    registry = {
        "format": 1,
        "mteb_version": version,
        "benchmarks": list(benchmarks) or [benchmark()],
        "tasks": [
            task("T1"),
            task("T2", "Retrieval", main_score="ndcg_at_10", subsets=["en", "de"]),
            task("unscored", "Clustering", is_public=False, splits=["dev", "test"]),
        ],
        "models": [
            {"name": "org/a", "revision": "abc", "training_tasks": ["T1"], "embed_dim": 768},
            {"name": "org/b", "training_tasks": []},
            {"name": "org/c"},
        ],
        **changes,
    }
    return json.dumps(registry).encode()
