"""Computed states equal the computation of each moment alone, in any order of loading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.support import state_worlds
from tests.support.campaigns import examples
from tests.support.catalogs import Loaded
from tests.support.registry_exports import benchmark, export, task
from tests.support.result_repository import ResultRepository, result, result_path
from tests.support.state_worlds import TASKS, Files, moved, put_registry, scores
from tracker.catalog.boards import states as board_states
from tracker.catalog.engine import open_engine
from tracker.catalog.results.queries import defined_editions
from tracker.catalog.results.raw_scores import RawScores

New = Callable[..., Loaded]
BOARD, SMALL = "Three(eng, v1)", "Two(eng, v1)"
MODELS = ("lab/one", "lab/two", "mill/three", "old/four", "new/four", "stranger/five")
MOMENTS = [f"2025-{month:02d}-{day:02d}T10:00:00Z" for month in (1, 2, 3) for day in (1, 2, 20)]
STATES = ("board_state", "model_move", "standing", "board_row", "listing", "model")


def registry(version: str = "2.26.24", *, models: tuple[str, ...] = MODELS[:5]) -> bytes:
    """Two boards; ``old/four`` is unknown to the registry, which knows its present name."""
    known = [name for name in models if name != "old/four"]
    boards = {BOARD: TASKS, SMALL: ("A", "B")}
    return state_worlds.registry(boards, known, version=version, trained={"lab/one": ["A"]})


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, Files]]:
    """Results that arrive, change and vanish; now and then a whole folder takes another name."""
    stands: Files = {}
    commits = []
    for at in sorted(draw(st.lists(st.sampled_from(MOMENTS), min_size=1, max_size=6, unique=True))):
        changes: Files = {}
        if draw(st.integers(0, 4)) == 0:
            changes = moved(stands, "old/four", "new/four")
        else:
            cell = st.tuples(
                st.sampled_from(MODELS), st.sampled_from(("main", "older")), st.sampled_from(TASKS)
            )
            score = st.sampled_from((None, 0.2, 0.4, 0.40000001, 0.6, 7.0))
            for (model, revision, name), value in draw(
                st.dictionaries(cell, score, min_size=1, max_size=8)
            ).items():
                path = result_path(model, revision, name)
                changes[path] = None if value is None else result(name, value)
        stands = {p: said for p, said in (stands | changes).items() if said is not None}
        commits.append((at, changes))
    commits[0][1]["results/README.md"] = {"begins": "the folder"}
    return commits


def repository_of(
    place: Path, commits: list[tuple[str, Files]]
) -> tuple[ResultRepository, list[str]]:
    repository = ResultRepository(place / "results.git")
    ids = []
    standing: set[str] = set()
    for at, files in commits:
        gone = {path for path, said in files.items() if said is None}
        told: Files = {path: said for path, said in files.items() if path not in gone}
        told |= dict.fromkeys(gone & standing)
        standing = (standing | set(files)) - gone
        ids.append(repository.commit(told, at=at))
    return repository, ids


def states_of(catalog: Loaded) -> dict[str, Any]:
    found = catalog.dump()
    return {name: found[name] for name in STATES}


def all_at_once(new_catalog: New, repository: ResultRepository, body: bytes) -> Loaded:
    catalog: Loaded = new_catalog()
    catalog.take_results(repository.path)
    put_registry(catalog, body)
    catalog.load()
    return catalog


def in_catalog(catalog: Loaded, ask: Callable[[Connection], Any]) -> Any:
    engine = open_engine(catalog.url, read_only=True)
    try:
        with engine.connect() as connection:
            return ask(connection)
    finally:
        engine.dispose()


def computed_alone(connection: Connection) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    """Every board at every moment from all files of that moment, without the stored states."""
    raw = RawScores(connection)
    found = {}
    for edition in sorted(defined_editions(connection)):
        board = raw.board(edition)
        for at in MOMENTS:
            found[board.definition.name, at] = sorted(
                (
                    (
                        row["rank"],
                        row["model"],
                        row["points"],
                        row["mean_task"],
                        row["mean_task_type"],
                        row["n_tasks"],
                        row["n_tasks_total"],
                    )
                    for row in board.at(at).rows.iter_rows(named=True)
                ),
                key=repr,
            )
    return found


def stored(catalog: Loaded) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    """The same from the stored states, as every reader asks."""
    found = {}
    with catalog.open() as opened:
        for name in (BOARD, SMALL):
            edition = next((e for e in opened.editions() if e.name == name), None)
            for at in MOMENTS:
                rows: tuple[Any, ...] = ()
                if edition is not None and edition.first_at and edition.first_at <= at:
                    rows = opened.board(name, at, collapse_copies=False).rows
                found[name, at] = sorted(
                    (
                        (
                            r.rank,
                            r.model_now,
                            r.points,
                            r.mean_task,
                            r.mean_task_type,
                            r.n_tasks,
                            r.n_tasks_total,
                        )
                        for r in rows
                    ),
                    key=repr,
                )
    return found


def close(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, abs=1e-9)
    return bool(one == other)


@settings(max_examples=examples(4))
@given(histories())
def test_every_stored_state_equals_the_computation_of_its_moment(
    new_catalog: New, tmp_path_factory: pytest.TempPathFactory, commits: Any
) -> None:
    repository, _ = repository_of(tmp_path_factory.mktemp("history"), commits)
    catalog = all_at_once(new_catalog, repository, registry())
    alone = in_catalog(catalog, computed_alone)
    told = stored(catalog)
    for key, rows in alone.items():
        percent = [
            (rank, model, points, *(None if m is None else 100 * m for m in means), n, total)
            for rank, model, points, *means, n, total in rows
        ]
        assert len(told[key]) == len(percent), key
        for one, other in zip(sorted(told[key], key=str), sorted(percent, key=str), strict=True):
            assert all(map(close, one, other)), (key, one, other)


@settings(max_examples=examples(3))
@given(st.data(), histories())
def test_states_do_not_depend_on_the_order_of_loading(
    new_catalog: New, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, commits: Any
) -> None:
    repository, ids = repository_of(tmp_path_factory.mktemp("history"), commits)
    older, newer = registry("2.20.0", models=MODELS[:3]), registry()
    crooked = new_catalog()
    if data.draw(st.booleans(), label="an older registry first"):
        put_registry(crooked, older, "2025-05-01T00:00:00Z")
    steps = data.draw(st.lists(st.sampled_from(ids), max_size=4), label="how far each load sees")
    for step in steps:
        repository.stand_at(step)
        crooked.take_results(repository.path)
        crooked.load()
    put_registry(crooked, newer)
    repository.stand_at(ids[-1])
    crooked.take_results(repository.path)
    crooked.load()
    straight: Loaded = new_catalog()
    put_registry(straight, older, "2025-05-01T00:00:00Z")
    put_registry(straight, newer)
    straight.take_results(repository.path)
    straight.load()
    one, other = states_of(straight), states_of(crooked)
    for name in STATES:
        assert [r for r in one[name] if r not in other[name]] == [], name
        assert [r for r in other[name] if r not in one[name]] == [], name
    crooked.load()  # once more changes nothing
    assert states_of(crooked) == other


@pytest.fixture
def repository(tmp_path: Path) -> ResultRepository:
    made = ResultRepository(tmp_path / "results.git")
    made.commit(scores("lab/one", A=0.5, B=0.6, C=0.4), at=MOMENTS[0])
    made.commit(scores("lab/two", A=0.7, B=0.8), at=MOMENTS[1])
    return made


def computed_boards(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Records which boards are computed from when on."""
    seen: list[tuple[str, str]] = []
    real = board_states.Inputs.states

    def states(self: Any, board: Any, since: str = "") -> Any:
        seen.append((board.definition.name, since))
        return real(self, board, since)

    monkeypatch.setattr(board_states.Inputs, "states", states)
    return seen


def test_a_new_commit_extends_only_the_boards_it_affects(
    new_catalog: New, repository: ResultRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = all_at_once(new_catalog, repository, registry())
    seen = computed_boards(monkeypatch)
    catalog.load()
    assert seen == []
    repository.commit(scores("lab/two", C=0.5), at=MOMENTS[3])
    catalog.take_results(repository.path)
    catalog.load()
    assert seen == [(BOARD, MOMENTS[1])]


def test_a_rewritten_history_recomputes_its_boards(
    new_catalog: New, repository: ResultRepository, tmp_path: Path
) -> None:
    catalog = all_at_once(new_catalog, repository, registry())
    other = ResultRepository(tmp_path / "rewritten.git")
    other.commit(scores("lab/one", A=0.9, B=0.6, C=0.4), at=MOMENTS[0])
    other.commit(scores("lab/two", A=0.7), at=MOMENTS[2])
    catalog.take_results(other.path)
    catalog.load()
    fresh = all_at_once(new_catalog, other, registry())
    # What was seen before is kept; from the first moment of the new history both say the same.
    with catalog.open() as opened, fresh.open() as expected:
        for at in MOMENTS[2:]:
            assert opened.board(BOARD, at).rows == expected.board(BOARD, at).rows


def test_a_registry_without_a_board_or_model_removes_them(
    new_catalog: New, repository: ResultRepository
) -> None:
    catalog = all_at_once(new_catalog, repository, registry("2.20.0"))
    smaller = export(
        benchmark(BOARD, list(TASKS)),
        tasks=[task("A"), task("B"), task("C", "Retrieval", main_score="ndcg_at_10")],
        models=[{"name": "lab/two", "revision": "main"}],
        version="2.27.0",
    )
    put_registry(catalog, smaller, "2025-07-01T00:00:00Z")
    catalog.load()
    with catalog.open() as opened:
        assert [r.model for r in opened.board(BOARD).rows] == ["lab/two"]
        # A board that the newer registry does not name stays as the older one defined it.
        assert [r.model for r in opened.board(SMALL).rows] == ["lab/two", "lab/one"]
        assert opened.board(BOARD).registry == "mteb 2.27.0"
        assert opened.board(SMALL).registry == "mteb 2.20.0"


def test_a_load_killed_while_computing_states_changes_nothing(
    new_catalog: New, repository: ResultRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = all_at_once(new_catalog, repository, registry())
    before = catalog.dump()
    repository.commit(scores("lab/two", A=0.1, C=0.5), at=MOMENTS[3])
    catalog.take_results(repository.path)
    real = board_states.StateWriter.extend
    calls = []

    def dies(self: Any, *arguments: Any) -> Any:
        calls.append(self)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, *arguments)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(board_states.StateWriter, "extend", dies)
        catalog.load()
    assert catalog.dump() == before
    catalog.load()
    assert states_of(catalog) == states_of(all_at_once(new_catalog, repository, registry()))


def test_a_commit_with_an_earlier_clock_is_a_state_of_its_moment(
    new_catalog: New, repository: ResultRepository
) -> None:
    repository.commit(scores("lab/two", C=0.5), at="2024-12-01T00:00:00Z")
    catalog = all_at_once(new_catalog, repository, registry())
    alone = in_catalog(catalog, computed_alone)
    told = stored(catalog)
    assert {key: [row[:2] for row in rows] for key, rows in told.items()} == {
        key: [row[:2] for row in rows] for key, rows in alone.items()
    }


def test_a_score_outside_its_metrics_range_is_never_ranked(
    new_catalog: New, repository: ResultRepository
) -> None:
    repository.commit(scores("lab/two", C=7.0), at=MOMENTS[3])
    catalog = all_at_once(new_catalog, repository, registry())
    with catalog.open() as opened:
        row = next(r for r in opened.board(BOARD).rows if r.model == "lab/two")
        reasons = opened.why("lab/two", BOARD).reasons
        found = [(f.check, f.place) for f in opened.doctor() if f.check == "impossible-score"]
    assert (row.n_tasks, row.mean_task) == (2, None)
    told = {one.kind: one.tasks for one in reasons}
    assert told["impossible_score"] == ("C",)
    assert [check for check, _ in found] == ["impossible-score"]
    assert "lab/two" in found[0][1] or "lab__two" in found[0][1]
