"""Hypothesis strategies for histories of small boards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.support.boards import EN, overall, task_path, tasks
from tests.support.leaderboard_payloads import benchmark, board, model, row

MOMENTS = [
    f"2024-{day}:30:00Z"
    for day in ("07-07T01", "07-08T02", "07-08T09", "07-20T03", "08-01T03", "08-02T00", "09-30T04")
]
"""Moments in order; two are on the same day."""

NAMES = ["lab/one", "lab/two", "mill/one", "yard/three-GGUF", "yard/four"]


class Seen(NamedTuple):
    """One answer of the live leaderboard at one moment."""

    stream: str
    at: str
    body: Any


# Boards


def _score_rows(draw: st.DrawFn, names: list[str]) -> list[dict[str, Any]]:
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=4))
    rows = []
    for rank, name in enumerate(chosen, 1):
        scores = {
            task: draw(st.sampled_from([None, 0.25, 0.5]), label=f"{name} {task}")
            for task in ("T1", "T2")
        }
        rows.append(row(name, rank, scores))
    return rows


@st.composite
def score_boards(draw: st.DrawFn, name: str = "MTEB(eng, v1)") -> dict[str, Any]:
    """A board of the live leaderboard, sometimes with another task list."""
    changes: dict[str, Any] = {}
    if draw(st.integers(0, 4)) == 0:
        changes["tasksMeta"] = [{"name": t, "type": "STS"} for t in ("T1", "T2", "T3")]
    return board(name, _score_rows(draw, NAMES), **changes)


@st.composite
def live_histories(draw: st.DrawFn) -> list[Seen]:
    """Answers of the live leaderboard at several moments, oldest first.

    Every stream has only a few different states, so that many answers are unchanged ones.
    """
    found = []
    for name in ("MTEB(eng, v1)", "MTEB(cmn, v1)"):
        states = draw(st.lists(score_boards(name), min_size=1, max_size=3))
        moments = draw(st.lists(st.sampled_from(MOMENTS), unique=True, min_size=1, max_size=5))
        found += [Seen(f"scores/{name}", at, draw(st.sampled_from(states))) for at in moments]
    lists = {
        "models": [
            [model(n, embeddingDim=size, citation="see arXiv:2401.00368") for n in NAMES[:count]]
            for size, count in ((256, 2), (512, 3))
        ],
        "benchmarks": [
            [benchmark("MTEB(eng, v1)", count), benchmark("MTEB(cmn, v1)", count)]
            for count in (2, 3)
        ],
    }
    for stream, versions in lists.items():
        moments = draw(st.lists(st.sampled_from(MOMENTS), unique=True, max_size=3))
        found += [Seen(stream, at, draw(st.sampled_from(versions))) for at in moments]
    return sorted(found, key=lambda seen: (seen.at, seen.stream))


@st.composite
def _overall_tables(draw: st.DrawFn) -> bytes:
    chosen = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=4))
    averages = sorted((draw(st.sampled_from([60.5, 61.25, 70.0])) for _ in chosen), reverse=True)
    blank_from = draw(st.integers(0, len(chosen)))
    types = draw(st.sampled_from([{"STS": 2, "Reranking": 3}, {"STS": 2, "Reranking": 4}]))
    entries = [
        (name, average if i < blank_from else "")
        for i, (name, average) in enumerate(zip(chosen, averages, strict=True))
    ]
    return overall(entries, types, index=draw(st.booleans()))


@st.composite
def _task_tables(draw: st.DrawFn) -> bytes:
    chosen = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=3))
    scores = st.sampled_from(["", 40.5, 50.0])
    names = draw(st.sampled_from([("A (rus-Cyrl)", "B"), ("A", "B")]))
    return tasks(
        [(name, {task: draw(scores) for task in names}) for name in chosen],
        level_0=draw(st.booleans()),
    )


@st.composite
def board_histories(draw: st.DrawFn) -> list[tuple[str, Mapping[str, bytes]]]:
    """Changes of a published board by commit, oldest first."""
    tables = {
        EN: draw(st.lists(_overall_tables(), min_size=1, max_size=3)),
        task_path("en", "STS"): draw(st.lists(_task_tables(), min_size=1, max_size=2)),
        task_path("law", "Retrieval"): draw(st.lists(_task_tables(), min_size=1, max_size=3)),
    }
    found = []
    for at in sorted(draw(st.lists(st.sampled_from(MOMENTS), unique=True, min_size=1))):
        paths = draw(st.lists(st.sampled_from(sorted(tables)), unique=True, min_size=1))
        found.append((at, {path: draw(st.sampled_from(tables[path])) for path in paths}))
    return found


@st.composite
def batches(draw: st.DrawFn, items: list[Any]) -> list[list[Any]]:
    """The items in any order and any number of batches, some repeated."""
    again = draw(st.lists(st.sampled_from(items), max_size=3)) if items else []
    order = draw(st.permutations([*items, *again]))
    found: list[list[Any]] = [[]]
    for item in order:
        if draw(st.integers(0, 2)) == 0:
            found.append([])
        found[-1].append(item)
    return found
