"""Collapsing copies: one row per family, and the ranks of the rows that remain."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tracker.ranking.copies import CollapsedRow, RankedRow, collapse
from tracker.ranking.ranks import rank_by


@st.composite
def boards(draw: st.DrawFn) -> list[RankedRow]:
    """Ranked rows, best first, with shared ranks and gaps; then rows without a rank."""
    models = draw(st.lists(st.integers(1, 6), max_size=10))
    ranked = draw(st.integers(0, len(models)))
    rows, rank, n_sharing = [], 0, 1
    for key, model in enumerate(models):
        if rank == 0 or draw(st.booleans()):
            # Shared ranks leave a gap of equal size; removed models leave further gaps.
            rank += n_sharing + draw(st.sampled_from([0, 0, 1]))
            n_sharing = 0
        n_sharing += 1
        rows.append(RankedRow(key, model, rank if key < ranked else None))
    return rows


families = st.dictionaries(st.integers(4, 6), st.integers(1, 3))


@given(boards())
def test_a_board_without_copies_keeps_its_published_ranks(rows: list[RankedRow]) -> None:
    once = [x for i, x in enumerate(rows) if x.model not in [y.model for y in rows[:i]]]
    assert collapse(once, {}) == [CollapsedRow(row, row.rank, ()) for row in once]


@given(boards(), families)
def test_every_row_is_either_kept_or_hidden(
    rows: list[RankedRow], originals: dict[int, int]
) -> None:
    found = collapse(rows, originals)
    all_rows = [one.row for one in found] + [x for one in found for x in one.hidden]
    assert sorted(all_rows) == sorted(rows)
    # In the given order.
    assert [one.row for one in found] == [x for x in rows if x in {o.row for o in found}]


@given(boards(), families)
def test_each_family_keeps_one_row_and_its_being_ranked(
    rows: list[RankedRow], originals: dict[int, int]
) -> None:
    def family(row: RankedRow) -> int:
        return originals.get(row.model, row.model)

    found = {family(one.row): one for one in collapse(rows, originals)}
    assert len(found) == len(collapse(rows, originals))
    assert set(found) == {family(row) for row in rows}
    for row in rows:
        representative = found[family(row)]
        assert row in (representative.row, *representative.hidden)
        if row.rank is not None:
            assert representative.rank is not None


@given(boards(), families)
def test_a_ranked_original_represents_its_family(
    rows: list[RankedRow], originals: dict[int, int]
) -> None:
    ranked = {row.model for row in rows if row.rank is not None}
    for one in collapse(rows, originals):
        original = originals.get(one.row.model, one.row.model)
        if original in ranked:
            assert one.row.model == original


@given(boards(), families)
def test_a_rank_improves_by_the_number_of_hidden_rows_above(
    rows: list[RankedRow], originals: dict[int, int]
) -> None:
    found = collapse(rows, originals)
    ranks = [one.rank for one in found if one.rank is not None]
    assert all(a <= b for a, b in pairwise(ranks))
    assert [one.rank is None for one in found] == sorted(one.rank is None for one in found)
    hidden = [x.rank for one in found for x in one.hidden if x.rank is not None]
    for one in found:
        if one.rank is not None:
            assert one.row.rank is not None
            assert one.rank == one.row.rank - sum(rank < one.row.rank for rank in hidden)
            assert 1 <= one.rank <= one.row.rank


def test_a_better_ranked_copy_is_hidden_behind_its_original() -> None:
    rows = [RankedRow(1, 11, 1), RankedRow(2, 22, 2), RankedRow(3, 1, 3), RankedRow(4, 33, 4)]
    assert collapse(rows, {11: 1}) == [
        CollapsedRow(rows[1], 1, ()),
        CollapsedRow(rows[2], 2, (rows[0],)),
        CollapsedRow(rows[3], 3, ()),
    ]


def test_a_copy_represents_an_original_without_rank_or_row() -> None:
    rows = [RankedRow(1, 11, 1), RankedRow(2, 12, 2), RankedRow(3, 22, 3), RankedRow(4, 1, None)]
    found = collapse(rows, {11: 1, 12: 1, 21: 2, 22: 2})
    assert found == [
        CollapsedRow(rows[0], 1, (rows[1], rows[3])),
        CollapsedRow(rows[2], 2, ()),
    ]


def test_the_better_of_two_rows_of_a_model_is_kept() -> None:
    rows = [RankedRow(1, 7, 1), RankedRow(2, 8, 2), RankedRow(3, 7, None)]
    assert collapse(rows, {})[0] == CollapsedRow(rows[0], 1, (rows[2],))


# Ranks by a rule


@given(st.lists(st.none() | st.sampled_from([1.0, 2.0, 3.5])))
def test_equal_values_share_a_rank_and_missing_values_have_none(values: list[float | None]) -> None:
    frame = pl.DataFrame(
        {"row": range(len(values)), "v": values}, schema={"row": pl.Int64, "v": pl.Float64}
    )
    ranked = rank_by(frame, "v")
    for value, rank in ranked.select("v", "rank").iter_rows():
        assert rank == (
            None
            if value is None
            else 1 + sum(other is not None and other > value for other in values)
        )
    order = ranked["row"].to_list()
    assert order == sorted(
        range(len(values)), key=lambda i: (values[i] is None, -(values[i] or 0), i)
    )
