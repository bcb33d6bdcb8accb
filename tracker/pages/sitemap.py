"""Sitemap and ``llms.txt``: lists of pages for search engines and language models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from tracker.answers.boards import EditionInfo
from tracker.pages.language.filters import markdown_text
from tracker.pages.language.filters import path as quoted
from tracker.pages.language.texts import LANGUAGES, load_texts

_START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)

KEY_PAGES = {
    "state-of-the-art/": "sota",
    "chinese-models/": "chinese",
    "training/": "training",
    "boards/": "boards",
    "models/": "models",
    "tasks/": "tasks",
    "choose/": "choose",
    "compare/": "compare",
    "methods/": "methods",
    "methods/coverage/": "coverage",
    "changes/": "changes",
    "suspects/": "suspects",
    "glossary/": "glossary",
    "sources/": "sources",
}
"""Pages listed in ``llms.txt``, with the group of their site words."""

REFERENCE = ("cli", "python")
"""Pages under ``reference/`` that document the command line and the Python API."""


def rooted(base_url: str, language: str, path: str) -> str:
    """Return the absolute address of a page."""
    return f"{base_url.rstrip('/')}/{'' if language == 'en' else f'{language}/'}{path}"


def sitemap(base_url: str, paths: Iterable[str], languages: Sequence[str]) -> str:
    """Return a sitemap of all pages in all languages, with links between translations.

    Args:
        base_url: Address of the site.
        paths: Page paths within one language, quoted as in links.
        languages: Languages of the site.
    """
    ordered = sorted(languages, key=LANGUAGES.index)
    lines = []
    for path in sorted(paths):
        versions = [(code, escape(rooted(base_url, code, path))) for code in ordered]
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>'
            for code, address in [*versions, ("x-default", versions[0][1])]
        )
        lines += [f"<url><loc>{address}</loc>{links}</url>\n" for _, address in versions]
    return f"{_START}{''.join(lines)}</urlset>\n"


def llms_text(
    editions: Iterable[EditionInfo], languages: Sequence[str], base_url: str | None
) -> str:
    """Return ``llms.txt``: what the site is and where to begin, in each language.

    Args:
        editions: Boards whose data files are listed.
        languages: Languages of the site.
        base_url: Address of the site; without it, links are relative to the site's root.
    """
    boards = tuple(editions)
    ordered = sorted(languages, key=LANGUAGES.index)
    first, *others = ("\n".join(_llms_lines(code, boards, base_url)) for code in ordered)
    # One file has one title.
    return "\n\n".join([f"# {load_texts(ordered[0])('home.heading')}", first, *others]) + "\n"


def _llms_lines(
    language: str, editions: Iterable[EditionInfo], base_url: str | None
) -> Iterator[str]:
    texts = load_texts(language)

    def page(path: str) -> str:
        return rooted(base_url or ".", language, path)

    yield f"> {texts.plain('home.about')}"
    yield f"\n## {texts.plain('llms.pages')}\n"
    for path, key in KEY_PAGES.items():
        address = page(f"{path}index.md")
        yield f"- [{texts.plain(f'{key}.title')}]({address}): {texts.plain(f'{key}.about')}"
    yield f"\n## {texts.plain('llms.data')}\n\n{texts.plain('llms.data_about')}\n"
    for edition in editions:
        title = markdown_text(edition.title.pick(language))
        place = quoted(f"boards/{edition.slug}/{edition.slug}.json")
        # Data files are the same for all languages.
        address = rooted(base_url or ".", "en", place)
        yield f"- [{texts.plain('llms.board', title=title)}]({address})"
    yield f"\n## {texts.plain('llms.program')}\n\n{texts.plain('llms.program_about')}\n"
    for name in REFERENCE:
        yield f"- [{texts.plain(f'llms.{name}')}]({page(f'reference/{name}/index.md')})"
