"""The results repository as a source: where it may lie, and what its folders say."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogs import Loaded
from tests.support.result_repository import (
    ResultRepository,
    metadata,
    metadata_path,
    result,
    result_path,
)
from tracker.errors import SourceError
from tracker.sources import result_files
from tracker.sources.result_files import FolderName, parse_metadata

New = Callable[..., Loaded]
ONE = result_path("lab/one", "abc", "A")
AT = "2025-06-01T00:00:00Z"


@pytest.fixture
def repository(tmp_path: Path) -> ResultRepository:
    made = ResultRepository(tmp_path / "results.git")
    made.commit({ONE: result("A", 0.25)}, at="2025-01-01T00:00:00Z")
    made.commit({ONE: result("A", 0.5)}, at="2025-01-02T00:00:00Z", message="Correct A")
    return made


def paths(catalog: Loaded) -> set[str]:
    """Every path that the clone ever showed."""
    clone = catalog.clones / "result-files"
    return {path for one in result_files.changes(clone, None, None) for path in one.files}


# Where it may lie


def bare(repository: ResultRepository, folder: Path) -> str:
    return str(repository.path)


def not_bare(repository: ResultRepository, folder: Path) -> str:
    repository.git.run("clone", "--quiet", str(repository.path), str(folder / "tree"), cwd=folder)
    return str(folder / "tree")


def file_url(repository: ResultRepository, folder: Path) -> str:
    return repository.path.as_uri()


def bundle(repository: ResultRepository, folder: Path) -> str:
    repository.git.run("bundle", "create", "--quiet", str(folder / "b.bundle"), "main")
    return str(folder / "b.bundle")


@pytest.mark.parametrize("kind", [bare, not_bare, file_url, bundle])
def test_every_kind_of_repository_has_its_history(
    new_catalog: New, repository: ResultRepository, tmp_path: Path, kind: Callable[..., str]
) -> None:
    catalog = new_catalog()
    catalog.take_results(kind(repository, tmp_path))
    moments = result_files.all_moments(catalog.clones / "result-files")
    assert [(moment.at, moment.message) for moment in moments] == [
        ("2025-01-01T00:00:00Z", "Add results"),
        ("2025-01-02T00:00:00Z", "Correct A"),
    ]


def test_a_partial_clone_has_the_history_without_the_contents(
    new_catalog: New, repository: ResultRepository, tmp_path: Path
) -> None:
    repository.git.run("config", "uploadpack.allowFilter", "true")
    place = tmp_path / "partial.git"
    options = ("--quiet", "--bare", "--filter=blob:none")
    repository.git.run("clone", *options, repository.path.as_uri(), str(place), cwd=tmp_path)
    catalog = new_catalog()
    catalog.take_results(place)
    clone = catalog.clones / "result-files"
    (first, second) = result_files.changes(clone, None, None)
    with result_files.blob_reader(clone) as read:
        blobs = [blob for one in (first, second) for blob in one.files.values() if blob]
        assert list(read(blobs)) == [(blob, None) for blob in blobs]


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (lambda place: ResultRepository(place), "the repository has no commits"),
        (
            lambda place: ResultRepository(place).commit({"README.md": b"#"}, at=AT),
            "no folder results/ in the history of this repository;"
            " give the address of the repository that has it",
        ),
        (lambda place: place.mkdir(), "no folder results/ with files in it; check --from"),
        (lambda place: (place / "results").mkdir(parents=True), "no folder results/ with files"),
        (lambda place: None, "no such file or folder"),
        (lambda place: place.write_bytes(b"{}"), ""),
    ],
)
def test_what_holds_no_results_is_refused_in_one_clear_line(
    new_catalog: New, tmp_path: Path, make: Callable[[Path], Any], cause: str
) -> None:
    place = tmp_path / "somewhere"
    make(place)
    catalog = new_catalog()
    with pytest.raises(SourceError) as refused:
        catalog.take_results(place)
    said = str(refused.value)
    assert said.startswith(f"result-files: {place}: {cause}")
    assert "\n" not in said
    assert catalog.load().contents == 0


# A plain folder


def test_a_folder_is_seen_as_it_is_now_and_kept(
    new_catalog: New, repository: ResultRepository, tmp_path: Path
) -> None:
    folder = tmp_path / "snapshot"
    (folder / ONE).parent.mkdir(parents=True)
    (folder / ONE).write_text(json.dumps(result("A", 0.75)))
    (folder / ".cache").mkdir()
    catalog = new_catalog()
    catalog.take_results(folder, seen_at=AT)
    (folder / ONE).unlink()
    catalog.take_results(repository.path)
    found = result_files.all_moments(catalog.clones / "result-files")
    assert [moment.at for moment in found] == [
        "2025-01-01T00:00:00Z",
        "2025-01-02T00:00:00Z",
        AT,
    ]
    assert catalog.load().contents == 3
    result_files.check(catalog.clones / "result-files")


@pytest.mark.parametrize(
    "name", ["中文", 'a"b', "a\\b", "a\nb", "a\tb", '"', " a ", "-rf", ":(top)", "a'b"]
)
def test_odd_names_in_a_folder_are_names(new_catalog: New, tmp_path: Path, name: str) -> None:
    path = f"results/lab__one/abc/{name}.json"
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(json.dumps(result("A", 0.75)))
    catalog = new_catalog()
    catalog.take_results(tmp_path)
    assert paths(catalog) == {path}
    assert catalog.load().contents == 1


def test_a_name_that_is_no_text_is_no_crash(new_catalog: New, tmp_path: Path) -> None:
    place = tmp_path / "results/lab__one/abc" / os.fsdecode(b"\xff.json")
    place.parent.mkdir(parents=True)
    try:
        place.write_text("{}")
    except OSError:
        pytest.skip("this file system knows no such names")
    catalog = new_catalog()
    catalog.take_results(tmp_path)
    assert len(paths(catalog)) == 1
    assert catalog.load().contents == 1


def test_links_in_a_folder_are_followed(new_catalog: New, tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs/x").write_text(json.dumps(result("A", 0.75)))
    place = tmp_path / "snapshot" / ONE
    place.parent.mkdir(parents=True)
    place.symlink_to(tmp_path / "blobs/x")
    place.with_name("Broken.json").symlink_to(tmp_path / "blobs/y")
    catalog = new_catalog()
    catalog.take_results(tmp_path / "snapshot")
    assert paths(catalog) == {ONE}
    assert catalog.load().contents == 1


# Heads


def test_a_mirror_that_lags_behind_takes_nothing_away(
    new_catalog: New, repository: ResultRepository
) -> None:
    older = repository.git.run("rev-parse", "main~1")
    catalog = new_catalog()
    catalog.take_results(repository.path)
    clone = catalog.clones / "result-files"
    before = result_files.all_moments(clone)
    repository.stand_at(older)
    catalog.take_results(repository.path)
    assert (len(before), result_files.all_moments(clone)) == (2, before)


def test_of_two_lines_the_one_with_the_newest_head_counts(
    new_catalog: New, repository: ResultRepository
) -> None:
    first = repository.git.run("rev-parse", "main~1")
    heads = [repository.git.head]
    files = {ONE: result("A", 0.75)}
    heads.append(repository.commit(files, at="2025-01-03T00:00:00Z", parents=[first]))
    for order in (heads, heads[::-1]):
        catalog = new_catalog()
        for head in order:
            repository.stand_at(head)
            catalog.take_results(repository.path)
        found = result_files.all_moments(catalog.clones / "result-files")
        assert [moment.commit for moment in found] == [first, heads[1]]


# What paths and metadata say


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (ONE, "scores"),
        (result_path("one", "1", "A"), "scores"),
        (result_path("lab/one", "abc", "A", experiment="x"), "scores"),
        (metadata_path("lab/one", "abc"), "metadata"),
        (metadata_path("lab/one", "abc", experiment="x"), "metadata"),
        ("results/lab__one/abc/A.json.bak", "other"),
        ("results/lab__one/A.json", "other"),
        ("results/lab__one/abc/deep/A.json", "other"),
        ("results/paths.json", "other"),
        ("elsewhere/lab__one/abc/A.json", "other"),
    ],
)
def test_what_a_file_is_its_path_says(path: str, kind: str) -> None:
    assert result_files.kind_of(path) == kind


def test_what_a_folder_is_its_path_says() -> None:
    assert result_files.folder_name("results/lab__one/abc") == FolderName("lab__one", "abc", None)
    assert result_files.folder_name("results/o/r/experiments/e") == FolderName("o", "r", "e")
    assert result_files.folder_name("results/o/r/other/e") is None
    assert result_files.folder_name("results") is None


def test_metadata_is_read_with_the_numbers_that_json_does_not_know() -> None:
    body = b'{"name": "lab/one", "revision": "r", "max_tokens": Infinity, "loader": "code",'
    body += b'"n": 123456789012345678901234567890, "experiment_kwargs": {"dim": 64, "x": null}}'
    found = parse_metadata(body, "a/place")
    varied = {"dim": 64, "x": None}
    assert found == (
        "lab/one",
        "r",
        varied,
        {
            "name": "lab/one",
            "revision": "r",
            "max_tokens": None,
            "n": 123456789012345678901234567890.0,
            "experiment_kwargs": varied,
        },
    )


@given(st.binary() | st.text(st.characters()).map(lambda text: json.dumps({"name": text}).encode()))
def test_no_metadata_is_a_crash(body: bytes) -> None:
    try:
        found = parse_metadata(body, "a/place")
    except SourceError as error:
        assert (error.place, "\n" in str(error)) == ("a/place", False)
    else:
        assert isinstance(found.properties, dict)


def test_metadata_names_whom_it_says() -> None:
    body = json.dumps(metadata("lab/one", None, dim=64)).encode()
    assert parse_metadata(body, "a/place")[:3] == ("lab/one", None, {"dim": 64})
