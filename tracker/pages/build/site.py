"""Build the whole site.

The main process reads the catalog and makes the contexts of pages; worker processes render them,
draw charts, and run MkDocs on the hand-written pages. Decision 11 explains why it is so.

Everything is written into a fresh folder under ``work``, and only a finished site is renamed into
its place. A build that is killed leaves the old site as it was; the next build cleans up.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import orjson

from tracker.common.garbage_collection import collection_paused
from tracker.common.times import now_text
from tracker.errors import TrackerError
from tracker.pages.build.cache import page_key
from tracker.pages.build.content import DataFile, SiteContent
from tracker.pages.build.files import Site, safe_path, write_file
from tracker.pages.build.layouts import SEGMENT
from tracker.pages.build.pool import WorkerPool, result_of
from tracker.pages.build.search_index import completed
from tracker.pages.build.stamps import Stamps
from tracker.pages.build.theme_pages import ThemePages, build_theme_pages
from tracker.pages.build.worker import WrittenPage
from tracker.pages.contexts import AnyPage
from tracker.pages.language.texts import LANGUAGES
from tracker.pages.sitemap import sitemap
from tracker.pages.views.catalog_protocol import CatalogReader
from tracker.pages.views.search_names import SearchName

CACHE = "cache.sqlite"
"""The results of earlier builds, beside the folders of builds."""

_INDEX = "search/search_index.json"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made and how long each step took."""

    out: Path
    pages: int
    """Pages of all languages that were made from the catalog."""
    rendered: int
    """Those of them that were not in the cache."""
    data_files: int
    seconds: dict[str, float]
    """By step: ``read`` the catalog, ``render`` what is left by then, ``finish``."""


def build_site(
    catalog: CatalogReader,
    out: Path,
    *,
    work: Path,
    languages: Sequence[str] = LANGUAGES,
    base_url: str | None = None,
) -> BuildReport:
    """Build the site of a catalog.

    Args:
        catalog: The open catalog.
        out: Where the site will be; an old one is replaced.
        work: A folder on the same file system, for the cache and unfinished builds.
        languages: Languages of the site.
        base_url: Address of the site, if it is known.

    Raises:
        TrackerError: A language is unknown, MkDocs failed, or a file cannot be written.
    """
    if not languages or set(languages) - set(LANGUAGES):
        raise TrackerError(f"site: languages are {', '.join(LANGUAGES)}, not {list(languages)}")
    try:
        run = _fresh_folder(work, out)
        stamps = Stamps(now_text(), catalog.digest, catalog.data_until)
        site = Site(run, tuple(languages), base_url, stamps)
        # Collection would take a tenth of the reading and find nothing.
        with collection_paused(), WorkerPool(site, work / CACHE) as pool:
            report = _Build(catalog, site, pool).make(out)
        shutil.rmtree(run, ignore_errors=True)
        return report
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        raise TrackerError(
            f"site: cannot write: {error.strerror or error}{place}",
            remedy=f"the site at {out} is as it was",
        ) from error


class _Build:
    """One build in one folder."""

    def __init__(self, catalog: CatalogReader, site: Site, pool: WorkerPool) -> None:
        self.catalog = catalog
        self.site = site
        self.pool = pool
        self.pages: dict[str, Future[WrittenPage]] = {}
        """The pages that worker processes write, by address."""
        self.places: set[str] = set()
        """Their addresses without case."""
        self.rendered = 0
        self.data_files = 0

    def make(self, out: Path) -> BuildReport:
        """Build the site and put it in its place."""
        started = time.perf_counter()
        languages = self.site.languages
        running = [self.pool.submit(build_theme_pages, self.site, name) for name in languages]
        content = SiteContent(self.catalog, self.pool, languages, self.site.base_url)
        # Pages need the layouts, which are ready before the first page is.
        theme = [result_of(pages) for pages in running]
        later = self.write_items(content, theme)
        read = time.perf_counter()
        pages = [result_of(page) for page in self.pages.values()]
        self.data_files += sum(page.data_files for page in pages)
        for file in later:
            self.write_file(file)
        rendered = time.perf_counter()
        self.finish(theme[0], pages, content.search_names())
        swap(self.site.folder, out)
        self.pool.forget_unused()
        done = time.perf_counter()
        seconds = {"read": read - started, "render": rendered - read, "finish": done - rendered}
        count = len(self.pages) * len(languages)
        return BuildReport(out, count, self.rendered, self.data_files, seconds)

    def write_items(self, content: SiteContent, theme: Sequence[ThemePages]) -> list[DataFile]:
        """Write all pages and data files; return the files that workers have not finished."""
        layouts = "".join(pages.digest for pages in theme)
        later = []
        for item in content.items():
            if not isinstance(item, DataFile):
                self.check_is_free(item.page.path, theme[0])
                self.write_page(item, content.feeds.get(item.page.path), layouts)
            elif isinstance(item.content, bytes):
                self.write_file(item)
            else:
                later.append(item)
        return later

    def write_page(self, context: AnyPage, feed: str | None, layouts: str) -> None:
        """Have one page written in every language.

        Args:
            context: What it shows.
            feed: Address of the feed that it announces, without language and ending.
            layouts: A digest of all layouts.
        """
        safe_path(context.page.path)
        site = f"{layouts}\n{self.site.languages}\n{self.site.base_url}\n{feed}"
        content = orjson.dumps(context, option=orjson.OPT_NON_STR_KEYS)
        key = page_key(type(context).__name__, content, site)
        if not self.pool.is_cached(key):
            self.rendered += len(self.site.languages)
        self.pages[context.page.path] = self.pool.write_page(key, context, feed)

    def check_is_free(self, path: str, theme: ThemePages) -> None:
        """Names that differ in case only would be one file on some machines."""
        if f"{path}index.md" in theme.written or path.casefold() in self.places:
            raise TrackerError(f"site: two pages want the place {path!r}")
        self.places.add(path.casefold())

    def write_file(self, file: DataFile) -> None:
        """Write a data file, as soon as a worker process has made it."""
        content = file.content if isinstance(file.content, bytes) else result_of(file.content)
        write_file(self.site.folder / safe_path(file.path), content)
        self.data_files += 1

    def finish(
        self, theme: ThemePages, pages: Sequence[WrittenPage], names: Sequence[SearchName]
    ) -> None:
        """Write what knows all pages: the search index of every language and the sitemap."""
        for path in theme.layouts:
            if SEGMENT not in path and path not in self.pages:
                raise TrackerError(f"site: the navigation names {path!r}, which has no page")
        for language in self.site.languages:
            index = self.site.root(language) / _INDEX
            found = (page.search[language] for page in pages if language in page.search)
            document = completed(orjson.loads(index.read_bytes()), found, names, language)
            index.write_bytes(orjson.dumps(document))
        if self.site.base_url:
            paths = [*_addresses(theme.written), *map(quote, self.pages)]
            text = sitemap(self.site.base_url, paths, self.site.languages)
            write_file(self.site.folder / "sitemap.xml", text.encode("utf-8"))


def _addresses(written: Iterable[str]) -> Iterator[str]:
    """The addresses of hand-written pages, as in links."""
    for name in written:
        stem = name.removesuffix(".md")
        yield quote(stem.removesuffix("index") if stem.endswith("index") else f"{stem}/")


def _fresh_folder(work: Path, out: Path) -> Path:
    """Make a folder that no other run writes to, and clean up after a killed build.

    A MkDocs process can outlive a killed build and go on writing; so every build has a folder of
    its own, and what cannot be removed now is removed by the next build.
    """
    old = _beside(out)
    if old.exists():
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(out)
    work.mkdir(parents=True, exist_ok=True)
    for left_over in work.glob("build-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix="build-", dir=work))


def _beside(out: Path) -> Path:
    return out.with_name(f"{out.name}.old")


def swap(finished: Path, out: Path) -> None:
    """Put a finished site in the place of the old one, by renames only."""
    old = _beside(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    # A temporary folder is private; a site is there to be served.
    finished.chmod(0o755)
    if out.exists():
        out.rename(old)
    finished.rename(out)
    shutil.rmtree(old, ignore_errors=True)
