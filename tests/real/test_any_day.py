"""Random days of random boards: raw files, catalog, command line, histories and leads agree."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import pytest

from tests.real.independent_reader import Reader, Registry
from tests.real.raw_boards import FULL_HOME, HAS_RESULTS, NO_RESULTS, Shown, rounded, shown, stored
from tracker.api import Catalog
from tracker.errors import NoDataError

pytestmark = pytest.mark.skipif(not HAS_RESULTS, reason=NO_RESULTS)

RECORDED = Path(__file__).resolve().parents[2] / "../shared/data/mteb-api"
FIRST, LAST = date(2024, 7, 8), date(2026, 8, 20)
ALWAYS = ("MTEB(Law, v1)", "MTEB(eng, v2)")
"""Boards with renamed models and with many rows."""
N_BOARDS, N_DAYS, N_MODELS, TOP = 8, 6, 12, 10
N_HISTORY_DAYS = 60


def some_days(seed: int, n_days: int) -> list[date]:
    """The same days in every run, with the first and the last one."""
    drawn = Random(seed).sample(range((LAST - FIRST).days), n_days - 2)
    return sorted({FIRST, LAST, *(FIRST + timedelta(days=day) for day in drawn)})


@pytest.fixture(scope="module")
def boards() -> list[str]:
    """The same boards in every run, of those that the independent reader can rank."""
    others = [name for name in Registry().borda_boards() if name not in ALWAYS]
    return [*ALWAYS, *Random(17).sample(others, N_BOARDS - len(ALWAYS))]


@pytest.fixture(scope="module")
def reader(results: Path, boards: list[str]) -> Reader:
    return Reader(results, boards)


def test_boards_of_random_days_are_those_of_the_files(
    catalog: Catalog,
    reader: Reader,
    boards: list[str],
    catalog_file: Path,
    cli: Callable[..., Any],
) -> None:
    n_rows = 0
    for day in some_days(29, N_DAYS):
        files = reader.read(day)
        for board in boards:
            expected = [shown(row) for row in reader.board(board, files)]
            found = stored(catalog, board, day)
            # A folder of 2024 without an organisation has no public id of its own.
            bare = {row[2] for row in expected if "/" not in row[1]}
            expected, found = ([unnamed(row, bare) for row in rows] for rows in (expected, found))
            # A model with experiments has several rows, which may be in any order.
            assert sorted(found, key=repr) == sorted(expected, key=repr), (board, day)
            assert found[:TOP] == expected[:TOP], (board, day)
            n_rows += len(found)
        asked = (
            "--as-of",
            str(day),
            "--top",
            str(TOP),
            "--format",
            "json",
            "--db",
            str(catalog_file),
        )
        answer = cli("leaderboard", boards[day.day % len(boards)], *asked)
        rows = [
            (row["rank"], row["model"], row["model_now"], row["points"], rounded(row["mean_task"]))
            for row in (answer.rows if answer.code == 0 else ())
        ]
        assert rows == stored(catalog, boards[day.day % len(boards)], day)[:TOP], day
    assert n_rows


def unnamed(row: Shown, models: Collection[str]) -> Shown:
    """The row with its present name alone, where it is one of some models."""
    return (row[0], row[2], *row[2:]) if row[2] in models else row


def test_histories_are_those_of_the_boards_of_their_days(
    catalog: Catalog, boards: list[str]
) -> None:
    n_points = 0
    for number, board in enumerate(boards):
        days = some_days(number, N_HISTORY_DAYS)
        rows: dict[date, dict[str, dict[str, Any]]] = {}
        for day in days:
            try:
                frame = catalog.leaderboard(board, day)
            except NoDataError:
                rows[day] = {}
                continue
            by_model: dict[str, dict[str, Any]] = {}
            for row in frame.iter_rows(named=True):
                by_model.setdefault(row["model_now"], row)
            rows[day] = by_model
        models = sorted(set().union(*rows.values()))
        for model in Random(number).sample(models, min(N_MODELS, len(models))):
            points = catalog.history_list(board, model)
            for day in days:
                at = f"{day}T23:59:59Z"
                found = [
                    (p.model, p.rank, p.mean_task, p.n_tasks)
                    for p in points
                    if p.from_at <= at and (p.to_at is None or p.to_at > at)
                ]
                row = rows[day].get(model)
                names = ("model", "rank", "mean_task", "n_tasks")
                assert found == ([tuple(row[n] for n in names)] if row else []), (board, model, day)
                n_points += len(found)
    assert n_points


def test_the_leader_of_a_random_day_is_first_on_its_board(
    catalog: Catalog, boards: list[str]
) -> None:
    for board in boards:
        for day in some_days(41, N_HISTORY_DAYS):
            leads = catalog.leader_list(board, since=day, until=day)
            rows = stored(catalog, board, day)
            first = {row[2] for row in rows if row[0] == 1}
            assert len(leads) == bool(first), (board, day)
            assert {lead.model_now for lead in leads} <= first, (board, day)


@pytest.mark.skipif(not (FULL_HOME and RECORDED.is_dir()), reason="set TRACKER_FULL_HOME")
@pytest.mark.parametrize("day", ["2026-06-01", "2026-08-20"])
def test_by_spelling_alone_a_board_is_that_of_the_server(
    catalog: Catalog, boards: list[str], day: str
) -> None:
    for board in boards:
        packed = (RECORDED / day / "scores" / f"{quote(board, safe='')}.json.gz").read_bytes()
        answer = json.loads(gzip.decompress(packed))
        expected = [
            (row["rank"], row["model"]["name"], as_percent(row["meanTask"]))
            for row in answer["rows"]
        ]
        if not expected:
            with pytest.raises(NoDataError):
                catalog.leaderboard(board, day, identity="registry")
            continue
        found = catalog.leaderboard(board, day, identity="registry")
        rows = [
            (rank, model, rounded(mean))
            for rank, model, mean in found.select("rank", "model_now", "mean_task").iter_rows()
        ]
        assert sorted(rows, key=repr) == sorted(expected, key=repr), board


def as_percent(mean: float | None) -> float | None:
    return None if mean is None else rounded(100 * mean)
