"""Why a paper was withdrawn: arXiv has no field for it, authors write it in other fields."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Row

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_WITHDRAWN = "withdrawn"


def reason_of_withdrawal(paper: Row[Any]) -> str | None:
    """Return what authors say of a withdrawal; ``None`` if they say nothing.

    Args:
        paper: A row with the columns ``withdrawn``, ``comment`` and ``abstract`` of a paper.
    """
    if not paper.withdrawn:
        return None
    if paper.comment and _WITHDRAWN in paper.comment.casefold():
        return str(paper.comment)
    sentences = (sentence.strip() for sentence in _SENTENCE.split(paper.abstract or ""))
    return next((text for text in sentences if _WITHDRAWN in text.casefold()), None)
