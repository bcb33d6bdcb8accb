"""Boards computed from raw scores: which origin is shown, for which dates, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import leaderboard_payloads as live
from tests.support.catalogs import Loaded
from tests.support.registry_exports import benchmark, export, task
from tests.support.result_repository import (
    ResultRepository,
    metadata,
    metadata_path,
    result,
    result_path,
)
from tests.support.shared import LoadOnce
from tracker.api import Catalog
from tracker.errors import NoDataError, NotFoundError, UsageError
from tracker.snapshots.store import Archive
from tracker.sources import benchmark_registry, result_files
from tracker.sources.records import Fetched

BOARD = "Small(eng, v1)"


def registry(*benchmarks: dict[str, Any], **changes: Any) -> bytes:
    """Two tasks of one type and one of another; two registered models."""
    return export(
        *(benchmarks or (benchmark(BOARD, ["A", "B", "C"]),)),
        tasks=[task("A"), task("B"), task("C", "Retrieval", main_score="ndcg_at_10")],
        models=[
            {"name": "lab/one", "revision": "main", "training_tasks": ["A"], "embed_dim": 768},
            {"name": "lab/two", "revision": "main"},
        ],
        **changes,
    )


def load_results(catalog: Loaded, folder: Path) -> None:
    """Results of January to March 2025: ``lab/two`` arrives later and overtakes ``lab/one``."""
    repository = ResultRepository(folder / "results.git")

    def files(model: str, **values: float) -> dict[str, Any]:
        return {
            metadata_path(model, "main"): metadata(model, "main"),
            **{result_path(model, "main", name): result(name, v) for name, v in values.items()},
        }

    repository.commit(files("lab/one", A=0.5, B=0.6, C=0.4), at="2025-01-10T10:00:00Z")
    repository.commit(files("lab/two", A=0.7, B=0.8), at="2025-02-10T10:00:00Z")
    repository.commit(files("lab/unregistered", A=0.9, B=0.9, C=0.9), at="2025-02-11T10:00:00Z")
    repository.commit(files("lab/two", C=0.5), at="2025-03-10T10:00:00Z")
    result_files.update(str(repository.path), catalog.clones / "result-files", seen_at="")
    put_registry(catalog, registry())
    catalog.load()


@pytest.fixture(scope="module")
def loaded(loaded_once: LoadOnce) -> Loaded:
    return loaded_once("recomputed", load_results)


@pytest.fixture
def own(loaded: Loaded, own_copy: Callable[[Loaded], Loaded]) -> Loaded:
    return own_copy(loaded)


def put_registry(catalog: Loaded, body: bytes, at: str = "2025-04-01T00:00:00Z") -> None:
    header = benchmark_registry.HEADER
    answer = Fetched(benchmark_registry.STREAM, "https://example.org/mteb", body, at)
    Archive(catalog.archive).add(header.id, header.licence, answer, observed_at=at)


def published(value: float) -> dict[str, Any]:
    """An answer of the live leaderboard with ``lab/one`` alone."""
    kinds = {"A": "STS", "B": "STS", "C": "Retrieval"}
    return live.board(
        BOARD,
        [live.row("lab/one", 1, dict.fromkeys(kinds, value))],
        tasks=list(kinds),
        tasksMeta=[{"name": name, "type": kind} for name, kind in kinds.items()],
    )


def told(catalog: Catalog, as_of: str | None = None, **how: Any) -> list[tuple[Any, ...]]:
    columns = ("rank", "model", "mean_task", "mean_task_type", "n_tasks", "n_tasks_total")
    frame = catalog.leaderboard(BOARD, as_of, **how)
    return [
        tuple(round(v, 9) if isinstance(v, float) else v for v in row)
        for row in frame.select(columns).rows()
    ]


def test_a_board_stands_as_its_files_stood_on_that_day(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        assert told(catalog, "2025-01-31") == [(1, "lab/one", 50.0, 47.5, 3, 3)]
        assert told(catalog, "2025-02-28") == [
            (1, "lab/two", None, None, 2, 3),
            (2, "lab/one", 50.0, 47.5, 3, 3),
        ]
        assert told(catalog, "2025-03-31") == [
            (1, "lab/two", pytest.approx(66.666666667), 62.5, 3, 3),
            (2, "lab/one", 50.0, 47.5, 3, 3),
        ]


def test_incomplete_models_are_listed_but_not_ranked_by_a_mean(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        assert told(catalog, "2025-02-28", rank_by="mean_task") == [
            (1, "lab/one", 50.0, 47.5, 3, 3),
            (None, "lab/two", None, None, 2, 3),
        ]
        assert told(catalog, "2025-02-28", complete_only=True) == [(2, "lab/one", 50.0, 47.5, 3, 3)]
        assert told(catalog, "2025-02-28", rank_by="borda") == told(catalog, "2025-02-28")


def test_a_recomputed_board_names_its_origin_registry_and_commit(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        board = catalog.board(BOARD, "2025-02-28")
        row = board.rows[1]
    assert (board.origin, board.registry, board.published_at) == (
        "recomputed",
        "mteb 2.26.24",
        "2025-02-11T10:00:00Z",
    )
    assert board.provenance.source == "result-files"
    assert board.provenance.commit is not None
    assert board.provenance.url.endswith(f"/commit/{board.provenance.commit}")
    assert (row.task_types, row.zero_shot_pct, row.embedding_dimensions, row.since) == (
        {"STS": pytest.approx(55.0), "Retrieval": 40.0},
        66,
        768,
        "2025-01-10T10:00:00Z",
    )


def test_what_was_published_is_shown_where_there_is_something(own: Loaded) -> None:
    own.put(f"scores/{BOARD}", published(0.1), "2025-02-20T00:00:00Z")
    own.load()
    with own.open() as catalog:
        origins = {
            (day, origin): catalog.board(BOARD, day, origin=origin).origin
            for day in ("2025-01-31", "2025-02-28")
            for origin in (None, "recomputed")
        }
        assert origins == {
            ("2025-01-31", None): "recomputed",
            ("2025-01-31", "recomputed"): "recomputed",
            ("2025-02-28", None): "published",
            ("2025-02-28", "recomputed"): "recomputed",
        }
        with pytest.raises(NoDataError, match="no data before 2025-02-20"):
            catalog.board(BOARD, "2025-01-31", origin="published")
        points = catalog.history_list(BOARD, "lab/one")
        assert [(its.origin, its.from_at, its.to_at, its.rank) for its in points] == [
            ("recomputed", "2025-01-10T10:00:00Z", "2025-02-10T10:00:00Z", 1),
            ("recomputed", "2025-02-10T10:00:00Z", "2025-02-20T00:00:00Z", 2),
            ("published", "2025-02-20T00:00:00Z", "2025-03-10T10:00:00Z", 1),
            # Results that are newer than the print: the computed state is the latest that is known.
            ("recomputed", "2025-03-10T10:00:00Z", None, 2),
        ]


def test_a_history_has_every_change_on_its_own_day(own: Loaded) -> None:
    own.put(f"scores/{BOARD}", published(0.1), "2025-03-31T12:00:00Z")
    own.load()
    with own.open() as catalog:
        points = [
            (p.origin, p.from_at, p.to_at, p.rank) for p in catalog.history_list(BOARD, "lab/one")
        ]
    assert points == [
        ("recomputed", "2025-01-10T10:00:00Z", "2025-02-10T10:00:00Z", 1),
        ("recomputed", "2025-02-10T10:00:00Z", "2025-03-31T12:00:00Z", 2),
        ("published", "2025-03-31T12:00:00Z", None, 1),
    ]


def test_before_the_first_result_there_is_a_clear_line(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        for origin in (None, "recomputed"):
            with pytest.raises(NoDataError, match="2025-01-10 or later, not 2024-12-31"):
                catalog.board(BOARD, "2024-12-31", origin=origin)
        with pytest.raises(NotFoundError, match="Small"):
            catalog.board("Smaall(engg, v1)", "2025-02-28", origin="recomputed")
        with pytest.raises(UsageError, match="no origin 'computed'"):
            catalog.board(BOARD, origin="computed")


def test_a_changed_task_list_is_another_edition_of_the_same_name(own: Loaded) -> None:
    put_registry(
        own,
        registry(benchmark(BOARD, ["A", "B"]), version="2.27.0"),
        "2025-05-01T00:00:00Z",
    )
    own.load()
    with own.open() as catalog:
        editions = [(e.name, e.n_tasks) for e in catalog.editions()]
        boards = [catalog.board(e, "2025-03-31") for e in catalog.editions()]
    assert sorted(editions) == [(BOARD, 2), (BOARD, 3)]
    assert {(b.edition.n_tasks, b.registry) for b in boards} == {
        (3, "mteb 2.26.24"),
        (2, "mteb 2.27.0"),
    }


def test_without_a_registry_there_is_nothing_to_compute(
    new_catalog: Callable[..., Loaded], tmp_path: Path
) -> None:
    catalog = new_catalog()
    repository = ResultRepository(tmp_path / "other.git")
    path = result_path("lab/one", "main", "A")
    repository.commit({path: result("A", 0.5)}, at="2025-01-10T10:00:00Z")
    result_files.update(str(repository.path), catalog.clones / "result-files", seen_at="")
    catalog.load()
    with catalog.open() as opened, pytest.raises(NoDataError, match="fetch result-files and"):
        opened.board(BOARD, "2025-02-28", origin="recomputed")


def test_task_scores_are_those_of_the_files_or_of_the_published_board(own: Loaded) -> None:
    own.put(f"scores/{BOARD}", published(0.1), "2025-02-20T00:00:00Z")
    own.load()
    with own.open() as catalog:
        assert catalog.task_scores(BOARD, "2025-02-28").rows() == [
            ("lab/one", "A", 10.0),
            ("lab/one", "B", 10.0),
            ("lab/one", "C", 10.0),
        ]
        assert catalog.task_scores(BOARD, "2025-02-28", origin="recomputed").rows() == [
            ("lab/one", "A", 50.0),
            ("lab/one", "B", 60.0),
            ("lab/one", "C", 40.0),
            ("lab/two", "A", 70.0),
            ("lab/two", "B", 80.0),
        ]


def test_a_registry_does_not_make_the_data_newer(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        assert catalog.data_until == "2025-03-10T10:00:00Z"
