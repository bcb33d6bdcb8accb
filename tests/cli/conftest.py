"""Homes of the commands that write: with few facts, without a starter, retries and waiting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.boards import EN, BoardRepository, overall
from tests.support.story import EVENING, FIRST

MTEB = "MTEB(eng, v2)"


@pytest.fixture
def bare_home(monkeypatch: pytest.MonkeyPatch, few_facts: Path) -> None:
    """A home without the bundled boards; its one live board answers at once."""
    monkeypatch.setenv("TRACKER_CURATED", str(few_facts))
    monkeypatch.setenv("TRACKER_STARTER", "0")
    monkeypatch.setenv("TRACKER_RETRIES", "0")
    monkeypatch.setenv("TRACKER_WAKE_UP_SECONDS", "0")
    monkeypatch.setattr("tracker.sources.leaderboard_api.SECONDS_BETWEEN_REQUESTS", 0)
    monkeypatch.setenv("TRACKER_LEADERBOARD_API_BOARDS", f'["{MTEB}"]')


@pytest.fixture
def repository(board_repository: Callable[..., BoardRepository]) -> BoardRepository:
    """Published boards of two moments."""
    made = board_repository()
    made.commit(FIRST, {EN: overall([("lab/one", 60.0)])})
    made.commit(EVENING, {EN: overall([("lab/one", 61.0)])})
    return made
