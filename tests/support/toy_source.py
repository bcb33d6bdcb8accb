"""A whole source: a text file, whose address is given with ``--from``."""

from __future__ import annotations

from pathlib import Path

from tracker.common.times import now_text
from tracker.errors import SourceError
from tracker.sources.records import Fetched, SourceHeader
from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id="toy",
    title="A text file",
    licence="CC0-1.0",
    home="https://example.org/toy.txt",
    politeness="one file a run",
    refresh_hours=24,
)


def refresh(run: Run) -> FetchReport:
    """Archive the file."""
    path = run.options.location or "toy.txt"
    try:
        body = Path(path).read_bytes()
    except OSError as error:
        raise SourceError(HEADER.id, str(error.strerror), place=path) from None
    return run.keep_all(HEADER, [Fetched("text", HEADER.home, body, now_text())])
