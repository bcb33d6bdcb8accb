"""Template filters that make links from untrusted names and addresses.

These are filters instead of macros because a board page has thousands of links and a macro takes
five times as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from markupsafe import Markup, escape

from tracker.pages.language.filters import (
    CACHE_SIZE,
    name,
    path,
    plain,
    safe_url,
    segment,
    short_name,
)


class PageLocation(Protocol):
    """Address of the page that contains a link."""

    ups: str
    """Relative path to the root of the language, such as ``../../``."""

    def data(self, path: str, /) -> str:
        """Return the relative address of a data file."""


class Cited(Protocol):
    """The parts of a paper that a link needs."""

    arxiv_id: str
    title: str | None


def anchor(address: str, text: object, more: str = "") -> Markup:
    """Return a link; ``more`` holds further attributes as HTML."""
    # Both values are escaped here; Markup's own formatting takes three times as long.
    return Markup(f'<a href="{escape(address)}"{more}>{escape(text)}</a>')  # noqa: S704


def model_link(model: str, slug: str | None, frame: PageLocation) -> Markup:
    """Link to a model's page with its full name as text; without a slug it is the name alone."""
    if slug is None:
        return name(model)
    return _model_link(model, slug, frame.ups)


@lru_cache(maxsize=CACHE_SIZE)
def _model_link(model: str, slug: str, ups: str) -> Markup:
    return anchor(f"{ups}models/{segment(slug)}/", name(model))


def short_link(model: str, slug: str | None, frame: PageLocation) -> Markup:
    """Link to a model's page with its name, without the organisation, as text."""
    if slug is None:
        return name(model)
    return _short_link(model, slug, frame.ups)


@lru_cache(maxsize=CACHE_SIZE)
def _short_link(model: str, slug: str, ups: str) -> Markup:
    title = f' title="{escape(plain(model))}"'
    return anchor(f"{ups}models/{segment(slug)}/", name(short_name(model)), title)


def paper_link(paper: Cited, frame: PageLocation) -> Markup:
    """Link to a paper's page with its title as text."""
    address = f"{frame.ups}methods/papers/{segment(paper.arxiv_id.replace('/', '-'))}/"
    return anchor(address, name(paper.title or f"arXiv:{paper.arxiv_id}"))


def task_link(task: str, slugs: Mapping[str, str], frame: PageLocation) -> Markup:
    """Link to a task's page; a task without one is its name alone.

    Args:
        task: Name of the task.
        slugs: Slugs of the tasks that have a page, by name.
        frame: The page that shows it.
    """
    slug = slugs.get(task)
    if slug is None:
        return name(task)
    return anchor(f"{frame.ups}tasks/{segment(slug)}/", name(task))


def data_link(place: str, text: str, frame: PageLocation) -> Markup:
    """Link to a data file as a download."""
    return anchor(frame.data(path(place)), text, " download")


def outside(url: object, text: object) -> Markup:
    """Link to another site; return the text alone if the address is not a web address."""
    address = safe_url(url)
    if address is None:
        return text if isinstance(text, Markup) else escape(plain(text))
    return anchor(address, text, ' rel="noopener nofollow"')


LINKS = {
    "model_link": model_link,
    "short_link": short_link,
    "paper_link": paper_link,
    "task_link": task_link,
    "data_link": data_link,
    "outside": outside,
}
"""Filters by the name that templates use."""
