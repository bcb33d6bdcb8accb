"""Homes of the commands that write: with few facts, without a starter, retries and waiting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.boards import EN, BoardRepository, overall
from tests.support.story import EVENING, FIRST


@pytest.fixture
def repository(board_repository: Callable[..., BoardRepository]) -> BoardRepository:
    """Published boards of two moments."""
    made = board_repository()
    made.commit(FIRST, {EN: overall([("lab/one", 60.0)])})
    made.commit(EVENING, {EN: overall([("lab/one", 61.0)])})
    return made
