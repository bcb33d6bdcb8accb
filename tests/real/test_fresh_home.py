"""What the bundled starter answers against the catalog that it was taken from.

By default that is a catalog of the archived boards, for the days until their end.
``TRACKER_FULL_HOME`` names a home with all sources; then every day is compared, and the facts are
asked of that home, too.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from tests.support.catalogs import Loaded
from tests.support.known_facts import FACTS, LEADS, Fact, answers_of, expected_of
from tracker.answers.history import Change
from tracker.api import Catalog, open_catalog
from tracker.common.paths import resource
from tracker.curated import read_curated
from tracker.errors import NoDataError
from tracker.pages.views.choose import choices_file, in_page_order

BUNDLE = Path(__file__).resolve().parents[2] / "../shared/data/git/published-boards.bundle"
# The tests' own environment is swept clean: this is read before.
FULL_HOME = os.environ.get("TRACKER_FULL_HOME")
FIRST, ARCHIVED, LAST = date(2024, 7, 8), date(2025, 2, 4), date(2026, 8, 20)
SERIES = tuple(LEADS) if FULL_HOME else ("mteb-english", "c-mteb")
N_DAYS, TOP = 40, 10
COLUMNS = (
    "rank", "model", "model_now", "points", "mean_task", "mean_task_type", "mean_common",
    "n_tasks", "n_tasks_total", "partial", "as_of", "published_at", "origin", "edition", "since",
    "copies",
)  # fmt: skip

pytestmark = pytest.mark.skipif(
    not (FULL_HOME or BUNDLE.is_file()), reason="neither ../shared/data nor TRACKER_FULL_HOME"
)
with_full_home = pytest.mark.skipif(not FULL_HOME, reason="set TRACKER_FULL_HOME")


@pytest.fixture(scope="module")
def fresh(starter: Catalog) -> Catalog:
    return starter


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Iterator[Catalog]:
    if FULL_HOME:
        with open_catalog(Path(FULL_HOME) / "db" / "catalog.db") as opened:
            yield opened
        return
    made = Loaded.fresh(tmp_path_factory.mktemp("complete") / "home", blank)
    made = made.knowing(read_curated(resource("db/curated")))
    made.take(BUNDLE)
    made.load()
    with made.open() as opened:
        yield opened


def days() -> list[date]:
    """The same days in every run, with the ends of both eras among them."""
    last = LAST if FULL_HOME else ARCHIVED
    drawn = Random(13).sample(range((last - FIRST).days), N_DAYS)
    return sorted({FIRST, ARCHIVED, last, *(FIRST + timedelta(days=day) for day in drawn)})


def board(catalog: Catalog, series: str, day: date) -> pl.DataFrame:
    frame = catalog.leaderboard(series, day).select(COLUMNS)
    # Of rows without a rank on an archived board only the tables of single task types tell how
    # many tasks they have; the starter does not have these tables.
    is_counted = pl.col("rank").is_not_null() | (pl.col("origin") != "published")
    counts = (pl.when(is_counted).then(name).alias(name) for name in ("n_tasks", "partial"))
    return frame.with_columns(counts)


@pytest.mark.parametrize("series", SERIES)
def test_a_fresh_home_shows_the_complete_board_of_any_day(
    fresh: Catalog, complete: Catalog, series: str
) -> None:
    for day in days():
        expected = board(complete, series, day)
        assert board(fresh, series, day).rows() == expected.rows(), day
        assert expected.height > TOP


@pytest.mark.parametrize("series", SERIES)
def test_a_fresh_home_has_the_leads_of_the_complete_one(
    fresh: Catalog, complete: Catalog, series: str
) -> None:
    until = LAST if FULL_HOME else ARCHIVED
    leads = [
        [
            (one.from_day, one.model, one.model_now, one.unit, one.by, one.mean_task)
            for one in catalog.leader_list(series, until=until)
        ]
        for catalog in (fresh, complete)
    ]
    assert leads[0] == leads[1]


@with_full_home
def test_leads_end_in_a_fresh_home_as_in_the_complete_one(
    fresh: Catalog, complete: Catalog
) -> None:
    for series in SERIES:
        assert fresh.leader_list(series) == complete.leader_list(series)
        leads = [(one.from_day, one.until_day, one.model) for one in complete.leader_list(series)]
        assert leads == LEADS[series]


def changes(catalog: Catalog, series: str, since: str, until: str) -> list[Change] | str:
    try:
        return catalog.change_list(series, since=since, until=until)
    except NoDataError as error:
        return str(error)  # the series is younger


@with_full_home
@pytest.mark.parametrize("series", SERIES)
def test_a_fresh_home_has_the_causes_of_the_complete_one(
    fresh: Catalog, complete: Catalog, series: str
) -> None:
    months = [f"{n // 12}-{n % 12 + 1:02}-01" for n in range(2024 * 12 + 6, 2026 * 12 + 8)]
    for since, until in pairwise(months):
        expected = changes(complete, series, since, until)
        assert changes(fresh, series, since, until) == expected, since


@with_full_home
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.model)
def test_the_complete_home_knows_the_known_facts(
    complete: Catalog, cli: Callable[..., Any], fact: Fact
) -> None:
    for day in (fact.first_day, fact.last_day):
        assert answers_of(complete, fact, day) == expected_of(fact)
    database = Path(str(FULL_HOME)) / "db" / "catalog.db"
    asked = ("why", fact.model, fact.board, "--as-of", fact.first_day, "--db", str(database))
    rows = cli(*asked, "--format", "json").rows
    assert [row["kind"] for row in rows][: 1 + (fact.model != fact.present)] == (
        ["renamed"] * (fact.model != fact.present) + ["listed"]
    )
    assert {(row["model_now"], row["rank"]) for row in rows} == {(fact.present, fact.rank)}


@with_full_home
def test_the_data_of_the_chooser_stay_below_250_kilobytes(complete: Catalog) -> None:
    content = choices_file(in_page_order(tuple(complete.choice_boards())))
    assert len(gzip.compress(content, 9)) <= 250_000
