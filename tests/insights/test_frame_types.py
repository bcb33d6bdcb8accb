"""Rules of the columns of frames: days and moments, units, examples, files, pandas."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import orjson
import polars as pl
import pytest

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.boards import Leaderboard
from tracker.answers.frames import TABLES, listing_of
from tracker.api import Catalog
from tracker.cli.frame_reference import CALLS, UNITS, read_examples
from tracker.cli.output import Format, show
from tracker.exports.frames import frame_csv, frame_json, frame_parquet

DAY = date(2023, 12, 1)
MOMENT = datetime(2026, 8, 20, 18, 33, 27, tzinfo=UTC)


@cache
def _board() -> Leaderboard:
    found = FakeCatalog().board("mteb-english", "2026-08-20T18:33:27Z")
    (first, *others) = found.rows
    return replace(found, rows=(replace(first, release_date="2023-12"), *others))


def test_days_are_dates_and_moments_are_datetimes_in_utc() -> None:
    frame = _board().to_polars()
    assert frame.schema["release_date"] == pl.Date
    assert frame.schema["as_of"] == pl.Datetime("ms", "UTC")
    assert frame.row(0, named=True)["as_of"] == MOMENT


def test_a_month_alone_is_its_first_day() -> None:
    assert _board().to_polars()["release_date"][0] == DAY


def test_no_day_or_moment_is_text() -> None:
    text = {
        f"{name}.{column}"
        for name, table in TABLES.items()
        for column, kind in table.schema.items()
        if kind == pl.String
        and (column.endswith(("_at", "_on", "_day", "date")) or column in ("at", "since", "until"))
    }
    # Of papers and evidence many days are known by their month only; found_at is a place.
    assert text == {"evidence.date", "curate verify.found_at"}


def test_rows_that_were_left_out_leave_all_columns() -> None:
    board = _board()
    assert replace(board, rows=()).to_polars().schema == board.to_polars().schema


def test_json_and_csv_write_days_and_moments_as_text() -> None:
    frame = _board().to_polars()
    json = orjson.loads(frame_json(frame))[0]
    assert (json["release_date"], json["as_of"]) == ("2023-12-01", "2026-08-20T18:33:27Z")
    csv = pl.read_csv(frame_csv(frame), infer_schema=False).row(0, named=True)
    assert (csv["release_date"], csv["as_of"]) == ("2023-12-01", "2026-08-20T18:33:27Z")


@pytest.mark.parametrize("name", ["leaderboard", "boards", "history", "leaders", "status"])
def test_a_listing_is_written_as_its_frame(
    name: str, starter: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    model = "Qwen/Qwen3-Embedding-8B"
    listing = {
        "leaderboard": lambda: starter.board("mteb-english").listing(),
        "boards": lambda: listing_of(name, starter.editions()),
        "history": lambda: listing_of(name, starter.history_list("mteb-english", model)),
        "leaders": lambda: listing_of(name, starter.leader_list("c-mteb")),
        "status": lambda: listing_of(name, starter.status()),
    }[name]()
    printed = []
    for answer in (listing, listing.frame()):
        for format_ in Format:
            show(answer, format_)
            printed.append(capsys.readouterr().out)
    assert (len(printed[0]) > 100, printed[:4]) == (True, printed[4:])


def test_a_listing_has_numbers_and_days_as_frames_have_them() -> None:
    (row, *_) = _board().rows
    row = replace(row, mean_task=70, task_types={"Retrieval": 70}, release_date="2023-12")
    listing = replace(_board(), rows=(row,)).listing()
    shown = [listing.columns[name] for name in ("mean_task", "task_types", "release_date")]
    assert repr(shown) == "[[70.0], [{'Retrieval': 70.0}], ['2023-12-01']]"


def test_parquet_keeps_days_and_moments() -> None:
    read = pl.read_parquet(io.BytesIO(frame_parquet(_board().to_polars())))
    assert read.select("release_date", "as_of").row(0) == (DAY, MOMENT)


def test_duckdb_reads_days_and_moments() -> None:
    duckdb = pytest.importorskip("duckdb", reason="the extra duckdb is not installed")
    file = io.BytesIO(frame_parquet(_board().to_polars().head(1)))
    with duckdb.connect() as connection:
        read = connection.read_parquet(file)
        (row,) = read.project("typeof(release_date), typeof(as_of), epoch_ms(as_of)").fetchall()
    assert row == ("DATE", "TIMESTAMP WITH TIME ZONE", int(MOMENT.timestamp() * 1000))


def test_a_frame_becomes_one_of_pandas() -> None:
    pandas = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    pytest.importorskip("pyarrow", reason="the extra pandas is not installed")
    frame = _board().to_polars().unnest("task_types").to_pandas()
    assert frame["as_of"].dtype == pandas.DatetimeTZDtype("ms", "UTC")
    assert frame["release_date"][0] == pandas.Timestamp(DAY)
    assert list(frame["model"]) == [row.model for row in _board().rows]


def test_every_frame_says_what_gives_it() -> None:
    assert CALLS.keys() == TABLES.keys()


def test_every_number_that_is_no_count_has_a_unit() -> None:
    without = {
        column
        for table in TABLES.values()
        for column, kind in table.schema.items()
        if kind == pl.Float64 and column not in UNITS
    }
    assert without == set()


@pytest.mark.parametrize("name", read_examples())
def test_an_example_row_has_the_columns_and_types_of_its_frame(name: str) -> None:
    example, schema = read_examples()[name], TABLES[name].schema
    # JSON has no types for days, and structs have fields that depend on the board.
    days = [name for name, kind in schema.items() if kind in (pl.Date, pl.Datetime)]
    plain = {name: kind for name, kind in schema.items() if name not in days and kind != pl.Struct}
    assert example.keys() == schema.keys()
    pl.DataFrame([{name: example[name] for name in plain}], schema=plain, strict=True)
    for name in days:
        assert example[name] is None or datetime.fromisoformat(example[name])
