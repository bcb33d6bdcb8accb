"""Extract statements about a model's method from cards, papers and configuration files.

Every statement is a :class:`Candidate` that quotes its source. All functions are pure: they read
no file and ask no server, and the same text always gives the same candidates.
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
