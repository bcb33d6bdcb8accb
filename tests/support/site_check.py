"""Check that all links of a built site resolve: pages, anchors, files, feeds, search, sitemap.

``python -m tests.support.site_check FOLDER [ADDRESS]`` checks a site of any size on all cores; the
address is that for which it was built, so that absolute links to itself are checked as well.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree, html

SITE = "https://tracker.example/"
"""Stands for the site where it was built without an address."""


class Seen(NamedTuple):
    """What a page has and where it leads."""

    page: str
    anchors: frozenset[str]
    links: frozenset[str]
    """Absolute addresses, fragments included."""


def seen(root: Path, address: str, page: str) -> Seen:
    """Read one page, named by its file below the root."""
    tree = html.parse(root / page, html.HTMLParser(encoding="utf-8")).getroot()
    here = urljoin(address, page.removesuffix("index.html"))
    links = tree.xpath(
        "//a/@href | //link/@href | //script/@src | //img/@src"
        " | //meta[@property='og:image' or @property='og:url']/@content"
    )
    anchors = frozenset(chain(tree.xpath("//@id"), tree.xpath("//a/@name")))
    return Seen(page, anchors, frozenset(urljoin(here, link) for link in links))


def named_elsewhere(root: Path, address: str) -> Iterator[tuple[str, str]]:
    """Places that the search index, the sitemap and the feeds name."""
    for index in root.rglob("search_index.json"):
        base = urljoin(address, index.parent.parent.relative_to(root).as_posix() + "/")
        for entry in json.loads(index.read_text("utf-8"))["docs"]:
            yield index.relative_to(root).as_posix(), urljoin(base, entry["location"])
    for sitemap in root.rglob("sitemap.xml"):
        for place in etree.parse(sitemap).getroot().iter("{*}loc", "{*}link"):
            link = place.get("href") or place.text
            yield sitemap.relative_to(root).as_posix(), str(link)


def broken(root: Path, address: str = SITE, *, workers: int | None = None) -> list[tuple[str, str]]:
    """Links to the site itself that lead nowhere, each with the file that has it."""
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    pages = sorted(file for file in files if file.endswith(".html"))
    read = partial(seen, root, address)
    if workers == 1:
        found = list(map(read, pages))
    else:
        with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
            found = list(pool.map(read, pages, chunksize=100))
    anchors = {its.page: its.anchors for its in found}
    own = urlsplit(address)
    wrong = []
    linked = ((its.page, link) for its in found if its.page != "404.html" for link in its.links)
    for page, link in chain(linked, named_elsewhere(root, address)):
        target = urlsplit(link)
        if target.scheme not in ("http", "https") or target.netloc != own.netloc:
            continue
        place = unquote(target.path).removeprefix(own.path)
        place += "index.html" if place.endswith("/") or not place else ""
        fragment = unquote(target.fragment)
        is_there = place in files and (
            not fragment or not place.endswith(".html") or fragment in anchors[place]
        )
        if not is_there:
            wrong.append((page, link))
    return sorted(set(wrong))


def unpaired(root: Path) -> list[str]:
    """Pages that only one language has."""
    both = {"en": set[str](), "zh": set[str]()}
    for page in root.rglob("index.html"):
        place = page.relative_to(root).as_posix()
        both["zh" if place.startswith("zh/") else "en"].add(place.removeprefix("zh/"))
    return sorted(both["en"] ^ both["zh"])


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    nowhere = broken(folder, *sys.argv[2:3])
    alone = unpaired(folder)
    for file, link in nowhere[:50]:
        print(f"{file}: {link} leads nowhere")
    for place in alone[:50]:
        print(f"{place}: only one language has it")
    n_pages = sum(1 for _ in folder.rglob("*.html"))
    print(f"{n_pages} pages, {len(nowhere)} broken links, {len(alone)} pages in one language")
    sys.exit(bool(nowhere or alone))
