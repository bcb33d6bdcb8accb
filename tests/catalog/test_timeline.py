"""Intervals depend on the assigned states, not on their order."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracker.catalog.boards.timeline import Span, Timeline

MOMENTS = [f"2024-07-{day:02d}T00:00:00Z" for day in range(1, 9)]
VALUES = "abc"

states = st.dictionaries(
    st.sampled_from(MOMENTS), st.sets(st.sampled_from(VALUES)), min_size=1, max_size=8
)


def brute_force(seen: dict[str, set[str]]) -> dict[str, list[Span]]:
    """Walk through all moments and open and close every value by hand."""
    found: dict[str, list[Span]] = {value: [] for value in VALUES}
    for value in VALUES:
        start = None
        for at in sorted(seen):
            if value in seen[at] and start is None:
                start = at
            elif value not in seen[at] and start is not None:
                found[value].append(Span(start, at))
                start = None
        if start is not None:
            found[value].append(Span(start, None))
    return found


def intervals(timeline: Timeline[str]) -> dict[str, list[Span]]:
    return {value: timeline.spans(value) for value in VALUES}


@given(states, st.randoms(use_true_random=False))
def test_any_order_gives_the_intervals_of_a_simple_model(
    seen: dict[str, set[str]], random: object
) -> None:
    order = list(seen)
    random.shuffle(order)  # type: ignore[attr-defined]
    timeline: Timeline[str] = Timeline()
    for at in order:
        timeline.assign(at, set(seen[at]))
    assert intervals(timeline) == brute_force(seen)
    for at in order[::-1]:
        timeline.assign(at, set(seen[at]))
    assert intervals(timeline) == brute_force(seen)


@given(states, states, st.randoms(use_true_random=False))
def test_a_reassigned_moment_has_only_its_last_state(
    first: dict[str, set[str]], second: dict[str, set[str]], random: object
) -> None:
    timeline: Timeline[str] = Timeline()
    for seen in (first, second):
        order = list(seen)
        random.shuffle(order)  # type: ignore[attr-defined]
        for at in order:
            timeline.assign(at, set(seen[at]))
    assert intervals(timeline) == brute_force(first | second)


@given(states, states)
def test_a_timeline_continues_from_stored_intervals(
    first: dict[str, set[str]], second: dict[str, set[str]]
) -> None:
    stored = [(v, s.start, s.end) for v, spans in brute_force(first).items() for s in spans]
    timeline = Timeline(first, stored)
    for at, values in second.items():
        timeline.assign(at, set(values))
    assert intervals(timeline) == brute_force(first | second)
    same = {v for v in VALUES if brute_force(first)[v] == brute_force(first | second)[v]}
    # What is not noted as changed is not written: it must be what was stored.
    assert set(VALUES) - timeline.changed <= same


@given(states, st.randoms(use_true_random=False))
def test_intervals_of_a_value_do_not_overlap_or_touch(
    seen: dict[str, set[str]], random: object
) -> None:
    order = list(seen)
    random.shuffle(order)  # type: ignore[attr-defined]
    timeline: Timeline[str] = Timeline()
    for at in order:
        timeline.assign(at, set(seen[at]))
        for value in VALUES:
            spans = timeline.spans(value)
            for one, next_ in pairwise(spans):
                assert one.end is not None
                assert one.end < next_.start
            for span in spans:
                assert span.end is None or span.start < span.end


@given(states, st.sets(st.sampled_from(MOMENTS)))
def test_a_forgotten_moment_has_the_state_of_the_one_before(
    seen: dict[str, set[str]], gone: set[str]
) -> None:
    stored = [(v, s.start, s.end) for v, spans in brute_force(seen).items() for s in spans]
    timeline = Timeline(seen, stored)
    for at in gone & seen.keys():
        timeline.forget(at)
    kept = {at: values for at, values in seen.items() if at not in gone}
    assert intervals(timeline) == brute_force(kept)
    same = {v for v in VALUES if brute_force(seen)[v] == brute_force(kept)[v]}
    assert set(VALUES) - timeline.changed <= same
