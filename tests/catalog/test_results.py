"""Result files in the catalog: equal rows for any order of fetches and loads."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from tests.catalog.test_loading import differences
from tests.support.campaigns import examples
from tests.support.catalogs import Loaded
from tests.support.registry_exports import benchmark, export, task
from tests.support.result_repository import (
    ResultRepository,
    metadata,
    metadata_path,
    result,
    result_path,
)
from tests.support.strategies import MOMENTS
from tracker.catalog.engine import open_engine
from tracker.catalog.results import queries as result_queries
from tracker.git import reading as git_reading
from tracker.snapshots.store import Archive
from tracker.sources import benchmark_registry
from tracker.sources.records import Fetched

New = Callable[..., Loaded]
Files = Mapping[str, Any]
ONE, TWO, OLD = (result_path(m, "abc", "A") for m in ("lab/one", "lab/two", "one"))
META = metadata_path("lab/one", "abc")
VARIANT = result_path("lab/one", "abc", "A", experiment="dim_64")
SAID = (result("A", 0.25), result("A", {"en": 0.5, "de": None}), b"[no json", b"")
NOW = "2026-11-23T00:00:00Z"


@pytest.fixture
def repository(tmp_path: Path) -> ResultRepository:
    return ResultRepository(tmp_path / "results.git")


def ask(catalog: Loaded, query: Callable[[Connection], Any]) -> Any:
    engine = open_engine(catalog.url, read_only=True)
    try:
        with engine.connect() as connection:
            return query(connection)
    finally:
        engine.dispose()


def intervals(catalog: Loaded) -> list[tuple[Any, ...]]:
    """Path, first and last day, and what stood there: its scores, or why there are none."""
    query = text(
        "select d.path || '/' || f.name, substr(v.valid_from, 1, 10), substr(v.valid_to, 1, 10),"
        " coalesce(c.scores, c.outcome) from result_version v"
        " join result_file f on f.id = v.file_id join result_folder d on d.id = f.folder_id"
        " join result_content c on c.id = v.content_id order by 1, 2"
    )
    return ask(catalog, lambda connection: [tuple(row) for row in connection.execute(query)])


def counts(catalog: Loaded) -> dict[tuple[str, str], int]:
    found = ask(catalog, result_queries.outcome_counts)
    return {(kind, outcome): count for kind, outcome, count in found}


def loaded(catalog: Loaded, location: Path, **window: Any) -> Loaded:
    catalog.take_results(location, **window)
    catalog.load()
    return catalog


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every blob that git is asked for."""
    found: list[str] = []
    real = git_reading.BlobReader.read

    def read(reader: Any, blobs: Any) -> Any:
        found.extend(blobs)
        return real(reader, blobs)

    monkeypatch.setattr(git_reading.BlobReader, "read", read)
    return found


# What is read


def test_a_content_in_several_paths_is_read_once(
    new_catalog: New, repository: ResultRepository, asked: list[str]
) -> None:
    same = result("A", 0.25)
    repository.commit({ONE: same, TWO: same, OLD: same}, at="2025-01-01T00:00:00Z")
    repository.commit({ONE: None}, at="2025-01-02T00:00:00Z")
    repository.commit({ONE: same, VARIANT: same}, at="2025-01-03T00:00:00Z")
    catalog = loaded(new_catalog(), repository.path)
    assert len(asked) == 1
    assert intervals(catalog) == [
        (ONE, "2025-01-01", "2025-01-02", "[0.25]"),
        (ONE, "2025-01-03", None, "[0.25]"),
        (VARIANT, "2025-01-03", None, "[0.25]"),
        (TWO, "2025-01-01", None, "[0.25]"),
        (OLD, "2025-01-01", None, "[0.25]"),
    ]


def test_a_second_load_changes_nothing(
    new_catalog: New, repository: ResultRepository, asked: list[str]
) -> None:
    for day, said in enumerate(SAID, 1):
        files = {ONE: said, META: metadata("lab/one", str(day)), f"results/note-{day}.txt": b"x"}
        repository.commit(files, at=f"2025-01-0{day}T00:00:00Z")
    catalog = loaded(new_catalog(), repository.path)
    before, _ = catalog.dump(), asked.clear()
    report = catalog.load()
    assert (report.rows, report.contents, report.findings, asked) == (0, 0, [], [])
    assert catalog.dump() == before


def test_ten_more_commits_read_only_their_contents(
    new_catalog: New, repository: ResultRepository, asked: list[str]
) -> None:
    repository.commit({ONE: result("A", 0.5), TWO: result("A", 0.75)}, at="2025-01-01T00:00:00Z")
    catalog = loaded(new_catalog(), repository.path)
    asked.clear()
    for day in range(10, 20):
        repository.commit({ONE: result("A", day / 100)}, at=f"2025-01-{day}T00:00:00Z")
    catalog.take_results(repository.path)
    report = catalog.load()
    assert (report.contents, len(set(asked)), len(asked)) == (10, 10, 10)
    assert report.rows == 30  # a commit, a content and an interval a day
    assert catalog.dump() == loaded(new_catalog(), repository.path).dump()


def test_counts_by_outcome_add_up_to_the_present_files(
    new_catalog: New, repository: ResultRepository
) -> None:
    files = {result_path("lab/one", "abc", f"T{n}"): said for n, said in enumerate(SAID)}
    older = {"mteb_dataset_name": "Unheard", "test": {"accuracy": 0.5}}
    files |= {OLD: older, META: metadata("lab/one", "abc"), "results/README.md": b"#"}
    repository.commit(files | {TWO: result("A", 0.5)}, at="2025-01-01T00:00:00Z")
    repository.commit({TWO: None}, at="2025-01-02T00:00:00Z")
    catalog = loaded(new_catalog(), repository.path)
    assert counts(catalog) == {
        ("metadata", "read"): 1,
        ("other", "unread"): 1,
        ("scores", "read"): 2,
        ("scores", "unreadable"): 2,
        ("scores", "untold"): 1,
    }
    told = ask(catalog, result_queries.unread_results)
    assert [tuple(row)[:1] + tuple(row)[2:4] for row in told] == [
        ("unreadable", 1, 1),
        ("unreadable", 1, 1),
        ("untold", 1, 1),
    ]
    assert sum(counts(catalog).values()) == 7


# Any order


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[str, Files]], dict[str, Files]]:
    """Commits in order of time, some in one second, and folders that were seen between them."""
    said = st.sampled_from([*SAID, None])
    about = st.sampled_from([metadata("lab/one", "abc"), metadata("mill/one", None, dim=64), None])
    changes = st.fixed_dictionaries(
        {}, optional={ONE: said, TWO: said, OLD: said, VARIANT: said, META: about}
    )
    moments = sorted(draw(st.lists(st.sampled_from(MOMENTS), min_size=1, max_size=5)))
    commits = [(at, draw(changes)) for at in moments]
    # What begins the folder is in every state.
    commits[0] = (commits[0][0], {**commits[0][1], "results/README.md": b"#"})
    folders = draw(st.dictionaries(st.sampled_from(MOMENTS), changes, max_size=2))
    return commits, folders


def folder_of(place: Path, files: Files) -> Path:
    for path, said in {**files, "results/paths.json": b"{}"}.items():
        if said is not None:
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            body = json.dumps(said).encode() if isinstance(said, dict) else said
            (place / path).write_bytes(body)
    return place


def test_a_folder_without_versions_has_no_identity(new_catalog: New, tmp_path: Path) -> None:
    at = "2024-07-08T02:30:00Z"
    repository = ResultRepository(tmp_path / "results.git")
    repository.commit({result_path("lab/one", "abc", "A"): result("A", 0.25)}, at=at)
    # The same second shows a folder instead, where the model has no organisation yet.
    seen = folder_of(tmp_path / "seen", {result_path("one", "abc", "A"): result("A", 0.5)})
    straight, crooked = new_catalog(), new_catalog()
    for catalog in (straight, crooked):
        catalog.take_results(repository.path)
        if catalog is crooked:
            catalog.load()
        catalog.take_results(seen, seen_at=at)
        catalog.load()
    assert differences(straight.dump(), crooked.dump()) == {}


@settings(max_examples=examples(4))
@given(st.data(), histories())
def test_any_order_of_fetches_and_loads_gives_the_same_catalog(
    new_catalog: New, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, history: Any
) -> None:
    commits, seen = history
    place = tmp_path_factory.mktemp("history")
    repository = ResultRepository(place / "results.git")
    ids = [repository.commit(files, at=at) for at, files in commits]
    folders = {at: folder_of(place / at, files) for at, files in seen.items()}

    straight = new_catalog()
    straight.take_results(repository.path)
    for at in sorted(folders):
        straight.take_results(folders[at], seen_at=at)
    straight.load()

    crooked = new_catalog()
    moment = st.none() | st.sampled_from(MOMENTS)
    states = st.tuples(st.sampled_from(ids), moment, moment)
    steps: list[Any] = [*data.draw(st.lists(states, max_size=3)), *folders, (ids[-1], None, None)]
    order = data.draw(st.permutations(steps))
    for step in order:
        if isinstance(step, str):
            crooked.take_results(folders[step], seen_at=step)
        else:
            repository.stand_at(step[0])
            crooked.take_results(repository.path, step[1], step[2])
        if data.draw(st.booleans()):
            crooked.load()
    crooked.take_results(repository.path)
    crooked.load()
    assert differences(straight.dump(), crooked.dump()) == {}


@settings(max_examples=examples(3))
@given(st.data(), histories())
def test_any_order_of_windows_gives_their_union(
    new_catalog: New, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, history: Any
) -> None:
    place = tmp_path_factory.mktemp("history")
    repository = ResultRepository(place / "results.git")
    for at, files in history[0]:
        repository.commit(files, at=at)
    pair = st.lists(st.sampled_from(MOMENTS), min_size=2, max_size=2).map(sorted)
    windows = data.draw(st.lists(pair, min_size=1, max_size=3))
    dumps = []
    for order in (windows, data.draw(st.permutations(windows))):
        catalog = new_catalog()
        for since, until in order:
            loaded(catalog, repository.path, since=since, until=until)
        dumps.append(catalog.dump())
    assert differences(*dumps) == {}


def test_a_folder_observed_with_a_commit_follows_it(new_catalog: New, tmp_path: Path) -> None:
    at = "2025-01-02T00:00:00Z"
    for number in range(4):  # whatever the commit's id
        repository = ResultRepository(tmp_path / f"{number}.git")
        repository.commit({ONE: result("A", 0.5)}, at="2025-01-01T00:00:00Z")
        repository.commit({ONE: result("A", number / 8)}, at=at)
        folder = folder_of(tmp_path / f"folder-{number}", {TWO: result("A", 0.75)})
        catalog = new_catalog()
        catalog.take_results(repository.path)
        catalog.take_results(folder, seen_at=at)
        catalog.load()
        assert [row for row in intervals(catalog) if row[0] in (ONE, TWO)] == [
            (ONE, "2025-01-01", "2025-01-02", "[0.5]"),
            (TWO, "2025-01-02", None, "[0.75]"),
        ]


def test_a_force_pushed_history_leaves_no_trace_in_boards(
    new_catalog: New, repository: ResultRepository
) -> None:
    first = repository.commit({ONE: result("A", 0.5)}, at="2025-01-01T00:00:00Z")
    lost = {ONE: result("Gone", {"xx": 0.5}), TWO: b"broken", OLD: result("A", 0.125)}
    repository.commit(lost, at="2025-01-02T00:00:00Z")
    catalog = loaded(new_catalog(), repository.path)
    repository.commit({ONE: result("A", 0.75)}, at="2025-01-03T00:00:00Z", parents=[first])
    catalog.take_results(repository.path)
    catalog.load()
    assert intervals(catalog) == [
        (ONE, "2025-01-01", "2025-01-03", "[0.5]"),
        (ONE, "2025-01-03", None, "[0.75]"),
    ]
    assert differences(loaded(new_catalog(), repository.path).dump(), catalog.dump()) == {}


# The shape of the history


def test_clocks_that_run_backwards_keep_the_order(
    new_catalog: New, repository: ResultRepository
) -> None:
    for at, score in (("2025-01-05", 0.25), ("2025-01-02", 0.5), ("2025-01-07", 0.75)):
        repository.commit({ONE: result("A", score)}, at=f"{at}T00:00:00Z")
    assert intervals(loaded(new_catalog(), repository.path)) == [
        (ONE, "2025-01-05", "2025-01-07", "[0.5]"),
        (ONE, "2025-01-07", None, "[0.75]"),
    ]


def test_a_file_may_become_a_folder_and_back(
    new_catalog: New, repository: ResultRepository
) -> None:
    below = "results/lab__one/abc/A.json/B.json"
    repository.commit({ONE: result("A", 0.25)}, at="2025-01-01T00:00:00Z")
    repository.commit({ONE: None, below: result("B", 0.5)}, at="2025-01-02T00:00:00Z")
    repository.commit({below: None, ONE: result("A", 0.75)}, at="2025-01-03T00:00:00Z")
    assert intervals(loaded(new_catalog(), repository.path)) == [
        (ONE, "2025-01-01", "2025-01-02", "[0.25]"),
        (ONE, "2025-01-03", None, "[0.75]"),
        (below, "2025-01-02", "2025-01-03", "unread"),
    ]


def test_only_the_first_parent_of_a_merge_counts(
    new_catalog: New, repository: ResultRepository
) -> None:
    repository.commit({ONE: result("A", 0.25)}, at="2025-01-01T00:00:00Z")
    repository.git.branch("pull-1")
    repository.git.commit(
        "2025-01-02T00:00:00Z", {TWO: json.dumps(result("A", 0.5)).encode()}, on="pull-1"
    )
    body = json.dumps(result("A", 0.5)).encode()
    repository.git.merge("2025-01-05T00:00:00Z", "pull-1", {TWO: body})
    assert intervals(loaded(new_catalog(), repository.path)) == [
        (ONE, "2025-01-01", None, "[0.25]"),
        (TWO, "2025-01-05", None, "[0.5]"),
    ]


@pytest.mark.parametrize("name", ["Ä ü", "中文", "a\tb", 'a"b', "a\\b", "-rf", "a'b; c", "a:b"])
def test_unusual_names_are_kept(new_catalog: New, repository: ResultRepository, name: str) -> None:
    path = f"results/lab__one/abc/{name}.json"
    quoted = json.dumps(path, ensure_ascii=False) if '"' in name or "\\" in name else path
    repository.git.commit("2025-01-01T00:00:00Z", {quoted: json.dumps(result(name, 0.5)).encode()})
    assert intervals(loaded(new_catalog(), repository.path)) == [
        (path, "2025-01-01", None, "[0.5]")
    ]


# What comes later


def test_old_files_are_read_when_the_registry_is_loaded(
    new_catalog: New, repository: ResultRepository
) -> None:
    older = {"mteb_dataset_name": "t2", "test": {"ndcg_at_10": 0.5}}
    named = {"mteb_dataset_name": "t1", "test": {"main_score": 0.25}}
    repository.commit({ONE: older, TWO: named}, at="2025-01-01T00:00:00Z")
    late, early = new_catalog(), new_catalog()
    loaded(late, repository.path)
    assert counts(late) == {("scores", "untold"): 1, ("scores", "read"): 1}
    for catalog in (early, late):
        header = benchmark_registry.HEADER
        tasks = [task("T1"), task("T2", main_score="ndcg_at_10")]
        body = export(benchmark(tasks=["T1", "T2"]), tasks=tasks)
        answer = Fetched(benchmark_registry.STREAM, header.home, body, NOW)
        Archive(catalog.archive).add(header.id, header.licence, answer, observed_at=NOW)
    report = late.load()
    assert (report.contents, counts(late)) == (2, {("scores", "read"): 2})
    early.load()
    assert differences(loaded(early, repository.path).dump(), late.dump()) == {}
    assert late.load().contents == 0


def test_missing_contents_are_read_when_they_arrive(
    new_catalog: New, repository: ResultRepository, tmp_path: Path
) -> None:
    files = {ONE: result("A", 0.25), META: metadata("mill/one", "xyz")}
    repository.commit(files, at="2025-01-01T00:00:00Z")
    repository.git.run("config", "uploadpack.allowFilter", "true")
    repository.git.run(
        "clone", "--quiet", "--bare", "--filter=blob:none", repository.path.as_uri(),
        str(tmp_path / "partial.git"), cwd=tmp_path,
    )  # fmt: skip
    catalog = loaded(new_catalog(), tmp_path / "partial.git")
    assert counts(catalog) == {("metadata", "unavailable"): 1, ("scores", "unavailable"): 1}
    catalog.take_results(repository.path)
    assert catalog.load().contents == 2
    assert differences(loaded(new_catalog(), repository.path).dump(), catalog.dump()) == {}
