"""One line a model: copies give their place away, and nobody else is lost or overtaken."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tracker.ranking.copies import Collapsed, Line, collapse
from tracker.ranking.standing import rank_by


@st.composite
def boards(draw: st.DrawFn) -> list[Line]:
    """Ranked lines, best first, some of them sharing a rank or leaving a gap; then the others."""
    models = draw(st.lists(st.integers(1, 6), max_size=10))
    ranked = draw(st.integers(0, len(models)))
    lines, rank, n_sharing = [], 0, 1
    for key, model in enumerate(models):
        if rank == 0 or draw(st.booleans()):
            # After shared ranks as many are left out; models that were dropped leave more gaps.
            rank += n_sharing + draw(st.sampled_from([0, 0, 1]))
            n_sharing = 0
        n_sharing += 1
        lines.append(Line(key, model, rank if key < ranked else None))
    return lines


families = st.dictionaries(st.integers(4, 6), st.integers(1, 3))


@given(boards())
def test_without_copies_a_board_stays_as_it_was_printed(lines: list[Line]) -> None:
    once = [x for i, x in enumerate(lines) if x.model not in [y.model for y in lines[:i]]]
    assert collapse(once, {}) == [Collapsed(line, line.rank, ()) for line in once]


@given(boards(), families)
def test_every_line_is_shown_or_hidden_once(lines: list[Line], originals: dict[int, int]) -> None:
    found = collapse(lines, originals)
    told = [one.line for one in found] + [x for one in found for x in one.hidden]
    assert sorted(told) == sorted(lines)
    # In the given order.
    assert [one.line for one in found] == [x for x in lines if x in {o.line for o in found}]


@given(boards(), families)
def test_one_line_a_family_and_a_ranked_family_stays_ranked(
    lines: list[Line], originals: dict[int, int]
) -> None:
    def family(line: Line) -> int:
        return originals.get(line.model, line.model)

    found = {family(one.line): one for one in collapse(lines, originals)}
    assert len(found) == len(collapse(lines, originals))
    assert set(found) == {family(line) for line in lines}
    for line in lines:
        speaker = found[family(line)]
        assert line in (speaker.line, *speaker.hidden)
        if line.rank is not None:
            assert speaker.rank is not None


@given(boards(), families)
def test_the_original_speaks_where_it_is_ranked(
    lines: list[Line], originals: dict[int, int]
) -> None:
    ranked = {line.model for line in lines if line.rank is not None}
    for one in collapse(lines, originals):
        original = originals.get(one.line.model, one.line.model)
        if original in ranked:
            assert one.line.model == original


@given(boards(), families)
def test_ranks_stay_in_order_and_count_only_the_lines_that_are_hidden_above(
    lines: list[Line], originals: dict[int, int]
) -> None:
    found = collapse(lines, originals)
    ranks = [one.rank for one in found if one.rank is not None]
    assert all(a <= b for a, b in pairwise(ranks))
    assert [one.rank is None for one in found] == sorted(one.rank is None for one in found)
    hidden = [x.rank for one in found for x in one.hidden if x.rank is not None]
    for one in found:
        if one.rank is not None:
            assert one.line.rank is not None
            assert one.rank == one.line.rank - sum(rank < one.line.rank for rank in hidden)
            assert 1 <= one.rank <= one.line.rank


def test_a_copy_on_top_gives_its_place_to_the_original_below() -> None:
    lines = [Line(1, 11, 1), Line(2, 22, 2), Line(3, 1, 3), Line(4, 33, 4)]
    assert collapse(lines, {11: 1}) == [
        Collapsed(lines[1], 1, ()),
        Collapsed(lines[2], 2, (lines[0],)),
        Collapsed(lines[3], 3, ()),
    ]


def test_a_copy_speaks_for_an_original_that_is_not_ranked_or_not_listed() -> None:
    lines = [Line(1, 11, 1), Line(2, 12, 2), Line(3, 22, 3), Line(4, 1, None)]
    found = collapse(lines, {11: 1, 12: 1, 21: 2, 22: 2})
    assert found == [
        Collapsed(lines[0], 1, (lines[1], lines[3])),
        Collapsed(lines[2], 2, ()),
    ]


def test_the_better_line_speaks_for_a_model_that_stands_in_two() -> None:
    lines = [Line(1, 7, 1), Line(2, 8, 2), Line(3, 7, None)]
    assert collapse(lines, {})[0] == Collapsed(lines[0], 1, (lines[2],))


# Ranks by a rule


@given(st.lists(st.none() | st.sampled_from([1.0, 2.0, 3.5])))
def test_equal_values_share_a_rank_and_a_missing_one_has_none(values: list[float | None]) -> None:
    frame = pl.DataFrame(
        {"line": range(len(values)), "v": values}, schema={"line": pl.Int64, "v": pl.Float64}
    )
    ranked = rank_by(frame, "v")
    for value, rank in ranked.select("v", "rank").iter_rows():
        assert rank == (
            None
            if value is None
            else 1 + sum(other is not None and other > value for other in values)
        )
    order = ranked["line"].to_list()
    assert order == sorted(
        range(len(values)), key=lambda i: (values[i] is None, -(values[i] or 0), i)
    )
