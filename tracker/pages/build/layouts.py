"""Layouts: what the theme puts around the content of a generated page.

What MkDocs-Material puts around a page depends on its title, description and address, and on how
links lead from there to the pages of the navigation: on its folder and its depth. So MkDocs builds
one page for every folder and depth, in which placeholders stand for the content. The built page is
the layout of thousands of pages. A test compares them with pages that MkDocs built itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import quote

from tracker.errors import TrackerError
from tracker.pages.build.render import Rendered

SEGMENT = "et-layout"
"""A part of a layout's address that stands for any part of a page's address."""

DEEPEST = 3
"""How far below a folder of the navigation a page can be: ``boards/x/as-of/2024-10-22/``."""

HEAD, BODY = "{{ head }}", "{{ page.body }}"
CONTENT = ("{{ page.title }}", "{{ page.description }}", HEAD, "{{ page.lead }}", BODY)
"""What stands in a layout for the parts of a page; ``head`` is written by ``site/overrides``."""

_PLACEHOLDER = re.compile(r"\{\{ ([a-z.]+) \}\}")

# The lead is in a heading, because the theme adds one to a page that has none.
_SOURCE = """\
---
title: "{{ page.title }}"
description: "{{ page.description }}"
layout: true
search:
  exclude: true
hide:
  - navigation
  - toc
---

<div class="et-lead" id="et-lead">
<h1>{{ page.lead }}</h1>
</div>

<div id="et-body">
{{ page.body }}
</div>
"""


def layout_paths(navigation: Iterable[str], written: Iterable[str]) -> tuple[str, ...]:
    """List the addresses of the layouts of a site.

    Args:
        navigation: Source files that the navigation names, such as ``boards/index.md``.
        written: Source files of hand-written pages, which need no layout.
    """
    by_hand = set(written)
    listed = set(navigation)
    folders = {f"{parent}/" for name in listed | by_hand for parent in _parents(name)} | {""}
    own = {name.removesuffix("index.md") for name in listed - by_hand}
    below = {folder + f"{SEGMENT}/" * n for folder in folders for n in range(1, DEEPEST + 1)}
    return tuple(sorted(own | below))


def _parents(name: str) -> Iterator[str]:
    parts = name.split("/")[:-1]
    return ("/".join(parts[: n + 1]) for n in range(len(parts)))


def write_layout_sources(docs: Path, paths: Iterable[str]) -> None:
    """Write the source files of layouts, for MkDocs to build."""
    for path in paths:
        target = docs / path / "index.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_SOURCE, "utf-8")


def as_template(path: str, html: str) -> str:
    """Turn the built page of a layout into the text of the layout.

    Raises:
        TrackerError: The theme does not show the content exactly once.
    """
    html = html.replace("<h1>{{ page.lead }}</h1>", "{{ page.lead }}")
    if any(html.count(part) != 1 for part in (HEAD, "{{ page.lead }}", BODY)):
        raise TrackerError(
            f"site: the layout at {path!r} does not have one place for its content",
            remedy="look at site/overrides: a page must show its content once, unchanged",
        )
    return html.replace(path, "{{ path }}") if SEGMENT in path else html


class Layouts:
    """The layouts of one language, read from a folder with one file for each address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts = lru_cache(maxsize=None)(self._read)

    def fill(self, page: Rendered, head: str) -> str:
        """Put a page into its layout.

        Args:
            page: The parts of the page.
            head: HTML for its head.

        Raises:
            TrackerError: The page is deeper than any layout.
        """
        values = {
            "page.title": page.title,
            "page.description": page.description,
            "page.lead": page.lead,
            "page.body": page.body,
            "head": head,
            "path": quote(page.path),
        }
        parts = self._parts(self.path_of(page.path))
        return "".join(values[part] if n % 2 else part for n, part in enumerate(parts))

    def path_of(self, path: str) -> str:
        """Find the layout of a page: its own one, or that of its folder and depth."""
        folder, below = path, ""
        while folder + below not in self._addresses:
            if not folder:
                raise TrackerError(f"site: the page at {path!r} is too deep for the site's layouts")
            folder = folder[: folder.rstrip("/").rfind("/") + 1]
            below += f"{SEGMENT}/"
        return folder + below

    @cached_property
    def _addresses(self) -> frozenset[str]:
        """Addresses of all layouts; asking the file system for each page takes longer."""
        files = self._folder.rglob("index.html")
        places = (file.parent.relative_to(self._folder).parts for file in files)
        return frozenset("".join(f"{part}/" for part in place) for place in places)

    def _read(self, path: str) -> list[str]:
        """Texts of a layout and the names of the placeholders between them, in turn."""
        return _PLACEHOLDER.split((self._folder / path / "index.html").read_text("utf-8"))
