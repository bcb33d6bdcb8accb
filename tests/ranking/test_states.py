"""States of a board over its history: each equals the computation of its moment alone."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.campaigns import examples
from tests.support.histories import (
    MOMENTS,
    REVISIONS,
    SECRET,
    TRAINING,
    A,
    B,
    C,
    History,
    content_scores,
    histories,
    holds,
)
from tests.support.raw_results import benchmark, selection
from tracker.ranking import states
from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.recompute import ComputedBoard, recompute
from tracker.ranking.states import BoardStates, Ranking, board_states
from tracker.ranking.task_state import SharedTasks
from tracker.ranking.timelines import ResultFileVersion, task_results

TASKS = (A, B, C, SECRET)
PUBLIC_PRIVATE = ("mean_task", "mean_task_type", "task_types", "public_private")
BENCHMARKS = [
    benchmark(*TASKS),
    benchmark(*TASKS, public_tasks_only=True),
    benchmark(*TASKS, aggregations=("mean_task_type",)),
    benchmark(*TASKS, aggregations=PUBLIC_PRIVATE, rank_by=("mean_task",)),
    benchmark(*TASKS, rank_by=("mean_task_type",)),
    benchmark(
        *TASKS,
        aggregations=PUBLIC_PRIVATE,
        rank_by=("mean_task", "mean_public", "mean_private"),
    ),
    benchmark(A, C._replace(splits=("dev", "test")), SECRET),
]
DEFINITIONS = st.sampled_from(BENCHMARKS)


def all_states(
    history: History,
    definition: BenchmarkDefinition,
    since: str = "",
    shared: SharedTasks | None = None,
) -> BoardStates:
    results = task_results(history.files, REVISIONS, {})
    scores = content_scores(history.select(definition))
    return board_states(results, scores, definition, TRAINING, since=since, shared=shared)


def alone(history: History, definition: BenchmarkDefinition, at: str) -> ComputedBoard:
    return recompute(history.at(at), history.select(definition), definition, REVISIONS, TRAINING)


def ranking_at(found: BoardStates, at: str) -> Ranking | None:
    now = [ranking for ranking in found.rankings if holds(ranking.since, ranking.until, at)]
    assert len(now) <= 1
    return now[0] if now else None


Shown = dict[tuple[str, str], tuple[Any, ...]]


def state_at(found: BoardStates, at: str) -> Shown:
    """Rank, points, means and counts of each row at a moment, from the states."""
    ranking = ranking_at(found, at)
    if ranking is None:
        assert not any(holds(row.since, row.until, at) for row in found.rows)
        return {}
    ranks = dict(zip(ranking.rows, ranking.ranks, strict=True))
    points = dict(zip(ranking.rows, ranking.points or (), strict=False))
    shown: Shown = {}
    for row in found.rows:
        if not holds(row.since, row.until, at):
            continue
        key = (row.key.model, row.key.experiment)
        assert key not in shown
        values = row.values
        shown[key] = (
            ranks.pop(row.key, None),
            points.get(row.key),
            values.mean_task,
            values.mean_task_type,
            values.mean_public,
            values.mean_private,
            dict(values.task_types),
            values.n_tasks,
            ranking.n_tasks,
            values.zero_shot_pct,
        )
    assert ranks == {}, "a ranked row without values"
    return shown


def computed_at(board: ComputedBoard, definition: BenchmarkDefinition) -> Shown:
    """The same values from a board computed for one moment, in the columns that it shows."""
    shows = definition.aggregations
    found: Shown = {}
    for row in board.rows.iter_rows(named=True):
        by_type = row["mean_task_type"] if "mean_task_type" in shows else None
        splits = "public_private" in shows
        types = zip(board.task_types, row["task_types"], strict=True)
        found[row["model"], row["experiment"]] = (
            row["rank"],
            None if definition.rank_by else row["points"],
            row["mean_task"] if "mean_task" in shows else by_type,
            by_type,
            row["mean_public"] if splits else None,
            row["mean_private"] if splits else None,
            {kind: mean for kind, mean in types if mean is not None}
            if "task_types" in shows
            else {},
            row["n_tasks"],
            row["n_tasks_total"],
            row["zero_shot_pct"],
        )
    return found


def approximately(shown: Shown) -> Any:
    return {
        key: tuple(
            pytest.approx(value, abs=1e-12) if isinstance(value, float | dict) else value
            for value in row
        )
        for key, row in shown.items()
    }


@settings(max_examples=examples(10))
@given(histories(), DEFINITIONS)
def test_each_state_equals_the_computation_of_its_moment(
    history: History, definition: BenchmarkDefinition
) -> None:
    found = all_states(history, definition)
    for at in MOMENTS:
        assert state_at(found, at) == approximately(
            computed_at(alone(history, definition, at), definition)
        )


@settings(max_examples=examples(10))
@given(histories(), DEFINITIONS)
def test_rows_of_a_ranking_are_ordered_by_rank_then_name(
    history: History, definition: BenchmarkDefinition
) -> None:
    for ranking in all_states(history, definition).rankings:
        assert list(ranking.ranks) == sorted(ranking.ranks)
        assert list(zip(ranking.ranks, ranking.rows, strict=True)) == sorted(
            zip(ranking.ranks, ranking.rows, strict=True)
        )


@settings(max_examples=examples(10))
@given(histories(), DEFINITIONS, st.sampled_from(MOMENTS))
def test_starting_later_gives_the_same_later_states(
    history: History, definition: BenchmarkDefinition, since: str
) -> None:
    whole, late = all_states(history, definition), all_states(history, definition, since)
    for at in MOMENTS:
        if at >= since:
            assert state_at(late, at) == approximately(state_at(whole, at))
            one, other = ranking_at(late, at), ranking_at(whole, at)
            assert (one and one.rows) == (other and other.rows)
            assert (one and one.common) == (other and other.common)
    for name in ("rows", "rankings"):
        began = [x for x in getattr(whole, name) if x.until is None or x.until > since]
        expected = sorted((max(x.since, since), x.until or "9") for x in began)
        assert sorted((x.since, x.until or "9") for x in getattr(late, name)) == expected


@settings(max_examples=examples(10))
@given(histories(), st.permutations(BENCHMARKS), st.sampled_from(MOMENTS))
def test_what_boards_share_changes_none_of_them(
    history: History, definitions: list[BenchmarkDefinition], since: str
) -> None:
    shared = SharedTasks()
    for definition in definitions:
        found = all_states(history, definition, since, shared)
        assert found == all_states(history, definition, since)


@settings(max_examples=examples(10))
@given(histories(), DEFINITIONS)
def test_a_new_interval_begins_only_with_a_change(
    history: History, definition: BenchmarkDefinition
) -> None:
    found = all_states(history, definition)
    for before, after in pairwise(found.rankings):
        assert before.until is not None
        assert before.until < after.since or before[:5] != after[:5]
    by_row = defaultdict(list)
    for row in sorted(found.rows, key=lambda row: row.since):
        by_row[row.key].append(row)
    for rows in by_row.values():
        for first, second in pairwise(rows):
            assert first.until is not None
            assert first.until < second.since or first.values != second.values


@settings(max_examples=examples(10))
@given(histories(), st.sampled_from([1, 2, 20]))
def test_common_tasks_are_those_that_all_leading_rows_have(
    monkeypatch: pytest.MonkeyPatch, history: History, top: int
) -> None:
    definition = benchmark(*TASKS)
    monkeypatch.setattr(states, "TOP", top)
    found = all_states(history, definition)
    for at in MOMENTS:
        board = alone(history, definition, at)
        ranking = ranking_at(found, at)
        if ranking is None:
            continue
        scores = {
            (row["model"], row["experiment"]): row["task_scores"]
            for row in board.rows.iter_rows(named=True)
        }
        ordered = [scores[key.model, key.experiment] for key in ranking.rows]
        common = [
            place
            for place in range(len(board.tasks))
            if all(row[place] is not None for row in ordered[:top])
        ]
        if not common or len(common) == len(board.tasks):
            assert ranking.common is None
            continue
        assert ranking.common is not None
        missing = [task for place, task in enumerate(board.tasks) if place not in common]
        assert sorted(ranking.common.missing) == sorted(missing)
        means = []
        for row in ordered:
            values = [row[place] for place in common]
            means.append(None if None in values else sum(values) / len(values))
        assert ranking.common.means == pytest.approx(means, abs=1e-8)


# Single rules


def version(model: str, task: str, content: int, **changes: Any) -> ResultFileVersion:
    path = f"{model}/{task}"
    plain = ResultFileVersion(
        path, task, content, model, model, "main", "", "2.0.0", MOMENTS[0], None
    )
    return plain._replace(**changes)


ONE = {("test", "default"): 0.5}
MORE = {("test", "default"): 0.75}


def test_a_task_without_remaining_results_stops_counting() -> None:
    history = History(
        (version("m", "A", 1), version("n", "E", 2, until=MOMENTS[2])), {1: ONE, 2: ONE}
    )
    found = all_states(history, benchmark(A, selection("E")))
    assert [(r.n_tasks, r.since[8:10], r.until and r.until[8:10]) for r in found.rankings] == [
        (2, "01", "03"),
        (1, "03", None),
    ]
    assert [(r.key.model, r.values.mean_task, r.since[8:10]) for r in found.rows] == [
        ("m", None, "01"),
        ("n", None, "01"),
        ("m", 0.5, "03"),
    ]


def test_a_renamed_row_begins_a_new_interval_with_equal_values() -> None:
    history = History(
        (
            version("m", "A", 1, name="former", file="former/A", until=MOMENTS[1]),
            version("m", "A", 1, since=MOMENTS[1]),
        ),
        {1: ONE},
    )
    found = all_states(history, benchmark(A))
    assert [
        (row.key.name, row.since[8:10], row.until and row.until[8:10]) for row in found.rows
    ] == [("former", "01", "02"), ("m", "02", None)]
    assert {row.values for row in found.rows} == {found.rows[0].values}
    assert [[key.name for key in ranking.rows] for ranking in found.rankings] == [
        ["former"],
        ["m"],
    ]


def test_means_over_common_tasks_follow_a_change_of_these_tasks() -> None:
    """The row of n does not change itself."""
    history = History(
        (
            version("m", "A", 1),
            version("m", "B", 2, until=MOMENTS[2]),
            *(version("n", task, content) for task, content in (("A", 3), ("B", 4), ("E", 5))),
        ),
        {
            content: {("test", "default"): score}
            for content, score in ((1, 0.75), (2, 0.75), (3, 0.25), (4, 0.5), (5, 0.5))
        },
    )
    found = all_states(history, benchmark(A, selection("B"), selection("E")))
    assert [
        (
            r.since[8:10],
            r.common and (r.common.missing, dict(zip(r.rows, r.common.means, strict=True))),
        )
        for r in found.rankings
    ] == [
        ("01", (("E",), {states.RowKey("m", "m", ""): 0.75, states.RowKey("n", "n", ""): 0.375})),
        (
            "03",
            (("B", "E"), {states.RowKey("m", "m", ""): 0.75, states.RowKey("n", "n", ""): 0.25}),
        ),
    ]


def test_a_board_without_remaining_rows_has_no_state() -> None:
    history = History((version("m", "A", 1, until=MOMENTS[3]),), {1: ONE})
    found = all_states(history, benchmark(A))
    assert [(r.since, r.until) for r in found.rankings] == [(MOMENTS[0], MOMENTS[3])]
    assert [(r.since, r.until) for r in found.rows] == [(MOMENTS[0], MOMENTS[3])]


def test_a_content_of_zero_duration_has_no_effect() -> None:
    at = MOMENTS[2]
    history = History(
        (
            version("m", "A", 1, until=at),
            version("m", "A", 2, since=at, until=at),
            version("m", "A", 1, since=at),
            version("n", "A", 3),
        ),
        {1: ONE, 2: {("test", "default"): 1.0}, 3: MORE},
    )
    found = all_states(history, benchmark(A))
    assert [[key.model for key in r.rows] for r in found.rankings] == [["n", "m"]]
    assert [(row.key.model, row.since) for row in found.rows] == [
        ("m", MOMENTS[0]),
        ("n", MOMENTS[0]),
    ]


def test_a_content_without_a_possible_score_has_no_effect() -> None:
    definition = benchmark(A)
    history = History((version("m", "A", 1), version("n", "A", 2)), {1: ONE, 2: MORE})
    scores = content_scores(history.select(definition))
    del scores[2]
    results = task_results(history.files, REVISIONS, {})
    found = board_states(results, scores, definition, TRAINING)
    assert [key.model for key in found.rankings[0].rows] == ["m"]
