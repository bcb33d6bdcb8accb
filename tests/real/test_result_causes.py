"""Causes and claims from the real results repository, counted once more by git and ``json``."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tracker.catalog.engine import open_engine
from tracker.insights.history.causes import Event, History, classify, events
from tracker.insights.history.file_history import read_file_history
from tracker.insights.reader import Reader
from tracker.sources import result_files

BUNDLE = Path(__file__).resolve().parents[2] / "../shared/data/git/results-subset.bundle"

pytestmark = pytest.mark.skipif(not BUNDLE.is_file(), reason="../shared/data is not there")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Loaded:
    """All of the bundle's history in a catalog."""
    catalog = Loaded.fresh(tmp_path_factory.mktemp("causes") / "home", blank)
    clone = catalog.clones / result_files.HEADER.id
    result_files.update(str(BUNDLE.resolve()), clone, seen_at="2026-11-23T00:00:00Z")
    catalog.load()
    return catalog


@pytest.fixture(scope="module")
def history(loaded: Loaded) -> tuple[History, list[Event]]:
    engine = open_engine(loaded.url, read_only=True)
    with engine.connect() as connection:
        found = read_file_history(Reader(connection), "", "9")
    engine.dispose()
    assert found is not None
    return found, list(events(found, "", "9"))


def git(loaded: Loaded, *arguments: str) -> str:
    clone = loaded.clones / result_files.HEADER.id
    done = subprocess.run(["git", *arguments], cwd=clone, capture_output=True, check=True)
    return done.stdout.decode()


def test_no_event_is_told_that_git_does_not_know(
    loaded: Loaded, history: tuple[History, list[Event]]
) -> None:
    head = result_files.all_moments(loaded.clones / result_files.HEADER.id)[-1].commit
    log = git(
        loaded, "log", "--first-parent", "-m", "--no-renames", "--format=", "--name-status",
        head, "--", "results",
    )  # fmt: skip
    by_git = Counter(
        line[0]
        for line in log.splitlines()
        if line and result_files.kind_of(line.partition("\t")[2]) == "scores"
    )
    kinds = Counter("M" if e.before and e.after else "A" if e.after else "D" for e in history[1])
    # The first state did not appear, and a file written anew with its numbers did not change.
    assert 0 < kinds["A"] < by_git["A"]
    assert 0 < kinds["M"] <= by_git["M"]
    assert 0 < kinds["D"] <= by_git["D"]


def test_only_what_cannot_be_read_is_unexplained(
    history: tuple[History, list[Event]],
) -> None:
    found, told = history
    causes = [(event, classify(event, found)) for event in told]
    # Without a registry the metric of some files of the older format is not known.
    for event in [event for event, cause in causes if cause == "unexplained"]:
        assert event.before and event.after
        assert not {event.before.content, event.after.content} <= found.cells.keys()
    count = Counter(cause for _, cause in causes)
    assert {"new_model", "new_result", "rerun", "removed", "renamed_model"} <= count.keys()


def test_a_corrected_file_says_the_same_of_everything_but_its_scores(
    loaded: Loaded, history: tuple[History, list[Event]]
) -> None:
    found, told = history
    corrected = [e for e in told if e.before and classify(e, found) == "corrected"]
    for event in corrected[:20]:
        assert event.before and event.after
        was, now = (_file(loaded, v.content) for v in (event.before, event.after))
        assert was.get("mteb_version") == now.get("mteb_version")
        assert was.get("dataset_revision") == now.get("dataset_revision")
        assert was["scores"] != now["scores"]


def _file(loaded: Loaded, content: int) -> dict[str, Any]:
    engine = open_engine(loaded.url, read_only=True)
    with engine.connect() as connection:
        query = f"select blob from result_content where id = {int(content)}"
        blob = connection.exec_driver_sql(query).scalar_one()
    engine.dispose()
    read: dict[str, Any] = json.loads(git(loaded, "cat-file", "blob", blob))
    return read


def test_a_claim_repeats_what_both_files_say(loaded: Loaded) -> None:
    with loaded.open() as opened:
        found = [claim for _, its in opened.all_claims() for claim in its]
    assert found
    for claim in found[:: max(1, len(found) // 20)]:
        folder = f"results/{claim.model.replace('/', '__')}"
        sides = (
            (claim.self_reported_commit.commit, "external", claim.self_reported),
            (claim.measured_commit.commit, claim.measured_revision, claim.measured),
        )
        for commit, revision, score in sides:
            path = f"{folder}/{revision}/{claim.task}.json"
            told = json.loads(git(loaded, "show", f"{commit}:{path}"))
            (cell,) = [c for c in told["scores"][claim.split] if c["hf_subset"] == claim.subset]
            assert abs(cell["main_score"] * 100 - score) < 1e-9
