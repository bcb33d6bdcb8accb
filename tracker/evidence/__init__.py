"""What cards, papers and configuration files say of a model's method: pure functions over texts.

Every statement is a :class:`Candidate` that quotes its source; nothing here reads a file or asks
a server, and the same text always gives the same candidates.
"""

from __future__ import annotations

from tracker.evidence.records import (
    REFINES,
    SINGLE,
    Candidate,
    Document,
    Extractor,
    Passage,
    Role,
)

__all__ = ["REFINES", "SINGLE", "Candidate", "Document", "Extractor", "Passage", "Role"]
