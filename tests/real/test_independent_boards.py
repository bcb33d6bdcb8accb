"""Stored states and dated pages against an independent reader of the raw result files.

By default the bundle with a subset of the results is read. ``TRACKER_RESULTS`` names a bare clone
of the whole repository, and ``TRACKER_FULL_HOME`` a home whose catalog was loaded from it; without
such a home the catalog is loaded here.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from lxml import html

from tests.real import independent_reader
from tests.real.independent_reader import Reader, Row
from tests.support.catalogs import Loaded
from tests.support.state_worlds import put_registry
from tracker.api import Catalog, open_catalog
from tracker.catalog.starter import REGISTRY
from tracker.common.paths import resource
from tracker.curated import read_curated
from tracker.pages.build import build_site
from tracker.sources import benchmark_registry

SHARED = Path(__file__).resolve().parents[2] / "../shared/data/git"
BUNDLE = SHARED / "results-subset.bundle"
# The tests' own environment is swept clean: this is read before.
WHOLE = os.environ.get("TRACKER_RESULTS")
FULL_HOME = os.environ.get("TRACKER_FULL_HOME")
SERIES = {
    "mteb-english": "MTEB(eng, v2)",
    "c-mteb": "MTEB(cmn, v1)",
    "mteb-multilingual": "MTEB(Multilingual, v2)",
}
MONTHS = [(2025, month) for month in range(2, 13)] + [(2026, month) for month in range(1, 8)]
MONTH_ENDS = [date(year, month, monthrange(year, month)[1]) for year, month in MONTHS]
TOP = 10
MISSING = "–"

pytestmark = pytest.mark.skipif(
    not (WHOLE or BUNDLE.is_file()), reason="neither ../shared/data nor TRACKER_RESULTS is there"
)

Shown = tuple[int | None, str, str, float | None, float | None]
"""Rank, name of the day, present name, points, and mean in percent."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository of results."""
    if WHOLE:
        return Path(WHOLE)
    clone = tmp_path_factory.mktemp("independent") / "results.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(BUNDLE), str(clone)], check=True)
    return clone


@pytest.fixture(scope="module")
def catalog(
    tmp_path_factory: pytest.TempPathFactory, blank: Path, results: Path
) -> Iterator[Catalog]:
    """A catalog of the same repository with the bundled registry and the curated knowledge."""
    if FULL_HOME:
        with open_catalog(Path(FULL_HOME) / "db" / "catalog.db") as opened:
            yield opened
        return
    curated = read_curated(resource("db/curated"))
    made = Loaded.fresh(tmp_path_factory.mktemp("catalog") / "home", blank).knowing(curated)
    put_registry(made, benchmark_registry.read_export(resource("db/starter") / REGISTRY, 1 << 28))
    made.take_results(results)
    made.load()
    with made.open() as opened:
        yield opened


@pytest.fixture(scope="module")
def reader(results: Path) -> Reader:
    return Reader(results, SERIES.values())


@pytest.fixture(scope="module")
def expected(reader: Reader) -> dict[tuple[str, date], list[Shown]]:
    """Every row of the three series at each month end, computed from the raw files."""
    found = {}
    for day in MONTH_ENDS:
        files = reader.read(day)
        for series, board in SERIES.items():
            found[series, day] = [shown(row) for row in reader.board(board, files)]
    return found


def shown(row: Row) -> Shown:
    return (row.rank, row.name, row.model, row.points, rounded(row.mean))


def rounded(mean: float | None) -> float | None:
    return None if mean is None else round(mean, 8)


def stored(catalog: Catalog, board: str, day: date) -> list[Shown]:
    found = catalog.leaderboard(board, day).select(
        "rank", "model", "model_now", "points", "mean_task"
    )
    return [(*row[:4], rounded(row[4])) for row in found.rows()]


def test_the_reader_imports_nothing_of_the_tracker() -> None:
    tree = ast.parse(Path(independent_reader.__file__).read_text(encoding="utf-8"))
    names = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= {
        *sys.stdlib_module_names, "packaging", "yaml", "zstandard",
    }  # fmt: skip


def test_the_top_ten_of_every_month_end_is_that_of_the_files(
    catalog: Catalog, expected: dict[tuple[str, date], list[Shown]]
) -> None:
    found = {key: stored(catalog, *key)[:TOP] for key in expected}
    assert found == {key: rows[:TOP] for key, rows in expected.items()}
    assert all(found.values())


def test_all_other_rows_of_every_month_end_are_those_of_the_files(
    catalog: Catalog, expected: dict[tuple[str, date], list[Shown]]
) -> None:
    for key, rows in expected.items():
        # A model with experiments has several rows, which may stand in any order.
        assert sorted(stored(catalog, *key), key=repr) == sorted(rows, key=repr), key


def test_leads_begin_and_end_on_the_day_that_the_files_say(
    catalog: Catalog, reader: Reader
) -> None:
    for board in SERIES.values():
        for lead in catalog.leader_list(board):
            for day in {lead.from_day, lead.until_day} - {None}:
                first = leaders(reader, board, date.fromisoformat(str(day)))
                assert lead.model_now in first, (board, lead)
            if lead.until_day is not None and lead.next_model is not None:
                after = date.fromisoformat(lead.until_day) + timedelta(days=1)
                assert lead.model_now not in leaders(reader, board, after), (board, lead)


def leaders(reader: Reader, board: str, day: date) -> set[str]:
    """Present names of the models at the highest rank."""
    return {row.model for row in reader.board(board, reader.read(day)) if row.rank == 1}


def test_dated_pages_show_the_state_of_their_day(
    catalog: Catalog,
    expected: dict[tuple[str, date], list[Shown]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("site")
    build_site(catalog, root / "site", work=root / "work", languages=("en",))
    slugs = {edition.name: edition.slug for edition in catalog.editions()}
    for series, board in SERIES.items():
        pages = {}
        for day in MONTH_ENDS:
            folder = root / "site/boards" / slugs[board] / "as-of" / day.isoformat()
            rows = expected[series, day]
            pages[day] = table_of(folder / "index.html")
            assert pages[day][:TOP] == printed(rows[:TOP]), (series, day)
            file = pl.read_csv(folder / f"{slugs[board]}-{day}.csv").head(TOP)
            columns = ("rank", "model", "model_now", "points", "mean_task")
            in_file = [(*row[:4], rounded(row[4])) for row in file.select(columns).rows()]
            assert in_file == rows[:TOP], (series, day)
        for one, other in pairwise(MONTH_ENDS):
            same_state = printed(expected[series, one]) == printed(expected[series, other])
            assert (pages[one] == pages[other]) == same_state, (series, one, other)


def printed(rows: Sequence[Shown]) -> list[tuple[str, str, str]]:
    """Rank, name of the day and mean of rows as a page prints them."""
    return [
        (str(rank), name, MISSING if mean is None else f"{mean:.2f}")
        for rank, name, _, _, mean in rows
    ]


def table_of(page: Path) -> list[tuple[str, str, str]]:
    """The same of the rows of a dated page."""
    document = html.document_fromstring(page.read_text("utf-8"))
    return [
        (
            row[0].text_content(),
            row[1].xpath("./a/@title")[0],
            row.xpath("./td[@class='b']")[0].text_content(),
        )
        for row in document.xpath("//div[@id='ranking']//tbody/tr")
    ]
