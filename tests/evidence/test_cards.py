"""Sixty written cards with their files: precision and recall of what is read in them."""

from __future__ import annotations

import pytest

from benchmarks.cards import PRECISION, PROPERTIES, RECALL, Reader, Score, score, written_cards


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def held_out(reader: Reader) -> dict[str, Score]:
    return score("held_out", reader)


def test_cards_that_rules_were_written_with_are_read_fully(reader: Reader) -> None:
    assert [fault for counts in score("seen", reader).values() for fault in counts.faults] == []


@pytest.mark.parametrize("name", PROPERTIES)
def test_held_out_cards_meet_precision_and_recall(held_out: dict[str, Score], name: str) -> None:
    # No value is shown here, so that the rules are not written for these cards.
    assert held_out[name].precision >= PRECISION
    assert held_out[name].recall >= RECALL


def test_half_of_the_cards_are_held_out() -> None:
    assert [sum(1 for _ in written_cards(part)) for part in ("seen", "held_out")] == [30, 30]
