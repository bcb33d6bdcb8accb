"""Which file speaks where several revisions have results."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.raw_results import Run, frames
from tracker.ranking.revisions import shown_experiments, speaking_files, version_places


def file(revision: str | None, version: str | None, **changes: Any) -> Run:
    return Run("lab/one", "A", 0.5, revision=revision, mteb_version=version)._replace(**changes)


def speaking(*runs: Run) -> list[int]:
    """Places of the files that speak; the registry names the revision ``main``."""
    files, _ = frames(runs)
    return [x - 1 for x in speaking_files(files, {"lab/one": "main"})["file_id"]]


# In order of precedence, the file that speaks first.
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
def test_of_two_files_the_one_with_precedence_speaks(first: int) -> None:
    better, worse = ORDER[first], ORDER[first + 1]
    assert speaking(better, worse) == [0]
    assert speaking(worse, better) == [1]


@given(st.permutations(ORDER), st.integers(1, len(ORDER)))
def test_among_many_files_the_first_in_precedence_speaks(runs: list[Run], n: int) -> None:
    best = min(runs[:n], key=ORDER.index)
    assert speaking(*runs[:n]) == [runs.index(best)]


@pytest.mark.parametrize("version", ["1.34.1-1.36", "mteb version not available", ""])
def test_a_version_that_cannot_be_read_is_none(version: str) -> None:
    assert speaking(file("b", version), file("c", "0.0.1")) == [1]
    assert speaking(file("b", version), file("a", None)) == [1]


def test_among_equals_the_first_by_name_speaks_and_of_one_revision_the_first_by_id() -> None:
    assert speaking(file("b", "1.0"), file("a", "1.0.0")) == [1]
    assert speaking(file("a", "1.0"), file("a", "1.0")) == [0]


def test_a_revision_that_the_registry_does_not_know_is_no_main_revision() -> None:
    files, _ = frames([file(None, "1.0"), file("a", "0.9")])
    for known in ({}, {"lab/one": None}):
        assert speaking_files(files, known)["file_id"].to_list() == [2]


def test_other_models_experiments_and_tasks_are_no_rivals() -> None:
    plain = file("main", "1.0")
    others = [
        plain._replace(model="lab/two"),
        plain._replace(experiment='{"dim":8}'),
        plain._replace(task="B"),
    ]
    assert speaking(plain, *others) == [0, 1, 2, 3]


def test_no_files_are_no_files() -> None:
    assert speaking() == []


def test_versions_are_in_order_of_their_numbers() -> None:
    places = version_places(["1.10", "1.9.0", "2.0.0.dev1", "2.0", "1.9", None, "main"])
    assert places == {"1.9.0": 0, "1.9": 0, "1.10": 1, "2.0.0.dev1": 2, "2.0": 3}


def test_an_experiment_is_named_by_what_it_really_varies() -> None:
    texts = ["", '{"b":0,"a":false}', '{"kwargs":{},"x":null,"y":"","z":[]}', '{"b":1,"k":{}}']
    files, _ = frames(file("main", "1.0", experiment=text) for text in texts)
    shown = shown_experiments(files)["experiment"].to_list()
    assert shown == ["", '{"a":false,"b":0}', "", '{"b":1}']
