"""Exports: every table is described, an empty one is a table, and ranks need no join."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

import tracker
from tracker.answers.history import HistoryPoint
from tracker.exports.ranks import ranks_frame

Run = Callable[..., Any]


@pytest.fixture
def exported(cli: Run, story: Path, tmp_path: Path) -> Callable[[str], Path]:
    def export(format_: str) -> Path:
        folder = tmp_path / format_
        assert cli("export", format_, str(folder)).code == 0
        return folder

    return export


def test_a_package_describes_every_file_with_its_columns_and_checksum(
    exported: Callable[[str], Path],
) -> None:
    folder = exported("csv")
    package = orjson.loads((folder / "datapackage.json").read_bytes())
    tables = {resource["path"]: resource for resource in package["resources"]}
    assert set(tables) == {path.name for path in folder.glob("*.csv")}
    readme = (folder / "README.md").read_text("utf-8")
    for name, resource in tables.items():
        content = (folder / name).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{sha256(content).hexdigest()}"
        fields = resource["schema"]["fields"]
        assert [its["name"] for its in fields] == content.splitlines()[0].decode().split(",")
        assert all(its["description"] for its in fields), name
        assert f"## {name}\n\n{resource['title']}" in readme
        for key in resource["schema"].get("foreignKeys", ()):
            assert f"{key['reference']['resource']}.csv" in tables


def test_an_empty_table_is_an_empty_list(exported: Callable[[str], Path]) -> None:
    folder = exported("json")
    assert orjson.loads((folder / "web_page.json").read_bytes()) == []
    assert orjson.loads((folder / "series.json").read_bytes()) != []


def test_the_ranks_of_a_day_are_those_of_its_board(exported: Callable[[str], Path]) -> None:
    ranks = pl.read_parquet(exported("parquet") / "ranks.parquet")
    with tracker.open() as catalog:
        for edition in catalog.editions():
            day = date.fromisoformat((edition.last_at or edition.first_at or "")[:10])
            board = catalog.leaderboard(edition.name, day, collapse_copies=False)
            held = ranks.filter(
                pl.col("board") == edition.name,
                pl.col("day_from") <= day,
                pl.col("day_until").is_null() | (pl.col("day_until") >= day),
            )
            expected = board.unique("model_now", keep="first", maintain_order=True)
            columns = ("model", "model_now", "rank", "n_tasks")
            assert sorted(held.select(columns).rows()) == sorted(expected.select(columns).rows())


def test_a_state_that_held_at_the_end_of_no_day_has_no_row() -> None:
    points = [
        HistoryPoint("b", "2025-01-01T10:00:00Z", "2025-01-01T12:00:00Z", 2, 1.0, None, 1, "b"),
        HistoryPoint("b", "2025-01-01T12:00:00Z", "2025-01-03T00:00:00Z", 1, 1.0, None, 1, "b"),
        HistoryPoint("b", "2025-01-03T00:00:00Z", None, 3, 1.0, None, 1, "b"),
    ]
    found = ranks_frame([("m", points)], []).select("rank", "day_from", "day_until").rows()
    assert found == [(1, date(2025, 1, 1), date(2025, 1, 2)), (3, date(2025, 1, 3), None)]
