"""From a page context to the parts of a page that its shell does not have.

What differs from build to build though nothing else did, the moment of the build and the state of
the catalog, is a mark until the site is put together: so a page can be kept for the next build.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, fields
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Context
from material.plugins.search.plugin import SearchIndex

from tracker.pages.contexts import (
    TEMPLATES,
    AnyPage,
    DatedBoardPage,
    StateOfTheArtPage,
    TrainingNotePage,
)
from tracker.pages.filters import FILTERS, path, plain
from tracker.pages.links import LINKS, page_links
from tracker.pages.texts import Texts, load_texts
from tracker.settings import resource

BUILT_AT = "0000-00-00T00:00:00Z"
"""Stands for the moment of the build, as no real moment can."""

DIGEST = "(et-digest)"
"""Stands for the state of the catalog."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a page stands: what templates need to link to others."""

    language: str
    path: str
    built_at: str
    ups: str
    """Way from the page to the root of its language, ``../../`` or empty."""

    def to(self, path: str) -> str:
        """Relative address of a page of the same language."""
        return f"{self.ups}{path}" or "./"

    def data(self, path: str) -> str:
        """Relative address of a data file, of which there is one for both languages."""
        return f"{self.ups}{'' if self.language == 'en' else '../'}{path}"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page of one language, but for what all pages share; HTML throughout."""

    path: str
    title: str
    description: str
    lead: str
    """The opening lines, which the search index knows."""
    body: str
    feed: str
    """Relative address of the feed that the page announces, without ending; empty for none."""
    entries: tuple[dict[str, str], ...]
    """What the search index says of it; nothing where search does not lead to it."""


def frame_of(path: str, language: str) -> Frame:
    """The frame of the page at a path such as ``boards/mteb-eng-v2/``."""
    return Frame(language, path, BUILT_AT, "../" * path.count("/"))


def environment(texts: Texts, templates: Path | None = None) -> Environment:
    """Jinja for one language: escaping on, unknown names are errors."""
    jinja = Environment(
        loader=FileSystemLoader(templates or resource("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )

    # Words are filters, so that Jinja puts those without values into the compiled template.
    words = {"t": texts, "term": texts.term, "say": texts.say, "page_link": page_links(texts)}
    jinja.filters.update(FILTERS | LINKS | words)
    jinja.tests["worded"] = texts.__contains__
    return jinja


class Renderer:
    """Renders the pages of one language."""

    def __init__(self, language: str, templates: Path | None = None) -> None:
        self.language = language
        self.texts = load_texts(language)
        self.jinja = environment(self.texts, templates)

    def render(self, context: AnyPage, feed: str | None = None) -> Rendered:
        """A page; ``feed`` is the one it announces, without language and ending."""
        template = self.jinja.get_template(TEMPLATES[type(context)])
        page = context.page
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        frame = values["frame"] = frame_of(page.path, self.language)
        scope = template.new_context(values)
        lead, body = (self._block(template.blocks[name], scope) for name in ("lead", "body"))
        lead = "\n".join(line for line in lead.splitlines() if line.strip())
        title = _escaped(self.texts.say(page.title))
        return Rendered(
            path=page.path,
            title=title,
            description=_escaped(self.texts.say(page.description)),
            lead=lead,
            body=body,
            feed=path(frame.data(f"{feed}.{self.language}")) if feed else "",
            entries=() if is_dated(context) else search_entries(page.path, title, lead),
        )

    def _block(self, block: object, scope: Context) -> str:
        assert callable(block)
        return "".join(block(scope))


def search_entries(path: str, title: str, lead: str) -> tuple[dict[str, str], ...]:
    """A page's entries in the search index, made by the theme from the words of its lead."""
    index = SearchIndex()
    told = {"meta": {"title": title}, "title": title, "content": lead, "toc": ()}
    index.add_entry_from_context(SimpleNamespace(**told, url=quote(path)))
    return tuple(index.entries)


def is_dated(context: AnyPage) -> bool:
    """Whether a page tells of a past day: search leads to the present one instead of to dozens."""
    if isinstance(context, StateOfTheArtPage | TrainingNotePage):
        return context.edition.day is not None
    return isinstance(context, DatedBoardPage)


def _escaped(text: str) -> str:
    """A stranger's text for the theme, which does not escape it."""
    return html.escape(plain(text, 400))
