"""A catalog depends on archive, clones and curated files, not on the order of loads."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.boards import EN, BoardRepository, overall
from tests.support.campaigns import examples
from tests.support.catalogs import CURATED, Loaded, relation
from tests.support.leaderboard_payloads import benchmark, board, model, row
from tests.support.strategies import MOMENTS, Seen, batches, board_histories, live_histories
from tracker.catalog.engine import open_engine
from tracker.catalog.starter import create
from tracker.errors import NoDataError
from tracker.exports.tables import ExportOptions, export_catalog
from tracker.settings import Settings

New = Callable[..., Loaded]
KNOWLEDGE = replace(CURATED, relations=(relation("renamed", "lab/one", "mill/one"),))
EXAMPLES = examples(4)


def differences(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> dict[str, Any]:
    """What two dumps do not share, table by table; empty where they are equal."""
    return {
        table: ([r for r in one[table] if r not in other[table]],
                [r for r in other[table] if r not in one[table]])
        for table in one
        if one[table] != other[table]
    }  # fmt: skip


# The live leaderboard


@settings(max_examples=EXAMPLES)
@given(st.data(), live_histories())
def test_any_order_of_answers_gives_the_same_catalog(
    new_catalog: New, data: st.DataObject, history: list[Seen]
) -> None:
    straight = new_catalog().knowing(KNOWLEDGE)
    for seen in history:
        straight.put(seen.stream, seen.body, seen.at)
    straight.load()
    shuffled = new_catalog().knowing(KNOWLEDGE)
    for batch in data.draw(batches(history)):
        for seen in batch:
            shuffled.put(seen.stream, seen.body, seen.at)
        shuffled.load()
    shuffled.load()
    assert differences(straight.dump(), shuffled.dump()) == {}


@settings(max_examples=EXAMPLES)
@given(live_histories())
def test_a_second_load_adds_nothing(new_catalog: New, history: list[Seen]) -> None:
    catalog = new_catalog().knowing(KNOWLEDGE)
    for seen in history:
        catalog.put(seen.stream, seen.body, seen.at)
    catalog.load()
    before = catalog.dump()
    report = catalog.load()
    assert (report.rows, report.snapshots, report.findings) == (0, 0, [])
    assert catalog.dump() == before


# The published boards


def built(folder: Path, history: list[tuple[str, Any]]) -> BoardRepository:
    folder.mkdir(exist_ok=True)
    repository = BoardRepository(folder / f"{len(list(folder.iterdir()))}.git")
    for at, files in history:
        repository.commit(at, files)
    return repository


@settings(max_examples=EXAMPLES)
@given(st.data(), board_histories())
def test_any_order_of_windows_gives_the_whole_history(
    new_catalog: New, tmp_path: Path, data: st.DataObject, history: list[tuple[str, Any]]
) -> None:
    repository = built(tmp_path / "repositories", history)
    whole = new_catalog().knowing(KNOWLEDGE)
    whole.take(repository.path)
    whole.load()
    parts = new_catalog(clones=whole.clones).knowing(KNOWLEDGE)
    for first, last in data.draw(
        st.lists(st.tuples(st.sampled_from(MOMENTS), st.sampled_from(MOMENTS)), max_size=4)
    ):
        parts.take(repository.path, min(first, last), max(first, last))
        parts.load()
    parts.take(repository.path)
    parts.load()
    parts.load()
    assert differences(whole.dump(), parts.dump()) == {}


def test_a_state_of_an_earlier_window_is_read_again(new_catalog: New, tmp_path: Path) -> None:
    one, other = overall([("lab/one", 60.0)]), overall([("lab/one", 70.0)])
    moments = ["2024-08-01T00:00:00Z", "2024-08-02T00:00:00Z", "2024-08-03T00:00:00Z"]
    repository = BoardRepository(tmp_path / "history.git")
    for at, body in zip(moments, (one, other, one), strict=True):
        repository.commit(at, {EN: body})
    whole = new_catalog().knowing(KNOWLEDGE)
    whole.take(repository.path)
    whole.load()
    parts = new_catalog(clones=whole.clones).knowing(KNOWLEDGE)
    # Without the middle one, the first and the last are one state.
    for at in (moments[0], moments[2], moments[1]):
        parts.take(repository.path, at, at)
        parts.load()
    parts.take(repository.path)
    parts.load()
    assert differences(whole.dump(), parts.dump()) == {}


@settings(max_examples=EXAMPLES)
@given(st.data(), board_histories())
def test_a_growing_repository_gives_the_same_catalog(
    new_catalog: New, tmp_path: Path, data: st.DataObject, history: list[tuple[str, Any]]
) -> None:
    folder = tmp_path / "repositories"
    growing = built(folder, history[:1])
    step_by_step = new_catalog().knowing(KNOWLEDGE)
    for at, files in history[1:]:
        if data.draw(st.booleans()):
            step_by_step.take(growing.path)
            step_by_step.load()
        growing.commit(at, files)
    step_by_step.take(growing.path)
    step_by_step.load()
    at_once = new_catalog().knowing(KNOWLEDGE)
    at_once.take(growing.path)
    at_once.load()
    assert differences(at_once.dump(), step_by_step.dump()) == {}


# The starter


def starter_of(catalog: Loaded, folder: Path) -> Path:
    settings_ = Settings(database_url=catalog.url)
    export_catalog(settings_, ExportOptions("parquet", starter=True), folder)
    return folder


def seeded(catalog: Loaded, starter: Path) -> Loaded:
    catalog.remove()
    create(catalog.url, starter=starter, curated=catalog.curated)
    return catalog


@settings(max_examples=EXAMPLES)
@given(st.data(), live_histories(), board_histories())
def test_starter_rows_are_replaced_by_loaded_ones(
    new_catalog: New,
    tmp_path: Path,
    data: st.DataObject,
    live: list[Seen],
    published: list[tuple[str, Any]],
) -> None:
    repository = built(tmp_path / "repositories", published)
    real = new_catalog().knowing(KNOWLEDGE)
    real.take(repository.path)
    bundled = new_catalog(clones=real.clones).knowing(KNOWLEDGE)
    # The starter was exported some time ago: it knows the first part of the history only.
    known = data.draw(st.integers(0, len(live)))
    for seen in live[:known]:
        bundled.put(seen.stream, seen.body, seen.at)
    bundled.load()
    folder = tmp_path / "starters" / str(len(list(tmp_path.iterdir())))
    starter = starter_of(bundled, folder)
    for seen in live:
        real.put(seen.stream, seen.body, seen.at)
    real.load()
    replaced = seeded(new_catalog(archive=real.archive, clones=real.clones), starter)
    replaced = replaced.knowing(KNOWLEDGE)
    replaced.load()
    assert differences(real.dump(), replaced.dump()) == {}


def test_an_older_answer_keeps_the_newer_state_of_the_starter(
    new_catalog: New, tmp_path: Path
) -> None:
    old, new = ([row("lab/one", 1, {"T1": score})] for score in (0.25, 0.5))
    bundled = new_catalog()
    for at, rows, count in (("2026-06-01T00:00:00Z", old, 1), ("2026-08-20T00:00:00Z", new, 2)):
        bundled.put("benchmarks", [benchmark("MTEB(eng, v1)", count)], at)
        bundled.put("scores/MTEB(eng, v1)", board("MTEB(eng, v1)", rows), at)
    bundled.load()
    later = seeded(new_catalog(), starter_of(bundled, tmp_path / "starter"))
    later.put("benchmarks", [benchmark("MTEB(eng, v1)", 1)], "2026-06-01T00:00:00Z")
    later.put("scores/MTEB(eng, v1)", board("MTEB(eng, v1)", old), "2026-06-01T00:00:00Z")
    assert later.load().findings == []
    with later.open() as catalog:
        states = [
            catalog.board("mteb-english", day).rows[0].mean_task
            for day in ("2026-06-01", "2026-08-20")
        ]
    assert states == [25.0, 50.0]
    assert later.dump()["board_about"] == bundled.dump()["board_about"]


# A starter and an archive that saw the same states at other moments

MODELS = [model("lab/one", embeddingDim=256), model("lab/two", embeddingDim=512)]


def read_otherwise(catalog: Loaded) -> None:
    """Change all records of models, as if another version of the tracker had read them."""
    engine = open_engine(catalog.url, read_only=False)
    with engine.begin() as connection:
        connection.exec_driver_sql("update model_record set properties = '{}'")
    engine.dispose()


@pytest.mark.parametrize(
    "archived", ["2026-05-31T00:00:00Z", "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"]
)
def test_a_state_of_the_starter_that_the_archive_has_is_read_from_the_archive(
    new_catalog: New, tmp_path: Path, archived: str
) -> None:
    moment = "2026-06-01T00:00:00Z"
    bundled, real = new_catalog(), new_catalog()
    bundled.put("models", MODELS, moment)
    bundled.load()
    read_otherwise(bundled)
    for at in {moment, archived}:
        real.put("models", MODELS, at)
    real.load()
    later = seeded(new_catalog(), starter_of(bundled, tmp_path / "starter"))
    later.put("models", MODELS, archived)
    assert later.load().findings == []
    assert differences(real.dump(), later.dump()) == {}


def test_unreadable_bytes_replace_nothing_of_the_starter(new_catalog: New, tmp_path: Path) -> None:
    moment = "2026-06-01T00:00:00Z"
    bundled = new_catalog()
    bundled.put("models", MODELS, moment)
    bundled.put("benchmarks", [benchmark("MTEB(eng, v1)", 1)], moment)
    bundled.put(
        "scores/MTEB(eng, v1)", board("MTEB(eng, v1)", [row("lab/one", 1, {"T1": 0.5})]), moment
    )
    bundled.load()
    later = seeded(new_catalog(), starter_of(bundled, tmp_path / "starter"))
    before = later.dump() | {"finding": []}
    for stream in ("models", "benchmarks", "scores/MTEB(eng, v1)"):
        later.put(stream, b"{", moment)
    places = sorted(finding.place for finding in later.load().findings)
    assert places == ["benchmarks", "models", "scores"]
    assert differences(before, later.dump() | {"finding": []}) == {}


def ranked(catalog: Loaded) -> dict[tuple[str, str], list[Any]]:
    """Rows of all boards at all moments; the starter has no scores of single tasks."""
    found = {}
    with catalog.open() as opened:
        for edition in opened.editions():
            for moment in MOMENTS:
                with suppress(NoDataError):
                    rows = opened.board(edition.name, moment).rows
                    found[edition.name, moment] = [(r.rank, r.model, r.task_types) for r in rows]
    return found


@settings(max_examples=EXAMPLES)
@given(st.data(), live_histories())
def test_starter_and_archive_complete_each_other(
    new_catalog: New, tmp_path: Path, data: st.DataObject, history: list[Seen]
) -> None:
    kinds = st.sampled_from(["starter", "archive", "both"])
    bundled, whole = new_catalog().knowing(KNOWLEDGE), new_catalog().knowing(KNOWLEDGE)
    mine = [(seen, data.draw(kinds)) for seen in history]
    for seen, kind in mine:
        whole.put(seen.stream, seen.body, seen.at)
        if kind != "archive":
            bundled.put(seen.stream, seen.body, seen.at)
    whole.load()
    bundled.load()
    folder = tmp_path / "starters" / str(len(list(tmp_path.iterdir())))
    both = seeded(new_catalog(), starter_of(bundled, folder)).knowing(KNOWLEDGE)
    for seen, kind in mine:
        if kind != "starter":
            both.put(seen.stream, seen.body, seen.at)
    assert both.load().findings == []
    assert ranked(both) == ranked(whole)
