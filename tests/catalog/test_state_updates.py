"""Updates of computed states: extended or recomputed, with equal results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.campaigns import examples
from tests.support.catalogs import Loaded
from tests.support.result_repository import ResultRepository, result, result_path
from tests.support.state_worlds import Files, put_registry, registry, scores
from tracker.catalog.boards import state_inputs
from tracker.catalog.boards import states as board_states

New = Callable[..., Loaded]
ALL, TWO, ONE = "All(eng, v1)", "Two(eng, v1)", "One(eng, v1)"
BOARDS = {ALL: "ABC", TWO: "AB", ONE: "C"}
MODELS = ("lab/one", "lab/two", "mill/three")
DAYS = [f"2025-02-{day:02d}T10:00:00Z" for day in range(1, 29)]
STATES = ("board_state", "model_move", "standing", "board_row", "listing", "model")


def states_of(catalog: Loaded) -> dict[str, list[tuple[Any, ...]]]:
    found = catalog.dump()
    return {name: found[name] for name in STATES}


def computed(new_catalog: New, repository: ResultRepository) -> Loaded:
    """A catalog that was loaded at once."""
    catalog: Loaded = new_catalog()
    put_registry(catalog, registry(BOARDS, MODELS))
    catalog.take_results(repository.path)
    catalog.load()
    return catalog


@pytest.fixture
def repository(tmp_path: Path) -> ResultRepository:
    made = ResultRepository(tmp_path / "results.git")
    made.commit(scores("lab/one", A=0.5, B=0.625, C=0.375), at=DAYS[0])
    made.commit(scores("lab/two", A=0.75, B=0.5), at=DAYS[1])
    return made


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Each computation of a board: its name and the moment from which on it was computed."""
    found: list[tuple[str, str]] = []
    real = board_states.Inputs.states

    def states(self: Any, board: Any, since: str = "") -> Any:
        found.append((board.definition.name, since))
        return real(self, board, since)

    monkeypatch.setattr(board_states.Inputs, "states", states)
    return found


def test_ten_more_commits_extend_only_affected_boards(
    new_catalog: New, repository: ResultRepository, work: list[tuple[str, str]]
) -> None:
    catalog = computed(new_catalog, repository)
    work.clear()
    for number, at in enumerate(DAYS[10:20]):
        repository.commit(scores("lab/two", A=number / 16), at=at)
    catalog.take_results(repository.path)
    catalog.load()
    assert sorted(work) == [(ALL, DAYS[1]), (TWO, DAYS[1])]
    assert states_of(catalog) == states_of(computed(new_catalog, repository))


def test_a_load_without_changes_computes_nothing(
    new_catalog: New, repository: ResultRepository, work: list[tuple[str, str]]
) -> None:
    catalog = computed(new_catalog, repository)
    before = states_of(catalog)
    work.clear()
    repository.commit({"results/README.md": b"words only"}, at=DAYS[4])
    catalog.take_results(repository.path)
    catalog.load()
    assert work == []
    # What is known reaches to the commit that changed nothing.
    after = states_of(catalog)
    assert {name: after[name] for name in STATES[1:]} == {n: before[n] for n in STATES[1:]}
    assert {row for rows in after["board_state"] for row in rows if row == DAYS[4]} == {DAYS[4]}
    assert after == states_of(computed(new_catalog, repository))


def test_a_newer_registry_recomputes_its_boards(
    new_catalog: New, repository: ResultRepository, work: list[tuple[str, str]]
) -> None:
    catalog = computed(new_catalog, repository)
    work.clear()
    newer = registry(BOARDS, (*MODELS, "lab/four"), version="2.27.0")
    put_registry(catalog, newer, "2025-07-01T00:00:00Z")
    catalog.load()
    assert sorted(work) == [(ALL, ""), (ONE, ""), (TWO, "")]
    with catalog.open() as opened:
        assert {opened.board(name).registry for name in BOARDS} == {"mteb 2.27.0"}


def test_other_rules_recompute_every_board(
    new_catalog: New,
    repository: ResultRepository,
    work: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalog = computed(new_catalog, repository)
    work.clear()
    monkeypatch.setattr(state_inputs, "RULES", "another")
    catalog.load()
    assert sorted(work) == [(ALL, ""), (ONE, ""), (TWO, "")]


def test_a_late_move_recomputes_its_boards(new_catalog: New, repository: ResultRepository) -> None:
    former = scores("old/three", A=0.875, B=0.875)
    repository.commit(former, at=DAYS[2])
    catalog = computed(new_catalog, repository)
    with catalog.open() as opened:
        assert [row.model for row in opened.board(TWO).rows] == ["lab/one", "lab/two"]
    changes: Files = dict.fromkeys(former)
    changes |= {path.replace("old__three", "mill__three"): said for path, said in former.items()}
    repository.commit(changes, at=DAYS[5])
    catalog.take_results(repository.path)
    catalog.load()
    with catalog.open() as opened:
        assert [row.model for row in opened.board(TWO, DAYS[3]).rows] == [
            "old/three",
            "lab/one",
            "lab/two",
        ]
    assert states_of(catalog) == states_of(computed(new_catalog, repository))


_SCORES = st.sampled_from([None, 0.25, 0.5, 0.75])
_CELLS = st.tuples(st.sampled_from(MODELS), st.sampled_from("ABC"))
_COMMITS = st.lists(
    st.dictionaries(_CELLS, _SCORES, min_size=1, max_size=5), min_size=2, max_size=6
)


def commit(
    repository: ResultRepository,
    changes: dict[tuple[str, str], float | None],
    *,
    at: str,
    parents: list[str] | None = None,
) -> str:
    """A commit of some cells; removing what is not there changes nothing."""
    files: Files = {"results/README.md": at.encode()}
    for (model, task), score in changes.items():
        path = result_path(model, "main", task)
        files[path] = b"removed" if score is None else result(task, score)
    return repository.commit(files, at=at, parents=parents)


@settings(max_examples=examples(2))
@given(_COMMITS, _COMMITS, st.integers(0, 2))
def test_a_force_pushed_history_leaves_no_trace_in_states(
    new_catalog: New, tmp_path_factory: pytest.TempPathFactory, before: Any, after: Any, kept: int
) -> None:
    repository = ResultRepository(tmp_path_factory.mktemp("pushed") / "results.git")
    ids = [commit(repository, c, at=at) for c, at in zip(before, DAYS, strict=False)]
    catalog = computed(new_catalog, repository)
    parents = [ids[min(kept, len(ids) - 1)]]
    for changes, at in zip(after, DAYS[10:], strict=False):
        parents = [commit(repository, changes, at=at, parents=parents)]
    catalog.take_results(repository.path)
    catalog.load()
    fresh = computed(new_catalog, repository)
    one, other = states_of(fresh), states_of(catalog)
    for name in ("model_move", "standing", "board_row"):
        assert [r for r in one[name] if r not in other[name]] == [], name
        assert [r for r in other[name] if r not in one[name]] == [], name


@settings(max_examples=examples(2))
@given(_COMMITS, st.data())
def test_any_order_of_windows_gives_the_states_of_their_union(
    new_catalog: New, tmp_path_factory: pytest.TempPathFactory, commits: Any, data: st.DataObject
) -> None:
    repository = ResultRepository(tmp_path_factory.mktemp("windows") / "results.git")
    for changes, at in zip(commits, DAYS, strict=False):
        commit(repository, changes, at=at)
    pair = st.lists(st.sampled_from(DAYS[: len(commits)]), min_size=2, max_size=2).map(sorted)
    windows = data.draw(st.lists(pair, min_size=1, max_size=3))
    found = []
    for order in (windows, data.draw(st.permutations(windows))):
        catalog = new_catalog()
        put_registry(catalog, registry(BOARDS, MODELS))
        for since, until in order:
            catalog.take_results(repository.path, since, until)
            catalog.load()
        found.append(states_of(catalog))
    assert found[0] == found[1]
