"""``kill -9`` while results are fetched or loaded, and damage that ``verify`` must find."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.result_repository import (
    ResultRepository,
    metadata,
    metadata_path,
    result,
    result_path,
)
from tests.update.test_crashes import states

Run = Callable[..., Any]
Killed = Callable[..., None]
ONE, TWO = (result_path(model, "abc", "A") for model in ("lab/one", "lab/two"))


@pytest.fixture(autouse=True)
def _environment(home: Path, blank: Path, few_facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty catalog, which saves making one, for processes of their own too."""
    monkeypatch.setenv("TRACKER_CURATED", str(few_facts))
    monkeypatch.setenv("TRACKER_STARTER", "0")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    (home / "db").mkdir(parents=True)
    shutil.copyfile(blank, home / "db" / "catalog.db")


@pytest.fixture
def repository(tmp_path: Path) -> ResultRepository:
    made = ResultRepository(tmp_path / "results.git")
    about = {metadata_path("lab/one", "abc"): metadata("mill/one", "xyz")}
    for day in range(1, 6):
        files = {ONE: result("A", day / 8), TWO: result("A", 0.5 if day % 2 else {"en": 0.5})}
        made.commit(files | (about if day == 3 else {}), at=f"2025-01-0{day}T00:00:00Z")
    return made


@pytest.mark.parametrize(
    ("place", "bound"),
    [
        ("tracker.catalog.results.contents:ContentReader.read", ("--since", "2025-01-04")),
        ("tracker.catalog.results.files:_delete_unused", ("--since", "2025-01-04")),
        ("tracker.catalog.results.file_versions:FileVersions.flush", ("--until", "2025-01-02")),
        ("sqlalchemy.engine.default:DefaultDialect.do_commit", ("--until", "2025-01-02")),
    ],
)
def test_a_killed_load_keeps_the_old_catalog(
    killed: Killed,
    cli: Run,
    home: Path,
    blank: Path,
    repository: ResultRepository,
    place: str,
    bound: tuple[str, str],
) -> None:
    fetch = ("fetch", "result-files", "--from", str(repository.path))
    assert cli(*fetch, *bound).code == 0
    assert cli("load").code == 0
    before = states(home)
    cli(*fetch)
    killed(place, 1, "load")
    assert states(home) == before
    assert cli("load").code == 0
    after = states(home)
    assert len(after["snapshot"]) == 5
    shutil.copyfile(blank, home / "db" / "catalog.db")
    (home / "db" / "catalog.db.sha256").unlink()
    cli("load")
    assert states(home) == after


@pytest.mark.parametrize(
    ("place", "count"),
    [("tracker.git.clone:run", 4), ("tracker.git.clone:set_window", 1)],
)
def test_a_killed_fetch_is_completed_by_the_next_one(
    killed: Killed, cli: Run, home: Path, repository: ResultRepository, place: str, count: int
) -> None:
    fetch = ("fetch", "result-files", "--from", str(repository.path))
    killed(place, count, *fetch)
    assert cli("load").code == 0
    assert cli("verify").code == 0
    assert cli(*fetch).code == 0
    assert cli("load").code == 0
    assert len(states(home)["snapshot"]) == 5


def test_a_killed_folder_copy_is_completed_by_the_next_fetch(
    killed: Killed, cli: Run, home: Path, repository: ResultRepository, tmp_path: Path
) -> None:
    tree = str(tmp_path / "tree")
    repository.git.run("clone", "--quiet", str(repository.path), tree, cwd=tmp_path)
    shutil.rmtree(f"{tree}/.git")
    fetch = ("fetch", "result-files", "--from", tree, "--observed-at", "2025-06-01")
    killed("tracker.git.clone:run", 5, *fetch)
    assert cli("load").code == 0
    assert states(home)["snapshot"] == []
    assert cli(*fetch).code == 0
    assert cli("load").code == 0
    assert len(states(home)["snapshot"]) == 1
    assert cli("verify").code == 0


def test_verify_finds_a_damaged_blob(cli: Run, home: Path, repository: ResultRepository) -> None:
    assert cli("fetch", "result-files", "--from", str(repository.path)).code == 0
    assert cli("verify").code == 0
    packs = (home / "db" / "clones" / "result-files" / "objects").rglob("*")
    stored = max((path for path in packs if path.is_file()), key=lambda path: path.stat().st_size)
    stored.chmod(0o600)
    body = bytearray(stored.read_bytes())
    body[len(body) // 2] ^= 0xFF
    stored.write_bytes(body)
    answer = cli("verify")
    assert answer.code != 0
    assert "result-files" in answer.out + answer.err
