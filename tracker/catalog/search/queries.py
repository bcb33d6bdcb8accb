"""Find search entries by their words."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection

from tracker.catalog.dialects import dialect_of
from tracker.catalog.search.words import segmented

_WORD = re.compile(r"\w+")
_MAX_WORDS = 16
"""Words of a query that are used; further words are ignored."""


def find(connection: Connection, query: str, limit: int) -> list[Any]:
    """Return entries that contain all words of a query, best first.

    Args:
        connection: The catalog.
        query: Words in English, Chinese or both; the last one may be incomplete.
        limit: Maximum number of entries.
    """
    words = query.split()[:_MAX_WORDS]
    phrases = [" ".join(_WORD.findall(segmented(word))) for word in words]
    phrases = [phrase for phrase in phrases if phrase]
    return dialect_of(connection).find(connection, phrases, limit) if phrases else []
