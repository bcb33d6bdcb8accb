"""Notices to whoever asks: one line each, on stderr, in the command line and in Python.

They go through the logger ``tracker``, so a program that embeds the tracker can route or mute them.
"""

from __future__ import annotations

import logging

from tracker.errors import one_line

LOGGER = logging.getLogger("tracker")


def notice(text: str) -> None:
    """Say how a question was understood, where it could be understood otherwise."""
    LOGGER.warning("%s", one_line(text))
