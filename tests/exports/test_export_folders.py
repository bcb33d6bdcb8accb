"""The folder of an export has one export and nothing else; other files are never lost."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tracker.exports.folders import MARK

Run = Callable[..., Any]

FORMATS = ("parquet", "csv", "json", "sqlite", "duckdb")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_refused(answer: Any, folder: Path, name: str) -> None:
    assert (answer.code, answer.out) == (2, "")
    what = f"{folder} has {name}, which is not of an earlier export"
    assert answer.err.splitlines()[-1] == f"error: {what}; name an empty or a new folder"


@pytest.mark.parametrize("options", [*((name,) for name in FORMATS), ("parquet", "--starter")])
@pytest.mark.parametrize("name", ["README.md", "notes/today.txt", "SHA256SUMS"])
def test_a_folder_with_another_file_is_refused(
    cli: Run, story: Path, tmp_path: Path, options: tuple[str, ...], name: str
) -> None:
    folder = tmp_path / "out"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text(f"{sha256().hexdigest()}  mine.txt\n", "utf-8")
    before = contents(folder)
    format_, *rest = options
    assert_refused(cli("export", format_, str(folder), *rest), folder, name)
    assert contents(folder) == before


def test_a_file_beside_an_earlier_export_is_refused(cli: Run, story: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert cli("export", "parquet", str(folder), "--partitioned").code == 0
    for name in ("model.csv", "ranks/mine.parquet"):
        (folder / name).write_bytes(b"mine")
        before = contents(folder)
        assert_refused(cli("export", "csv", str(folder)), folder, name)
        assert contents(folder) == before
        (folder / name).unlink()


def test_an_earlier_export_of_any_kind_is_replaced(cli: Run, story: Path, tmp_path: Path) -> None:
    kinds = [("parquet", "--partitioned"), ("csv",), ("sqlite",), ("json",), ("parquet",)]
    for format_, *options in kinds:
        alone, folder = tmp_path / "alone" / "-".join((format_, *options)), tmp_path / "out"
        for place in (alone, folder):
            assert cli("export", format_, str(place), *options).code == 0
        assert set(contents(folder)) == set(contents(alone))
        listed = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
        named = {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in listed}
        found = {name: sha256(data).hexdigest() for name, data in contents(folder).items()}
        found.pop("SHA256SUMS")
        assert named == found
    assert not (folder / "ranks").exists()


def test_an_export_that_was_interrupted_is_repeated(cli: Run, story: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert cli("export", "parquet", str(folder), "--partitioned").code == 0
    # As after a kill: the mark is there, the list of files is missing.
    (folder / MARK).write_bytes(b"")
    (folder / "SHA256SUMS").unlink()
    (folder / "model.csv").write_bytes(b"id")
    assert cli("export", "csv", str(folder)).code == 0
    assert cli("export", "csv", str(tmp_path / "alone")).code == 0
    assert set(contents(folder)) == set(contents(tmp_path / "alone"))


def test_an_unfinished_folder_with_another_file_is_refused(
    cli: Run, story: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    assert cli("export", "csv", str(folder)).code == 0
    (folder / MARK).write_bytes(b"")
    (folder / "mine.txt").write_bytes(b"mine")
    assert_refused(cli("export", "csv", str(folder)), folder, "mine.txt")
