"""Registries in the catalog and the editions they define, in any order of loading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import Connection

from tests.support.catalogs import CURATED, Loaded
from tests.support.leaderboard_payloads import board, row
from tests.support.registry_exports import benchmark, export, task
from tracker.catalog.engine import open_engine
from tracker.catalog.results import registry
from tracker.catalog.results.queries import registry_models
from tracker.catalog.results.registry_queries import (
    definition_of,
    newest_models,
    newest_registry,
    registries,
)
from tracker.catalog.starter import REGISTRY, create
from tracker.errors import CatalogError, NoDataError
from tracker.exports.tables import ExportOptions, export_catalog
from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import benchmark_registry
from tracker.sources.records import Fetched

New = Callable[..., Loaded]
EARLY, LATE, NOW = "2026-06-01T00:00:00Z", "2026-08-20T00:00:00Z", "2026-11-23T00:00:00Z"
NEWER = export(benchmark(tasks=["T1", "T2"]), version="2.100.0")


def put(catalog: Loaded, body: bytes, at: str = NOW) -> None:
    answer = Fetched("registry", benchmark_registry.HEADER.home, body, at)
    header = benchmark_registry.HEADER
    Archive(catalog.archive).add(header.id, header.licence, answer, observed_at=at)


@contextmanager
def reading(catalog: Loaded) -> Iterator[Connection]:
    engine = open_engine(catalog.url, read_only=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def editions(catalog: Loaded) -> list[tuple[Any, ...]]:
    with catalog.open() as opened:
        return [(e.name, e.source, e.n_tasks, e.first_at, e.current) for e in opened.editions()]


def definition(catalog: Loaded, n_tasks: int) -> tuple[str, BenchmarkDefinition] | None:
    with reading(catalog) as connection, catalog.open() as opened:
        slug = next(e.slug for e in opened.editions() if e.n_tasks == n_tasks)
        ids = opened.sql(f"select id from edition where slug = '{slug}'")
        found = definition_of(connection, ids["id"].item())
    return (found[0].mteb_version, found[1]) if found else None


def defined(body: bytes) -> BenchmarkDefinition:
    return benchmark_registry.parse(body).benchmarks[0].definition


def test_a_board_and_its_definition_are_one_edition(new_catalog: New) -> None:
    catalog = new_catalog()
    catalog.put("scores/B", board(), LATE)
    put(catalog, export())
    catalog.load()
    assert editions(catalog) == [("B", "leaderboard-api", 3, LATE, True)]
    assert definition(catalog, 3) == ("2.26.24", defined(export()))


def test_any_order_of_sources_gives_equal_catalogs(new_catalog: New) -> None:
    dumps = []
    steps: list[tuple[str, Any, str]] = [
        ("api", board(), EARLY),
        ("registry", export(), LATE),
        ("registry", NEWER, NOW),
    ]
    for order in permutations(steps):
        catalog = new_catalog()
        for kind, body, at in order:
            if kind == "api":
                catalog.put("scores/B", body, at)
            else:
                put(catalog, body, at)
            catalog.load()
        dumps.append(catalog.dump())
    assert all(dump == dumps[0] for dump in dumps)
    assert len(dumps[0]["registry"]) == 2


def test_loading_a_registry_twice_changes_nothing(new_catalog: New) -> None:
    catalog = new_catalog()
    put(catalog, export())
    report = catalog.load()
    assert (report.snapshots, report.findings) == (1, [])
    before = catalog.dump()
    report = catalog.load()
    assert (report.rows, report.snapshots, report.findings) == (0, 0, [])
    assert catalog.dump() == before


def test_a_changed_task_list_is_a_new_edition(new_catalog: New) -> None:
    catalog = new_catalog()
    put(catalog, export(), LATE)
    put(catalog, NEWER, NOW)
    catalog.load()
    assert editions(catalog) == [
        ("B", "benchmark-registry", 2, None, False),
        ("B", "benchmark-registry", 3, None, False),
    ]
    assert definition(catalog, 2) == ("2.100.0", defined(NEWER))
    assert definition(catalog, 3) == ("2.26.24", defined(export()))


def test_the_newest_version_counts_whenever_it_was_seen(new_catalog: New) -> None:
    catalog = new_catalog()
    # As text, 2.100 would stand before 2.26.
    put(catalog, export(benchmark(show_zero_shot=False), version="2.100.0"), EARLY)
    put(catalog, export(), NOW)
    catalog.load()
    found = definition(catalog, 3)
    assert found is not None
    assert (found[0], found[1].show_zero_shot) == ("2.100.0", False)


def test_the_last_seen_export_of_a_version_counts(new_catalog: New) -> None:
    for order in ((EARLY, NOW), (NOW, EARLY)):
        catalog = new_catalog()
        put(catalog, export(), order[0])
        put(catalog, export(benchmark(show_zero_shot=False)), order[1])
        catalog.load()
        found = definition(catalog, 3)
        assert found is not None
        assert found[1].show_zero_shot == (order[1] == EARLY)


def test_a_registry_gives_metrics_and_training_sets(new_catalog: New) -> None:
    catalog = new_catalog()
    put(catalog, export(), LATE)
    put(catalog, export(tasks=[task("T1", main_score="new")], version="3.0",
                        benchmarks=[benchmark(tasks=["T1"])]), NOW)  # fmt: skip
    catalog.load()
    with reading(catalog) as connection:
        assert registry.main_metrics(connection) == {
            "t1": ("T1", "new"),
            "t2": ("T2", "ndcg_at_10"),
            "unscored": ("unscored", "cosine_spearman"),
        }
        first = registries(connection)[0]
        stored = registry_models(connection, first.id)
        assert {row.name: row.training_tasks for row in stored} == {
            "org/a": '["T1"]',
            "org/b": "[]",
            "org/c": None,
        }


def test_the_newest_registry_has_the_highest_version(new_catalog: New) -> None:
    catalog = new_catalog()
    with reading(catalog) as connection:
        assert (newest_registry(connection), newest_models(connection)) == (None, {})
    # An older version is stored last.
    for version, at, model in (("2.100.0", EARLY, "org/new"), ("2.26.24", NOW, "org/old")):
        put(catalog, export(version=version, models=[{"name": model}]), at)
        catalog.load()
    with reading(catalog) as connection:
        stored = registries(connection)
        assert [(known.id, known.mteb_version) for known in stored] == [
            (2, "2.26.24"),
            (1, "2.100.0"),
        ]
        assert newest_registry(connection) == stored[-1]
        assert list(newest_models(connection)) == ["org/new"]


def test_a_board_of_the_registry_alone_has_no_rows(new_catalog: New) -> None:
    catalog = new_catalog()
    put(catalog, export())
    catalog.load()
    with catalog.open() as opened, pytest.raises(NoDataError, match="B: the board lists no model"):
        opened.board("B")


def test_a_board_may_have_no_definition(new_catalog: New) -> None:
    catalog = new_catalog()
    catalog.put("scores/B", board(rows=[row("org/a", 1, {"T1": 0.5})]), LATE)
    catalog.load()
    assert definition(catalog, 3) is None


def test_an_unreadable_registry_is_a_finding(
    new_catalog: New,
) -> None:
    catalog = new_catalog()
    put(catalog, export(format=2), EARLY)
    put(catalog, export(), NOW)
    report = catalog.load()
    assert [str(finding) for finding in report.findings] == [
        "benchmark-registry: registry: a registry of format 2, not 1; update the tracker"
    ]
    assert len(catalog.dump()["registry"]) == 1


# The starter


def shipped(catalog: Loaded, folder: Path) -> Path:
    settings = Settings(home=folder / "home", database_url=catalog.url)
    settings.archive.parent.mkdir(parents=True, exist_ok=True)
    settings.archive.symlink_to(catalog.archive)
    export_catalog(settings, ExportOptions("parquet", starter=True), folder / "starter")
    return folder / "starter"


def seeded(starter: Path, folder: Path, archive: Path) -> Loaded:
    folder.mkdir()
    found = Loaded(folder / "catalog.db", archive, folder / "clones")
    create(found.url, starter=starter, curated=CURATED)
    return found


def test_the_starter_brings_the_newest_registry(new_catalog: New, tmp_path: Path) -> None:
    catalog = new_catalog()
    catalog.put("scores/B", board(), EARLY)
    put(catalog, export(), LATE)
    put(catalog, NEWER, NOW)
    catalog.load()
    starter = shipped(catalog, tmp_path / "shipped")
    fresh = seeded(starter, tmp_path / "fresh", tmp_path / "nothing")
    assert editions(fresh) == [
        ("B", "benchmark-registry", 2, None, False),
        ("B", "leaderboard-api", 3, EARLY, True),
    ]
    assert definition(fresh, 2) == ("2.100.0", defined(NEWER))
    assert definition(fresh, 3) is None
    files = sorted(file.name for file in starter.iterdir() if "result" in file.name)
    assert files == ["result_event.parquet", "result_span.parquet"]
    before = fresh.dump()["registry_task"]
    assert fresh.load().findings == []
    assert fresh.dump()["registry_task"] == before


def test_the_archive_adds_to_the_starter(new_catalog: New, tmp_path: Path) -> None:
    catalog = new_catalog()
    put(catalog, export())
    catalog.load()
    starter = shipped(catalog, tmp_path / "shipped")
    later = seeded(starter, tmp_path / "fresh", catalog.archive)
    put(later, NEWER, "2026-12-01T00:00:00Z")
    later.load()
    catalog.load()
    assert later.dump() == catalog.dump()


def test_a_catalog_without_a_registry_exports_none(new_catalog: New, tmp_path: Path) -> None:
    catalog = new_catalog()
    catalog.put("scores/B", board(), LATE)
    catalog.load()
    starter = shipped(catalog, tmp_path / "shipped")
    assert not (starter / REGISTRY).exists()
    assert seeded(starter, tmp_path / "fresh", catalog.archive).dump()["registry"] == []


def test_a_damaged_registry_of_the_starter_is_reported(new_catalog: New, tmp_path: Path) -> None:
    starter = shipped(new_catalog(), tmp_path / "shipped")
    (starter / REGISTRY).write_bytes(zstandard.ZstdCompressor().compress(b"{}"))
    with pytest.raises(CatalogError, match="starter: benchmark-registry: registry: not a registry"):
        seeded(starter, tmp_path / "fresh", tmp_path / "nothing")
