"""Complete the search index that MkDocs wrote: generated pages, and what they are called."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import msgspec

from tracker.common.text import compared_name
from tracker.pages.build.worker import SearchEntry
from tracker.pages.language.filters import plain
from tracker.pages.views.search_names import SearchName


def completed(
    document: dict[str, Any],
    pages: Iterable[SearchEntry],
    names: Iterable[SearchName],
    language: str,
) -> dict[str, Any]:
    """Add pages and names to a search index.

    Args:
        document: The index as MkDocs wrote it; it is changed.
        pages: Entries of generated pages in one language.
        names: Names of pages; of pages that are not in the index they are left out.
        language: The language of the index.
    """
    docs = document["docs"] + msgspec.to_builtins(list(pages))
    by_location = {doc["location"]: doc for doc in docs}
    for name in names:
        path = getattr(name.path, language)
        if name.title is None:
            doc = by_location.get(quote(path))
        else:
            doc = {"location": path, "title": _escaped(getattr(name.title, language)), "text": ""}
            docs.append(doc)
        if doc is not None:
            own = set(map(compared_name, name.names))
            other = set(map(compared_name, name.aliases)) - own
            doc["names"] = {"order": name.order, "own": sorted(own), "other": sorted(other)}
    document["docs"] = docs
    return document


def _escaped(title: str) -> str:
    return html.escape(plain(title, 400), quote=False)
