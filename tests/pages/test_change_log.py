"""Change log: new models, withdrawals and new scores, derived from histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.history import Change, HistoryPoint
from tracker.pages.views.change_log import change_months

FAKE = FakeCatalog()
EDITION = replace(FAKE.editions()[0], first_at="2026-06-01T00:00:00Z")
MODEL = next(iter(FAKE.all_models()))


def day(number: int) -> str:
    return f"2026-06-{number:02}T00:00:00Z"


def point(
    start: int, end: int | None, mean: float | None, rank: int | None = 1, origin: str = "published"
) -> HistoryPoint:
    until = day(end) if end else None
    return HistoryPoint(EDITION.name, day(start), until, rank, mean, None, 3, EDITION.slug, origin)


def unexplained(changes: Sequence[Change]) -> Sequence[Change]:
    return changes


def log(*points: HistoryPoint) -> list[tuple[str, str]]:
    months = change_months([MODEL], [EDITION], {MODEL.name: points}, unexplained)
    return [(line.change.at, line.change.kind) for month in months for line in month.changes]


def test_appearance_rescore_departure_and_return_are_changes() -> None:
    assert log(
        point(2, 5, 70.0), point(5, 8, 71.0), point(10, 12, 71.0)
    ) == [
        (day(12), "left"),
        (day(10), "appeared"),
        (day(8), "left"),
        (day(5), "value_changed"),
        (day(2), "appeared"),
    ]  # fmt: skip


def test_rows_of_the_first_state_are_no_appearances() -> None:
    assert log(point(1, None, 70.0)) == []


def test_a_moved_rank_alone_is_no_change() -> None:
    assert log(point(1, 4, 70.0, 1), point(4, None, 70.001, 2)) == []


def test_a_mean_that_appears_or_vanishes_is_a_change() -> None:
    assert log(point(1, 4, None), point(4, 6, 70.0), point(6, None, None)) == [
        (day(6), "value_changed"),
        (day(4), "value_changed"),
    ]


def test_computed_states_count_like_published_ones() -> None:
    assert log(point(2, 4, 70.0, origin="recomputed")) == [(day(4), "left"), (day(2), "appeared")]


def test_current_edition_counts_from_the_end_of_the_archived() -> None:
    archived = replace(
        EDITION, slug="published-en", archived=True, current=False, first_at="2024-07-07T00:00:00Z"
    )
    early = replace(point(2, None, 70.0), from_at="2024-08-01T00:00:00Z", to_at=day(3))
    later = replace(point(3, None, 71.0), from_at=day(3))
    old = replace(
        point(2, None, 60.0),
        edition_slug="published-en",
        from_at="2024-09-01T00:00:00Z",
        to_at="2025-02-05T00:00:00Z",
    )
    points = {MODEL.name: [early, later, old]}
    months = change_months([MODEL], [EDITION, archived], points, unexplained)
    events = [(line.change.at, line.change.kind) for month in months for line in month.changes]
    assert events == [(day(3), "value_changed"), ("2024-09-01T00:00:00Z", "appeared")]


def test_a_change_has_its_cause_if_known() -> None:
    known = Change(EDITION.series, EDITION.name, "appeared", MODEL.name, MODEL.slug, None, 1, None,
                   70.0, day(3), ("new_model",), model_now=MODEL.name)  # fmt: skip

    def explain(changes: Sequence[Change]) -> Sequence[Change]:
        return [replace(change, cause=("new_model",)) for change in changes]

    points = {MODEL.name: [point(3, None, 70.0)]}
    (month,) = change_months([MODEL], [EDITION], points, explain)
    assert [line.change for line in month.changes] == [known]


@given(st.lists(st.integers(2, 28), min_size=1, unique=True), st.randoms())
def test_the_order_of_history_points_does_not_matter(starts: list[int], random: object) -> None:
    ordered = sorted(starts)
    points = [
        point(start, end, 70.0 + start)
        for start, end in zip(ordered, [*ordered[1:], None], strict=True)
    ]
    shuffled = list(points)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert log(*shuffled) == log(*points)
    assert len(log(*points)) == len(points)


def test_months_are_newest_first_and_linked() -> None:
    later = replace(point(2, None, 71.0), from_at="2026-07-02T00:00:00Z")
    earlier = replace(point(2, None, 70.0), to_at="2026-07-02T00:00:00Z")
    months = change_months([MODEL], [EDITION], {MODEL.name: [earlier, later]}, unexplained)
    assert [its.month for its in months] == ["2026-07", "2026-06"]
    assert {its.months for its in months} == {("2026-07", "2026-06")}
