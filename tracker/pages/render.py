"""From a page context to the Markdown file that MkDocs reads and the body that it does not.

MkDocs gets a page's title and its opening lines, which the search index should know, and an empty
slot. Tables and histories are put into the slot of the finished page: they would only slow down
the Markdown parser and drown the search index.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, fields
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Context

from tracker.answers import Bilingual
from tracker.pages.contexts import TEMPLATES, AnyPage, DatedBoardPage, StateOfTheArtPage
from tracker.pages.filters import FILTERS, path, plain
from tracker.pages.texts import Texts, load_texts
from tracker.settings import resource

SLOT = '<div id="et-body"></div>'
"""Where the body belongs in the page that MkDocs makes."""

FRONT_MATTER = (
    "---\ntitle: {title}\ndescription: {description}\nfeed: {feed}\nhide:\n{hide}{search}---\n"
)


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
    """A page of one language, ready to be written."""

    path: str
    markdown: str
    body: str


def frame_of(path: str, language: str, built_at: str) -> Frame:
    """The frame of the page at a path such as ``boards/mteb-eng-v2/``."""
    return Frame(language, path, built_at, "../" * path.count("/"))


def environment(texts: Texts, templates: Path | None = None) -> Environment:
    """Jinja for one language: escaping on, unknown names are errors."""
    jinja = Environment(
        loader=FileSystemLoader(templates or resource("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def say(text: Bilingual) -> str:
        return text.zh if texts.language == "zh" else text.en

    def known(key: str) -> bool:
        return key in texts

    jinja.filters.update(FILTERS, say=say)
    jinja.globals.update(t=texts, known=known)
    return jinja


class Renderer:
    """Renders the pages of one language."""

    def __init__(self, language: str, built_at: str, templates: Path | None = None) -> None:
        self.language = language
        self.built_at = built_at
        self.jinja = environment(load_texts(language), templates)

    def render(self, context: AnyPage, feed: str | None = None) -> Rendered:
        """Both parts of a page; ``feed`` is the one it announces, without language and ending."""
        template = self.jinja.get_template(TEMPLATES[type(context)])
        page = context.page
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        frame = values["frame"] = frame_of(page.path, self.language, self.built_at)
        scope = template.new_context(values)
        lead, body = (self._block(template.blocks[name], scope) for name in ("lead", "body"))
        opening = FRONT_MATTER.format(
            title=_yaml(self._say(page.title)),
            description=_yaml(self._say(page.description)),
            feed=json.dumps(path(frame.data(f"{feed}.{self.language}")) if feed else ""),
            search="search:\n  exclude: true\n" if is_dated(context) else "",
            hide="  - navigation\n  - toc\n",
        )
        # A blank line would end the HTML block and hand the rest to the Markdown parser.
        lead = "\n".join(line for line in lead.splitlines() if line.strip())
        markdown = f'{opening}\n<div class="et-lead">\n{lead}\n</div>\n\n{SLOT}\n'
        return Rendered(page.path, markdown, f'<div id="et-body">\n{body}\n</div>')

    def _say(self, text: Bilingual) -> str:
        return text.zh if self.language == "zh" else text.en

    def _block(self, block: object, scope: Context) -> str:
        assert callable(block)
        return "".join(block(scope))


def is_dated(context: AnyPage) -> bool:
    """Whether a page tells of a past day: search leads to the present one instead of to dozens."""
    return isinstance(context, DatedBoardPage | StateOfTheArtPage) and context.day is not None


def _yaml(text: str) -> str:
    """A stranger's text as a YAML scalar that is safe in the theme, which does not escape it."""
    return json.dumps(html.escape(plain(text, 400)), ensure_ascii=False)
