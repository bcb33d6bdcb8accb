"""Each cause by a tiny history of plain records, and that every event has exactly one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.insights.history.causes import Cause, Event, History, Version, classify, events

DAYS = [f"2025-01-{day:02}" for day in range(1, 8)]
FIRST, ONE, TWO, THREE = DAYS[:4]
BASE = Version(1, 1, "lab/m", "r1", "", "run", "A", 1, "1.0", "d", ONE, None)


def version(**told: Any) -> Version:
    return BASE._replace(**told)


def history(
    *versions: Version,
    beginnings: Mapping[str, str] | None = None,
    mass: frozenset[str] = frozenset(),
    unread: frozenset[int] = frozenset(),
    same: Mapping[int, int] | None = None,
) -> History:
    """Contents say numbers of their own, unless ``same`` gives one the number of another."""
    contents = {v.content for v in versions} - unread
    cells = {c: {("test", "default"): float((same or {}).get(c, c))} for c in contents}
    return History(versions, cells, beginnings or {"lab/m": FIRST}, mass, FIRST)


def told(found: History) -> list[tuple[str, str, str, Cause]]:
    """Moment, kind, task and cause of every event."""
    return sorted(
        (
            event.at,
            "changed" if event.before and event.after else "new" if event.after else "gone",
            event.subject.task,
            classify(event, found),
        )
        for event in events(found, "", "9")
    )


def test_the_first_result_of_a_model_is_a_new_model() -> None:
    assert told(history(BASE, beginnings={"lab/m": ONE})) == [(ONE, "new", "A", "new_model")]


def test_a_task_that_a_known_model_had_not_is_a_new_result() -> None:
    assert told(history(BASE)) == [(ONE, "new", "A", "new_result")]


def test_what_stands_in_the_first_state_did_not_appear_then() -> None:
    assert told(history(version(since=FIRST))) == []


@pytest.mark.parametrize("what", [{"mteb_version": "1.1"}, {"dataset_revision": "e"}])
def test_other_numbers_by_another_evaluator_or_data_are_a_run_again(what: dict[str, str]) -> None:
    found = history(version(since=FIRST, until=ONE), version(content=2, **what))
    assert told(found) == [(ONE, "changed", "A", "rerun")]


def test_other_numbers_of_the_same_revision_and_version_are_a_correction() -> None:
    found = history(version(since=FIRST, until=ONE), version(content=2))
    assert told(found) == [(ONE, "changed", "A", "corrected")]


def test_the_same_numbers_written_anew_are_no_event() -> None:
    found = history(version(since=FIRST, until=ONE), version(content=2), same={2: 1})
    assert told(found) == []


def test_a_result_of_another_revision_is_a_run_again() -> None:
    old = version(since=FIRST)
    assert told(history(old, version(file=2, folder=2, revision="r2", content=2))) == [
        (ONE, "new", "A", "rerun")
    ]


def test_a_result_that_gives_way_to_another_revision_is_a_run_again() -> None:
    old = version(since=FIRST, until=ONE)
    assert told(history(old, version(file=2, folder=2, revision="r2", content=2))) == [
        (ONE, "gone", "A", "rerun"),
        (ONE, "new", "A", "rerun"),
    ]


def test_the_same_contents_in_a_folder_of_another_name_are_a_renamed_model() -> None:
    old = version(model="old/m", since=FIRST, until=ONE)
    assert told(history(old, version(file=2, folder=2), beginnings={"lab/m": ONE})) == [
        (ONE, "gone", "A", "renamed_model"),
        (ONE, "new", "A", "renamed_model"),
    ]


def test_a_folder_of_the_same_name_part_may_stand_beside_the_old_one_for_a_while() -> None:
    old = version(model="old/m", since=FIRST, until=TWO)
    assert told(history(old, version(file=2, folder=2), beginnings={"lab/m": ONE})) == [
        (ONE, "new", "A", "renamed_model"),
        (TWO, "gone", "A", "renamed_model"),
    ]


def test_equal_contents_of_a_model_with_another_name_are_no_rename() -> None:
    other = version(model="other/n", file=2, folder=2, since=FIRST)
    found = history(BASE, other, beginnings={"lab/m": ONE})
    assert told(found) == [(ONE, "new", "A", "new_model")]


def test_equal_scores_under_another_task_of_the_same_folder_are_a_renamed_task() -> None:
    old = version(since=FIRST, until=ONE)
    assert told(history(old, version(file=2, task="B", content=2), same={2: 1})) == [
        (ONE, "gone", "A", "renamed_task"),
        (ONE, "new", "B", "renamed_task"),
    ]


def test_a_file_that_names_another_task_for_its_numbers_is_a_renamed_task() -> None:
    found = history(version(since=FIRST, until=ONE), version(task="B", content=2), same={2: 1})
    assert told(found) == [(ONE, "changed", "B", "renamed_task")]


def test_a_file_that_is_gone_for_good_is_removed() -> None:
    assert told(history(version(since=FIRST, until=ONE))) == [(ONE, "gone", "A", "removed")]


def test_a_file_that_left_and_came_back_is_restored() -> None:
    assert told(history(version(since=FIRST, until=ONE), version(since=TWO))) == [
        (ONE, "gone", "A", "removed"),
        (TWO, "new", "A", "restored"),
    ]


def test_a_file_that_came_back_with_other_numbers_is_a_correction() -> None:
    assert told(history(version(since=FIRST, until=ONE), version(since=TWO, content=2))) == [
        (ONE, "gone", "A", "removed"),
        (TWO, "new", "A", "corrected"),
    ]


def test_a_run_beside_a_self_report_replaces_it() -> None:
    reported = version(file=2, folder=2, origin="self-reported", since=FIRST, until=TWO, content=2)
    assert told(history(BASE, reported)) == [
        (ONE, "new", "A", "self_report_replaced"),
        (TWO, "gone", "A", "self_report_replaced"),
    ]


def test_a_self_report_that_leaves_without_a_run_is_removed() -> None:
    reported = version(origin="self-reported", since=FIRST, until=ONE)
    assert told(history(reported)) == [(ONE, "gone", "A", "removed")]


def test_what_a_mass_edit_changes_or_removes_is_a_mass_edit() -> None:
    found = history(
        version(since=FIRST, until=ONE),
        version(content=2, mteb_version="2.0", until=TWO),
        mass=frozenset({ONE, TWO}),
    )
    assert told(found) == [(ONE, "changed", "A", "mass_edit"), (TWO, "gone", "A", "mass_edit")]


def test_a_mass_rename_is_a_rename() -> None:
    old = version(model="m", since=FIRST, until=ONE)
    assert told(history(old, version(file=2, folder=2), mass=frozenset({ONE}))) == [
        (ONE, "gone", "A", "renamed_model"),
        (ONE, "new", "A", "renamed_model"),
    ]


def test_a_content_that_cannot_be_read_leaves_a_change_unexplained() -> None:
    found = history(version(since=FIRST, until=ONE), version(content=2), unread=frozenset({2}))
    assert told(found) == [(ONE, "changed", "A", "unexplained")]


def test_a_file_that_could_never_be_read_has_no_events() -> None:
    assert told(history(BASE, unread=frozenset({1}))) == []


@st.composite
def histories(draw: st.DrawFn) -> History:
    versions = []
    for file in range(draw(st.integers(1, 6))):
        folder = draw(st.integers(1, 3))
        ends = sorted(draw(st.sets(st.sampled_from(DAYS), min_size=1, max_size=4)))
        for since, until in zip(ends, [*ends[1:], None], strict=True):
            if draw(st.booleans()):
                versions.append(
                    Version(
                        file,
                        folder,
                        ("old/m", "lab/m", "lab/n")[folder - 1],
                        draw(st.sampled_from(["r1", "r2", None])),
                        draw(st.sampled_from(["", "{}"])),
                        draw(st.sampled_from(["run", "self-reported"])),
                        draw(st.sampled_from("AB")),
                        draw(st.integers(1, 4)),
                        draw(st.sampled_from(["1.0", None])),
                        "d",
                        since,
                        until,
                    )
                )
    readable = draw(st.sets(st.integers(1, 4)))
    number = st.sampled_from([0.5, 0.6, None])
    return History(
        versions,
        {content: {("test", "default"): draw(number)} for content in readable},
        draw(st.dictionaries(st.sampled_from(["old/m", "lab/m"]), st.sampled_from(DAYS))),
        draw(st.sets(st.sampled_from(DAYS))),
        FIRST,
    )


@given(histories())
def test_every_event_has_exactly_one_cause(found: History) -> None:
    for event in events(found, "", "9"):
        assert classify(event, found) in get_args(Cause)


@given(histories(), st.sampled_from(DAYS))
def test_the_events_of_two_windows_are_those_of_both_together(found: History, cut: str) -> None:
    whole: list[Event] = sorted(events(found, "", "9"), key=repr)
    assert whole == sorted([*events(found, "", cut), *events(found, cut, "9")], key=repr)


@given(histories())
def test_the_order_of_versions_changes_no_cause(found: History) -> None:
    versions = [v for its in found.by_file.values() for v in its]
    turned = History(
        versions[::-1], found.cells, found.beginnings, found.mass_moments, found.first_at
    )
    assert told(turned) == told(found)
