"""Intervals, paired differences and folded fine-tunes agree with a computation by hand."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pytest

from tests.support.catalogs import Loaded
from tests.support.registry_exports import benchmark, export, task
from tests.support.result_repository import ResultRepository, result, result_path
from tests.support.shared import LoadOnce
from tests.support.state_worlds import put_registry
from tracker.api import BoardQuery
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.boards.score_table import read_score_table
from tracker.ranking.confidence_intervals import board_intervals
from tracker.sources import result_files

BOARD, MEANS, DAY = "Small(eng, v1)", "Means(eng, v1)", "2025-03-31"
TYPES = {f"S{n}": "STS" for n in range(5)} | {f"R{n}": "Retrieval" for n in range(3)}
NOISE = random.Random(5)


def around(level: float) -> dict[str, float]:
    return {name: round(level + NOISE.uniform(-0.1, 0.1), 4) for name in TYPES}


BASE = around(0.6)
SCORES: dict[str, dict[str, float]] = {
    "lab/base": BASE,
    "lab/tuned": {name: BASE[name] + 0.001 * (-1) ** place for place, name in enumerate(TYPES)},
    "lab/better": {name: score + 0.02 for name, score in BASE.items()},
    "lab/second": {name: score - 0.01 for name, score in BASE.items()},
    "mill/close": around(0.6),
    "mill/other": around(0.55),
    "mill/partial": {"S0": 0.99, "S1": 0.99},
    "mill/apart": {"R0": 0.1},
    "mill/idle": {"X": 0.5},
}
ON_BOARD = {model: scores for model, scores in SCORES.items() if model != "mill/idle"}
SECOND_HAND = {"lab/tuned": "lab/base", "lab/better": "lab/base", "lab/second": "lab/tuned"}


@pytest.fixture(scope="session")
def loaded(loaded_once: LoadOnce) -> Loaded:
    return loaded_once("intervals", fill)


def fill(catalog: Loaded, folder: Path) -> None:
    repository = ResultRepository(folder / "results.git")
    files = {
        result_path(model, "main", name): result(name, value)
        for model, scores in SCORES.items()
        for name, value in scores.items()
    }
    repository.commit(files, at="2025-03-10T10:00:00Z")
    result_files.update(str(repository.path), catalog.clones / "result-files", seen_at="")
    registry = export(
        benchmark(BOARD, list(TYPES)),
        benchmark(
            MEANS,
            list(TYPES),
            aggregations=["mean_task_type", "task_types"],
            rank_by=["mean_task_type"],
        ),
        benchmark("Other", ["X"]),
        tasks=[task("X"), *(task(name, kind) for name, kind in TYPES.items())],
        models=[
            {"name": name, "revision": "main", "adapted_from": SECOND_HAND.get(name)}
            for name in SCORES
        ],
    )
    put_registry(catalog, registry)
    catalog.load()


def borda(scores: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Points by model and task: the number of rows, less the rank."""
    points: dict[str, dict[str, float]] = {model: {} for model in scores}
    for name in TYPES:
        known = {model: own[name] for model, own in scores.items() if name in own}
        for model, score in known.items():
            ahead = sum(other > score for other in known.values())
            equal = sum(other == score for other in known.values())
            points[model][name] = len(scores) - (ahead + (equal + 1) / 2)
    return points


def drawn(n: int) -> list[list[str]]:
    """Tasks of each draw: of each type as many as it has."""
    chance = random.Random(11)
    by_type = {kind: [t for t, k in TYPES.items() if k == kind] for kind in TYPES.values()}
    return [[chance.choice(o) for o in by_type.values() for _ in o] for _ in range(n)]


def middle(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    cut = len(ordered) * 25 // 1000
    return ordered[cut], ordered[-cut - 1]


def test_ranks_and_means_agree_with_draws_by_hand(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        found = catalog.board(BOARD, DAY, intervals=True)
    points, draws = borda(ON_BOARD), drawn(3000)
    totals = [{m: sum(p.get(t, 0) for t in tasks) for m, p in points.items()} for tasks in draws]
    assert [row.model for row in found.rows[:1]] == ["lab/better"]
    for row in found.rows:
        assert row.interval is not None
        ranks = [1.0 + sum(v > total[row.model] for v in total.values()) for total in totals]
        low, high = middle(ranks)
        assert abs(row.interval.rank_low - low) <= 1
        assert abs(row.interval.rank_high - high) <= 1
        if row.mean_task is None:
            assert (row.interval.mean_low, row.interval.mean_high) == (None, None)
            continue
        own = SCORES[row.model]
        means = middle([100 * fmean(own[name] for name in tasks) for tasks in draws])
        assert means == pytest.approx((row.interval.mean_low, row.interval.mean_high), abs=0.4)


@pytest.mark.parametrize("asked", [{}, {"type": "STS"}, {"rank_by": "mean_task"}])
@pytest.mark.parametrize("board", [BOARD, MEANS])
def test_all_tasks_drawn_once_give_the_rank_of_the_board(
    loaded: Loaded, board: str, asked: dict[str, Any]
) -> None:
    with loaded.open() as catalog:
        rows = catalog.board(board, DAY, **asked).rows
        scores = read_score_table(catalog._reader, BoardQuery(board, DAY, **asked))
    ranked = [row for row in rows if row.rank is not None]
    wanted = [scores.rows[row.model, row.label] for row in ranked]
    found = board_intervals(scores.table, np.ones((1, len(scores.tasks))), wanted)
    assert found.rank_low.tolist() == [row.rank for row in ranked]


def test_a_difference_counts_the_tasks_of_both(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        found = catalog.difference("mill/partial", "lab/base", BOARD, DAY)
        other = catalog.difference("lab/base", "mill/partial", BOARD, DAY)
    by = 100 * (0.99 - (BASE["S0"] + BASE["S1"]) / 2)
    assert (found.n_ahead, found.n_behind, found.n_tasks, found.n_tasks_total) == (2, 0, 2, 8)
    assert found.difference == pytest.approx(by)
    assert (other.difference, other.low, other.high) == pytest.approx(
        (-found.difference, -found.high, -found.low)
    )
    assert found.clear


def test_a_board_of_means_of_types_compares_these_means(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        found = catalog.difference("mill/close", "lab/base", MEANS, DAY)
    own, base = SCORES["mill/close"], BASE

    def mean(scores: dict[str, float]) -> float:
        kinds = sorted(set(TYPES.values()))
        return fmean(fmean(scores[t] for t, k in TYPES.items() if k == kind) for kind in kinds)

    assert found.difference == pytest.approx(100 * (mean(own) - mean(base)))


def test_each_row_has_the_difference_to_the_next_shown(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        rows = catalog.board(BOARD, DAY, intervals=True, top=3).rows
        expected = [catalog.difference(a.model, b.model, BOARD, DAY) for a, b in pairwise(rows)]
    assert [row.to_next for row in rows] == [*expected, None]


def test_fine_tunes_that_are_not_clearly_ahead_fold(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        whole = {row.model: row.rank for row in catalog.board(BOARD, DAY).rows}
        found = catalog.board(BOARD, DAY, fold_finetunes=True)
    folded = {row.model: row.finetunes for row in found.rows}
    assert folded.keys() == ON_BOARD.keys() - {"lab/tuned", "lab/second"}
    assert set(folded["lab/base"]) == {"lab/tuned", "lab/second"}
    assert found.n_folded == 2
    assert [row.place for row in found.rows] == list(range(1, 7))
    assert {row.model: row.rank for row in found.rows}.items() <= whole.items()


@pytest.mark.parametrize(
    ("names", "error", "line"),
    [
        (("lab/nobody", "lab/base"), NotFoundError, "no model called 'lab/nobody'"),
        (("mill/partial", "mill/apart"), NoDataError, "have no task in common"),
        (("lab/base", "mill/idle"), NotFoundError, f"mill/idle is not on {BOARD}"),
    ],
)
def test_what_cannot_be_compared_is_named(
    loaded: Loaded, names: tuple[str, str], error: type[Exception], line: str
) -> None:
    with loaded.open() as catalog, pytest.raises(error) as caught:
        catalog.difference(*names, BOARD, DAY)
    assert line in str(caught.value)


def test_the_command_line_shows_and_exports_intervals(cli: Any, loaded: Loaded) -> None:
    asked = ("leaderboard", BOARD, "--as-of", DAY, "--intervals", "--db", loaded.url)
    table, rows = cli(*asked), cli(*asked, "--format", "json").rows
    first = rows[0]
    span = f"{first['tie_first']}–{first['tie_last']}"
    shown = table.out.splitlines()
    assert shown[0].split()[-4:] == ["rank_interval", "mean_interval", "tie_group", "to_next"]
    assert span in shown[2] or f" {first['tie_first']} " in shown[2]
    assert f"{first['next_ahead']}:{first['next_behind']}" in shown[2]
    assert "intervals: 95 % of 10,000 draws" in table.err
    assert first["rank_low"] <= first["rank"] <= first["rank_high"]
    assert first["mean_low"] < first["mean_task"] < first["mean_high"]


def test_the_command_line_says_how_many_fine_tunes_are_folded(cli: Any, loaded: Loaded) -> None:
    found = cli("leaderboard", BOARD, "--as-of", DAY, "--fold-finetunes", "--db", loaded.url)
    assert "2 fine-tunes that are not clearly ahead of their base model (95 %)" in found.err
    assert "lab/tuned, lab/second" in found.out


def test_a_comparison_on_a_board_has_the_paired_difference(cli: Any, loaded: Loaded) -> None:
    rows = cli(
        "compare", "lab/base", "lab/better", "--board", BOARD, "--as-of", DAY,
        "--db", loaded.url, "--format", "json",
    ).rows  # fmt: skip
    found = {row["property"]: (row["lab/base"], row["lab/better"]) for row in rows}
    assert found[f"{BOARD}: mean less that of lab/base"] == (None, "+2.00 [+2.00, +2.00]")
    assert found[f"{BOARD}: tasks ahead of lab/base"] == (None, "8/8")


@pytest.mark.usefixtures("story")
def test_published_scores_are_enough(cli: Any) -> None:
    # Of two tasks, yard/new leads on both and lab/half has the lowest score on its only one.
    found = cli("leaderboard", "MTEB(eng, v2)", "--intervals", "--format", "json").rows
    columns = ("model", "rank_low", "rank_high", "tie_first", "tie_last", "next_ahead")
    assert [tuple(row[name] for name in columns) for row in found] == [
        ("yard/new", 1, 1, 1, 1, 2),
        ("lab/one", 2, 2, 2, 2, 1),
        ("lab/half", 3, 3, 3, 3, None),
    ]


@pytest.mark.usefixtures("story")
def test_without_scores_of_tasks_one_line_says_so(cli: Any) -> None:
    found = cli("leaderboard", "published/en", "--as-of", "2024-07-08", "--intervals")
    assert (found.code, found.out) == (1, "")
    assert found.err == (
        "error: published/en: no scores of single tasks are in the catalog for 2024-07-08;"
        " fetch published-boards, then load\n"
    )
