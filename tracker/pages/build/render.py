"""Render the context of a page in one language; its layout is added later."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, fields
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tracker.common.paths import resource
from tracker.pages.build.stamps import BUILT_AT
from tracker.pages.contexts import (
    TEMPLATES,
    AnyPage,
    DatedBoardPage,
    StateOfTheArtPage,
    TrainingNotePage,
)
from tracker.pages.language.filters import FILTERS, path, plain
from tracker.pages.language.links import LINKS
from tracker.pages.language.texts import Texts, load_texts
from tracker.pages.language.words import Words

_SENTENCES = re.compile(r'<p class="et-(?:kicker|standfirst)">(.*?)</p>', re.DOTALL)


@dataclass(frozen=True)
class Frame:
    """What templates need to know of a page's place, to link to other pages."""

    language: str
    path: str
    built_at: str
    ups: str
    """Way from the page to the root of its language, ``../../`` or empty."""
    to_data: str
    """Way from there to the data files, which all languages share: empty or ``../``."""

    def to(self, path: str) -> str:
        """Relative address of a page of the same language."""
        return f"{self.ups}{path}" or "./"

    def data(self, path: str) -> str:
        """Relative address of a data file."""
        return f"{self.ups}{self.to_data}{path}"


@dataclass(frozen=True, slots=True)
class Rendered:
    """The parts of a page in one language that its layout does not have; all are HTML."""

    path: str
    title: str
    description: str
    lead: str
    """The opening lines."""
    body: str
    feed: str
    """Relative address of the feed that the page announces, without ending; empty for none."""
    search_text: str
    """What the search index has of it besides its title; empty for a page left out of the index."""


def environment(texts: Texts, templates: Path | None = None) -> Environment:
    """Jinja with the words of one language: escaping on, unknown names are errors."""
    jinja = Environment(
        loader=FileSystemLoader(templates or resource("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # Words are filters, so that Jinja puts those without values into the compiled template.
    jinja.filters.update(FILTERS | LINKS | Words(texts).filters)
    jinja.tests["worded"] = texts.__contains__
    return jinja


class Renderer:
    """Renders the pages of one language."""

    def __init__(self, language: str, templates: Path | None = None) -> None:
        self.language = language
        self._texts = load_texts(language)
        self._jinja = environment(self._texts, templates)

    def render(self, context: AnyPage, feed: str | None = None) -> Rendered:
        """Render a page.

        Args:
            context: What it shows.
            feed: Address of the feed that it announces, without language and ending.
        """
        page = context.page
        lead, body = self._blocks(context)
        return Rendered(
            path=page.path,
            title=_escaped(self._texts.say(page.title)),
            description=_escaped(self._texts.say(page.description)),
            lead=lead,
            body=body,
            feed=_feed_address(page.path, feed, self.language) if feed else "",
            search_text="" if is_dated(context) else search_text(lead),
        )

    def _blocks(self, context: AnyPage) -> tuple[str, str]:
        """Render the blocks ``lead``, without its empty lines, and ``body``."""
        template = self._jinja.get_template(TEMPLATES[type(context)])
        place = context.page.path
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        values["frame"] = Frame(
            self.language, place, BUILT_AT, ways_up(place), way_to_data(self.language)
        )
        scope = template.new_context(values)
        lead, body = ("".join(template.blocks[name](scope)) for name in ("lead", "body"))
        return "\n".join(line for line in lead.splitlines() if line.strip()), body


def ways_up(place: str) -> str:
    """Relative address of the root of a language, from a page at ``place``."""
    return "../" * place.count("/")


def way_to_data(language: str) -> str:
    """Relative address of the data files, which are beside the English pages, from that root."""
    return "" if language == "en" else "../"


def _feed_address(place: str, feed: str, language: str) -> str:
    return path(f"{ways_up(place)}{way_to_data(language)}{feed}.{language}")


def search_text(lead: str) -> str:
    """Extract the sentences of a lead as paragraphs, as the theme's search index holds texts.

    Dates, links and lists are left out: nearly the same ones are on every page.
    """
    texts = (Markup(text).striptags() for text in _SENTENCES.findall(lead))  # noqa: S704
    return "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in texts if text)


def is_dated(context: AnyPage) -> bool:
    """Whether a page shows a past day; the search index has only the present one."""
    if isinstance(context, StateOfTheArtPage | TrainingNotePage):
        return context.edition.day is not None
    return isinstance(context, DatedBoardPage)


def _escaped(text: str) -> str:
    """Escape a text for the theme, which does not do it."""
    return html.escape(plain(text, 400))
