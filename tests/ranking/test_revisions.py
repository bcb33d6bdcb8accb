"""The file that counts where several revisions of a model have results."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.raw_results import Run, frames
from tracker.ranking.revisions import normalized_experiments, preferred_files, version_order


def file(revision: str | None, version: str | None, **changes: Any) -> Run:
    return Run("lab/one", "A", 0.5, revision=revision, mteb_version=version)._replace(**changes)


def preferred(*runs: Run) -> list[int]:
    """Positions of the files that count; the registry names the revision ``main``."""
    files, _ = frames(runs)
    return [x - 1 for x in preferred_files(files, {"lab/one": "main"})["file_id"]]


# The most preferred file first.
ORDER = [
    file("main", "1.0"),
    file("main", None),
    file("c0ffee", "2.10.1"),
    file("c0ffee", "2.9"),
    file("external", "9.0"),
    file("no_revision_available", "8.0"),
    file(None, "7.0"),
    file("c0ffee", None),
    file("external", None),
]


@pytest.mark.parametrize("first", range(len(ORDER) - 1))
def test_the_preferred_of_two_files_counts(first: int) -> None:
    better, worse = ORDER[first], ORDER[first + 1]
    assert preferred(better, worse) == [0]
    assert preferred(worse, better) == [1]


@given(st.permutations(ORDER), st.integers(1, len(ORDER)))
def test_the_most_preferred_of_many_files_counts(runs: list[Run], n: int) -> None:
    best = min(runs[:n], key=ORDER.index)
    assert preferred(*runs[:n]) == [runs.index(best)]


@pytest.mark.parametrize("version", ["1.34.1-1.36", "mteb version not available", ""])
def test_an_unreadable_version_counts_as_missing(version: str) -> None:
    assert preferred(file("b", version), file("c", "0.0.1")) == [1]
    assert preferred(file("b", version), file("a", None)) == [1]


def test_equally_preferred_files_are_ordered_by_revision_then_id() -> None:
    assert preferred(file("b", "1.0"), file("a", "1.0.0")) == [1]
    assert preferred(file("a", "1.0"), file("a", "1.0")) == [0]


def test_a_revision_unknown_to_the_registry_is_not_preferred() -> None:
    files, _ = frames([file(None, "1.0"), file("a", "0.9")])
    for known in ({}, {"lab/one": None}):
        assert preferred_files(files, known)["file_id"].to_list() == [2]


def test_one_file_is_kept_per_model_experiment_and_task() -> None:
    plain = file("main", "1.0")
    others = [
        plain._replace(model="lab/two"),
        plain._replace(experiment='{"dim":8}'),
        plain._replace(task="B"),
    ]
    assert preferred(plain, *others) == [0, 1, 2, 3]


def test_no_files_give_no_files() -> None:
    assert preferred() == []


def test_versions_are_ordered_by_number() -> None:
    places = version_order(["1.10", "1.9.0", "2.0.0.dev1", "2.0", "1.9", None, "main"])
    assert places == {"1.9.0": 0, "1.9": 0, "1.10": 1, "2.0.0.dev1": 2, "2.0": 3}


def test_empty_settings_are_removed_from_experiments() -> None:
    texts = ["", '{"b":0,"a":false}', '{"kwargs":{},"x":null,"y":"","z":[]}', '{"b":1,"k":{}}']
    files, _ = frames(file("main", "1.0", experiment=text) for text in texts)
    shown = normalized_experiments(files)["experiment"].to_list()
    assert shown == ["", '{"a":false,"b":0}', "", '{"b":1}']
