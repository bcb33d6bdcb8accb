"""Links as templates write them, with strangers' names and addresses made harmless.

Filters, not macros: a page of a board has thousands of links, and a macro costs five times as much.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from markupsafe import Markup, escape

from tracker.pages.language.filters import NAMES, name, path, plain, safe_url, segment, short_name


class Standing(Protocol):
    """Where the page with the link stands."""

    ups: str

    def data(self, path: str, /) -> str:
        """Relative address of a data file."""


class Cited(Protocol):
    """What a link to a paper needs of it."""

    arxiv_id: str
    title: str | None


def anchor(address: str, text: object, more: str = "") -> Markup:
    """A link; ``more`` is what the tag has besides, as HTML."""
    # Both are escaped here, and Markup's own formatting takes three times as long.
    return Markup(f'<a href="{escape(address)}"{more}>{escape(text)}</a>')  # noqa: S704


def model_link(model: str, slug: str, frame: Standing) -> Markup:
    """To the page of a model, under its whole name."""
    return _model_link(model, slug, frame.ups)


@lru_cache(maxsize=NAMES)
def _model_link(model: str, slug: str, ups: str) -> Markup:
    return anchor(f"{ups}models/{segment(slug)}/", name(model))


def short_link(model: str, slug: str, frame: Standing) -> Markup:
    """To the page of a model, under its name without the organisation."""
    return _short_link(model, slug, frame.ups)


@lru_cache(maxsize=NAMES)
def _short_link(model: str, slug: str, ups: str) -> Markup:
    title = f' title="{escape(plain(model))}"'
    return anchor(f"{ups}models/{segment(slug)}/", name(short_name(model)), title)


def paper_link(paper: Cited, frame: Standing) -> Markup:
    """To the page of a paper, under its title."""
    address = f"{frame.ups}methods/papers/{segment(paper.arxiv_id.replace('/', '-'))}/"
    return anchor(address, name(paper.title or f"arXiv:{paper.arxiv_id}"))


def data_link(place: str, text: str, frame: Standing) -> Markup:
    """To a data file, as a download."""
    return anchor(frame.data(path(place)), text, " download")


def outside(url: object, text: object) -> Markup:
    """To another site, where the address is one of the web; else the text alone."""
    address = safe_url(url)
    if address is None:
        return escape(text)
    return anchor(address, text, ' rel="noopener nofollow"')


LINKS = {
    "model_link": model_link,
    "short_link": short_link,
    "paper_link": paper_link,
    "data_link": data_link,
    "outside": outside,
}
"""The filters under the names that templates use."""
