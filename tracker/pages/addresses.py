"""What tells machines of the site's pages: the sitemap, and ``llms.txt``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from tracker.pages.texts import LANGUAGES

_START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


def rooted(base_url: str, language: str, path: str) -> str:
    """The whole address of a page."""
    return f"{base_url.rstrip('/')}/{'' if language == 'en' else f'{language}/'}{path}"


def sitemap(base_url: str, paths: Iterable[str], languages: Sequence[str]) -> str:
    """All pages in all languages, each with itself in the other ones.

    Args:
        base_url: Where the site is.
        paths: Addresses within one language, quoted as in links.
        languages: Those of the site.
    """
    tongues = sorted(languages, key=LANGUAGES.index)
    lines = []
    for path in sorted(paths):
        twins = [(its, escape(rooted(base_url, its, path))) for its in tongues]
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{its}" href="{address}"/>'
            for its, address in [*twins, ("x-default", twins[0][1])]
        )
        lines += [f"<url><loc>{address}</loc>{links}</url>\n" for _, address in twins]
    return f"{_START}{''.join(lines)}</urlset>\n"
