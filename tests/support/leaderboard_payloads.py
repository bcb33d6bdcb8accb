"""Small answers of the leaderboard API, to be changed by tests."""

from __future__ import annotations

import json
from typing import Any


def row(name: str, rank: int, scores: dict[str, float | None], **changes: Any) -> dict[str, Any]:
    given = [score for score in scores.values() if score is not None]
    return {
        "rank": rank,
        "model": {"name": name, "url": None, "openness": {"paper": True}, "zeroShotPct": -1},
        "zeroShotPct": 95,
        "meanTask": sum(given) / len(given) if given else None,
        "meanTaskType": None,
        "meanPublic": None,
        "meanPrivate": None,
        "scoresByTaskType": {"STS": 0.5, "Retrieval": None},
        "scoresByTask": scores,
        "trainedOnTasks": ["T2", "T1"],
        "experiments": None,
        **changes,
    }


def board(
    name: str = "B", rows: list[dict[str, Any]] | None = None, **changes: Any
) -> dict[str, Any]:
    return {
        "benchmarkName": name,
        "tasks": ["T2", "T1"],
        "tasksMeta": [
            {"name": "T1", "type": "STS"},
            {"name": "unscored", "type": "Clustering"},
            {"name": "T2", "type": "Retrieval"},
        ],
        "rows": [row("org/a", 1, {"T1": 0.5, "T2": 0.25}), row("org/b", 2, {"T2": 0.1})]
        if rows is None
        else rows,
        **changes,
    }


def benchmark(name: str, count: int = 2) -> dict[str, Any]:
    return {
        "name": name,
        "displayName": name,
        "languages": ["English"],
        "taskTypes": ["STS"],
        "tasks": ["T1", "T2"],
        "aggregations": ["mean_task"],
        "numModels": count,
        "showZeroShot": True,
        "displayOnLeaderboard": not name.startswith("hidden"),
        "newVersion": None,
    }


def model(name: str = "org/a", **changes: Any) -> dict[str, Any]:
    sizes = {"embeddingDim": None, "totalParamsB": None, "maxTokens": None}
    terms = {"url": None, "releaseDate": None, "openWeights": None, "license": None}
    return {"name": name, **sizes, **terms, **changes}


TASK = {
    "name": "T1",
    "type": "STS",
    "mainScore": "cosine",
    "languages": ["English"],
    "isPublic": True,
}


def payload(*names: str) -> dict[str, Any]:
    return {
        "benchmarks": [benchmark(name) for name in names],
        "models": [model()],
        "tasks": [TASK],
        "scores": {name: board(name) for name in names},
    }


def dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
