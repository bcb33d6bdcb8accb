"""One-line messages of the tracker through its logger, shown on stderr.

They go through the logger ``tracker``, so a program that embeds the tracker can route or mute them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident

from tracker.errors import one_line

LOGGER = logging.getLogger("tracker")


def notice(text: str) -> None:
    """Say how a question was understood, where it could be understood otherwise."""
    LOGGER.warning("%s", one_line(text))


@contextmanager
def heard_notices() -> Iterator[list[str]]:
    """Collect the notices of this thread, for an answer that carries them itself."""
    found: list[str] = []
    thread = get_ident()

    def hear(record: logging.LogRecord) -> bool:
        if record.thread != thread:
            return True
        found.append(record.getMessage())
        return False

    LOGGER.addFilter(hear)
    try:
        yield found
    finally:
        LOGGER.removeFilter(hear)
