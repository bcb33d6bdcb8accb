"""From a page context to the parts of a page that its shell does not have.

What differs from build to build though nothing else did, the moment of the build and the state of
the catalog, is a mark until the site is put together: so a page can be kept for the next build.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from tracker.common.paths import resource
from tracker.pages.contexts import (
    TEMPLATES,
    AnyPage,
    DatedBoardPage,
    StateOfTheArtPage,
    TrainingNotePage,
)
from tracker.pages.language.filters import CACHE_SIZE, FILTERS, path, plain
from tracker.pages.language.links import LINKS
from tracker.pages.language.marks import Words
from tracker.pages.language.texts import load_texts

BUILT_AT = "0000-00-00T00:00:00Z"
"""Stands for the moment of the build, as no real moment can."""

DIGEST = "(et-digest)"
"""Stands for the state of the catalog."""

DATA_UNTIL = "(et-data-until)"
"""Stands for the newest day of its data."""

_SAID = re.compile(r'<p class="et-(?:kicker|standfirst)">(.*?)</p>', re.DOTALL)


@dataclass(frozen=True)
class Frame:
    """Where a page stands: what templates need to link to others."""

    language: str
    """A mark for it."""
    path: str
    built_at: str
    ups: str
    """Way from the page to the root of its language, ``../../`` or empty."""
    to_data: str
    """A mark for the way from there to the data files, of which all languages have the same."""

    def to(self, path: str) -> str:
        """Relative address of a page of the same language."""
        return f"{self.ups}{path}" or "./"

    def data(self, path: str) -> str:
        """Relative address of a data file."""
        return f"{self.ups}{self.to_data}{path}"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page of one language, but for what all pages share; HTML throughout."""

    path: str
    title: str
    description: str
    lead: str
    """The opening lines."""
    body: str
    feed: str
    """Relative address of the feed that the page announces, without ending; empty for none."""
    found_by: str
    """What the search index knows of it besides its title; empty where search leads elsewhere."""


@lru_cache(maxsize=CACHE_SIZE)
def _escaped_once(text: str) -> str:
    return str(escape(text))


def _escape(value: Any) -> str:
    """A value as HTML; nobody asks the pieces what they are, for they are joined at once."""
    kind = type(value)
    if kind is str:
        return _escaped_once(value)
    return value if kind is Markup else escape(value)


class _Template(Template):
    """A template that makes no object of its own for each piece that it escapes.

    That is a fifth of the time of rendering; the output is the same.
    """

    @classmethod
    def from_code(cls, *told: Any, **named: Any) -> Template:
        template = super().from_code(*told, **named)
        template.root_render_func.__globals__["escape"] = _escape
        return template


def environment(words: Words, templates: Path | None = None) -> Environment:
    """Jinja with the words of all languages: escaping on, unknown names are errors."""
    jinja = Environment(
        loader=FileSystemLoader(templates or resource("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.template_class = _Template
    # Words are filters, so that Jinja puts those without values into the compiled template.
    jinja.filters.update(FILTERS | LINKS | words.filters)
    jinja.tests["worded"] = words.__contains__
    return jinja


class Renderer:
    """Renders pages, each once for all languages."""

    def __init__(self, languages: Sequence[str], templates: Path | None = None) -> None:
        self.languages = languages
        self.words = Words(languages)
        self.jinja = environment(self.words, templates)
        self._language = self.words.either(languages)
        self._to_data = self.words.either(way_to_data(its) for its in languages)

    def render(self, context: AnyPage, feed: str | None = None) -> tuple[Rendered, ...]:
        """A page in every language; ``feed`` is what it announces, without language and ending."""
        page = context.page
        lead, body = self._blocks(context)
        found = []
        for number, language in enumerate(self.languages):
            texts = load_texts(language)
            title = _escaped(texts.say(page.title))
            own_lead = self.words.put_in(lead, number)
            found.append(
                Rendered(
                    path=page.path,
                    title=title,
                    description=_escaped(texts.say(page.description)),
                    lead=own_lead,
                    body=self.words.put_in(body, number),
                    feed=_feed_address(page.path, feed, language) if feed else "",
                    found_by="" if is_dated(context) else search_text(own_lead),
                )
            )
        return tuple(found)

    def _blocks(self, context: AnyPage) -> tuple[str, str]:
        """Lead and body, with marks for words."""
        template = self.jinja.get_template(TEMPLATES[type(context)])
        place = context.page.path
        ups = ways_up(place)
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        values["frame"] = Frame(self._language, place, BUILT_AT, ups, self._to_data)
        scope = template.new_context(values)
        lead, body = ("".join(template.blocks[name](scope)) for name in ("lead", "body"))
        return "\n".join(line for line in lead.splitlines() if line.strip()), body


def ways_up(place: str) -> str:
    """The way from a page to the root of its language."""
    return "../" * place.count("/")


def way_to_data(language: str) -> str:
    """The way from the root of a language to the data files, which are beside the English pages."""
    return "" if language == "en" else "../"


def _feed_address(place: str, feed: str, language: str) -> str:
    return path(f"{ways_up(place)}{way_to_data(language)}{feed}.{language}")


def search_text(lead: str) -> str:
    """What a lead says of its page, as the theme's search index holds it: paragraphs of text.

    Its dates, links and lists stay out: nearly the same ones stand on every page.
    """
    said = (Markup(text).striptags() for text in _SAID.findall(lead))  # noqa: S704
    return "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in said if text)


def is_dated(context: AnyPage) -> bool:
    """Whether a page tells of a past day: search leads to the present one instead of to dozens."""
    if isinstance(context, StateOfTheArtPage | TrainingNotePage):
        return context.edition.day is not None
    return isinstance(context, DatedBoardPage)


def _escaped(text: str) -> str:
    """A stranger's text for the theme, which does not escape it."""
    return html.escape(plain(text, 400))
