"""A clock that tests set: every module of the tracker reads it."""

from __future__ import annotations

import sys

import pytest


class Clock:
    """The present moment of the tracker, ``YYYY-MM-DDTHH:MM:SSZ``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, now: str) -> None:
        self.now = now
        self._monkeypatch = monkeypatch
        self.rule()

    def rule(self) -> None:
        """Replace ``now_text`` in every module that was imported by now."""
        for name, module in list(sys.modules.items()):
            if name.startswith("tracker.") and hasattr(module, "now_text"):
                self._monkeypatch.setattr(module, "now_text", self)

    def __call__(self) -> str:
        return self.now
