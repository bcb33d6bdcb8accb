"""Scores of tasks, and the rules by which a score is missing."""

from __future__ import annotations

import random

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.support.raw_results import (
    Run,
    benchmark,
    computed,
    frames,
    rows_of,
    select_cells,
    selected,
    selection,
    with_layouts,
)
from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.task_scores import select_scores

TWO_BY_TWO = selection("A", splits=("dev", "test"), subsets=("de", "en"))
ALL = {("dev", "de"): 0.125, ("dev", "en"): 0.25, ("test", "de"): 0.375, ("test", "en"): 0.75}


def scores(*runs: Run, task: tuple[str, ...] = ("A",)) -> list[tuple[str, list[float | None]]]:
    """The scores of each row, by name of the model; further tasks have one cell."""
    tasks = [TWO_BY_TWO, *(selection(name) for name in task[1:])]
    return sorted(rows_of(computed(runs, benchmark(*tasks)), "task_scores"))


def test_a_score_is_the_mean_of_the_selected_cells() -> None:
    others = {("train", "en"): 0.9, ("test", "fr"): 0.9}
    assert scores(Run("m", "A", {**ALL, **others})) == [("m", [0.375])]


def test_a_row_lacking_a_cell_that_others_have_has_no_score() -> None:
    partial = dict(list(ALL.items())[:3])
    runs = [Run("full", "A", ALL), Run("part", "A", partial), Run("part", "B", 0.5)]
    assert scores(*runs, task=("A", "B")) == [("full", [0.375, None]), ("part", [None, 0.5])]


def test_cells_that_no_row_has_are_not_needed() -> None:
    german = {("dev", "de"): 0.125, ("test", "de"): 0.375}
    assert scores(
        Run("m", "A", german), Run("n", "A", {("test", "de"): 0.5}), Run("n", "B", 0.1)
    ) == [("m", [0.25])]


def test_all_observed_splits_times_subsets_are_needed() -> None:
    """Three cells of four are observed, on two splits and two subsets: four are needed."""
    runs = [
        Run("m", "A", {("dev", "de"): 0.125, ("test", "de"): 0.375}),
        Run("n", "A", {("test", "en"): 0.5}),
        *(Run(name, "B", 0.5) for name in ("m", "n")),
    ]
    assert scores(*runs, task=("A", "B")) == [("m", [None, 0.5]), ("n", [None, 0.5])]


def test_a_null_score_counts_as_a_missing_cell() -> None:
    runs = [
        Run("gap", "A", {**ALL, ("test", "en"): None}),
        Run("gap", "B", 0.5),
        Run("full", "A", ALL),
        Run("empty", "A", dict.fromkeys(ALL)),
    ]
    assert scores(*runs, task=("A", "B")) == [("full", [0.375, None]), ("gap", [None, 0.5])]


def test_a_cell_that_is_null_in_every_row_is_not_needed() -> None:
    """Two splits and one subset are observed; a null score is a missing cell."""
    gap = {("dev", "de"): 0.125, ("test", "de"): 0.375, ("dev", "en"): None, ("test", "en"): None}
    assert scores(Run("m", "A", gap)) == [("m", [0.25])]


def test_scores_are_summed_in_the_order_of_the_file() -> None:
    three = benchmark(selection("A", subsets=("de", "en", "fr")))
    up = {("test", "de"): 0.1, ("test", "en"): 0.2, ("test", "fr"): 0.3}
    down = dict(reversed(up.items()))
    board = computed([Run("up", "A", up), Run("down", "A", down)], three)
    assert (0.1 + 0.2) + 0.3 > (0.3 + 0.2) + 0.1
    assert rows_of(board, "rank", "mean_task") == [
        ("up", 1, ((0.1 + 0.2) + 0.3) / 3),
        ("down", 2, ((0.3 + 0.2) + 0.1) / 3),
    ]


def test_two_runs_without_settings_share_a_row_with_their_mean() -> None:
    half = {("dev", "de"): 0.75, ("dev", "en"): 0.75}
    runs = [Run("m", "A", ALL), Run("m", "A", half, experiment='{"model_kwargs":{}}')]
    assert scores(*runs) == [("m", [0.5])]


def test_two_runs_without_settings_may_complete_each_other() -> None:
    dev = {cell: score for cell, score in ALL.items() if cell[0] == "dev"}
    test = {cell: score for cell, score in ALL.items() if cell[0] == "test"}
    runs = [Run("m", "A", dev), Run("m", "A", test, experiment='{"x":""}'), Run("n", "A", ALL)]
    assert scores(*runs) == [("m", [0.375]), ("n", [0.375])]


def test_an_experiment_has_its_own_row() -> None:
    runs = [Run("m", "A", ALL), Run("m", "A", dict.fromkeys(ALL, 0.5), experiment='{"dim":8}')]
    assert rows_of(computed(runs, benchmark(TWO_BY_TWO)), "mean_task") == [
        ("m", "", 0.375),
        ("m", '{"dim":8}', 0.5),
    ]


cells = st.dictionaries(
    st.tuples(st.sampled_from(["dev", "test", "train"]), st.sampled_from(["de", "en", "fr"])),
    st.none() | st.integers(0, 100).map(lambda n: n / 100),
    min_size=1,
)
runs_of_models = st.dictionaries(st.sampled_from("mnop"), cells)


@given(runs_of_models)
def test_a_score_exists_exactly_if_all_observed_cells_exist(drawn: dict[str, dict]) -> None:
    wanted = {
        model: {cell: x for cell, x in found.items() if cell in ALL and x is not None}
        for model, found in drawn.items()
    }
    n_splits = len({split for found in wanted.values() for split, _ in found})
    n_subsets = len({subset for found in wanted.values() for _, subset in found})
    expected = sorted(
        (model, round(sum(found.values()) / len(found), 9))
        for model, found in wanted.items()
        if found and len(found) == n_splits * n_subsets
    )
    found = scores(*(Run(model, "A", own) for model, own in drawn.items()))
    assert [(model, round(x or 0, 9)) for model, (x,) in found] == expected


@given(runs_of_models, st.randoms(use_true_random=False))
def test_the_order_of_contents_does_not_change_means(
    drawn: dict[str, dict], chance: random.Random
) -> None:
    runs = [Run(model, "A", own) for model, own in drawn.items()]
    files, cells_ = frames(runs)
    ids = files["content_id"].to_list()
    chance.shuffle(ids)
    shuffled = pl.concat(
        [cells_.clear(), *(cells_.filter(pl.col("content_id") == content) for content in ids)]
    )
    definition = benchmark(TWO_BY_TWO)
    expected = selected(runs, definition).contents.sort("content_id")
    found = select_cells(files, shuffled, definition).contents.sort("content_id")
    assert found.equals(expected)


SUBSETS = benchmark(TWO_BY_TWO, aggregations=("mean_subset",))


@given(runs_of_models, st.sampled_from([benchmark(TWO_BY_TWO), SUBSETS]))
def test_shared_and_separate_layouts_give_the_same_scores(
    drawn: dict[str, dict], definition: BenchmarkDefinition
) -> None:
    runs = [Run(model, task, own) for model, own in drawn.items() for task in ("A", "Z")]
    files, cells_ = frames(runs)
    contents, layouts = with_layouts(files, cells_)
    shared = select_scores(contents, layouts, definition)
    of_contents = contents.select("content_id", "layout_id").join(layouts, on="layout_id")
    own_layouts = of_contents.select("split", "subset", layout_id="content_id")
    own_contents = contents.with_columns(layout_id="content_id")
    separate = select_scores(own_contents, own_layouts, definition)
    for mine, other in zip(shared, separate, strict=True):
        keys = [x for x in ("content_id", "task", "split", "subset") if x in mine.columns]
        assert mine.sort(keys).equals(other.sort(keys))


@given(runs_of_models)
def test_cells_are_kept_if_some_are_missing_or_subsets_count(
    drawn: dict[str, dict],
) -> None:
    runs = [Run(model, "A", own) for model, own in drawn.items()]
    full = {
        101 + n
        for n, run in enumerate(runs)
        if all(run.scores.get(cell) is not None for cell in ALL)
    }
    of_board = {
        (101 + n, *cell, score)
        for n, run in enumerate(runs)
        for cell, score in run.scores.items()
        if cell in ALL
    }
    columns = ["content_id", "split", "subset", "score"]
    for definition, kept in (
        (benchmark(TWO_BY_TWO), {cell for cell in of_board if cell[0] not in full}),
        (SUBSETS, of_board),
    ):
        assert set(selected(runs, definition).cells.select(columns).rows()) == kept
