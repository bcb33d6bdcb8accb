"""Techniques on boards, from the bundled starter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tracker.answers.adoption import BoardShare, FirstOnBoard, TechniqueShare
from tracker.answers.common import Bilingual
from tracker.answers.methods import Technique, Term
from tracker.answers.models import Model
from tracker.api import Catalog
from tracker.errors import NotFoundError
from tracker.pages.views.methods import arrivals
from tracker.pages.views.subjects import adoption, quarter


@pytest.fixture(scope="module")
def catalog(starter: Catalog) -> Catalog:
    return starter


def test_the_first_model_on_a_board_is_the_first_in_its_history(catalog: Catalog) -> None:
    for technique in catalog.technique_list():
        for first in technique.firsts:
            points = [
                point
                for point in catalog.history_list(first.series, first.model)
                if point.rank is not None and not point.partial
            ]
            assert (points[0].from_at[:10], points[0].rank) == (first.day, first.rank)
            break  # one board each keeps this cheap


def test_no_user_was_ranked_before_the_first_one(catalog: Catalog) -> None:
    technique = catalog.technique("latent-attention")
    for first in technique.firsts:
        for use in technique.uses:
            points = catalog.history_list(first.series, use.model) if use.model else ()
            ranked = [p.from_at[:10] for p in points if p.rank is not None and not p.partial]
            assert all(day >= first.day for day in ranked)


def test_a_share_counts_documented_users_among_the_first_fifty(
    catalog: Catalog, starter_models: Mapping[str, Model]
) -> None:
    technique = catalog.technique("model-merging")
    users = {use.model for use in technique.uses}
    documented = {name for name, model in starter_models.items() if model.facts}
    assert technique.boards
    for board in technique.boards:
        last = board.shares[-1]
        rows = [row for row in catalog.board(board.series, top=50).rows if row.rank is not None]
        names = {row.model_now or row.model for row in rows}
        assert last.n == len(names & users)
        assert last.of <= len(names & documented) <= 50


def test_a_technique_is_known_by_slug_label_and_phrase(catalog: Catalog) -> None:
    assert {
        catalog.technique(name).term.slug for name in ("model-merging", "slerp", "模型合并")
    } == {"model-merging"}
    with pytest.raises(NotFoundError, match="no technique called 'model-mergin'; did you mean"):
        catalog.technique("model-mergin")


def test_shares_of_boards_are_joined_by_quarter() -> None:
    title = Bilingual("A", "甲")
    one, two, three = (
        TechniqueShare(day, n, 10)
        for n, day in enumerate(("2025-12-30", "2026-03-31", "2026-06-01"))
    )
    rows = list(adoption([BoardShare("a", title, (one, three)), BoardShare("b", title, (two,))]))
    assert [(row.quarter, row.shares) for row in rows] == [
        ("2026 Q2", (three, None)),
        ("2026 Q1", (None, two)),
        ("2025 Q4", (one, None)),
    ]
    assert [quarter(f"2026-{month:02}-01") for month in (1, 3, 4, 12)] == [
        "2026 Q1", "2026 Q1", "2026 Q2", "2026 Q4",
    ]  # fmt: skip


def test_arrivals_are_in_the_order_of_their_days_without_those_at_the_start() -> None:
    title, term = (
        Bilingual("A", "甲"),
        Term("stage", "x", Bilingual("X", "己"), Bilingual("", ""), None),
    )

    def technique(slug: str, *firsts: FirstOnBoard) -> Technique:
        return Technique(replace(term, slug=slug), (), None, (), firsts)

    def first(day: str, rank: int = 1, *, is_start: bool = False) -> FirstOnBoard:
        return FirstOnBoard("a", title, day, "org/m", "org--m", rank, is_start)

    rows = arrivals(
        (
            technique("late", first("2025-03-02"), first("2025-02-01", 5)),
            technique("early", first("2025-01-31")),
            technique("last", first("2025-07-01")),
            technique("always", first("2024-07-07", is_start=True), first("2025-01-01")),
            technique("never"),
        )
    )
    assert [(row.quarter, [(t.slug, f.day) for t, f in row.firsts]) for row in rows] == [
        ("2025 Q3", [("last", "2025-07-01")]),
        ("2025 Q1", [("early", "2025-01-31"), ("late", "2025-02-01")]),
    ]
