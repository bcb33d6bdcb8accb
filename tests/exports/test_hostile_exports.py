"""Everything that has a name has a hostile one: exports hold it, and stay in their folder."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from tests.support.catalogs import Loaded
from tests.support.hostile_world import model_names
from tracker.exports.tables import ExportOptions, export_catalog
from tracker.settings import Settings, load_settings

FORMULA = re.compile(r"[=+@\t\r-](?![\d.]+$)")


@pytest.fixture
def settings(home: Path, hostile: Loaded) -> Settings:
    """A home with the hostile catalog, which no test changes."""
    (home / "db").mkdir(parents=True)
    (home / "db" / "catalog.db").symlink_to(hostile.path)
    return load_settings()


@pytest.mark.parametrize("format_", ["parquet", "csv", "json", "sqlite", "duckdb"])
def test_an_export_holds_hostile_names_as_they_are(
    settings: Settings, tmp_path: Path, format_: str
) -> None:
    folder = tmp_path / "outer" / "out"
    export_catalog(settings, ExportOptions(format_), folder)
    assert [path.name for path in folder.parent.iterdir()] == ["out"]
    assert [p.name for p in folder.iterdir() if not re.fullmatch(r"[\w.-]+", p.name)] == []
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    for path in folder.rglob("*.json"):
        json.loads(path.read_bytes())
    readme = next(folder.glob("README*")).read_text("utf-8")
    assert "<script>" not in readme
    assert set(model_names()) <= set(models_of(folder, format_))


def models_of(folder: Path, format_: str) -> list[str]:
    """Names of models in an export."""
    if format_ == "parquet":
        return pl.read_parquet(folder / "model.parquet")["name"].to_list()
    if format_ == "csv":
        with (folder / "model.csv").open(encoding="utf-8", newline="") as lines:
            return [row["name"] for row in csv.DictReader(lines)]
    if format_ == "json":
        return [row["name"] for row in json.loads((folder / "model.json").read_bytes())]
    (file,) = [p for p in folder.iterdir() if p.suffix in (".db", ".sqlite", ".duckdb")]
    if format_ == "sqlite":
        with closing(sqlite3.connect(file)) as plain:
            return [name for (name,) in plain.execute("select name from model")]
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(file), read_only=True) as connection:
        return [name for (name,) in connection.execute("select name from model").fetchall()]


def test_a_table_for_spreadsheets_computes_nothing(settings: Settings, tmp_path: Path) -> None:
    export_catalog(settings, ExportOptions("csv", excel=True), tmp_path / "out")
    csv.field_size_limit(10_000_000)  # the registry is one cell
    cells = []
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines))
        assert len({len(row) for row in rows}) == 1, path
        cells += [cell for row in rows for cell in row]
    assert [cell for cell in cells if FORMULA.match(cell)] == []
    assert sum("HYPERLINK" in cell for cell in cells) > 5
