"""One line through time: histories, leaders and replays say what the board of each day says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import leaderboard_payloads as live
from tests.support.boards import EN, BoardRepository, overall
from tests.support.campaigns import examples
from tests.support.catalogs import Loaded
from tests.support.result_repository import ResultRepository, result, result_path
from tests.support.state_worlds import KINDS, Files, moved, put_registry, registry
from tracker.answers.boards import Leaderboard
from tracker.answers.history import HistoryPoint
from tracker.api import Catalog
from tracker.common.times import moment_before
from tracker.errors import NoDataError
from tracker.exports.frames import frame_json, json_rows
from tracker.snapshots.store import Archive
from tracker.sources import leaderboard_api
from tracker.sources.records import Fetched

New = Callable[..., Loaded]
SERIES, OLD_BOARD, BOARD, ARCHIVED = (
    "mteb-english",
    "MTEB(eng, v1)",
    "MTEB(eng, v2)",
    "published/en",
)
MODELS = ("lab/one", "lab/two", "mill/three", "new/four")
FOLDERS = (*MODELS, "old/four")
TASKS = {OLD_BOARD: "AB", BOARD: "ABC"}
DAYS = [(date(2025, 1, 30) + timedelta(days=n)).isoformat() for n in range(14)]
"""From six days before the archived boards end to a week after it."""
HOURS = ("T00:00:00Z", "T09:00:00Z", "T23:59:59Z")


class World(NamedTuple):
    """What happened on which moment."""

    commits: dict[str, dict[tuple[str, str], float | None] | None]
    """Scores by model and task; ``None`` moves ``old/four`` to ``new/four``."""
    tables: dict[str, tuple[tuple[str, float], ...]]
    """Lines of the archived board by moment."""
    prints: dict[str, tuple[tuple[tuple[str, int], ...], str | None]]
    """Models with ranks as the live board showed them, and which other server answered."""
    changes: dict[str, Any]
    """Fields of the boards in the registry."""


@st.composite
def worlds(draw: st.DrawFn) -> World:
    moments = st.builds(str.__add__, st.sampled_from(DAYS), st.sampled_from(HOURS))
    cell = st.tuples(st.sampled_from(FOLDERS), st.sampled_from("ABC"))
    scores = st.dictionaries(cell, st.sampled_from([None, 0.25, 0.5, 0.75]), min_size=1, max_size=6)
    commits = st.dictionaries(moments, st.none() | scores | scores, min_size=1, max_size=7)
    names = st.permutations(FOLDERS[:3] + FOLDERS[4:])
    table = names.map(lambda order: tuple((name, 60.0 - n) for n, name in enumerate(order)))
    shown = names.map(lambda order: tuple((name, n) for n, name in enumerate(order[:3], 1)))
    early = st.builds(str.__add__, st.sampled_from(DAYS[:6]), st.sampled_from(HOURS))
    late = st.builds(str.__add__, st.sampled_from(DAYS[3:]), st.sampled_from(HOURS))
    return World(
        draw(commits),
        draw(st.dictionaries(early, table, max_size=3)),
        draw(
            st.dictionaries(late, st.tuples(shown, st.sampled_from([None, "mteb 9"])), max_size=3)
        ),
        draw(st.sampled_from([{}, {"rank_by": ["mean_task"]}])),
    )


def print_board(
    catalog: Loaded, rows: Iterable[tuple[str, int]], at: str, server: str | None = None
) -> None:
    """Archive a state of the live board as a server answered it."""
    body = live.board(
        BOARD,
        [live.row(name, rank, dict.fromkeys(KINDS, 1 - rank / 8)) for name, rank in rows],
        tasks=list(KINDS),
        tasksMeta=[{"name": name, "type": kind} for name, kind in KINDS.items()],
    )
    stream = f"scores/{BOARD}"
    answer = Fetched(stream, f"https://example.org/{stream}", live.dumped(body), at, server=server)
    header = leaderboard_api.HEADER
    Archive(catalog.archive).add(header.id, header.licence, answer, observed_at=at)


def build(world: World, catalog: Loaded, place: Path) -> Loaded:
    results = ResultRepository(place / "results.git")
    stands: Files = {}
    for at, cells in sorted(world.commits.items()):
        files: Files = {"results/README.md": at.encode()}
        if cells is None:
            files |= moved(stands, "old/four", "new/four")
        for (model, task), score in (cells or {}).items():
            path = result_path(model, "main", task)
            if score is not None:
                files[path] = result(task, score)
            elif path in stands:
                files[path] = None
        stands = {p: said for p, said in (stands | files).items() if said is not None}
        results.commit(files, at=at)
    catalog.take_results(results.path)
    if world.tables:
        boards = BoardRepository(place / "boards.git")
        for at, lines in sorted(world.tables.items()):
            boards.commit(at, {EN: overall(lines)})
        catalog.take(boards.path)
    for at, (rows, server) in sorted(world.prints.items()):
        print_board(catalog, rows, at, server)
    put_registry(catalog, registry(TASKS, MODELS, **world.changes))
    catalog.load()
    return catalog


def boards_of(opened: Catalog, name: str) -> Iterator[tuple[str, Leaderboard | None]]:
    """The board at the end of every day; ``None`` for a day of which nothing is known."""
    for day in [*DAYS, "2025-03-01"]:
        try:
            yield day, opened.board(name, day, collapse_copies=False)
        except NoDataError:
            yield day, None


def told_of(board: Leaderboard | None, asked: str) -> str:
    """The moment of an answer: an archived board answers later days with its last state."""
    return board.as_of if board is not None and board.edition.archived else asked


def shown(row: Any) -> tuple[Any, ...]:
    """What a row and a point of a history both say."""
    values = (row.rank, row.model, row.mean_task, row.mean_task_type)
    return (*values, row.n_tasks, row.n_tasks_total, row.partial)


def covering(points: Iterable[HistoryPoint], at: str) -> list[HistoryPoint]:
    return [p for p in points if p.from_at <= at and (p.to_at is None or p.to_at > at)]


def history_of(opened: Catalog, board: str, model: str) -> tuple[HistoryPoint, ...]:
    try:
        return opened.history_list(board, model)
    except NoDataError:
        return ()


def known_boards(opened: Catalog) -> list[str]:
    """The series and its editions that the world has."""
    names = [e.name for e in opened.editions() if e.name in (OLD_BOARD, BOARD, ARCHIVED)]
    return [SERIES, *names] if names else []


@settings(max_examples=examples(12))
@given(worlds())
def test_a_history_equals_the_board_of_every_day(
    new_catalog: New, tmp_path_factory: pytest.TempPathFactory, world: World
) -> None:
    catalog = build(world, new_catalog(), tmp_path_factory.mktemp("world"))
    with catalog.open() as opened:
        present = {row for row in opened.model_names() if row != "old/four"}
        for name in known_boards(opened):
            histories = {model: history_of(opened, name, model) for model in sorted(present)}
            for day, board in boards_of(opened, name):
                for model, points in histories.items():
                    at = told_of(board, f"{day}T23:59:59Z")
                    found = [shown(p) for p in covering(points, at)]
                    rows = [row for row in board.rows if row.model_now == model] if board else []
                    if rows and rows[0].rank is None:
                        assert found in [[shown(row)] for row in rows], (name, day, model)
                    else:
                        assert found == [shown(row) for row in rows[:1]], (name, day, model)
                    for point in covering(points, at):
                        assert board is not None
                        assert (point.edition, point.origin) == (board.edition.name, board.origin)


@settings(max_examples=examples(6))
@given(worlds())
def test_leaders_and_replays_equal_the_board_of_every_day(
    new_catalog: New, tmp_path_factory: pytest.TempPathFactory, world: World
) -> None:
    catalog = build(world, new_catalog(), tmp_path_factory.mktemp("world"))
    with catalog.open() as opened:
        for name in known_boards(opened):
            leads = opened.leader_list(name)
            for day, board in boards_of(opened, name):
                at = told_of(board, f"{day}T23:59:59Z")[:10]
                found = [
                    lead
                    for lead in leads
                    if lead.from_day <= at and (lead.until_day is None or lead.until_day >= at)
                ]
                ranked = [row for row in board.rows if row.rank is not None] if board else []
                first = {row.model_now for row in ranked if row.rank == ranked[0].rank}
                assert len(found) == bool(first), (name, day)
                assert {lead.model_now for lead in found} <= first, (name, day)
            if name != SERIES:
                check_replay(opened, name)


def check_replay(opened: Catalog, name: str) -> None:
    days = opened.replay(name, top=3).days
    for day, board in boards_of(opened, name):
        if board is None:
            continue
        ranked = [row for row in board.rows if row.rank is not None][:3]
        expected = [
            (r.rank, r.model, r.model_now, r.points, r.mean_task, r.n_tasks) for r in ranked
        ]
        held = [one for one in days if one.day <= told_of(board, day)[:10]]
        found = [
            (r.rank, r.model, r.model_now, r.points, r.mean_task, r.n_tasks)
            for r in (held[-1].rows if held else ())
        ]
        assert found == expected, (name, day)


@settings(max_examples=examples(6))
@given(worlds())
def test_a_series_has_one_state_at_a_time(
    new_catalog: New, tmp_path_factory: pytest.TempPathFactory, world: World
) -> None:
    catalog = build(world, new_catalog(), tmp_path_factory.mktemp("world"))
    with catalog.open() as opened:
        check_summaries(opened)
        for model in opened.model_names():
            points = history_of(opened, SERIES, model)
            for before, after in pairwise(points):
                assert before.to_at is not None
                assert before.to_at <= after.from_at
            for point in points:
                if point.edition == ARCHIVED:
                    assert (point.to_at or "9") <= "2025-02-05T00:00:00Z"
                elif world.tables:
                    assert point.from_at >= "2025-02-05T00:00:00Z"


def check_summaries(opened: Catalog) -> None:
    """The list of models, which reads no histories, says the same as the whole models."""
    frame = opened.models()
    same = [name for name in frame.columns if name not in ("model", "papers")]
    told = [
        {"model": model.name, "papers": [paper.arxiv_id for paper in model.papers]}
        | {name: getattr(model, name) for name in same}
        for model in opened.all_models()
    ]
    assert json.loads(frame_json(frame)) == json.loads(json_rows(told))


def rank_of(opened: Catalog, board: str, model: str, at: str) -> tuple[bool, int | None]:
    """Whether a model is listed on a board at a moment, and its rank."""
    try:
        rows = [row for row in opened.board(board, at).rows if row.model_now == model]
    except NoDataError:
        return False, None
    return bool(rows), rows[0].rank if rows else None


@settings(max_examples=examples(6))
@given(worlds(), st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_a_change_has_the_moment_of_the_first_state_that_shows_it(
    new_catalog: New,
    tmp_path_factory: pytest.TempPathFactory,
    world: World,
    since: str,
    until: str,
) -> None:
    since, until = sorted((since, until))
    catalog = build(world, new_catalog(), tmp_path_factory.mktemp("world"))
    with catalog.open() as opened:
        for name in known_boards(opened):
            try:
                found = opened.change_list(name, since=since, until=until)
            except NoDataError:
                continue
            for change in found:
                if change.kind == "value_changed":
                    continue
                model, at = change.model_now, change.at
                before = rank_of(opened, change.edition, model, moment_before(at))
                after = rank_of(opened, change.edition, model, at)
                end = rank_of(opened, change.edition, model, until)
                compared = 1 if change.kind == "moved" else 0
                assert after[compared] == end[compared] != before[compared], (name, change)
