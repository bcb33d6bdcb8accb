"""The recorded answers of the real server, both dates, through a loopback server and from disk."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.parse import quote

import orjson
import pytest

from tests.support.loopback import LeaderboardServer
from tracker.io.validators import Validators
from tracker.settings import Settings
from tracker.sources import leaderboard_api as api
from tracker.sources.records import Fetched

DATA = Path(__file__).resolve().parents[2] / "../shared/data/mteb-api"
DATES = ("2026-06-01", "2026-08-20")
# Its list of benchmarks counts models that its board does not show.
EMPTY_THOUGH_COUNTED = {"scores/RTEB(jpn, beta)"}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not there")


def recorded(date: str, stream: str) -> bytes:
    kind, _, name = stream.partition("/")
    stem = f"scores/{quote(name, safe='')}" if name else kind
    return gzip.decompress((DATA / date / f"{stem}.json.gz").read_bytes())


@pytest.fixture(scope="module")
def streams() -> list[str]:
    names = [info.name for info in api.parse_benchmarks(recorded(DATES[0], "benchmarks"))]
    return ["benchmarks", "models", "tasks", *(f"scores/{name}" for name in names)]


def test_a_server_and_a_folder_give_the_same_bytes(
    streams: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    root = DATA / DATES[0]
    with (
        LeaderboardServer(root) as server,
        api.open_session(Settings(), sleep=lambda _: None) as session,
    ):
        served = list(api.fetch(session, server.url, boards=[], everything=True))
        known = {one.url: Validators(one.etag, one.last_modified) for one in served}
        again = list(
            api.fetch(
                session,
                server.url,
                boards=[],
                everything=True,
                validators=known,
                last_benchmarks=served[0].body,
            )
        )
        server.serve(DATA / DATES[1])
        later = list(api.fetch(session, server.url, boards=["BEIR"], validators=known))
        copied = list(api.fetch(session, str(root), boards=[], everything=True))
    assert all(isinstance(one, Fetched) for one in served + again + later + copied)
    assert [one.stream for one in served] == streams
    assert [(one.stream, one.body) for one in copied] == [(one.stream, one.body) for one in served]
    assert [one.body for one in again] == [None] * len(streams)
    # The list of models is the same on both dates, to the byte.
    assert [one.stream for one in later if one.body is None] == ["models"]
    assert all(one.body in (None, recorded(DATES[1], one.stream)) for one in later)


@pytest.mark.parametrize("date", DATES)
def test_every_recorded_board_says_what_its_json_says(date: str, streams: list[str]) -> None:
    for stream in streams[3:]:
        body = recorded(date, stream)
        plain = orjson.loads(body)
        state = api.parse_scores(body)
        edition = state.edition
        names = sorted(meta["name"] for meta in plain["tasksMeta"])
        assert (edition.name, edition.n_tasks) == (plain["benchmarkName"], len(names))
        assert list(edition.tasks) == names
        assert set(plain["tasks"]) <= set(names)
        assert sum(count for _, count in edition.task_types) == edition.n_tasks
        for row, given in zip(state.rows, plain["rows"], strict=True):
            scores = {k: v for k, v in given["scoresByTask"].items() if v is not None}
            kept = zip(edition.tasks, orjson.loads(row.task_scores or ""), strict=True)
            assert row.listing.model == given["model"]["name"]
            assert {task: score for task, score in kept if score is not None} == scores
            assert (row.mean_task, row.mean_task_type) == (given["meanTask"], given["meanTaskType"])
            assert orjson.loads(row.task_types) == given["scoresByTaskType"]
            assert (row.n_tasks, row.zero_shot_pct) == (len(scores), given["zeroShotPct"])
            assert sorted(orjson.loads(row.trained_on or "")) == sorted(given["trainedOnTasks"])
        ranks = state.standing.ranks or range(1, len(state.rows) + 1)
        by_listing = dict(zip(state.standing.listings, ranks, strict=True))
        shown = [by_listing[row.listing] for row in state.rows]
        assert shown == [given["rank"] for given in plain["rows"]]


@pytest.mark.parametrize("date", DATES)
def test_lists_are_read_in_full(date: str) -> None:
    models = orjson.loads(recorded(date, "models"))
    records = api.parse_models(recorded(date, "models"))
    assert [one.listing.model for one in records] == [one["name"] for one in models]
    tasks = api.parse_tasks(recorded(date, "tasks"))
    assert len(tasks) == len(orjson.loads(recorded(date, "tasks")))


def test_both_dates_pass_the_gate(streams: list[str]) -> None:
    counts = {
        date: {
            one.name: one.num_models for one in api.parse_benchmarks(recorded(date, "benchmarks"))
        }
        for date in DATES
    }
    refused = set()
    for stream in streams:
        first, second = (recorded(date, stream) for date in DATES)
        name = stream.partition("/")[2]
        for date, body, last in ((DATES[0], first, None), (DATES[1], second, first)):
            if api.judge(stream, body, last, counts[date].get(name)) is not None:
                refused.add(stream)
    assert refused == EMPTY_THOUGH_COUNTED
