"""Export formats: other programs read them, and what describes them is valid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

import tracker
from tests.support.loopback_dataset_hub import DatasetHub
from tracker.exports.formats import write_tables

Run = Callable[..., Any]


@pytest.fixture
def exported(cli: Run, story: Path, tmp_path: Path) -> Callable[..., Path]:
    def export(format_: str, *options: str) -> Path:
        folder = tmp_path / "out" / format_
        answer = cli("export", format_, str(folder), *options)
        assert answer.code == 0, answer.err
        return folder

    return export


def test_checksums_name_every_file(exported: Callable[..., Path]) -> None:
    folder = exported("parquet", "--partitioned")
    listed = dict(
        reversed(line.split("  ", 1)) for line in (folder / "SHA256SUMS").read_text().splitlines()
    )
    files = {path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS"}
    assert listed == {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files
    }


def test_partitions_hold_the_same_ranks_as_one_file(
    exported: Callable[..., Path], cli: Run
) -> None:
    folder = exported("parquet", "--partitioned")
    parts = pl.read_parquet(folder / "ranks/**/*.parquet", hive_partitioning=True)
    with tracker.open() as catalog:
        slugs = {edition.name: edition.slug for edition in catalog.editions()}
    assert all(slugs[row["board"]] == row["board_slug"] for row in parts.to_dicts())
    assert parts["year"].to_list() == parts["day_from"].dt.year().to_list()
    assert cli("export", "parquet", str(folder)).code == 0
    whole = pl.read_parquet(folder / "ranks.parquet")
    order = ["board", "day_from", "rank", "model"]
    assert parts.select(whole.columns).sort(order).equals(whole.sort(order))


def test_points_are_those_of_the_board_on_the_first_day(exported: Callable[..., Path]) -> None:
    ranks = pl.read_parquet(exported("parquet") / "ranks.parquet")
    with tracker.open() as catalog:
        for edition in catalog.editions():
            for day in ranks.filter(pl.col("board") == edition.name)["day_from"].unique():
                board = catalog.leaderboard(edition.name, day, collapse_copies=False)
                held = ranks.filter(pl.col("board") == edition.name, pl.col("day_from") == day)
                points = dict(board.select("model", "points").rows())
                assert {m: points[m] for m in held["model"]} == dict(
                    held.select("model", "points").rows()
                )


def test_duckdb_has_all_tables_with_their_meanings(exported: Callable[..., Path]) -> None:
    duckdb = pytest.importorskip("duckdb", reason="the extra duckdb is not installed")
    folder = exported("duckdb")
    ranks = pl.read_parquet(exported("parquet") / "ranks.parquet")
    with duckdb.connect(str(folder / "catalog.duckdb"), read_only=True) as connection:
        query = "select board, model, day_from, rank from ranks where rank = 1 order by all"
        expected = ranks.filter(pl.col("rank") == 1).select("board", "model", "day_from", "rank")
        assert sorted(connection.sql(query).fetchall()) == sorted(expected.rows())
        tables = connection.sql("select table_name, comment from duckdb_tables()").fetchall()
        assert dict(tables).keys() == {path.stem for path in exported("parquet").glob("*.parquet")}
        assert all(comment for _, comment in tables)
        query = "select count(*) from duckdb_columns() where comment is null and not internal"
        assert connection.sql(query).fetchall() == [(0,)]
    with duckdb.connect() as connection:
        sql = f"select count(*) from '{exported('parquet', '--partitioned')}/ranks/**/*.parquet'"
        assert connection.sql(sql).fetchall() == [(ranks.height,)]


def test_a_spreadsheet_gets_utf_8_and_no_formulas(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": ["=cmd()", "+1", "-x", "@y", "模型", "a=b", None], "n": [-1] * 7})
    assert write_tables([("t", frame)], "csv", tmp_path, excel=True) == ["t.csv"]
    content = (tmp_path / "t.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == [
        "name,n", "'=cmd(),-1", "'+1,-1", "'-x,-1", "'@y,-1", "模型,-1", "a=b,-1", ",-1",
    ]  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # of the validators' own libraries
def test_the_validators_of_croissant_and_data_packages_pass(
    exported: Callable[..., Path],
) -> None:
    croissant = pytest.importorskip("mlcroissant", reason="the validators are not installed")
    frictionless = pytest.importorskip("frictionless", reason="the validators are not installed")
    folder = exported("csv")
    described = croissant.Dataset(jsonld=folder / "croissant.json")
    assert described.metadata.ctx.issues.errors == set()
    ranks = list(described.records("ranks"))
    assert len(ranks) == pl.read_csv(folder / "ranks.csv").height
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.to_summary()
    partitioned = exported("parquet", "--partitioned")
    assert frictionless.Package(str(partitioned / "datapackage.json")).to_descriptor()["resources"]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[DatasetHub]:
    found = DatasetHub("hf_right")
    monkeypatch.setenv("HF_TOKEN", "hf_right")
    monkeypatch.setenv("TRACKER_HUB_URL", found.url)
    yield found
    found.close()


def test_a_push_uploads_the_export_with_its_card(
    exported: Callable[..., Path], hub: DatasetHub
) -> None:
    folder = exported("csv", "--push", "hf://lab/ranks")
    assert [(one["name"], one["organization"], one["type"]) for one in hub.created] == [
        ("ranks", "lab", "dataset")
    ]
    assert hub.files == {path.name: path.read_bytes() for path in folder.iterdir()}
    _, card, _ = hub.files["README.md"].decode().split("---\n", 2)
    configs = yaml.safe_load(card)["configs"]
    assert {"config_name": "ranks", "default": True, "data_files": "ranks.csv"} in configs
    assert {one["data_files"] for one in configs} == {name for name in hub.files if ".csv" in name}


@pytest.mark.parametrize(
    ("options", "token", "code", "message"),
    [
        (["--push", "s3://bucket"], "hf_right", 2, "cannot push to 's3://bucket'; write hf://"),
        (["--push", "hf://lab/ranks"], "hf_wrong", 1, "cannot push to lab/ranks"),
    ],
)
def test_a_push_that_fails_is_one_line(
    cli: Run,
    story: Path,
    hub: DatasetHub,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    token: str,
    code: int,
    message: str,
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    answer = cli("export", "csv", str(tmp_path / "out"), *options)
    assert answer.code == code
    assert message in answer.err.splitlines()[-1]
    assert hub.files == {}


@pytest.mark.parametrize(
    "options",
    [("csv", "--partitioned"), ("parquet", "--excel"), ("csv", "--starter"), ("xml",)],
)
def test_options_that_do_not_fit_are_refused(cli: Run, tmp_path: Path, options: Any) -> None:
    format_, *rest = options
    assert cli("export", format_, str(tmp_path / "out"), *rest).code == 2
    assert not (tmp_path / "out").exists()


def test_ranks_begin_on_days(exported: Callable[..., Path]) -> None:
    ranks = pl.read_parquet(exported("parquet") / "ranks.parquet")
    assert ranks.schema["day_from"] == pl.Date
    assert ranks["day_from"].min() == date(2024, 7, 7)
