"""Suspect scores are read from the raw files of the day, each with file and commit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tests.support.registry_exports import benchmark, export, task
from tests.support.result_repository import ResultRepository, result, result_path
from tests.support.state_worlds import put_registry
from tracker.sources import result_files

BOARD = "Small(eng, v1)"


def suspect(name: str, main: float, **metrics: float) -> dict[str, Any]:
    """A result file whose cell has more metrics than the main score."""
    made = result(name, main)
    made["scores"]["test"][0] |= metrics
    return made


@pytest.fixture
def loaded(home_catalog: Loaded, tmp_path: Path) -> Loaded:
    """In the isolated home: a file that is wrong until April, and one that agrees with itself."""
    catalog = home_catalog
    repository = ResultRepository(tmp_path / "results.git")
    path = result_path("lab/one", "main", "News")
    wrong = suspect("News", 0.5, ndcg_at_10=0.4, mrr_at_1=0.3, precision_at_1=0.35)
    good = result_path("lab/two", "main", "News")
    files = {path: wrong, good: suspect("News", 0.5, ndcg_at_10=0.5)}
    repository.commit(files, at="2025-03-10T10:00:00Z")
    repository.commit({path: suspect("News", 0.4, ndcg_at_10=0.4)}, at="2025-04-10T10:00:00Z")
    result_files.update(str(repository.path), catalog.clones / "result-files", seen_at="")
    put_registry(
        catalog,
        export(
            benchmark(BOARD, ["News"]),
            tasks=[task("News", "Retrieval", main_score="ndcg_at_10")],
            models=[{"name": name, "revision": "main"} for name in ("lab/one", "lab/two")],
        ),
    )
    catalog.load()
    return catalog


def test_each_suspect_score_of_a_day_is_listed(cli: Any, loaded: Loaded) -> None:
    answer = cli("lint", "--as-of", "2025-03-31", "--format", "json")
    rows = [(row["rule"], row["model"], row["subset"], row["reason"]) for row in answer.rows]
    assert rows == [
        ("mrr-at-1", "lab/one", "default", "MRR@1 is 30.00 and precision@1 is 35.00"),
        (
            "main-score",
            "lab/one",
            "default",
            "main score 50.00, but ndcg_at_10 is 40.00; it equals no metric of the file",
        ),
    ]
    assert {row["since"] for row in answer.rows} == {"2025-03-10T10:00:00Z"}
    assert all(row["path"].endswith("lab__one/main/News.json") for row in answer.rows)
    assert all(len(row["commit"]) == 40 for row in answer.rows)
    assert answer.err == (
        "2 findings in 1 files of 1 models: leads to look at, not verdicts\n"
        "main-score 1 · mrr-at-1 1\n"
    )


def test_a_mended_file_is_not_listed_any_more(cli: Any, loaded: Loaded) -> None:
    answer = cli("lint", "--format", "json")
    assert (answer.rows, answer.err) == ([], "no suspect scores\n")


@pytest.mark.parametrize(("model", "n"), [("lab/one", 2), ("lab/two", 0)])
def test_one_model_or_task_is_asked_for(cli: Any, loaded: Loaded, model: str, n: int) -> None:
    asked = ("--as-of", "2025-03-31", "--task", "news", "--model", model, "--format", "json")
    assert len(cli("lint", *asked).rows) == n


@pytest.mark.parametrize(("day", "is_marked"), [("2025-03-31", True), ("2025-04-30", False)])
def test_the_table_of_a_task_marks_suspect_scores(
    cli: Any, loaded: Loaded, day: str, is_marked: bool
) -> None:
    answer = cli("task", "News", "--as-of", day)
    assert ("mrr-at-1, main-score" in answer.out) == is_marked
    assert ("suspect scores are leads" in answer.err) == is_marked


@pytest.mark.usefixtures("story")
def test_without_result_files_one_line_says_so(cli: Any) -> None:
    answer = cli("lint")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("error: the catalog has no result files")


@pytest.mark.parametrize(("day", "rows"), [
    ("2025-03-31", [("lab/two", 1, 50.0)]),
    ("2025-04-30", [("lab/two", 1, 50.0), ("lab/one", 2, 40.0)]),
])  # fmt: skip
def test_without_suspect_scores_the_board_is_computed_from_the_others(
    cli: Any, loaded: Loaded, day: str, rows: list[tuple[str, int, float]]
) -> None:
    answer = cli("leaderboard", BOARD, "--without-suspect", "--as-of", day, "--format", "json")
    assert [(row["model"], row["rank"], row["mean_task"]) for row in answer.rows] == rows
    said = "by rule: mrr-at-1 1, main-score 1; tracker lint lists them with reasons"
    assert (said in answer.err) == (len(rows) == 1)


def test_a_file_with_the_content_of_a_suspect_one_keeps_its_scores(
    cli: Any, home_catalog: Loaded, tmp_path: Path
) -> None:
    catalog = home_catalog
    repository = ResultRepository(tmp_path / "results.git")
    same = result("News", 0.123456789012)
    names = ("lab/first", "lab/later")
    for day, name in enumerate(names, 1):
        repository.commit({result_path(name, "main", "News"): same}, at=f"2025-03-0{day}T10:00:00Z")
    result_files.update(str(repository.path), catalog.clones / "result-files", seen_at="")
    models = [{"name": name, "revision": "main"} for name in names]
    tasks = [task("News", "Retrieval", main_score="ndcg_at_10")]
    put_registry(catalog, export(benchmark(BOARD, ["News"]), tasks=tasks, models=models))
    catalog.load()
    found = cli("lint", "--format", "json").rows
    assert [(one["rule"], one["model"]) for one in found] == [("equal", "lab/later")]
    answer = cli("leaderboard", BOARD, "--without-suspect", "--format", "json")
    assert [(row["model"], row["mean_task"]) for row in answer.rows] == [
        ("lab/first", pytest.approx(12.3456789012))
    ]


def test_an_unknown_rule_is_refused(cli: Any, loaded: Loaded) -> None:
    answer = cli("lint", "--rule", "mrr-at-2")
    said = "error: no rule 'mrr-at-2'; did you mean 'mrr-at-1'?\n"
    assert (answer.code, answer.err) == (2, said)


def test_a_damaged_or_missing_cache_changes_nothing(cli: Any, loaded: Loaded, home: Path) -> None:
    asked = ("lint", "--as-of", "2025-03-31", "--format", "json")
    first, cache = cli(*asked).rows, home / "db" / "lint.parquet"
    assert cache.is_file()
    cache.write_bytes(b"damaged")
    assert cli(*asked).rows == first
    cache.unlink()
    assert cli(*asked).rows == first
