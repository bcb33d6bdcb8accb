"""Declared training on a board: counted by kind, and never clean without a declaration."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.catalogs import Loaded
from tests.support.registry_exports import benchmark, export, task
from tests.support.result_repository import ResultRepository, result, result_path
from tests.support.shared import LoadOnce
from tests.support.state_worlds import put_registry
from tracker.ranking.contamination import Declaration, exposure, untrained_shares
from tracker.sources import result_files

BOARD = "Small(eng, v1)"
SCORES = {
    "lab/tested": {"A": 0.9, "B": 0.9, "C": 0.5, "D": 0.5},
    "lab/child": {"A": 0.8, "B": 0.7, "C": 0.6, "D": 0.4},
    "lab/clean": {"A": 0.6, "B": 0.6, "C": 0.7, "D": 0.6},
    "mill/silent": {"A": 0.7, "B": 0.8, "C": 0.8, "D": 0.8},
}
REGISTRY = export(
    benchmark(BOARD, ["A", "B", "C", "D"]),
    tasks=[task(name) for name in "ABCD"],
    models=[
        {"name": "lab/tested", "revision": "main", "training_tasks": ["A", "B"],
         "training_datasets": ["A"]},
        {"name": "lab/child", "revision": "main", "training_tasks": ["A", "B"],
         "training_datasets": [], "adapted_from": "lab/tested"},
        {"name": "lab/clean", "revision": "main", "training_tasks": []},
        {"name": "mill/silent", "revision": "main"},
    ],
)  # fmt: skip


@pytest.fixture(scope="session")
def loaded(loaded_once: LoadOnce) -> Loaded:
    return loaded_once("contamination", fill)


def fill(catalog: Loaded, folder: Path) -> None:
    repository = ResultRepository(folder / "results.git")
    files = {
        result_path(model, "main", name): result(name, score)
        for model, scores in SCORES.items()
        for name, score in scores.items()
    }
    repository.commit(files, at="2025-03-10T10:00:00Z")
    result_files.update(str(repository.path), catalog.clones / "result-files", seen_at="")
    put_registry(catalog, REGISTRY)
    catalog.load()


def test_exposures_are_counted_by_kind(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        found = catalog.contamination_report(BOARD)
    rows = {row.model: row for row in found.rows}
    assert {model: row.exposures for model, row in rows.items()} == {
        "lab/tested": ("itself", "sibling", "none", "none"),
        "lab/child": ("base", "sibling", "none", "none"),
        "lab/clean": ("none",) * 4,
        "mill/silent": ("undeclared",) * 4,
    }
    tested = rows["lab/tested"]
    counts = (tested.n_itself, tested.n_base, tested.n_sibling, tested.n_none)
    assert (*counts, tested.n_undeclared) == (1, 0, 1, 2, 0)


def test_the_untrained_mean_counts_only_clean_tasks(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        rows = catalog.contamination_report(BOARD).rows
    assert {row.model: (row.mean_untrained, row.n_untrained) for row in rows} == {
        "lab/tested": (pytest.approx(50.0), 2),
        "lab/child": (pytest.approx(50.0), 2),
        "lab/clean": (pytest.approx(62.5), 4),
        "mill/silent": (None, 0),
    }


def test_silence_is_never_clean(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        (silent,) = (
            r for r in catalog.contamination_report(BOARD).rows if r.model == "mill/silent"
        )
    assert (silent.rank, silent.declares_training, silent.n_none) == (1, False, 0)
    assert (silent.untrained_share, silent.rank_untrained) == (None, None)


def test_shares_agree_with_comparing_every_pair_by_hand(loaded: Loaded) -> None:
    chance = np.random.default_rng(3)
    scores = chance.integers(0, 4, (6, 9)) / 10.0
    scores[chance.random((6, 9)) < 0.2] = np.nan
    is_clean = chance.random((6, 9)) < 0.7
    wins, n = np.zeros(6), np.zeros(6)
    for a, b in combinations(range(6), 2):
        for t in range(9):
            if is_clean[a, t] and is_clean[b, t] and not np.isnan(scores[[a, b], t]).any():
                gap = scores[a, t] - scores[b, t]
                wins[a] += (np.sign(gap) + 1) / 2
                wins[b] += (1 - np.sign(gap)) / 2
                n[[a, b]] += 1
    assert untrained_shares(scores, is_clean) == pytest.approx(wins / n, nan_ok=True)


def test_the_untrained_rank_is_by_these_shares(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        rows = catalog.contamination_report(BOARD).rows
    # On C and D: clean beats both, child and tested beat each other once; only clean has A and B.
    assert {row.model: (row.untrained_share, row.rank_untrained) for row in rows} == {
        "lab/clean": (100.0, 1),
        "lab/tested": (25.0, 2),
        "lab/child": (25.0, 2),
        "mill/silent": (None, None),
    }


def test_every_cell_has_its_receipt(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        cells = catalog.contamination_report(BOARD).cells
    told = {(c.model, c.task): (c.exposure, c.base, c.receipt) for c in cells}
    registry = "mteb 2.26.24: training_datasets of"
    assert len(told) == 16
    assert told["lab/tested", "A"] == ("itself", None, f"{registry} lab/tested")
    assert told["lab/child", "A"] == ("base", "lab/tested", f"{registry} lab/tested")
    assert told["lab/clean", "A"] == ("none", None, f"{registry} lab/clean")
    assert told["mill/silent", "A"] == ("undeclared", None, None)


def test_a_documented_dataset_exposes_a_model_that_declares_nothing() -> None:
    declared = {"lab/one": Declaration(None, frozenset(), None, {"A": "https://example.org/card"})}
    assert [exposure(name, "lab/one", declared) for name in "AB"] == ["sibling", "undeclared"]


def test_the_command_line_counts_and_warns(cli: Any, loaded: Loaded) -> None:
    found = cli("contamination", BOARD, "--top", "1", "--db", loaded.url)
    assert "1 of 4 models declare no training data" in found.err
    assert found.out.splitlines()[2].split() == [
        "1", "mill/silent", "0", "0", "0", "0", "4", "77.50", "-", "0", "-",
    ]  # fmt: skip
    cells = cli("contamination", BOARD, "--cells", "--format", "csv", "--db", loaded.url)
    assert len(cells.out.splitlines()) == 17


@pytest.mark.usefixtures("story")
def test_without_a_registry_one_line_says_so(cli: Any) -> None:
    found = cli("contamination", "MTEB(eng, v2)")
    assert (found.code, found.out) == (1, "")
    assert found.err.startswith("error: no registry says what tasks there are")
