"""Causes of changes on boards, and self-reported scores, from commits to answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tests.support.leaderboard_payloads import board, row
from tests.support.result_repository import (
    ResultRepository,
    metadata,
    metadata_path,
    result,
    result_path,
)
from tracker.answers.common import ResultCommit
from tracker.catalog.engine import open_engine
from tracker.catalog.results import changes as result_changes
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.history.causes import MASS_MODELS, classify, events
from tracker.insights.history.file_history import read_file_history
from tracker.insights.reader import Reader
from tracker.sources import result_files

New = Callable[..., Loaded]
BOARD = "MTEB(eng, v2)"
META = [{"name": "T1", "type": "STS"}, {"name": "T2", "type": "Retrieval"}]
DAY = "2026-03-{:02}T12:00:00Z".format
URL = f"{result_files.HEADER.home}/commit/"


@pytest.fixture
def repository(tmp_path: Path) -> ResultRepository:
    return ResultRepository(tmp_path / "results.git")


def load(catalog: Loaded, repository: ResultRepository) -> Loaded:
    result_files.update(
        str(repository.path), catalog.clones / result_files.HEADER.id, seen_at=DAY(31)
    )
    catalog.load()
    return catalog


def told(catalog: Loaded, since: str = "", until: str = "9") -> list[tuple[str, str, str, str]]:
    """Moment, model, task and cause of every event of the result files."""
    engine = open_engine(catalog.url, read_only=True)
    try:
        with engine.connect() as connection:
            found = read_file_history(Reader(connection), since, until)
            assert found is not None
            return sorted(
                (event.at, event.subject.model, event.subject.task, classify(event, found))
                for event in events(found, since, until)
            )
    finally:
        engine.dispose()


def path(model: str, task: str, revision: str = "r1") -> str:
    return result_path(model, revision, task)


def test_a_history_is_classified_file_by_file(
    new_catalog: New, repository: ResultRepository
) -> None:
    a, b = path("lab/m", "A"), path("lab/m", "B")
    repository.commit({a: result("A", 0.5)}, at=DAY(1))
    repository.commit({b: result("B", 0.5), path("lab/n", "A"): result("A", 0.1)}, at=DAY(2))
    repository.commit({a: result("A", 0.6), b: result("B", 0.6, version="2.0")}, at=DAY(3))
    repository.commit({path("lab/m", "A", "r2"): result("A", 0.7)}, at=DAY(4))
    repository.commit({path("lab/n", "A"): None}, at=DAY(5))
    repository.commit({path("lab/n", "A"): result("A", 0.1)}, at=DAY(6))
    assert told(load(new_catalog(), repository)) == [
        (DAY(2), "lab/m", "B", "new_result"),
        (DAY(2), "lab/n", "A", "new_model"),
        (DAY(3), "lab/m", "A", "corrected"),
        (DAY(3), "lab/m", "B", "rerun"),
        (DAY(4), "lab/m", "A", "rerun"),
        (DAY(5), "lab/n", "A", "removed"),
        (DAY(6), "lab/n", "A", "restored"),
    ]


def test_renames_are_found_in_the_files(new_catalog: New, repository: ResultRepository) -> None:
    kept = {path("other/o", "A"): result("A", 0.9)}
    repository.commit({path("old/m", "A"): result("A", 0.5), **kept}, at=DAY(1))
    repository.commit({path("old/m", "A"): None, path("lab/m", "A"): result("A", 0.5)}, at=DAY(2))
    repository.commit(
        {path("lab/m", "A"): None, path("lab/m", "A.v2"): result("A.v2", 0.5, seconds=2.0)},
        at=DAY(3),
    )
    assert told(load(new_catalog(), repository)) == [
        (DAY(2), "lab/m", "A", "renamed_model"),
        (DAY(2), "old/m", "A", "renamed_model"),
        (DAY(3), "lab/m", "A", "renamed_task"),
        (DAY(3), "lab/m", "A.v2", "renamed_task"),
    ]


def test_removing_results_of_many_models_is_a_mass_edit(
    new_catalog: New, repository: ResultRepository
) -> None:
    every = {path(f"lab/m{n:02}", "A"): result("A", n / 100) for n in range(MASS_MODELS)}
    repository.commit(every, at=DAY(1))
    repository.commit(dict.fromkeys(every), at=DAY(2), message="clean up")
    found = told(load(new_catalog(), repository))
    assert found == [(DAY(2), f"lab/m{n:02}", "A", "mass_edit") for n in range(MASS_MODELS)]


def test_an_experiment_is_not_a_run_of_the_model(
    new_catalog: New, repository: ResultRepository
) -> None:
    repository.commit({path("lab/m", "A"): result("A", 0.5)}, at=DAY(1))
    repository.commit(
        {
            result_path("lab/m", "r1", "A", experiment="short"): result("A", 0.4),
            metadata_path("lab/m", "r1", experiment="short"): metadata("lab/m", "r1", size=64),
        },
        at=DAY(2),
    )
    assert told(load(new_catalog(), repository)) == [(DAY(2), "lab/m", "A", "new_result")]


def test_the_window_of_a_query_changes_no_cause(
    new_catalog: New, repository: ResultRepository
) -> None:
    a = path("lab/m", "A")
    repository.commit({a: result("A", 0.5)}, at=DAY(1))
    repository.commit({a: None}, at=DAY(2))
    repository.commit({a: result("A", 0.5)}, at=DAY(3))
    repository.commit({a: result("A", 0.6)}, at=DAY(4))
    catalog = load(new_catalog(), repository)
    windows = [(DAY(n), DAY(n + 1)) for n in range(1, 4)]
    assert told(catalog) == [one for window in windows for one in told(catalog, *window)]


def lines(**scores: dict[str, float | None]) -> dict[str, Any]:
    ordered = sorted(scores, key=lambda m: -sum(s or 0 for s in scores[m].values()))
    rows = [row(f"lab/{m}", rank, scores[m]) for rank, m in enumerate(ordered, 1)]
    return board(BOARD, rows, tasks=["T1", "T2"], tasksMeta=META)


@pytest.fixture
def changed(new_catalog: New, repository: ResultRepository) -> tuple[Loaded, str]:
    """A board on which one model is corrected, one appears, one is passed and one leaves."""
    catalog = new_catalog()
    first = {"a": (0.5, 0.25), "b": (0.4, 0.2), "d": (0.1, 0.1)}
    files = {
        path(f"lab/{m}", t): result(t, s)
        for m, its in first.items()
        for t, s in zip(("T1", "T2"), its, strict=True)
    }
    repository.commit(files, at=DAY(1))
    commit = repository.commit(
        {
            path("lab/b", "T1"): result("T1", 0.9),
            path("lab/c", "T1"): result("T1", 0.3),
            path("lab/c", "Elsewhere"): result("Elsewhere", 0.3),
            path("lab/a", "Elsewhere"): result("Elsewhere", 0.3),
        },
        at=DAY(5),
        message="Fix b, add c",
    )
    before = lines(**{m: {"T1": x, "T2": y} for m, (x, y) in first.items()})
    after = lines(a={"T1": 0.5, "T2": 0.25}, b={"T1": 0.9, "T2": 0.2}, c={"T1": 0.3})
    catalog.put(f"scores/{BOARD}", before, DAY(4))
    catalog.put(f"scores/{BOARD}", after, DAY(6))
    return catalog, commit


def test_a_board_change_has_causes_and_commits_of_its_files(
    changed: tuple[Loaded, str], repository: ResultRepository
) -> None:
    catalog, commit = changed
    with load(catalog, repository).open() as opened:
        found = opened.change_list("mteb-english")
        frame = opened.changes("mteb-english")
    made = (ResultCommit(DAY(5), commit, URL + commit, "Fix b, add c"),)
    assert {(c.model, c.kind): (c.cause, c.commits) for c in found} == {
        ("lab/a", "moved"): (("others",), ()),
        ("lab/b", "moved"): (("corrected",), made),
        ("lab/b", "value_changed"): (("corrected",), made),
        ("lab/c", "appeared"): (("new_model",), made),
        ("lab/d", "left"): (("unexplained",), ()),
    }
    corrected = frame.filter(kind="value_changed")
    assert corrected["cause"].to_list() == [["corrected"]]
    assert corrected["commit"].to_list() == [[commit]]
    assert corrected["message"].to_list() == [["Fix b, add c"]]


def test_a_mean_lost_by_a_new_task_is_due_to_other_models(
    new_catalog: New, repository: ResultRepository
) -> None:
    catalog = new_catalog()
    repository.commit({path("lab/a", "T1"): result("T1", 0.5)}, at=DAY(1))
    repository.commit({path("lab/c", "T2"): result("T2", 0.3)}, at=DAY(5))
    meta = {"tasks": ["T1", "T2"], "tasksMeta": META}
    before = [row("lab/a", 1, {"T1": 0.5})]
    after = [row("lab/c", 1, {"T1": 0.6, "T2": 0.3}), row("lab/a", 2, {"T1": 0.5}, meanTask=None)]
    catalog.put(f"scores/{BOARD}", board(BOARD, before, **meta), DAY(4))
    catalog.put(f"scores/{BOARD}", board(BOARD, after, **meta), DAY(6))
    with load(catalog, repository).open() as opened:
        found = {(c.model, c.kind): c.cause for c in opened.change_list("mteb-english")}
    assert found == {
        ("lab/a", "moved"): ("others",),
        ("lab/a", "value_changed"): ("others",),
        ("lab/c", "appeared"): ("new_model",),
    }


def test_without_result_files_the_cause_is_unknown(changed: tuple[Loaded, str]) -> None:
    catalog, _ = changed
    catalog.load()
    with catalog.open() as opened:
        found = opened.change_list("mteb-english")
    assert {(c.model, c.kind): c.cause for c in found} == {
        ("lab/a", "moved"): ("others",),
        ("lab/b", "moved"): None,
        ("lab/b", "value_changed"): None,
        ("lab/c", "appeared"): None,
        ("lab/d", "left"): None,
    }


def test_all_boards_together_equal_each_board_alone(
    changed: tuple[Loaded, str], repository: ResultRepository
) -> None:
    with load(changed[0], repository).open() as opened:
        assert opened.change_list() == opened.change_list("mteb-english")
        assert opened.change_list()


def test_causes_before_the_first_result_file_are_unknown(
    changed: tuple[Loaded, str], tmp_path: Path
) -> None:
    later = ResultRepository(tmp_path / "later.git")
    later.commit({path("lab/a", "T1"): result("T1", 0.5)}, at=DAY(20))
    with load(changed[0], later).open() as opened:
        assert {c.cause for c in opened.change_list("mteb-english")} == {("others",), None}


def test_claims_compare_both_scores_and_commits(
    new_catalog: New, repository: ResultRepository
) -> None:
    claimed = repository.commit(
        {path("lab/m", "A", "external"): result("A", {"en": 0.75, "fr": 0.5}, version=None)},
        at=DAY(1),
    )
    measured = repository.commit(
        {path("lab/m", "A"): result("A", {"en": 0.5, "de": 0.5})}, at=DAY(2)
    )
    repository.commit({path("lab/m", "A", "external"): None}, at=DAY(3))
    with load(new_catalog(), repository).open() as opened:
        found = opened.claims("LAB/M")
        with pytest.raises(NotFoundError, match="did you mean 'lab/m'"):
            opened.claims("lab/mm")
    assert found.to_dicts() == [
        {
            "model": "lab/m",
            "task": "A",
            "split": "test",
            "subset": "en",
            "self_reported": 75.0,
            "measured": 50.0,
            "difference": -25.0,
            "present": False,
            "self_reported_until": datetime.fromisoformat(DAY(3)),
            "self_reported_mteb_version": None,
            "measured_revision": "r1",
            "measured_until": None,
            "measured_mteb_version": "1.30.0",
            "self_reported_at": datetime.fromisoformat(DAY(1)),
            "self_reported_commit": claimed,
            "measured_at": datetime.fromisoformat(DAY(2)),
            "measured_commit": measured,
        }
    ]


def test_claims_without_result_files_name_a_remedy(new_catalog: New) -> None:
    with new_catalog().open() as opened, pytest.raises(NoDataError, match="no result files"):
        opened.claims("lab/m")


def test_many_ids_are_queried_in_batches(
    new_catalog: New, repository: ResultRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {path(f"lab/m{n}", "A"): result("A", n / 10) for n in range(5)}
    repository.commit({path("lab/first", "A"): result("A", 0.9)}, at=DAY(1))
    repository.commit(files, at=DAY(2))
    catalog = load(new_catalog(), repository)
    whole = told(catalog)
    monkeypatch.setattr(result_changes, "_AT_ONCE", 2)
    assert told(catalog) == whole
    with catalog.open() as opened:
        assert opened.sql("select count(*) - 1 as n from result_version").item() == len(whole)
