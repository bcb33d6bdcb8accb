"""Mend fetched HTML that would make the parser slow or swallow the rest of the page."""

from __future__ import annotations

import re

_COMMENT_BEGINS, _COMMENT_ENDS = "<!--", "-->"
_DECLARATION = re.compile(r"<(?=\?|!(?!doctype\b))", re.IGNORECASE)
_NEVER_CLOSED = re.compile(r"<(?=[^<>]*(?:<|\Z))")


def tame(text: str) -> str:
    """HTML that Python's parser reads in a time that grows with its length only.

    From every mark that is never closed the parser looks to the end of the text, so that a page of
    nothing but ``<a <a <a`` would keep it for days. Such marks become words; comments and
    declarations, of which nothing is ever shown, are taken out.
    """
    kept, at = [], 0
    while (begin := text.find(_COMMENT_BEGINS, at)) >= 0:
        end = text.find(_COMMENT_ENDS, begin + len(_COMMENT_BEGINS))
        if end < 0:
            break
        kept.append(text[at:begin])
        at = end + len(_COMMENT_ENDS)
    shown = "".join((*kept, text[at:]))
    return _NEVER_CLOSED.sub("&lt;", _DECLARATION.sub("&lt;", shown))
