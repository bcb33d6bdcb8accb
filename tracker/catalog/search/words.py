"""Cut texts into words.

Chinese has no blanks between words, so every Chinese character counts as a word, and Chinese text
is searched as a phrase of characters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

HAN = re.compile(r"([\u3400-\u9fff])")


class IndexEntry(NamedTuple):
    """Texts of one search entry, cut into words by blanks."""

    id: int
    title: str
    about: str
    words: str


def segmented(*texts: str | None) -> str:
    """Join texts, with blanks around each Chinese character."""
    whole = unicodedata.normalize("NFKC", " ".join(t for t in texts if t))
    return HAN.sub(r" \1 ", whole)
