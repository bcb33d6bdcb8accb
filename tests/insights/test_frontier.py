"""The frontier names the best open model under each size to the day, never across boards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tests.support.result_repository import ResultRepository, result, result_path
from tests.support.shared import LoadOnce
from tests.support.small_board import BOARD, REGISTRY
from tests.support.state_worlds import put_registry
from tracker.api import Catalog
from tracker.errors import NotFoundError
from tracker.sources import result_files

LARGE, SMALL, CLOSED = "lab/large", "lab/small", "mill/closed"
HISTORY: dict[str, dict[str, dict[str, Any]]] = {
    # Of 8 billion parameters; the better model is closed, and the small one lacks a task.
    "2025-03-10T10:00:00Z": {
        LARGE: {"A": 0.9, "B": 0.5, "C": {"en": 0.5, "de": 0.9}},
        CLOSED: {"A": 0.9, "B": 0.9, "C": {"en": 0.9, "de": 0.9}},
        SMALL: {"A": 0.5, "B": 0.6},
    },
    "2025-03-11T23:59:59Z": {SMALL: {"C": {"en": 0.6, "de": 0.2}}},
    # It holds at no end of a day.
    "2025-03-15T08:00:00Z": {SMALL: {"A": 0.99}},
    "2025-03-15T09:00:00Z": {SMALL: {"A": 0.5}},
    "2025-03-20T00:00:00Z": {SMALL: {"A": 0.95, "B": 0.7, "C": {"en": 0.6, "de": 0.6}}},
}


def load_history(loaded: Loaded, folder: Path) -> None:
    repository = ResultRepository(folder / "results.git")
    for at, scores in HISTORY.items():
        files = {
            result_path(model, "main", name): result(name, value)
            for model, values in scores.items()
            for name, value in values.items()
        }
        repository.commit(files, at=at)
    result_files.update(str(repository.path), loaded.clones / "result-files", seen_at="")
    put_registry(loaded, REGISTRY)
    loaded.load()


@pytest.fixture(scope="module")
def catalog(loaded_once: LoadOnce) -> Iterator[Catalog]:
    with loaded_once("frontier", load_history).open() as opened:
        yield opened


def test_the_best_open_model_under_each_size_changes_to_the_day(catalog: Catalog) -> None:
    spans = [
        (span.limit, span.from_day, span.until_day, span.model, round(span.mean, 2))
        for span in catalog.frontier_list(BOARD)
    ]
    small = [("2025-03-11", "2025-03-19", SMALL, 50.0), ("2025-03-20", None, SMALL, 75.0)]
    assert spans == [
        *((limit, *span) for limit in ("0.5B", "1B", "2B", "8B") for span in small),
        ("any", "2025-03-10", "2025-03-19", LARGE, 70.0),
        ("any", "2025-03-20", None, SMALL, 75.0),
    ]


@pytest.mark.parametrize(
    ("day", "best"),
    [
        ("2025-03-10", {"any": LARGE}),
        ("2025-03-19", {"1B": SMALL, "any": LARGE}),
        ("2025-04", {"1B": SMALL, "any": SMALL}),
        ("2025-03-09", {}),
    ],
)
def test_a_day_has_its_own_frontier(catalog: Catalog, day: str, best: dict[str, str]) -> None:
    found = {span.limit: span.model for span in catalog.frontier_list(BOARD, day)}
    assert {limit: found[limit] for limit in ("1B", "any") if limit in found} == best


def test_small_models_catch_up_after_some_days(catalog: Catalog) -> None:
    frame = catalog.catch_up(BOARD).filter(limit="0.5B")
    columns = ("large_model", "large_day", "since_start", "model", "day", "days")
    assert frame.select(columns).rows() == [
        (LARGE, date(2025, 3, 10), True, SMALL, date(2025, 3, 20), 10),
        (SMALL, date(2025, 3, 20), False, SMALL, date(2025, 3, 20), 0),
    ]


def test_editions_of_a_series_are_never_joined(told: Loaded) -> None:
    with told.open() as opened:
        spans = opened.frontier_list("en", all_editions=True)
        of_days = opened.frontier("en")
    assert all(span.board_slug for span in spans)
    assert of_days.columns[:4] == ["board", "limit", "from_day", "until_day"]


def test_an_unknown_board_is_named(catalog: Catalog) -> None:
    with pytest.raises(NotFoundError):
        catalog.frontier("no-such-board")
