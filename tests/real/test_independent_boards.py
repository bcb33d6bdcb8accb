"""Stored states and dated pages against an independent reader of the raw result files."""

from __future__ import annotations

import ast
import sys
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
from lxml import html

from tests.real import independent_board, independent_reader, independent_repository
from tests.real.independent_reader import Reader
from tests.real.raw_boards import HAS_RESULTS, NO_RESULTS, Shown, rounded, shown, stored
from tracker.api import Catalog
from tracker.pages.build.site import build_site

SERIES = {
    "mteb-english": "MTEB(eng, v2)",
    "c-mteb": "MTEB(cmn, v1)",
    "mteb-multilingual": "MTEB(Multilingual, v2)",
}
MONTHS = [(2025, month) for month in range(2, 13)] + [(2026, month) for month in range(1, 8)]
MONTH_ENDS = [date(year, month, monthrange(year, month)[1]) for year, month in MONTHS]
TOP = 10
MISSING = "–"

pytestmark = pytest.mark.skipif(not HAS_RESULTS, reason=NO_RESULTS)


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


@pytest.mark.parametrize("module", [independent_board, independent_reader, independent_repository])
def test_the_reader_imports_nothing_of_the_tracker(module: ModuleType) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    names = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names -= {independent_board.__name__, independent_repository.__name__}
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
