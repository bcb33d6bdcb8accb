"""Both recorded dates of the live leaderboard, fetched through a server that behaves like it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from tests.support.catalogs import dump
from tests.support.loopback import LeaderboardServer
from tracker.api import Catalog, open_catalog
from tracker.settings import Settings
from tracker.update.run import FetchOptions, FetchReport, fetch, load_catalog

DATA = Path(__file__).resolve().parents[2] / "../shared/data/mteb-api"
DATES = ("2026-06-01", "2026-08-20")
# Its list of benchmarks counts models that its board does not show.
EMPTY_THOUGH_COUNTED = "RTEB(jpn, beta)"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not there")


def recorded(date: str, *names: str) -> Any:
    path = DATA / date / Path(*names[:-1], f"{quote(names[-1], safe='')}.json.gz")
    return orjson.loads(gzip.decompress(path.read_bytes()))


def boards(date: str) -> list[str]:
    return [one["name"] for one in recorded(date, "benchmarks")]


class World:
    """A home, and the server that it fetches from."""

    def __init__(self, folder: Path, *, starter: bool) -> None:
        self.settings = Settings(
            home=folder / "home", starter=starter, leaderboard_api_boards=(), retries=0
        )
        self.server = LeaderboardServer(DATA / DATES[0])

    def fetch(self, date: str) -> FetchReport:
        self.server.serve(DATA / date)
        options = FetchOptions(
            location=self.server.url, observed_at=f"{date}T23:59:59Z", everything=True
        )
        return fetch("leaderboard-api", self.settings, options)

    def dump(self) -> dict[str, Any]:
        return dump(self.settings.catalog_url)

    def size(self) -> int:
        """Bytes of all files but SQLite's own, which are there while a test reads the catalog."""
        files = [p for p in self.settings.home.rglob("*") if p.is_file()]
        return sum(p.stat().st_size for p in files if p.suffix not in (".db-wal", ".db-shm"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, list[FetchReport]]]:
    """Both dates, fetched and loaded in turn, in a home without a starter."""
    made = World(tmp_path_factory.mktemp("api"), starter=False)
    with pytest.MonkeyPatch.context() as patch, made.server:
        patch.setenv("NO_PROXY", "*")
        patch.setattr("tracker.sources.leaderboard_api.SECONDS_BETWEEN_REQUESTS", 0)
        reports = []
        for date in DATES:
            reports.append(made.fetch(date))
            assert load_catalog(made.settings).findings == []
        yield made, reports


@pytest.fixture(scope="module")
def catalog(world: tuple[World, Any]) -> Iterator[Catalog]:
    with open_catalog(world[0].settings.catalog_path) as opened:
        yield opened


def test_both_dates_are_fetched_whole(world: tuple[World, list[FetchReport]]) -> None:
    _, (first, second) = world
    count = len(boards(DATES[0])) + 3
    assert count == 81
    assert (first.new, first.unchanged, first.failures, first.rejected) == (count - 1, 0, [], [])
    assert [line.split(": rejected")[0] for line in first.withheld] == [
        f"leaderboard-api: scores/{EMPTY_THOUGH_COUNTED}"
    ]
    assert (second.failures, second.rejected) == ([], [])
    assert second.new + second.unchanged + len(second.withheld) == len(boards(DATES[1])) + 3
    assert second.unchanged > 0


def test_the_second_date_asked_with_the_tags_of_the_first(world: tuple[World, Any]) -> None:
    made, _ = world
    log = made.server.log
    assert all(seen.headers.get("accept-encoding", "").find("gzip") >= 0 for seen in log)
    assert {seen.status for seen in log} == {200, 304}
    second = [seen for seen in log[81:] if "if-none-match" in seen.headers]
    assert len(second) >= 80


@pytest.mark.parametrize("date", DATES)
def test_every_board_has_the_rows_ranks_and_means_of_its_json(catalog: Catalog, date: str) -> None:
    for name in boards(date):
        given = recorded(date, "scores", name)
        if not given["rows"]:
            continue
        board = catalog.board(name, date)
        assert board.edition.name == name
        assert [(r.rank, r.model) for r in board.rows] == [
            (row["rank"], row["model"]["name"])
            for row in sorted(given["rows"], key=lambda row: row["rank"])
        ], name
        by_label = {row.label: row for row in board.rows}
        for row in given["rows"]:
            tried = row.get("experiments")
            label = row["model"]["name"]
            if tried:
                label += " " + orjson.dumps(tried, option=orjson.OPT_SORT_KEYS).decode()
            shown = by_label[label]
            assert shown.mean_task == percent(row["meanTask"])
            assert shown.mean_task_type == percent(row["meanTaskType"])
            assert shown.task_types == {
                kind: percent(score)
                for kind, score in row["scoresByTaskType"].items()
                if score is not None
            }
            told = row["zeroShotPct"]
            assert shown.zero_shot_pct == (None if told == -1 else told)
            scores = [score for score in row["scoresByTask"].values() if score is not None]
            assert shown.n_tasks == len(scores)
            assert shown.n_tasks_total == len(given["tasksMeta"])


def percent(value: float | None) -> float | None:
    return None if value is None else value * 100


def test_a_board_is_one_edition_on_both_dates(catalog: Catalog) -> None:
    """Unless its task list changed: then there are two, and each says how many tasks it has."""
    named = [edition.name for edition in catalog.editions()]
    twice = {name for name in named if named.count(name) > 1}
    changed = {
        name
        for name in set(boards(DATES[0])) & set(boards(DATES[1]))
        if len({tasks(date, name) for date in DATES}) > 1
    }
    assert twice == changed


def tasks(date: str, name: str) -> frozenset[str]:
    return frozenset(meta["name"] for meta in recorded(date, "scores", name)["tasksMeta"])


def test_changes_since_june_list_the_newcomers(catalog: Catalog) -> None:
    name = "MTEB(eng, v2)"
    before, after = (
        {row["model"]["name"]: row["rank"] for row in recorded(date, "scores", name)["rows"]}
        for date in DATES
    )
    changes = catalog.change_list("mteb-english", since="2026-06-01")
    appeared = {c.model: c.to_rank for c in changes if c.kind == "appeared"}
    assert appeared == {model: after[model] for model in after.keys() - before.keys()}
    assert appeared
    left = {c.model for c in changes if c.kind == "left"}
    assert left == before.keys() - after.keys()
    moved = {c.model: (c.from_rank, c.to_rank) for c in changes if c.kind == "moved"}
    assert moved == {
        model: (before[model], after[model])
        for model in before.keys() & after.keys()
        if before[model] != after[model]
    }


def test_models_say_what_the_list_of_models_says(catalog: Catalog) -> None:
    known = {m.name: {v.property: v for v in m.metadata} for m in catalog.all_models()}
    for given in recorded(DATES[1], "models"):
        values = known[given["name"]]
        for key, name in (("embeddingDim", "embedding_dimensions"), ("license", "licence")):
            if given[key] is not None and values[name].corrected_from is None:
                assert values[name].value == given[key], given["name"]


def test_the_same_date_again_adds_no_row_and_hardly_a_byte(
    world: tuple[World, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = world
    before, size = made.dump(), made.size()
    report = made.fetch(DATES[1])
    assert (report.new, report.failures, report.rejected) == (0, [], [])
    assert load_catalog(made.settings).rows == 0
    assert made.dump() == before
    assert made.size() - size < 20_000


def test_the_bundled_starter_gives_way_to_the_recorded_dates(
    tmp_path: Path, world: tuple[World, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.sources.leaderboard_api.SECONDS_BETWEEN_REQUESTS", 0)
    seeded = World(tmp_path, starter=True)
    with seeded.server:
        for date in DATES:
            report = seeded.fetch(date)
            assert (report.failures, report.rejected) == ([], []), date
            assert load_catalog(seeded.settings).findings == []
    names = ("snapshot", "board_row", "standing", "model_record", "board_about", "task")
    streams = {("leaderboard-api",)}

    def of_live(found: dict[str, Any]) -> dict[str, Any]:
        return {
            name: [row for row in found[name] if any(_is_live(value) for value in row)]
            for name in names
        }

    assert streams
    direct, replaced = of_live(world[0].dump()), of_live(seeded.dump())
    # The starter may have seen a state at another time of the day; it has nothing else.
    for name in ("board_row", "model_record", "standing"):
        assert len(replaced[name]) >= len(direct[name]), name
    assert replaced["task"] == direct["task"]
    with open_catalog(seeded.settings.catalog_path) as opened:
        for name in ("MTEB(eng, v2)", "MTEB(cmn, v1)", "MTEB(Multilingual, v2)"):
            given = recorded(DATES[1], "scores", name)["rows"]
            board = opened.board(name, DATES[1], origin="published")
            assert [r.model for r in board.rows] == [
                row["model"]["name"] for row in sorted(given, key=lambda row: row["rank"])
            ]


def _is_live(value: Any) -> bool:
    return isinstance(value, tuple) and value[:1] == ("leaderboard-api",)
