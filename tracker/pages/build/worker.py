"""What a worker process of a build does."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from html import unescape
from multiprocessing import parent_process
from pathlib import Path
from urllib.parse import quote

import msgspec

from tracker.pages.build.cache import BuildCache
from tracker.pages.build.files import Site, safe_path, write_file
from tracker.pages.build.layouts import Layouts
from tracker.pages.build.page_files import page_files
from tracker.pages.build.render import Rendered, Renderer, way_to_data, ways_up
from tracker.pages.contexts import AnyPage, BoardPage
from tracker.pages.markdown_twins import TWIN
from tracker.pages.sitemap import rooted
from tracker.pages.structured_data import structured_data


class SearchEntry(msgspec.Struct, frozen=True):
    """A page in the search index of the theme."""

    location: str
    title: str
    text: str


class WrittenPage(msgspec.Struct, frozen=True):
    """What was written of a page."""

    data_files: int
    search: dict[str, SearchEntry]
    """By language; empty for a page that is not in the search index."""


class FinishedPage(msgspec.Struct, frozen=True):
    """A page in all languages, as it is cached."""

    path: str
    html: dict[str, bytes]
    """By language, with placeholders for the stamps of the build."""
    data: dict[str, bytes]
    """Contents of its data files by address."""
    search: dict[str, SearchEntry]
    """As in ``WrittenPage``."""


class _Worker:
    """The state of a worker process."""

    def __init__(self, site: Site, cache_file: Path) -> None:
        self.site = site
        self.cache = BuildCache(cache_file)
        self.renderers = [Renderer(language) for language in site.languages]
        self.layouts = {name: Layouts(site.layouts(name)) for name in site.languages}


_worker: _Worker


def start(site: Site, cache_file: Path) -> None:
    """Begin as a worker process."""
    global _worker
    # The main process handles Ctrl-C, and ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = _Worker(site, cache_file)


def _end_with_parent() -> None:
    """End when the main process was killed: the pool itself would wait for work forever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def cached(key: str, function: Callable[..., bytes], *arguments: object) -> bytes:
    """Call a function, or take its result from the cache."""
    known = _worker.cache.read(key)
    if known is None:
        known = function(*arguments)
        _worker.cache.write(key, known)
    return known


def write_page(key: str, context: AnyPage | None, feed: str | None) -> WrittenPage:
    """Write a page in every language, and its data files, into the site.

    Args:
        key: Its key in the cache.
        context: What it shows; ``None`` if it is in the cache.
        feed: Address of the feed that it announces, without language and ending.
    """
    site = _worker.site
    page = msgspec.msgpack.decode(cached(key, _finished_page, context, feed), type=FinishedPage)
    for language, html in page.html.items():
        target = site.root(language) / page.path / "index.html"
        write_file(target, site.stamps.fill(html))
    for path, content in page.data.items():
        write_file(site.folder / safe_path(path), content)
    return WrittenPage(len(page.data), page.search)


def _finished_page(context: AnyPage, feed: str | None) -> bytes:
    html: dict[str, bytes] = {}
    data: dict[str, bytes] = {}
    search: dict[str, SearchEntry] = {}
    for renderer in _worker.renderers:
        language = renderer.language
        page = renderer.render(context, feed)
        text = _worker.layouts[language].fill(
            page, head(page, context, language, _worker.site.base_url)
        )
        html[language] = text.encode("utf-8")
        data.update(page_files(context, language, _worker.site))
        if page.search_text:
            search[language] = SearchEntry(quote(page.path), page.title, page.search_text)
    return msgspec.msgpack.encode(FinishedPage(context.page.path, html, data, search))


def head(page: Rendered, context: AnyPage, language: str, base_url: str | None) -> str:
    """HTML for the head of a page: what it is for machines, preview image, twin and feeds."""
    lines = []
    place = page.path
    root = rooted(base_url, "en", "") if base_url else ways_up(place) + way_to_data(language)
    texts = map(unescape, (page.title, page.description))
    if data := structured_data(context, root, *texts):
        lines.append(data)
    # The blank in rel is meant, see the theme's override.
    lines.append(f'<link rel="alternate " type="text/markdown" href="{TWIN}">')
    if base_url:
        own = page.path if isinstance(context, BoardPage) else ""
        address = rooted(base_url, "en", quote(f"{own}card.png"))
        lines.append(f'<meta property="og:image" content="{address}">')
    if page.feed:
        kinds = {"xml": "application/atom+xml", "json": "application/feed+json"}
        # The blank in rel is meant, see the theme's override.
        lines += [
            f'<link rel="alternate " type="{kind}" href="{page.feed}.{ending}">'
            for ending, kind in kinds.items()
        ]
    return "\n      ".join(lines)
