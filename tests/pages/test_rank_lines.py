"""The line of a rank through time."""

from __future__ import annotations

from dataclasses import replace

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.history import HistoryPoint
from tracker.pages.contexts import ProfileRow, RankLine
from tracker.pages.language.filters import versus
from tracker.pages.views.rank_lines import rank_line

POINT = next(points[0] for _, points in FakeCatalog().all_history() if points)


def point(day: int, until: int | None, rank: int | None) -> HistoryPoint:
    ends = None if until is None else f"2026-01-{until:02}T00:00:00Z"
    return replace(POINT, from_at=f"2026-01-{day:02}T00:00:00Z", to_at=ends, rank=rank)


def test_the_best_rank_is_at_the_top_and_equal_ranks_are_one_stretch() -> None:
    points = [point(1, 2, 3), point(2, 3, 3), point(3, None, 1)]
    found = rank_line(points, "2026-01-05T00:00:00Z")
    assert found == RankLine("M0 38H150V2H300", "2026-01-01", "2026-01-05", 1, 3)


def test_time_without_a_rank_breaks_the_line() -> None:
    points = [point(1, 2, 1), point(3, 4, None), point(4, None, 2)]
    found = rank_line(points, "2026-01-05T00:00:00Z")
    assert found is not None
    assert found.path == "M0 2H75M225 38H300"


def test_a_rank_that_never_changed_has_no_line() -> None:
    assert rank_line([point(1, None, 4)], "2026-01-05T00:00:00Z") is None


def test_a_bar_ends_at_the_mean_and_a_mark_stands_at_the_median() -> None:
    bar = versus(ProfileRow("STS", 80.25, 75.5, 9))
    assert 'd="M0 1h80.2v3h-80.2z"' in bar
    assert 'd="M75.5 0v5"' in bar
