"""A clock that tests set: every module of the tracker reads it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

import pytest

from tracker.common import times
from tracker.io import http

_REAL: Callable[[], str] = times.now_text


class Clock:
    """The present moment of the tracker, ``YYYY-MM-DDTHH:MM:SSZ``."""

    rules = False

    def __init__(self, monkeypatch: pytest.MonkeyPatch, now: str) -> None:
        self.now = now
        # A module that is imported meanwhile keeps this clock, which then tells the real time.
        monkeypatch.setattr(self, "rules", True)
        for name, module in list(sys.modules.items()):
            if name.startswith("tracker.") and hasattr(module, "now_text"):
                monkeypatch.setattr(module, "now_text", self)
        get = http.Session.get

        def answered_now(session: http.Session, *words: object, **options: object) -> object:
            session._today = lambda: datetime.fromisoformat(self.now)
            return get(session, *words, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(http.Session, "get", answered_now)

    def __call__(self) -> str:
        return self.now if self.rules else _REAL()
