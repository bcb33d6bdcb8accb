"""Compare a recomputed board with what the publisher's server answered."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from tracker.ranking.recompute import ComputedBoard

TOLERANCE = 1e-9
# Set by the server beside what an experiment varies.
_ADDED = ("model_type", "embed_dim", "output_dtypes")
_MEANS = {
    "meanTask": "mean_task",
    "meanTaskType": "mean_task_type",
    "meanPublic": "mean_public",
    "meanPrivate": "mean_private",
}
_PRIMARY = ("mean_task", "mean_subset", "mean_task_type")


def compare(board: ComputedBoard, answer: Mapping[str, Any]) -> list[str]:
    """All differences between a board and an answer of ``/v1/benchmarks/{name}/scores``.

    The publisher numbers lines in sorted order where a board ranks by a mean: of lines with equal
    means, any order is the same, and a line without any mean has a number there and none here.
    """
    rows = [_row(row) for row in answer["rows"]]
    lines = [_line(line, board, answer["aggregations"]) for line in board.rows.to_dicts()]
    found = [
        f"{key}: {n} lines of the publisher's"
        for key, n in Counter(row["key"] for row in rows).items()
        if n > 1
    ]
    theirs = {row["key"]: row for row in rows}
    ours = {line["key"]: line for line in lines}
    found += [f"{key}: only the publisher has it" for key in theirs.keys() - ours.keys()]
    found += [f"{key}: only we have it" for key in ours.keys() - theirs.keys()]
    if sorted(board.tasks) != sorted(answer["tasks"]) and rows:
        found.append(f"tasks: {sorted({*board.tasks} ^ {*answer['tasks']})}")
    common = sorted(theirs.keys() & ours.keys())
    for key in common:
        mine, other = ours[key], theirs[key]
        found += [
            f"{key}: {name} is {mine[name]!r}, not {other[name]!r}"
            for name in other
            if name not in ("key", "rank") and not _same(mine[name], other[name])
        ]
    return found + _rank_differences({key: (ours[key], theirs[key]) for key in common})


def _rank_differences(pairs: Mapping[Any, tuple[dict[str, Any], dict[str, Any]]]) -> list[str]:
    sharing: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for mine, other in pairs.values():
        if mine["rank"] is not None:
            sharing[mine["rank"]].append(other)
    found = []
    for key, (mine, other) in pairs.items():
        rank = mine["rank"]
        if rank is None and any(other[name] is not None for name in _MEANS):
            found.append(f"{key}: no rank, not {other['rank']}")
        if rank is None or rank == other["rank"]:
            continue
        equals = sharing[rank]
        numbered = range(rank, rank + len(equals))
        if sorted(x["rank"] for x in equals) != list(numbered) or not all(
            _same(x[name], other[name]) for x in equals for name in _MEANS
        ):
            found.append(f"{key}: rank is {rank}, not {other['rank']}")
    return found


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": (row["model"]["name"], _experiment(row.get("experiments"))),
        "rank": row["rank"],
        **{name: row[name] for name in _MEANS},
        "scoresByTaskType": row["scoresByTaskType"],
        "scoresByTask": row["scoresByTask"],
        "scoresByCustomGroup": {k: v for k, v in row["scoresByCustomGroup"].items() if v},
        "zeroShotPct": row["zeroShotPct"],
        "trainedOnTasks": sorted(row["trainedOnTasks"]),
    }


def _line(
    line: Mapping[str, Any], board: ComputedBoard, aggregations: list[str | Mapping[str, Any]]
) -> dict[str, Any]:
    told = {"mean_task", "mean_task_type"} & {x for x in aggregations if isinstance(x, str)}
    if "public_private" in aggregations:
        told |= {"mean_public", "mean_private"}
    means = {name: line[column] if column in told else None for name, column in _MEANS.items()}
    primary = next((x for x in _PRIMARY if x in aggregations), None)
    groups: dict[str, dict[str, float]] = defaultdict(dict)
    for (grouping, label), value in zip(board.groups, line["groups"], strict=True):
        if value is not None:
            groups[grouping][label] = value
    return {
        "key": (line["model"], _experiment(json.loads(line["experiment"] or "{}"))),
        "rank": line["rank"],
        **means,
        "meanTask": line[primary] if primary else None,
        "scoresByTaskType": _named(board.task_types, line["task_types"])
        if "task_types" in aggregations
        else {},
        "scoresByTask": _named(board.tasks, line["task_scores"]),
        "scoresByCustomGroup": dict(groups),
        "zeroShotPct": line["zero_shot_pct"],
        "trainedOnTasks": sorted(line["trained_on"]),
    }


def _named(names: tuple[str, ...], values: list[float | None]) -> dict[str, float]:
    pairs = zip(names, values, strict=True)
    return {name: value for name, value in pairs if value is not None}


def _experiment(varied: Mapping[str, Any] | None) -> str:
    own = {k: v for k, v in (varied or {}).items() if k not in _ADDED}
    return json.dumps(_without_nulls(own), sort_keys=True) if own else ""


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    return value


def _same(mine: Any, other: Any) -> bool:
    if isinstance(mine, dict):
        return mine.keys() == other.keys() and all(_same(mine[k], other[k]) for k in mine)
    if isinstance(mine, float) and isinstance(other, int | float):
        return abs(mine - other) <= TOLERANCE
    return bool(mine == other)
