"""The model of a folder: from its metadata while there is one, otherwise from its path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tests.support.result_repository import (
    ResultRepository,
    metadata,
    metadata_path,
    result,
    result_path,
)

New = Callable[..., Loaded]
DAYS = [f"2025-01-0{day}T00:00:00Z" for day in range(1, 9)]
Files = dict[str, Any]


@pytest.fixture
def identities(tmp_path: Path, new_catalog: New) -> Callable[..., list[tuple[Any, ...]]]:
    """Whose the folders of a history are, one commit a day."""

    def told(*commits: Files) -> list[tuple[Any, ...]]:
        repository = ResultRepository(tmp_path / "results.git")
        for at, files in zip(DAYS, commits, strict=False):
            repository.commit(files, at=at)
        catalog = new_catalog()
        catalog.take_results(repository.path)
        catalog.load()
        return [
            (
                folder.removeprefix("results/"),
                *values[:4],
                *(day and day[8:10] for day in values[4:]),
            )
            for (folder,), *values in catalog.dump()["result_identity"]
        ]

    return told


Tell = Callable[..., list[tuple[Any, ...]]]


def one(score: float = 0.25, **where: Any) -> Files:
    """A file of ``lab/one`` at the revision ``abc``."""
    return {result_path("lab/one", "abc", "A", **where): result("A", score)}


def about(model: str | None, revision: str | None, *at: str, **varied: Any) -> Files:
    """A ``model_meta.json`` beside it."""
    experiment = at[0] if at else None
    place = metadata_path("lab/one", "abc", experiment=experiment)
    return {place: metadata(model, revision, **varied)}


def test_without_metadata_the_path_decides(identities: Tell) -> None:
    external = {result_path("lab/two", "external", "A"): result("A", 0.5)}
    assert identities(one() | external) == [
        ("lab__one/abc", "lab/one", "abc", "", "run", "01", None),
        ("lab__two/external", "lab/two", "external", "", "self-reported", "01", None),
    ]


def test_metadata_decides_while_it_exists(identities: Tell) -> None:
    gone = {metadata_path("lab/one", "abc"): None}
    assert identities(one(), about("mill/one", "r1"), about("mill/one", "r2"), gone) == [
        ("lab__one/abc", "lab/one", "abc", "", "run", "01", "02"),
        ("lab__one/abc", "lab/one", "abc", "", "run", "04", None),
        ("lab__one/abc", "mill/one", "r1", "", "run", "02", "03"),
        ("lab__one/abc", "mill/one", "r2", "", "run", "03", "04"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{cut",
        b"\xff\xfe\xfd",
        b"[" * 100_000,
        b'{"name": "\\ud800"}',
        b"{}",
        b'{"name": null, "revision": 1}',
        b'{"name": ["lab/x"], "revision": {}, "experiment_kwargs": "none"}',
        b'{"name": Infinity, "n_parameters": NaN, "max_tokens": 1000000000000000019884624838656}',
    ],
)
def test_metadata_without_a_name_leaves_the_path(identities: Tell, body: bytes) -> None:
    assert {row[:5] for row in identities(one() | {metadata_path("lab/one", "abc"): body})} == {
        ("lab__one/abc", "lab/one", "abc", "", "run")
    }


def test_an_experiment_has_the_settings_of_its_metadata(identities: Tell) -> None:
    found = identities(
        one(experiment="small"),
        about("lab/one", "abc", "small", dim=64, dtype=None),
        about("lab/one", "abc", "small"),
    )
    place = "lab__one/abc/experiments/small"
    assert found == [
        (place, "lab/one", "abc", "", "run", "03", None),
        (place, "lab/one", "abc", '{"dim":64,"dtype":null}', "run", "02", "03"),
    ]


def test_an_experiment_without_metadata_has_no_model(identities: Tell) -> None:
    gone = {metadata_path("lab/one", "abc", experiment="small"): None}
    told = about("lab/one", "abc", "small", dim=64)
    assert identities(one(experiment="small")) == []
    place = "lab__one/abc/experiments/small"
    assert identities({}, told, gone) == [
        (place, "lab/one", "abc", '{"dim":64}', "run", "02", "03")
    ]


def test_a_bare_folder_belongs_to_the_model_with_its_contents(
    identities: Tell,
) -> None:
    files = {result_path("one", "abc", task): result(task, 0.25) for task in "AB"}
    moved = dict.fromkeys(files) | {
        result_path("mill/one", "abc", task): result(task, 0.25) for task in "AB"
    }
    other = {result_path("lab/one", "abc", "A"): result("A", 0.25)}
    assert identities(files, moved | other) == [
        ("lab__one/abc", "lab/one", "abc", "", "run", "02", None),
        ("mill__one/abc", "mill/one", "abc", "", "run", "02", None),
        ("one/abc", "mill/one", "abc", "", "run", "01", None),
    ]


def test_a_bare_folder_without_shared_contents_has_no_owner(identities: Tell) -> None:
    files = {result_path("one", "abc", "A"): result("A", 0.25)}
    others = {result_path(f"{org}/one", "abc", "A"): result("A", 0.5) for org in ("lab", "mill")}
    assert ("one/abc", "one", "abc", "", "run", "01", None) in identities(files, others)


def test_the_only_model_of_a_name_owns_its_bare_folder(identities: Tell) -> None:
    files = {result_path("one", "abc", "A"): result("A", 0.5)}
    assert ("one/abc", "lab/one", "abc", "", "run", "01", None) in identities(files, one())


def test_a_folder_of_another_kind_has_no_model(identities: Tell) -> None:
    deep = {"results/lab__one/abc/deep/er/A.json": result("A", 0.5), "results/a.json": b"{}"}
    assert identities(deep) == []
