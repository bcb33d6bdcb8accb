"""Comparisons of files: equal scores, jumps against siblings, and changed dataset revisions."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tracker.ranking.suspect_groups import changed_revisions, equal_scores, sibling_jumps

_CELLS = {
    "path": pl.String, "model": pl.String, "task": pl.String, "split": pl.String,
    "subset": pl.String, "score": pl.Float64, "since": pl.String,
}  # fmt: skip


def cells(*files: tuple[str, str, float | list[float], str]) -> pl.DataFrame:
    """Files as ``model, task, score or scores by subset, since``."""
    rows = [
        (f"{model}/{task}", model, task, "test", str(number), score, since)
        for model, task, scores, since in files
        for number, score in enumerate(scores if isinstance(scores, list) else [scores])
    ]
    return pl.DataFrame(rows, schema=_CELLS, orient="row")


def equal(*files: tuple[str, str, float | list[float], str]) -> list[tuple[Any, ...]]:
    found = equal_scores(cells(*files))
    return [(row["path"], row["other_path"], row["score"]) for row in found.iter_rows(named=True)]


def test_the_later_of_two_equal_precise_scores_is_found() -> None:
    one, two = ("a", "T", 0.123456789012, "1"), ("b", "T", 0.123456789012, "2")
    expected = [("b/T", "a/T", [0.123456789012])]
    assert equal(one, two) == equal(two, one) == expected


def test_both_are_found_if_they_came_in_one_commit() -> None:
    found = equal(("a", "T", 0.123456789012, "1"), ("b", "T", 0.123456789012, "1"))
    assert [row[0] for row in found] == ["a/T", "b/T"]


@pytest.mark.parametrize(
    "score", [0.0, 1.0, 0.5, 0.79013, 1 / 3, 17 / 20480, 0.00012], ids=lambda score: f"{score:.5f}"
)
def test_one_score_that_chance_may_repeat_is_no_finding(score: float) -> None:
    assert equal(("a", "T", score, "1"), ("b", "T", score, "2")) == []


def test_rounded_scores_count_if_all_common_subsets_are_equal() -> None:
    own = [0.12341, 0.22342, 0.32343]
    same, other = ("b", "T", own, "2"), ("b", "T", [*own[:2], 0.5], "2")
    assert equal(("a", "T", own, "1"), same) == [("b/T", "a/T", own)]
    assert equal(("a", "T", own, "1"), other) == []


def test_rounded_scores_count_in_three_tasks() -> None:
    def files(n: int) -> list[tuple[str, str, float, str]]:
        return [
            (
                model,
                f"T{task}",
                0.12347 + task / 17.123456 if task < n else hash_of(model, task),
                when,
            )
            for model, when in (("a", "1"), ("b", "2"))
            for task in range(5)
        ]

    def rounded(n: int) -> list[tuple[str, str, float, str]]:
        return [(model, task, round(score, 5), when) for model, task, score, when in files(n)]

    def hash_of(model: str, task: int) -> float:
        return 0.61 + task / 100 + (0.00123 if model == "a" else 0.00456)

    assert equal(*rounded(2)) == []
    assert [row[0] for row in equal(*rounded(3))] == ["b/T0", "b/T1", "b/T2"]


def test_a_score_that_many_models_share_is_no_finding() -> None:
    shared = [(name, "T", 0.123456789012, "1") for name in "abcd"]
    assert equal(*shared) == []
    assert len(equal(*shared[:3])) == 3


def family(jump: float, *, n_siblings: int = 3) -> tuple[pl.DataFrame, set[tuple[str, str]]]:
    """Siblings whose scores differ by their number, on 60 tasks; ``m0`` jumps on the first."""
    names = [f"m{number}" for number in range(n_siblings)] + [f"x{number}" for number in range(20)]
    rows = [
        (
            name,
            f"T{task}",
            0.3 + task / 1000 + number / 50 + (jump if (name, task) == ("m0", 0) else 0),
            "1",
        )
        for number, name in enumerate(names)
        for task in range(60)
    ]
    own = names[:n_siblings]
    others = names[n_siblings:]
    pairs = {(a, b) for group in (own, others) for a in group for b in group if a != b}
    return cells(*rows), pairs


def jumps(jump: float, **options: Any) -> list[tuple[Any, ...]]:
    table, pairs = family(jump, **options)
    types = pl.DataFrame({"task": [f"T{task}" for task in range(60)], "type": "Retrieval"})
    found = sibling_jumps(table, pairs, types)
    return [
        (row["path"], round(row["gap"], 6), row["siblings"]) for row in found.iter_rows(named=True)
    ]


@pytest.mark.parametrize("jump", [0.4, -0.25])
def test_a_jump_is_the_distance_beyond_what_siblings_usually_differ_by(jump: float) -> None:
    assert jumps(jump) == [("m0/T0", jump, ["m1", "m2"])]


def test_siblings_of_different_strength_do_not_jump() -> None:
    assert jumps(0.0) == []


def test_one_sibling_does_not_tell_which_of_two_jumps() -> None:
    assert jumps(0.4, n_siblings=2) == []


_OLD, _NEW = "0" + "a" * 39, "fe" * 20


def revisions(*files: tuple[str, str | None]) -> list[dict[str, Any]]:
    """Findings in files of one task, by path and revision; each is newer than those before."""
    rows = [(path, "T", revision, str(number)) for number, (path, revision) in enumerate(files)]
    frame = pl.DataFrame(rows, ["path", "task", "dataset_revision", "since"], orient="row")
    return changed_revisions(frame).drop("task").to_dicts()


def test_each_revision_but_the_commonest_is_found_with_its_first_file() -> None:
    found = revisions(
        ("b", _OLD), ("a", _OLD), ("c", _NEW), ("d", _NEW), ("e", _NEW), ("f", None), ("g", "None")
    )
    assert found == [
        {
            "dataset_revision": _OLD, "path": "b", "n_files": 2, "most": _NEW, "n_most": 3,
            "n_total": 5,
        }
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["main", "1", "1.0.0", "aaa", "", "T_is_a_combined_dataset"])
def test_a_label_names_no_fixed_revision(label: str) -> None:
    assert revisions(("a", _NEW), ("b", label), ("c", label)) == []


def test_an_abbreviated_commit_is_the_whole_one() -> None:
    assert revisions(("a", _NEW[:7]), ("b", _NEW), ("c", _NEW)) == []
    (found,) = revisions(("a", _OLD[:7]), ("b", _NEW), ("c", _NEW), ("d", _OLD), ("e", _NEW))
    assert (found["path"], found["dataset_revision"], found["n_files"]) == ("a", _OLD, 2)


def test_an_abbreviation_of_two_commits_stands_for_itself() -> None:
    other = _OLD[:-1] + "b"
    found = revisions(("a", _OLD), ("b", other), ("c", _OLD[:7]), ("d", _NEW), ("e", _NEW))
    assert [row["dataset_revision"] for row in found] == [_OLD[:7], _OLD, other]
