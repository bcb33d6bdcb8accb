"""Build what MkDocs makes of a site: its hand-written pages, and the layouts of all others."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tracker.common.paths import resource
from tracker.pages.build.files import Site, write_file
from tracker.pages.build.layouts import as_template, layout_paths, write_layout_sources
from tracker.pages.build.mkdocs import navigation, read_config, run_mkdocs
from tracker.pages.build.stamps import BUILT_AT, DATA_UNTIL, DIGEST
from tracker.pages.build.theme_html import corrected, protected
from tracker.pages.language.filters import minute
from tracker.pages.language.handwritten import copy_handwritten
from tracker.pages.language.texts import load_texts
from tracker.pages.written_twins import written_twins


@dataclass(frozen=True)
class ThemePages:
    """What MkDocs made for one language."""

    written: frozenset[str]
    """Source files of the hand-written pages, such as ``about.md``."""
    layouts: tuple[str, ...]
    """Addresses of the layouts."""
    digest: str
    """A digest of all layouts."""


def build_theme_pages(site: Site, language: str) -> ThemePages:
    """Put the hand-written pages of a language into the site, and its layouts beside the site.

    Raises:
        TrackerError: MkDocs failed, or the theme does not show the content of a layout once.
    """
    work = site.run / language
    docs = work / "docs"
    copy_handwritten(resource("site") / "docs", docs, language)
    written = frozenset(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))
    config = read_config(language, site.languages, footer(language), site.base_url)
    layouts = layout_paths(navigation(config), written)
    write_layout_sources(docs, layouts)
    built = run_mkdocs(work, config)
    digest = _move_layouts(built, site.layouts(language), layouts)
    _move_others(built, site, language)
    for place, text in written_twins(docs, written):
        write_file(site.root(language) / place, text.encode("utf-8"))
    return ThemePages(written, layouts, digest)


def footer(language: str) -> str:
    """HTML of the footer, which says when the data ends and when the site was built."""
    stamps = {"data_until": DATA_UNTIL, "built": minute(BUILT_AT), "digest": DIGEST}
    return str(load_texts(language)("word.footer", **stamps))


def _move_layouts(built: Path, folder: Path, layouts: tuple[str, ...]) -> str:
    digest = sha256()
    for path in layouts:
        page = built / path / "index.html"
        template = as_template(path, protected(corrected(page.read_text("utf-8"))))
        content = template.encode("utf-8")
        digest.update(f"{path}\n{len(content)}\n".encode() + content)
        write_file(folder / path / "index.html", content)
        page.unlink()
    return digest.hexdigest()


def _move_others(built: Path, site: Site, language: str) -> None:
    """Move every file into the site, but the sitemaps, which know nothing of generated pages."""
    for file in built.rglob("*"):
        if not file.is_file() or file.name.startswith("sitemap.xml"):
            continue
        target = site.root(language) / file.relative_to(built)
        if file.suffix == ".html":
            page = protected(corrected(file.read_text("utf-8")))
            write_file(target, site.stamps.fill(page.encode("utf-8")))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            file.rename(target)
