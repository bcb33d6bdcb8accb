"""Garbage collection: what commands change of it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tracker.common.garbage_collection import collect_rarely, collection_paused


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_commands_collect_after_many_new_objects() -> None:
    gc.set_threshold(700, 10, 7)
    collect_rarely()
    assert (gc.get_threshold()[:2], gc.isenabled()) == ((50_000, 10), True)


def test_a_pause_ends_as_it_began() -> None:
    with collection_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
