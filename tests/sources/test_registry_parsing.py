"""Parsing of registry exports, and the exports that are rejected."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.registry_exports import benchmark, export, task
from tracker.errors import SourceError
from tracker.ranking.benchmark import (
    BenchmarkDefinition,
    CustomGroup,
    CustomGrouping,
    TaskSelection,
    definition_from_json,
)
from tracker.sources import benchmark_registry as source
from tracker.sources.records import Edition

T1 = TaskSelection("T1", "STS", True, ("test",), ("default",))
T2 = TaskSelection("T2", "Retrieval", True, ("test",), ("en", "de"))
UNSCORED = TaskSelection("unscored", "Clustering", False, ("dev", "test"), ("default",))


def defined(**changes: Any) -> BenchmarkDefinition:
    (found,) = source.parse(export(benchmark(**changes))).benchmarks
    return found.definition


def test_a_benchmark_is_read_whole() -> None:
    (found,) = source.parse(export()).benchmarks
    assert found == source.Benchmark(
        BenchmarkDefinition(
            name="B",
            tasks=(T1, UNSCORED, T2),
            aggregations=("mean_task", "mean_task_type", "task_types"),
            groupings=(),
            rank_by=(),
            public_tasks_only=False,
            show_zero_shot=True,
        ),
        Edition(
            "benchmark-registry",
            "B",
            "fraction",
            3,
            ("T1", "T2", "unscored"),
            (("STS", 1), ("Clustering", 1), ("Retrieval", 1)),
        ),
        '{"on_leaderboard":true}',
    )


def test_a_benchmark_may_pin_a_task_to_some_splits_and_subsets() -> None:
    pinned = [{"task": "T2", "subsets": ["de"]}, {"task": "unscored", "splits": ["dev"]}]
    assert defined(tasks=pinned).tasks == (
        T2._replace(subsets=("de",)),
        UNSCORED._replace(splits=("dev",)),
    )


def test_a_group_knows_which_of_its_tasks_count_whole() -> None:
    tasks = ["T1", {"task": "T2", "subsets": ["de", "en"]}, {"task": "unscored", "splits": ["dev"]}]
    groups = [{"name": "Length", "groups": [{"label": "short", "tasks": tasks}]}]
    chosen = (T1, T2._replace(subsets=("de", "en")), UNSCORED._replace(splits=("dev",)))
    assert defined(groupings=groups).groupings == (
        CustomGrouping("Length", (CustomGroup("short", chosen, (True, True, False)),)),
    )


def test_rules_of_ranking_are_data() -> None:
    found = defined(
        rank_by=["mean_task", "mean_public"], public_tasks_only=True, show_zero_shot=False
    )
    assert (found.rank_by, found.public_tasks_only, found.show_zero_shot) == (
        ("mean_task", "mean_public"),
        True,
        False,
    )


def test_models_tell_what_they_were_trained_on_or_nothing() -> None:
    assert source.parse(export()).models == (
        source.Model("org/a", "abc", ("T1",), '{"embed_dim":768}'),
        source.Model("org/b", None, (), "{}"),
        source.Model("org/c", None, None, "{}"),
    )


def test_what_else_is_told_of_a_task_is_kept_under_its_own_name() -> None:
    told = task("X", dataset={"path": "org/x", "revision": "1"}, parts=["T1"], surprise=1)
    (found,) = source.parse(export(benchmark(tasks=["X"]), tasks=[told])).tasks
    assert found == source.Task(
        "X",
        "STS",
        "cosine_spearman",
        True,
        '{"dataset":{"path":"org/x","revision":"1"},"parts":["T1"],"splits":["test"],'
        '"subsets":["default"]}',
    )


def test_a_main_metric_is_found_by_a_name_of_any_case() -> None:
    assert source.main_metrics(source.parse(export())) == {
        "t1": ("T1", "cosine_spearman"),
        "t2": ("T2", "ndcg_at_10"),
        "unscored": ("unscored", "cosine_spearman"),
    }


_names = st.text(min_size=1, max_size=8)
_lists = st.lists(_names, max_size=3).map(tuple)
_selections = st.builds(TaskSelection, _names, _names, st.booleans(), _lists, _lists)
_groups = st.lists(st.tuples(_selections, st.booleans()), max_size=3).flatmap(
    lambda pairs: st.builds(
        CustomGroup,
        _names,
        st.just(tuple(task for task, _ in pairs)),
        st.just(tuple(whole for _, whole in pairs)),
    )
)
_groupings = st.builds(CustomGrouping, _names, st.lists(_groups, max_size=2).map(tuple))


@given(
    st.builds(
        BenchmarkDefinition,
        _names,
        st.lists(_selections, max_size=3).map(tuple),
        _lists,
        st.lists(_groupings, max_size=2).map(tuple),
        _lists,
        st.booleans(),
        st.booleans(),
    )
)
def test_a_definition_comes_back_from_its_json(definition: BenchmarkDefinition) -> None:
    assert definition_from_json(definition.to_json()) == definition


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "not a registry: Input data was truncated"),
        (b"{}", "not a registry: Object missing required field `format`"),
        (b"\xff", "not a registry: "),
        (export(models=[{"name": "a", "embed_dim": 2**70}]), "not a registry: Expected `int` <= "),
        (
            export(models=[{"name": "a", "embed_dim": [2**63]}]),
            "not a registry: Expected `int` <= ",
        ),
        (export(models=[{"name": "x" * 501}]), "not a registry: Expected `str` of length <= 500"),
        (export(format=2), "a registry of format 2, not 1; update the tracker"),
        (export(version="next"), "'next' is not a version of mteb"),
        (export(models=[]), "it has no model"),
        (export(benchmark(), benchmark()), "the benchmark 'B' is listed twice"),
        (export(benchmark(tasks=["T9"])), "a benchmark names the unknown task 'T9'"),
        (export(benchmark(aggregations=["median"])), "not a registry: Invalid enum value 'median'"),
    ],
)
def test_a_broken_export_is_told_in_one_line(body: bytes, cause: str) -> None:
    with pytest.raises(SourceError) as caught:
        source.parse(body, "here")
    assert str(caught.value).startswith(f"benchmark-registry: here: {cause}")
