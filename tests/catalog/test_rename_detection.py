"""Renames in the results: a folder whose contents are moved to another name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import CURATED, Loaded, relation
from tests.support.result_repository import (
    ResultRepository,
    metadata,
    metadata_path,
    result,
    result_path,
)
from tests.support.state_worlds import Files, moved, put_registry, registry, scores
from tracker.catalog.engine import open_engine
from tracker.catalog.identity.originals import present_names
from tracker.curated import RelationEntry
from tracker.errors import NoDataError

New = Callable[..., Loaded]
DAYS = [f"2025-01-{day:02d}T10:00:00Z" for day in range(1, 10)]
OLD = scores("old/four", A=0.5, B=0.25, C=0.125)


@pytest.fixture
def load(new_catalog: New, tmp_path: Path) -> Callable[..., Loaded]:
    """Loads a repository with one commit a day."""

    def loaded(*commits: Files, curated: Iterable[RelationEntry] = ()) -> Loaded:
        repository = ResultRepository(tmp_path / "results.git")
        for at, files in zip(DAYS, commits, strict=False):
            repository.commit({"results/README.md": at.encode()} | files, at=at)
        catalog: Loaded = new_catalog().knowing(replace(CURATED, relations=tuple(curated)))
        catalog.take_results(repository.path)
        catalog.load()
        return catalog

    return loaded


def moves(catalog: Loaded) -> list[tuple[str, str, str, int]]:
    """Former name, later name, day and number of files."""
    return [(old[0], new[0], at[8:10], n) for old, new, at, n in catalog.dump()["model_move"]]


def present(catalog: Loaded) -> dict[str, str]:
    """The present name of each former one."""
    engine = open_engine(catalog.url, read_only=True)
    try:
        with engine.connect() as connection:
            return present_names(connection)
    finally:
        engine.dispose()


def relations(catalog: Loaded) -> list[tuple[Any, ...]]:
    """Former name, later name, kind and status."""
    engine = open_engine(catalog.url, read_only=True)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql(
                "select a.name, b.name, r.kind, r.status from relation r"
                " join model a on a.id = r.model_id join model b on b.id = r.other_id order by 1, 2"
            )
            return [tuple(row) for row in found]
    finally:
        engine.dispose()


def test_a_moved_folder_is_one_model(load: Callable[..., Loaded]) -> None:
    catalog = load(OLD, moved(OLD, "old/four", "new/four"))
    assert moves(catalog) == [("old/four", "new/four", "02", 3)]
    assert relations(catalog) == [("old/four", "new/four", "moved", "observed")]
    assert present(catalog) == {"old/four": "new/four"}


def test_a_copy_beside_the_original_is_not_a_move(load: Callable[..., Loaded]) -> None:
    copied = {p: v for p, v in moved(OLD, "old/four", "new/four").items() if v is not None}
    catalog = load(OLD, copied)
    assert (moves(catalog), relations(catalog)) == ([], [])


def test_a_copy_whose_original_ends_later_is_not_a_move(load: Callable[..., Loaded]) -> None:
    changes = moved(OLD, "old/four", "new/four")
    copied = {p: v for p, v in changes.items() if v is not None}
    catalog = load(OLD, copied, {p: None for p, v in changes.items() if v is None})
    assert moves(catalog) == []


def test_a_folder_that_keeps_a_file_is_not_moved(load: Callable[..., Loaded]) -> None:
    changes = moved(OLD, "old/four", "new/four")
    del changes[result_path("old/four", "main", "C")]
    assert moves(load(OLD, changes)) == []


@pytest.mark.parametrize(("n_changed", "is_move"), [(1, True), (2, False)])
def test_a_move_needs_nearly_all_contents_under_the_new_name(
    load: Callable[..., Loaded], n_changed: int, is_move: bool
) -> None:
    files: Files = {
        result_path("old/four", "main", f"T{n}"): result(f"T{n}", n / 16) for n in range(10)
    }
    changes = moved(files, "old/four", "new/four")
    for n in range(n_changed):
        changes[result_path("new/four", "main", f"T{n}")] = result(f"T{n}", 0.99)
    expected = [("old/four", "new/four", "02", 9)] if is_move else []
    assert moves(load(files, changes)) == expected


def test_a_chain_of_moves_ends_at_the_last_name(load: Callable[..., Loaded]) -> None:
    second = moved(OLD, "old/four", "mid/four")
    held = {p: v for p, v in second.items() if v is not None}
    catalog = load(OLD, second, moved(held, "mid/four", "new/four"))
    # Each of the former names moves on with the folder.
    assert [row[:3] for row in moves(catalog) if row[0] == "mid/four"] == [
        ("mid/four", "new/four", "03")
    ]
    assert present(catalog) == {"old/four": "new/four", "mid/four": "new/four"}


def test_files_put_right_between_two_registered_models_are_no_rename(
    load: Callable[..., Loaded],
) -> None:
    catalog = load(OLD, moved(OLD, "old/four", "new/four"))
    put_registry(catalog, registry({"Board": "ABC"}, ("old/four", "new/four")))
    catalog.load()
    assert moves(catalog) == [("old/four", "new/four", "02", 3)]
    assert present(catalog) == {}
    put_registry(catalog, registry({"Board": "ABC"}, ("new/four",), version="2.27.0"))
    catalog.load()
    assert present(catalog) == {"old/four": "new/four"}


def test_a_chain_of_moves_never_joins_two_registered_models(load: Callable[..., Loaded]) -> None:
    second = moved(OLD, "old/four", "mid/four")
    held = {p: v for p, v in second.items() if v is not None}
    catalog = load(OLD, second, moved(held, "mid/four", "new/four"))
    put_registry(catalog, registry({"Board": "ABC"}, ("old/four", "new/four")))
    catalog.load()
    assert present(catalog) == {"mid/four": "new/four"}


def test_a_model_that_moved_after_the_registry_stays_on_its_boards(
    load: Callable[..., Loaded],
) -> None:
    catalog = load(OLD, moved(OLD, "old/four", "new/four"))
    put_registry(catalog, registry({"Board": "ABC"}, ("old/four",)))
    catalog.load()
    with catalog.open() as opened:
        shown = [
            (day, row.model, row.model_now, row.rank, row.n_tasks)
            for day in ("2025-01-01", "2025-01-02")
            for row in opened.board("Board", day).rows
        ]
        with pytest.raises(NoDataError, match="no model has a score on it at 2025-01-02"):
            opened.board("Board", "2025-01-02", identity="registry")
    assert shown == [
        ("2025-01-01", "old/four", "new/four", 1, 3),
        ("2025-01-02", "new/four", "new/four", 1, 3),
    ]


def test_what_a_registry_declares_holds_under_the_present_name(
    load: Callable[..., Loaded],
) -> None:
    catalog = load(OLD, moved(OLD, "old/four", "new/four"))
    known = registry({"Board": "ABC"}, ("old/four",), trained={"old/four": ["A"]})
    put_registry(catalog, known)
    catalog.load()
    with catalog.open() as opened:
        (row,) = opened.contamination_report("Board").rows
    assert (row.model_now, row.declares_training, row.n_undeclared) == ("new/four", True, 0)


def test_a_name_that_returns_is_the_present_name(load: Callable[..., Loaded]) -> None:
    second = moved(OLD, "old/four", "new/four")
    held = {p: v for p, v in second.items() if v is not None}
    catalog = load(OLD, second, moved(held, "new/four", "old/four"))
    assert present(catalog) == {"new/four": "old/four"}


def test_names_of_a_moved_folder_come_from_metadata(load: Callable[..., Loaded]) -> None:
    files = OLD | {metadata_path("old/four", "main"): metadata("Old-House/Four", "main")}
    changes = moved(files, "old/four", "new/four")
    changes[metadata_path("new/four", "main")] = metadata("New-House/Four", "main")
    catalog = load(files, changes)
    assert moves(catalog) == [("Old-House/Four", "New-House/Four", "02", 3)]


def test_another_revision_of_a_model_is_not_a_move(load: Callable[..., Loaded]) -> None:
    changes: Files = dict.fromkeys(OLD)
    changes |= {path.replace("/main/", "/newer/"): said for path, said in OLD.items()}
    assert moves(load(OLD, changes)) == []


def test_a_folder_without_organisation_belongs_to_its_owner(load: Callable[..., Loaded]) -> None:
    bare = {path.replace("old__four", "four"): said for path, said in OLD.items()}
    changes = moved(bare, "four", "old/four")
    catalog = load(bare, changes)
    # The folder's name was no name of a model, so that nothing was renamed.
    assert (moves(catalog), present(catalog)) == ([], {})
    assert {row[1] for row in catalog.dump()["result_identity"]} == {"old/four"}


def test_a_bare_folder_moved_to_an_owner_is_followed(
    load: Callable[..., Loaded],
) -> None:
    bare = {path.replace("old__four", "four"): said for path, said in OLD.items()}
    owned = moved(bare, "four", "old/four")
    held = {p: v for p, v in owned.items() if v is not None}
    catalog = load(bare, owned, moved(held, "old/four", "new/four"))
    assert present(catalog) == {"old/four": "new/four"}


def test_a_curated_relation_overrules_an_observed_move(
    load: Callable[..., Loaded],
) -> None:
    changes = moved(OLD, "old/four", "new/four")
    other = load(OLD, changes, curated=[relation("moved", "old/four", "third/four")])
    assert present(other)["old/four"] == "third/four"


def test_a_curated_pair_is_not_related_again(load: Callable[..., Loaded]) -> None:
    changes = moved(OLD, "old/four", "new/four")
    curated = [relation("copy", "new/four", "old/four")]
    catalog = load(OLD, changes, curated=curated)
    assert moves(catalog) == [("old/four", "new/four", "02", 3)]
    assert relations(catalog) == [("new/four", "old/four", "copy", "curated")]
    assert present(catalog) == {}


def test_a_force_pushed_move_is_removed(new_catalog: New, tmp_path: Path) -> None:
    repository = ResultRepository(tmp_path / "results.git")
    first = repository.commit(OLD, at=DAYS[0])
    repository.commit(moved(OLD, "old/four", "new/four"), at=DAYS[1])
    catalog = new_catalog()
    catalog.take_results(repository.path)
    catalog.load()
    assert len(moves(catalog)) == 1
    repository.commit(scores("lab/one", A=0.5), at=DAYS[2], parents=[first])
    catalog.take_results(repository.path)
    catalog.load()
    assert (moves(catalog), relations(catalog)) == ([], [])
