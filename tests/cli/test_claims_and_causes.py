"""Changes with their causes and claims on the command line, from real commits."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tests.support.result_repository import ResultRepository, result, result_path
from tracker.cli.output import Format
from tracker.sources import result_files

Run = Callable[..., Any]


@pytest.fixture
def commits(home: Path, blank: Path, tmp_path: Path) -> list[str]:
    """The isolated home with a model that has a self-report and a run; the commits of both."""
    catalog = Loaded.fresh(home / "db", blank)
    repository = ResultRepository(tmp_path / "results.git")
    made = [
        repository.commit(
            {result_path("lab/m", revision, "A"): result("A", score)}, at=f"2026-01-0{day}T00:00Z"
        )
        for day, revision, score in ((1, "external", 0.75), (2, "r1", 0.5))
    ]
    clone = catalog.clones / result_files.HEADER.id
    result_files.update(str(repository.path), clone, seen_at="2026-02-01T00:00:00Z")
    catalog.load()
    return made


@pytest.mark.parametrize("format_", list(Format))
def test_claims_speak_every_format(cli: Run, commits: list[str], format_: Format) -> None:
    answer = cli("claims", "lab/m", "--format", format_)
    assert answer.code == 0
    if format_ is Format.json:
        (found,) = answer.rows
        assert (found["difference"], found["present"]) == (-25.0, True)
        assert [found["self_reported_commit"], found["measured_commit"]] == commits
    elif format_ is Format.csv:
        (line,) = csv.DictReader(io.StringIO(answer.out, newline=""))
        assert [line["self_reported_commit"], line["measured_commit"]] == commits
    else:
        assert all(commit[:12] in answer.out for commit in commits)
        assert all(commit not in answer.out for commit in commits)


@pytest.mark.usefixtures("commits")
def test_an_unknown_model_is_exit_1_with_the_nearest_names(cli: Run) -> None:
    answer = cli("claims", "lab/n")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "error: no model called 'lab/n'; did you mean 'lab/m'?\n"


@pytest.mark.usefixtures("story")
def test_changes_tell_that_no_cause_is_known_without_result_files(cli: Run) -> None:
    rows = cli("changes", "--format", "json").rows
    assert rows
    assert {tuple(row["cause"] or ()) for row in rows} <= {(), ("others",)}
    assert all(row["commit"] == row["message"] == [] for row in rows)


@pytest.mark.usefixtures("story")
def test_claims_without_result_files_say_how_to_get_them(cli: Run) -> None:
    answer = cli("claims", "lab/one")
    assert (answer.code, answer.out) == (1, "")
    assert "tracker fetch result-files" in answer.err
