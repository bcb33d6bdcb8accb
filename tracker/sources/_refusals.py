"""What a failure of the polite session says of the document that was asked for."""

from __future__ import annotations

import re

from tracker.errors import SourceError

_ANSWERED = re.compile(r"answered ([1-5][0-9]{2})\b")
_TOO_LARGE = "the answer is larger than"
_PASSING = frozenset({408, 425, 429})


THEIRS_TO_MEND = "only its owners can mend it; it is read again when they change it"
"""What there is to do about a stranger's document that cannot be understood."""


def status_of(error: SourceError) -> int | None:
    """The HTTP status that a server refused with; ``None`` where it did not answer as such."""
    match = _ANSWERED.match(error.cause)
    return int(match[1]) if match else None


def is_final(error: SourceError) -> bool:
    """Whether the same document is not worth asking for again."""
    status = status_of(error)
    refused = status is not None and 400 <= status < 500 and status not in _PASSING
    return refused or error.cause.startswith(_TOO_LARGE)
