"""Provenance of a stored state."""

from __future__ import annotations

from tracker.answers.boards import Provenance
from tracker.catalog import queries
from tracker.insights.reader import Reader


def read_provenance(reader: Reader, stream_id: int, at: str) -> Provenance:
    """Read where the state of a stream at a moment comes from."""
    found = queries.snapshot(reader.connection, stream_id, at)
    assert found is not None  # every interval begins at a snapshot
    return Provenance(
        source=found.source,
        url=found.url,
        published_at=found.published_at,
        fetched_at=found.last_seen_at,
        commit=found.commit,
        digest=found.digest,
        server=found.server,
    )
