"""The finished site, put together from shells, rendered pages, and what MkDocs made of the rest.

Every language is put together by itself, so that all can be at the same time.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import orjson

from tracker.errors import TrackerError
from tracker.pages.build.files import safe_path, write_file
from tracker.pages.build.layouts import SEGMENT, Shell, shell_of
from tracker.pages.build.mkdocs import MADE, corrected, protected
from tracker.pages.build.page_cache import KeptPages, keeper
from tracker.pages.build.render import Rendered
from tracker.pages.sitemap import rooted, sitemap

WHOLE = "whole"
"""The folder of a build in which the finished site comes together."""

_INDEX = "search/search_index.json"


@dataclass(slots=True)
class SitePages:
    """Which pages a site has."""

    run: Path
    """The folder of the build; every language has one in it."""
    languages: Sequence[str]
    base_url: str | None
    keys: dict[str, str] = field(default_factory=dict)
    """By the address of a page of the catalog: the digest under which it is kept."""
    written: set[str] = field(default_factory=set)
    """Source files of the pages that people wrote."""
    shells: tuple[str, ...] = ()
    cards: set[str] = field(default_factory=set)
    """Addresses of pages that have a picture of their own, ``card.png``."""
    marks: dict[str, str] = field(default_factory=dict)
    """What stands in rendered pages for something else, by mark."""
    _places: set[str] = field(default_factory=set)

    def add(self, path: str, digest: str) -> None:
        """Note a page; names that differ in case only would be one file on some machines."""
        taken = f"{path}index.md" in self.written or path.casefold() in self._places
        if taken:
            raise TrackerError(f"site: two pages want the place {path!r}")
        self._places.add(path.casefold())
        self.keys[path] = digest

    def write_sitemap(self) -> None:
        """The list of all addresses, for a site that knows its own."""
        if self.base_url:
            text = sitemap(self.base_url, self._addresses(), self.languages)
            (self.run / WHOLE / "sitemap.xml").write_text(text, "utf-8")

    def _addresses(self) -> Iterator[str]:
        """The addresses of all pages, as in links."""
        for name in self.written:
            stem = name.removesuffix(".md")
            yield quote(stem.removesuffix("index") if stem.endswith("index") else f"{stem}/")
        yield from map(quote, self.keys)


def put_together(pages: SitePages, language: str, kept: Sequence[KeptPages]) -> int:
    """The pages of one language in their places, and the data files that belong to them.

    Args:
        pages: What the site has; MkDocs is done with the shells.
        language: The one to put together.
        kept: All shares of the rendered pages.

    Returns:
        How many data files there are. What MkDocs worked in is gone.
    """
    made = pages.run / language / MADE
    target = pages.run / WHOLE / ("" if language == "en" else language)
    shells = _take_shells(made, pages)
    _move(made, target)
    _fill(target, shells, language, pages, kept)
    shutil.rmtree(pages.run / language, ignore_errors=True)
    return _write_files(language, pages, kept)


def _write_files(language: str, pages: SitePages, kept: Sequence[KeptPages]) -> int:
    count = 0
    for digest in pages.keys.values():
        for path, content in keeper(kept, digest).files(digest, language):
            write_file(pages.run / WHOLE / safe_path(path), content)
            count += 1
    return count


def _take_shells(made: Path, pages: SitePages) -> dict[str, Shell]:
    """The shells from what MkDocs made, which is then without them and without sitemaps."""
    for page in made.rglob("*.html"):
        text = protected(corrected(page.read_text("utf-8")))
        page.write_text(_marked(text, pages.marks), "utf-8")
    for sitemap_file in made.glob("sitemap.xml*"):
        sitemap_file.unlink()
    shells = {}
    for path in pages.shells:
        if SEGMENT not in path and path not in pages.keys:
            raise TrackerError(f"site: the navigation names {path!r}, which has no page")
        page = made / path / "index.html"
        shells[path] = Shell.cut(path, page.read_text("utf-8"))
        page.unlink()
    return shells


def _move(made: Path, target: Path) -> None:
    """Every file of a folder into another one, which may have files of other names."""
    for file in made.rglob("*"):
        if file.is_file():
            place = target / file.relative_to(made)
            place.parent.mkdir(parents=True, exist_ok=True)
            file.rename(place)


def _fill(
    site: Path,
    shells: Mapping[str, Shell],
    language: str,
    pages: SitePages,
    kept: Sequence[KeptPages],
) -> None:
    """Put every page of one language into its shell and into the search index."""
    entries: list[dict[str, str]] = []
    for path, digest in pages.keys.items():
        page = keeper(kept, digest).read(digest, language)
        text = shell_of(path, shells).filled(page, head(page, pages))
        target = site / path / "index.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_marked(text, pages.marks), "utf-8")
        if page.found_by:
            entries.append({"location": quote(path), "title": page.title, "text": page.found_by})
    document = orjson.loads((site / _INDEX).read_bytes())
    written = [its for its in document["docs"] if not _of_shell(its["location"], pages.shells)]
    found = orjson.loads(_marked(orjson.dumps(entries).decode(), pages.marks))
    document["docs"] = written + found
    (site / _INDEX).write_bytes(orjson.dumps(document))


def _of_shell(location: str, shells: Sequence[str]) -> bool:
    return location.partition("#")[0] in shells


def _marked(text: str, marks: Mapping[str, str]) -> str:
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text


def head(page: Rendered, pages: SitePages) -> str:
    """What the head of a page has besides: its picture, and the feeds that it announces."""
    lines = []
    if pages.base_url:
        of = page.path if page.path in pages.cards else ""
        address = rooted(pages.base_url, "en", quote(f"{of}card.png"))
        lines.append(f'<meta property="og:image" content="{address}">')
    if page.feed:
        kinds = {"xml": "application/atom+xml", "json": "application/feed+json"}
        # The blank in rel is meant, see the theme's override.
        lines += [
            f'<link rel="alternate " type="{kind}" href="{page.feed}.{ending}">'
            for ending, kind in kinds.items()
        ]
    return "\n      ".join(lines)
