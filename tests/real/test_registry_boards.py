"""The bundled registry against the recorded answers, and against mteb where it is installed."""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path
from typing import Any

import orjson
import pytest

from tracker.api import Catalog
from tracker.catalog.starter import REGISTRY
from tracker.common.paths import resource
from tracker.ranking.benchmark import definition_from_json
from tracker.sources import benchmark_registry, leaderboard_api
from tracker.sources.benchmark_registry import Registry

DATA = Path(__file__).resolve().parents[2] / "../shared/data/mteb-api"
DATES = ("2026-06-01", "2026-08-20")
LIMIT = 100_000_000

recorded_only = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not there")
with_mteb = pytest.mark.skipif(
    importlib.util.find_spec("mteb") is None, reason="mteb is not installed"
)


@pytest.fixture(scope="module")
def body() -> bytes:
    return benchmark_registry.read_export(resource("db/starter") / REGISTRY, LIMIT)


@pytest.fixture(scope="module")
def registry(body: bytes) -> Registry:
    return benchmark_registry.parse(body)


def recorded(date: str, name: str) -> Any:
    return orjson.loads(gzip.decompress((DATA / date / f"{name}.json.gz").read_bytes()))


def test_the_bundled_registry_is_that_of_one_mteb(registry: Registry) -> None:
    sizes = (len(registry.benchmarks), len(registry.tasks), len(registry.models))
    assert (registry.mteb_version, sizes) == ("2.26.24", (78, 2087, 969))


def test_every_definition_comes_back_from_its_json(registry: Registry) -> None:
    for one in registry.benchmarks:
        assert definition_from_json(one.definition.to_json()) == one.definition


def test_rules_of_their_own_are_those_of_mteb(registry: Registry) -> None:
    by_rule: dict[tuple[str, ...], list[str]] = {}
    for one in registry.benchmarks:
        by_rule.setdefault(one.definition.rank_by, []).append(one.definition.name)
    by_rule.pop(())
    assert by_rule == {
        ("mean_task_type",): ["MIEB(Img)", "MIEB(Multilingual)", "MIEB(eng)", "MIEB(lite)"],
        ("mean_task", "mean_public", "mean_private"): [
            "ViDoRe(v3)",
            "ViDoRe(v3.1)",
            "ViDoRe(v3.1, reranking)",
        ],
    }
    public = [o.definition.name for o in registry.benchmarks if o.definition.public_tasks_only]
    assert len(public) == 9
    assert all(name.startswith("RTEB(") for name in public)


@recorded_only
@pytest.mark.parametrize("date", DATES)
def test_every_recorded_board_is_an_edition_of_the_registry(registry: Registry, date: str) -> None:
    defined = {b.edition.name: b.edition._replace(source="") for b in registry.benchmarks}
    answers = sorted((DATA / date / "scores").glob("*.json.gz"))
    shown = {
        edition.name: edition._replace(source="")
        for edition in (
            leaderboard_api.parse_scores(gzip.decompress(path.read_bytes())).edition
            for path in answers
        )
    }
    assert len(shown) == 78
    assert shown == defined


@recorded_only
@pytest.mark.parametrize("date", DATES)
def test_boards_tell_the_same_of_themselves_as_the_recorded_list(
    registry: Registry, date: str
) -> None:
    told = {
        one["name"]: (
            [name for name in one["aggregations"] if name != "custom_groups"],
            one["showZeroShot"],
            [
                (dimension["name"], group["label"], group["tasks"])
                for dimension in one["customGroupings"]
                for group in dimension["groups"]
            ],
        )
        for one in recorded(date, "benchmarks")
    }
    assert told == {
        d.name: (
            list(d.aggregations),
            d.show_zero_shot,
            [
                (dimension.name, group.label, [t.task for t in group.tasks if all(group.whole)])
                for dimension in d.groupings
                for group in dimension.groups
            ],
        )
        for d in (one.definition for one in registry.benchmarks)
    }


@recorded_only
def test_tasks_have_the_recorded_types_and_metrics(registry: Registry) -> None:
    defined = {t.name: (t.type, t.main_score, t.is_public) for t in registry.tasks}
    for one in recorded(DATES[1], "tasks"):
        assert defined[one["name"]] == (one["type"], one["mainScore"], one["isPublic"])


@recorded_only
@pytest.mark.parametrize(("date", "rows"), [(DATES[0], 10_731), (DATES[1], 11_738)])
def test_zero_shot_percentages_follow_from_what_models_were_trained_on(
    registry: Registry, date: str, rows: int
) -> None:
    """Over the tasks that have a result at all, in some boards only the public ones of them."""
    trained = {one.name: one.training_tasks for one in registry.models}
    public = {one.name for one in registry.tasks if one.is_public}
    rules = {one.definition.name: one.definition for one in registry.benchmarks}
    checked = 0
    for path in (DATA / date / "scores").glob("*.json.gz"):
        board = orjson.loads(gzip.decompress(path.read_bytes()))
        counted = set(board["tasks"])
        if rules[board["benchmarkName"]].public_tasks_only:
            counted &= public
        for row in board["rows"]:
            own = trained[row["model"]["name"]]
            known = len(counted & set(own or ()))
            share = -1 if own is None else int(100 - 100 * (known / len(counted)))
            assert row["zeroShotPct"] == share, (path.name, row["model"]["name"])
            checked += 1
    assert checked == rows


def test_a_home_seeded_from_the_starter_defines_every_board(starter: Catalog) -> None:
    assert starter.sql("select count(*) as n from board_definition")["n"].to_list() == [78]
    alone = [e.name for e in starter.editions() if e.source == "benchmark-registry"]
    assert alone == ["KoViDoRe(v2)", "RTEB(jpn, beta)", "ViDoRe(v3.1, reranking)"]


@with_mteb
def test_the_installed_mteb_prints_a_registry_that_is_read() -> None:
    first, second = (
        benchmark_registry.fetch(None, python=None, limit=LIMIT).body for _ in range(2)
    )
    assert first is not None
    assert first == second
    assert benchmark_registry.parse(first).benchmarks
