"""Corrections of the theme's HTML, and the content security policy of its pages."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_TOGGLE = re.compile(r'<input class="md-toggle"[^>]*>')
_SEARCH_LABEL = re.compile(r'class="md-search__input" name="query" aria-label="([^"]*)"')
_SEARCH_DIALOG = '<div class="md-search" data-md-component="search" role="dialog"'
_SEARCH_WORKER = re.compile(r'("search": "[^"]*assets/javascripts/workers/)(search\.\w+\.min\.js)"')
_FIRST_META = '<meta charset="utf-8">'


def corrected(page: str) -> str:
    """Put the site's search around that of the theme, and mend what validators object to."""
    page = _TOGGLE.sub(lambda match: match[0].replace(' autocomplete="off"', ""), page)
    page = page.replace(' tabindex=""', "")
    if 'id="__toc"' not in page:  # a page without headings has nothing to switch
        page = page.replace(' for="__toc"', "")
    page = _SEARCH_WORKER.sub(r'\1names.js?theme=\2"', page)
    label = _SEARCH_LABEL.search(page)
    name = label[1] if label else "Search"
    return page.replace(_SEARCH_DIALOG, f'{_SEARCH_DIALOG} aria-label="{name}"', 1)


def protected(page: str) -> str:
    """Add a policy: a page loads only the site's files and runs only the theme's inline scripts."""
    scripts = sorted({_source_hash(text) for text in _INLINE.findall(page)})
    policy = "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *scripts]),
            # The theme sets styles in attributes; a style cannot ask another host either.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace(_FIRST_META, f"{_FIRST_META}\n  {meta}", 1)


def _source_hash(script: str) -> str:
    digest = b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"
