"""The starter explains changes and absences as the catalog does from which it was exported."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tests.support.result_repository import ResultRepository
from tests.support.state_worlds import TASKS, Files, moved, put_registry, registry, scores
from tracker.answers.history import Change
from tracker.api import Catalog
from tracker.catalog.starter import create
from tracker.exports.tables import ExportOptions, export_catalog
from tracker.settings import Settings

New = Callable[..., Loaded]
BOARD = "Three(eng, v1)"
MODELS = ("lab/one", "lab/two", "mill/three", "old/four", "new/four", "stranger/five")
FOUR = scores("old/four", A=0.3, B=0.2, C=0.1)
COMMITS: list[Files] = [
    scores("lab/one", A=0.5, B=0.5, C=0.5) | scores("lab/two", A=0.4, B=0.4, C=0.4),
    FOUR | scores("stranger/five", A=0.9, B=0.9, C=0.9),
    scores("lab/two", A=0.7) | scores("mill/three", A=0.6, B=0.6),
    moved(FOUR, "old/four", "new/four"),
    dict.fromkeys(scores("lab/one", A=0.5, B=0.5, C=0.5)),
    scores("lab/one", A=0.5, B=0.5) | scores("mill/three", C=0.9),
    scores("lab/one", C=0.6, B=0.8),
]
MOMENTS = [f"2025-03-{day:02}T10:00:00Z" for day in range(1, len(COMMITS) + 1)]


@pytest.fixture
def complete(new_catalog: New, tmp_path: Path) -> Loaded:
    catalog = new_catalog()
    repository = ResultRepository(tmp_path / "results.git")
    for number, (at, files) in enumerate(zip(MOMENTS, COMMITS, strict=True)):
        repository.commit(files, at=at, message=f"Commit {number}")
    known = [name for name in MODELS if name not in ("old/four", "stranger/five")]
    put_registry(catalog, registry({BOARD: TASKS}, known))
    catalog.take_results(repository.path)
    catalog.load()
    return catalog


@pytest.fixture
def fresh(complete: Loaded, tmp_path: Path) -> Loaded:
    """A catalog that was filled from the starter of the complete one."""
    home = tmp_path / "exporting"
    settings = Settings(home=home, database_url=complete.url)
    settings.archive.parent.mkdir(parents=True)
    settings.archive.symlink_to(complete.archive)
    export_catalog(settings, ExportOptions("parquet", starter=True), home / "starter")
    found = Loaded(tmp_path / "fresh.db", tmp_path / "nothing", tmp_path / "no-clones")
    create(found.url, starter=home / "starter", curated=complete.curated)
    return found


def changes(catalog: Catalog) -> list[tuple[Change, ...]]:
    return [
        catalog.change_list(BOARD, since=since, until=until)
        for since, until in combinations(MOMENTS, 2)
    ]


def reasons(catalog: Catalog) -> list[Any]:
    """Why each model is not on the board; without what raw scores tell of listed ones."""
    answers = [catalog.why(model, BOARD, at) for model in MODELS for at in MOMENTS]
    return [answer for answer in answers if not answer.listed]


def test_a_fresh_home_names_the_causes_of_the_complete_one(complete: Loaded, fresh: Loaded) -> None:
    with complete.open() as all_files, fresh.open() as starter:
        found = changes(starter)
        assert found == changes(all_files)
        causes = {cause for some in found for change in some for cause in change.cause or ()}
        assert causes == {
            "corrected", "new_model", "new_result", "others", "removed", "renamed_model",
            "restored",
        }  # fmt: skip
        assert reasons(starter) == reasons(all_files)
        kinds = {reason.kind for answer in reasons(starter) for reason in answer.reasons}
        assert kinds >= {"files_removed", "not_yet", "not_registered"}


def test_a_starter_of_a_fresh_home_is_the_same(fresh: Loaded, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "again", database_url=fresh.url)
    export_catalog(settings, ExportOptions("parquet", starter=True), tmp_path / "second")
    for name in ("result_event.parquet", "result_span.parquet"):
        first = tmp_path / "exporting" / "starter" / name
        assert (tmp_path / "second" / name).read_bytes() == first.read_bytes()


def stored(catalog: Loaded) -> list[int]:
    """Count the starter's events and time spans in a catalog."""
    with closing(sqlite3.connect(catalog.path)) as plain:
        counts = "select (select count(*) from result_event), (select count(*) from result_span)"
        return list(plain.execute(counts).fetchone())


def test_files_replace_what_the_starter_has_of_them(complete: Loaded, fresh: Loaded) -> None:
    assert all(stored(fresh))
    with_files = Loaded(fresh.path, fresh.archive, complete.clones)
    with_files.load()
    assert stored(with_files) == [0, 0]
    with complete.open() as expected, with_files.open() as found:
        assert changes(found) == changes(expected)
