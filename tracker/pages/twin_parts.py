"""Parts that Markdown twins share: their head, texts in one language, and links to other twins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tracker.answers.common import Bilingual
from tracker.pages.contexts import Page
from tracker.pages.language.filters import markdown_text
from tracker.pages.language.filters import path as quoted

LONGEST = 5000
"""Characters of a text that people wrote; a longer one is cut."""


def stated(text: Bilingual, language: str) -> str:
    """Return a text in one language as one line of Markdown."""
    return markdown_text(text.pick(language), LONGEST)


def table_head(names: Iterable[str]) -> Iterator[str]:
    """Yield the first two lines of a table with these columns."""
    columns = tuple(names)
    yield "| " + " | ".join(columns) + " |"
    yield "|" + " --- |" * len(columns)


class Links:
    """Links from the twin of one page to other twins and to data files."""

    def __init__(self, page: Page, language: str) -> None:
        self._ups = "../" * page.path.count("/")
        self._to_root = self._ups + ("" if language == "en" else "../")

    def to(self, text: object, path: str) -> str:
        """Return a link; ``path`` is below the root of the language."""
        return f"[{markdown_text(text)}]({self._ups}{quoted(path)}index.md)"

    def model(self, name: str, slug: str | None) -> str:
        """Return a link to a model; without a slug it has no page."""
        return self.to(name, f"models/{slug}/") if slug else markdown_text(name)

    def task(self, name: str, slug: str | None) -> str:
        """Return a link to a task; without a slug it has no page."""
        return self.to(name, f"tasks/{slug}/") if slug else markdown_text(name)

    def data(self, path: str) -> str:
        """Return a link to a data file, which all languages share."""
        return f"[{markdown_text(path.rpartition('/')[2])}]({self._to_root}{quoted(path)})"


def with_head(make: Callable[[Any, str], Iterable[str]]) -> Callable[[Any, str], Iterable[str]]:
    """Let the title and the description of the page come before the lines of its twin."""

    def whole(page: Any, language: str) -> Iterator[str]:
        own = page.page
        yield from (f"# {stated(own.title, language)}", "", stated(own.description, language), "")
        yield from make(page, language)

    return whole
