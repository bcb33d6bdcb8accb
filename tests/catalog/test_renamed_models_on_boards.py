"""A model that took another name is one model on computed boards; a copied folder is another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.catalogs import Loaded
from tests.support.result_repository import ResultRepository
from tests.support.state_worlds import TASKS, moved, put_registry, registry, scores

New = Callable[..., Loaded]
BOARD = "Three(eng, v1)"
MOMENTS = [f"2025-{month:02d}-{day:02d}T10:00:00Z" for month in (1, 2) for day in (1, 2, 20)]


def loaded(new_catalog: New, repository: ResultRepository) -> Loaded:
    catalog: Loaded = new_catalog()
    catalog.take_results(repository.path)
    put_registry(catalog, registry({BOARD: TASKS}, ("lab/one", "new/four")))
    catalog.load()
    return catalog


@pytest.fixture
def renamed(new_catalog: New, tmp_path: Path) -> Loaded:
    """A catalog in which ``old/four`` became ``new/four``."""
    made = ResultRepository(tmp_path / "results.git")
    four = scores("old/four", A=0.9, B=0.9, C=0.9)
    made.commit(scores("lab/one", A=0.5, B=0.6, C=0.4), at=MOMENTS[0])
    made.commit(four, at=MOMENTS[1])
    made.commit(
        moved(four, "old/four", "new/four"), at=MOMENTS[4], message="Move four to its new house"
    )
    return loaded(new_catalog, made)


def test_a_folder_moved_to_another_name_is_one_model(renamed: Loaded) -> None:
    with renamed.open() as opened:
        then, later = opened.board(BOARD, MOMENTS[2]), opened.board(BOARD, MOMENTS[5])
        points = opened.history_list(BOARD, "old/four")
        assert points == opened.history_list(BOARD, "new/four")
        leads = opened.leader_list(BOARD)
        model = opened.model("old/four")
    assert [(r.rank, r.model, r.model_now) for r in then.rows] == [
        (1, "old/four", "new/four"),
        (2, "lab/one", "lab/one"),
    ]
    assert [(r.rank, r.model, r.model_now) for r in later.rows] == [
        (1, "new/four", "new/four"),
        (2, "lab/one", "lab/one"),
    ]
    assert [(p.model, p.from_at, p.to_at, p.rank) for p in points] == [
        ("old/four", MOMENTS[1], MOMENTS[4], 1),
        ("new/four", MOMENTS[4], None, 1),
    ]
    assert [(one.model_now, one.from_day, one.until_day) for one in leads] == [
        ("lab/one", "2025-01-01", "2025-01-01"),
        ("new/four", "2025-01-02", None),
    ]
    assert model.name == "new/four"


def test_with_registry_identity_former_names_do_not_count(renamed: Loaded) -> None:
    with renamed.open() as opened:
        spelled = opened.board(BOARD, MOMENTS[2], identity="registry")
        followed = opened.board(BOARD, MOMENTS[2])
    assert [r.model for r in spelled.rows] == ["lab/one"]
    assert [r.model for r in followed.rows] == ["old/four", "lab/one"]


def test_a_copied_folder_is_another_model(new_catalog: New, tmp_path: Path) -> None:
    made = ResultRepository(tmp_path / "results.git")
    four = scores("old/four", A=0.9, B=0.9, C=0.9)
    made.commit(four, at=MOMENTS[0])
    made.commit(
        {p: said for p, said in moved(four, "old/four", "new/four").items() if said is not None},
        at=MOMENTS[1],
    )
    catalog = loaded(new_catalog, made)
    assert catalog.dump()["model_move"] == []
    with catalog.open() as opened:
        assert [r.model for r in opened.board(BOARD).rows] == ["new/four"]
