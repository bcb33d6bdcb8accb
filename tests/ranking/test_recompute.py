"""Boards computed from raw results: means, ranks, groups and zero-shot shares."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.support.raw_results import (
    Run,
    benchmark,
    computed,
    frames,
    grouping,
    rows_of,
    select_cells,
    selected,
    selection,
)
from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.recompute import ComputedBoard, count_rows, recompute
from tracker.ranking.zero_shot import zero_shot_percent

A, B, C = selection("A", "STS"), selection("B", "STS"), selection("C", "Retrieval")
SECRET = selection("D", "Retrieval", public=False)


def runs(model: str, **scores: float) -> list[Run]:
    return [Run(model, task, score) for task, score in scores.items()]


# Means


def test_means_need_every_task_of_the_board_or_type() -> None:
    board = computed(
        [*runs("whole", A=0.5, B=0.75, C=0.25), *runs("part", A=0.25, C=0.75)], benchmark(A, B, C)
    )
    assert (board.tasks, board.task_types) == (("A", "B", "C"), ("STS", "Retrieval"))
    columns = ["mean_task", "mean_task_type", "task_types", "task_scores", "n_tasks"]
    assert rows_of(board, *columns, "n_tasks_total") == [
        ("whole", 0.5, 0.4375, [0.625, 0.25], [0.5, 0.75, 0.25], 3, 3),
        ("part", None, None, [None, 0.75], [0.25, None, 0.75], 2, 3),
    ]


def test_a_task_without_results_does_not_count() -> None:
    board = computed(runs("m", A=0.5), benchmark(A, B, C))
    assert (board.tasks, board.task_types) == (("A",), ("STS",))
    assert rows_of(board, "mean_task", "mean_task_type", "n_tasks_total") == [("m", 0.5, 0.5, 1)]


def test_rows_are_counted_as_they_are_computed() -> None:
    two = selection("B", subsets=("de", "en"))
    whole = Run("whole", "B", {("test", "de"): 0.5, ("test", "en"): 0.5})
    listed = [whole, Run("part", "B", {("test", "de"): 0.5})]
    definition = benchmark(A, two, SECRET)._replace(public_tasks_only=True)
    own = [*listed, *runs("secret", D=0.5)]
    files, contents = frames(own)[0], selected(own, definition)
    assert count_rows(files, contents, definition, {}) == 1
    assert computed(own, definition).rows["model"].to_list() == ["whole"]


def test_a_task_with_incomplete_results_only_still_counts() -> None:
    two = selection("B", subsets=("de", "en"), splits=("dev", "test"))
    scores = {("dev", "de"): 0.5}, {("test", "en"): 0.5}
    half = [Run(model, "B", own) for model, own in zip("mn", scores, strict=True)]
    board = computed([*half, *runs("m", A=0.5)], benchmark(A, two))
    assert rows_of(board, "mean_task", "task_scores") == [("m", None, [0.5, None])]


def test_public_and_private_tasks_have_separate_means() -> None:
    board = computed([*runs("m", A=0.5, D=1.0), *runs("n", A=0.25)], benchmark(A, SECRET))
    assert rows_of(board, "mean_task", "mean_public", "mean_private") == [
        ("m", 0.75, 0.5, 1.0),
        ("n", None, 0.25, None),
    ]


def test_public_boards_show_private_tasks_without_counting_them() -> None:
    found = [*runs("m", A=0.5, D=0.1), *runs("n", A=0.25, D=0.9), *runs("secretive", D=1.0)]
    board = computed(
        found,
        benchmark(A, SECRET, public_tasks_only=True),
        training=dict.fromkeys("mn", frozenset({"D"})),
    )
    assert board.tasks == ("A", "D")
    columns = ["rank", "mean_task", "task_scores", "n_tasks", "zero_shot_pct", "trained_on"]
    assert rows_of(board, *columns) == [
        ("m", 1, 0.5, [0.5, 0.1], 1, 100, ["D"]),
        ("n", 2, 0.25, [0.25, 0.9], 1, 100, ["D"]),
    ]


def test_the_subset_mean_weighs_each_subset_run_equally() -> None:
    many = selection("A", subsets=("de", "en", "fr"))
    twice = selection("B", splits=("dev", "test"))
    three = {("test", "de"): 0.1, ("test", "en"): 0.2, ("test", "fr"): 0.3}
    found = [
        Run("whole", "A", three),
        Run("whole", "B", {("dev", "default"): 0.8, ("test", "default"): 1.0}),
        Run("one task", "A", three),
        Run("one split", "A", {("test", "en"): 0.9}),
        Run("one split", "B", {("dev", "default"): 1.0}),
        Run("english", "A", {("test", "en"): 0.9}),
        Run("english", "B", {("dev", "default"): 0.0, ("test", "default"): 0.0}),
    ]
    board = computed(found, benchmark(many, twice, aggregations=("mean_subset", "task_types")))
    rounded = [
        (m, x and round(x, 12), points, rank)
        for m, x, points, rank in rows_of(board, "mean_subset", "points", "rank")
    ]
    # Each subset is a ballot; a missing split removes the ballot on B. A model without a whole
    # task has no row, but still counts in the ranking of ballot "en".
    assert rounded == [
        ("whole", 0.375, 1.5 + 1.5 - 0.5 + 2.0, 1),
        ("english", 0.45, 1.5 + 1.0, 2),
        ("one task", 0.2, 1.5 + 1.5 - 0.5, 2),
    ]


def test_a_subset_needs_only_splits_that_some_row_scored() -> None:
    twice = selection("A", splits=("dev", "test"))
    found = [
        Run("m", "A", {("dev", "default"): 0.5, ("test", "default"): None}),
        Run("n", "A", {("dev", "default"): 0.25}),
    ]
    board = computed(found, benchmark(twice, aggregations=("mean_subset",)))
    assert rows_of(board, "mean_subset") == [("m", 0.5), ("n", 0.25)]
    gap = [*found, Run("o", "A", {("dev", "default"): 0.5, ("test", "default"): 0.5})]
    board = computed(gap, benchmark(twice, aggregations=("mean_subset",)))
    assert rows_of(board, "mean_subset") == [("o", 0.5)]


def test_a_group_counts_each_entry_once_whether_whole_or_part() -> None:
    many = selection("A", subsets=("de", "en", "fr"))
    german, western = many._replace(subsets=("de",)), many._replace(subsets=("en", "fr"))
    nobody = selection("Z")
    parts = grouping(
        "Language",
        {
            "German": [(german, False), (B, True)],
            "Others": [(western, False)],
            "None": [(nobody, True)],
        },
    )
    halves = grouping("Half", {"First": [(many, True)], "Second": [(B, True), (nobody, True)]})
    three = {("test", "de"): 0.25, ("test", "en"): 0.5, ("test", "fr"): 1.0}
    found = [
        Run("m", "A", three),
        Run("m", "B", 0.75),
        Run("n", "A", {("test", "de"): 0.25, ("test", "en"): 0.5}),
        Run("n", "B", 0.25),
    ]
    board = computed(found, benchmark(many, B, nobody, groupings=(parts, halves)))
    assert board.groups == (
        ("Language", "German"),
        ("Language", "Others"),
        ("Half", "First"),
        ("Half", "Second"),
    )
    assert rows_of(board, "groups") == [
        ("m", [0.5, 0.75, 1.75 / 3, 0.75]),
        ("n", [0.25, None, None, 0.25]),
    ]


# Ranks


def test_borda_counts_incomplete_scores_and_models_without_a_row() -> None:
    """A model with an incomplete task only has no row, but it beats others on that task."""
    two = selection("A", subsets=("de", "en"))
    found = [
        Run("m", "A", {("test", "de"): 0.5, ("test", "en"): 0.5}),
        Run("n", "A", {("test", "de"): 0.25, ("test", "en"): 0.25}),
        Run("part", "A", {("test", "en"): 0.9}),
    ]
    board = computed(found, benchmark(two))
    assert rows_of(board, "rank", "points") == [("m", 2, 0.0), ("n", 3, -1.0)]


def test_experiments_of_a_model_share_its_points_and_rank() -> None:
    found = [
        *runs("m", A=0.2),
        Run("m", "A", 0.6, experiment='{"dim":8}'),
        *runs("n", A=0.3),
    ]
    assert rows_of(computed(found, benchmark(A)), "rank", "points", "mean_task") == [
        ("m", "", 1, 2.0, 0.2),
        ("m", '{"dim":8}', 1, 2.0, 0.6),
        ("n", "", 2, 1.0, 0.3),
    ]


def test_equal_first_means_are_ordered_by_the_next_mean() -> None:
    found = [
        *runs("best", A=0.75, B=0.5, D=0.25),
        *runs("tied", A=0.5, B=0.5, D=0.5),
        *runs("equal", A=0.25, B=0.75, D=0.5),
        *runs("more public", A=0.5, B=0.75, D=0.25),
        *runs("only public", A=1.0, B=1.0),
        *runs("nothing whole", A=1.0),
    ]
    columns = ("mean_task", "mean_public", "mean_private")
    board = computed(found, benchmark(A, B, SECRET, rank_by=columns))
    assert rows_of(board, "rank", "mean_task", "mean_public") == [
        ("best", 1, 0.5, 0.625),
        ("more public", 1, 0.5, 0.625),
        ("equal", 3, 0.5, 0.5),
        ("tied", 3, 0.5, 0.5),
        ("only public", 5, None, 1.0),
        ("nothing whole", None, None, None),
    ]


def test_the_order_of_a_sum_does_not_change_a_rank() -> None:
    found = [*runs("up", A=0.03, B=0.84, E=0.43), *runs("down", A=0.43, B=0.84, E=0.03)]
    definition = benchmark(A, B, selection("E"), rank_by=("mean_task_type",))
    assert rows_of(computed(found, definition), "rank") == [("down", 1), ("up", 1)]


def test_the_order_of_files_does_not_change_the_last_bit_of_a_mean() -> None:
    chance = random.Random(13)
    tasks = [selection(name) for name in "ABCDEFGHIJKLM"]
    found = [
        Run(model, task.task, chance.random()) for model in ("m", "n", "o", "p") for task in tasks
    ]
    for aggregations in (("mean_task", "mean_task_type", "task_types"), ("mean_subset",)):
        definition = benchmark(*tasks, aggregations=aggregations)
        expected = computed(found, definition).rows
        for _ in range(10):
            other = computed(chance.sample(found, len(found)), definition).rows
            assert other.equals(expected)


def test_the_preferred_file_of_a_model_counts() -> None:
    found = [Run("m", "A", 0.1, revision="old"), Run("m", "A", 0.9, revision="new")]
    board = computed(found, benchmark(A), revisions={"m": "old"})
    assert rows_of(board, "mean_task") == [("m", 0.1)]


def test_a_board_without_results_is_empty() -> None:
    board = computed(runs("m", Z=0.5), benchmark(A, SECRET))
    assert (board.rows.height, board.tasks, board.task_types, board.groups) == (0, (), (), ())
    public = computed(runs("m", D=0.5), benchmark(A, SECRET, public_tasks_only=True))
    assert (public.rows.height, public.tasks) == (0, ("D",))
    assert public.rows.schema == board.rows.schema


# Zero shot


def test_zero_shot_is_rounded_down_and_minus_one_if_undeclared() -> None:
    assert zero_shot_percent(frozenset({"A"}), ["A", "B", "C"]) == 66
    assert zero_shot_percent(frozenset({"Z"}), ["A", "B", "C"]) == 100
    assert zero_shot_percent(frozenset(), ["A"]) == 100
    assert zero_shot_percent(frozenset("ABC"), ["A", "B", "C"]) == 0
    assert zero_shot_percent(None, ["A"]) == -1


def test_trained_on_lists_only_tasks_that_the_model_ran() -> None:
    training = {"m": frozenset({"A", "B", "Z"}), "n": None}
    board = computed(
        [*runs("m", A=0.5), *runs("n", A=0.4, B=0.5)], benchmark(A, B), training=training
    )
    assert rows_of(board, "zero_shot_pct", "trained_on") == [("m", 0, ["A"]), ("n", -1, [])]


# Properties

TASKS = ("A", "B", "C", "D")
MODELS = "mnopq"
some_scores = st.dictionaries(
    st.tuples(st.sampled_from(MODELS), st.sampled_from(TASKS)),
    st.integers(0, 4).map(lambda n: n / 4),
)
DEFINITIONS = st.sampled_from(
    [
        benchmark(A, B, C, SECRET),
        benchmark(A, B, C, SECRET, rank_by=("mean_task_type",)),
        benchmark(A, B, C, SECRET, rank_by=("mean_task", "mean_public", "mean_private")),
        benchmark(A, B, C, SECRET, public_tasks_only=True),
        benchmark(A, B, C, SECRET, aggregations=("mean_subset",)),
    ]
)


def as_runs(scores: dict[tuple[str, str], float]) -> list[Run]:
    return [Run(model, task, score) for (model, task), score in scores.items()]


@given(some_scores, DEFINITIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(
    scores: dict[tuple[str, str], float], definition: BenchmarkDefinition, chance: random.Random
) -> None:
    found = as_runs(scores)
    files, cells = frames(found)
    training = {"m": frozenset({"A", "B"}), "n": frozenset()}

    def board(order: list[int]) -> ComputedBoard:
        # One cell per content, so every order of cells is possible in files.
        scores_ = select_cells(files[order], cells[order], definition)
        return recompute(files[order], scores_, definition, {}, training)

    places = list(range(len(found)))
    shuffled = chance.sample(places, len(places))
    plain, other = board(places), board(shuffled)
    assert other.rows.equals(plain.rows)
    assert other[1:4] == plain[1:4]


@given(some_scores)
def test_a_model_that_is_last_on_every_task_changes_no_order(
    scores: dict[tuple[str, str], float],
) -> None:
    """Every model gains a point per task, so order stays among models with as many tasks."""
    definition = benchmark(A, B, C, SECRET)
    before = computed(as_runs(scores), definition)
    last = [Run("last", task, -1.0) for task in sorted({task for _, task in scores})]
    after = computed([*as_runs(scores), *last], definition)
    n_tasks = Counter(model for model, _ in scores)
    more = {model: points + n_tasks[model] for model, points in rows_of(before, "points")}
    points = dict(rows_of(after, "points"))
    points.pop("last", None)
    assert points == more
    for n in set(n_tasks.values()):
        alike = [[m for m, _ in rows_of(x, "rank") if n_tasks[m] == n] for x in (before, after)]
        assert alike[0] == alike[1]


@given(some_scores)
def test_a_task_with_equal_scores_changes_no_order(
    scores: dict[tuple[str, str], float],
) -> None:
    definition = benchmark(A, B, C, SECRET, selection("E"))
    models = {model for model, _ in scores}
    before = computed(as_runs(scores), definition)
    shared = [Run(model, "E", 0.5) for model in models]
    after = computed([*as_runs(scores), *shared], definition)
    assert rows_of(after, "rank") == rows_of(before, "rank")


@given(some_scores, DEFINITIONS)
def test_equal_scores_share_a_rank(
    scores: dict[tuple[str, str], float], definition: BenchmarkDefinition
) -> None:
    twins = [run._replace(model="twin") for run in as_runs(scores) if run.model == "m"]
    board = computed([*as_runs(scores), *twins], definition)
    ranks = dict(rows_of(board, "rank"))
    assert ranks.get("m") == ranks.get("twin")
