"""Pages in the theme's clothes without the theme's work: one shell serves thousands of pages.

What MkDocs puts around a page's content depends on the page's title, description and address, and
on how links lead from there to the pages of the navigation: on its folder and its depth, that is.
So MkDocs builds one page of marks for every folder and depth, and a page is that shell with its
own words in the places of the marks. The same bytes would come from MkDocs, in a hundredth of
the time; a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tracker.errors import TrackerError
from tracker.pages.build.render import Rendered

SEGMENT = "et-shell"
"""A part of a shell's address that stands for any part of a page's."""

TITLE, ABOUT, HEAD = "et-title-mark", "et-about-mark", "<!-- et-head -->"
LEAD = "<h1>et-lead-mark</h1>"
"""A heading, because the theme writes one of its own over a page that has none."""

BODY = '<div id="et-body"></div>'
"""Where tables and histories belong."""

DEEPEST = 3
"""How far below a folder of the navigation a page can be: ``boards/x/as-of/2024-10-22/``."""

_FRONT_MATTER = (
    f"---\ntitle: {TITLE}\ndescription: {ABOUT}\nshell: true\nhide:\n  - navigation\n  - toc\n---\n"
)
_TEXT = f'{_FRONT_MATTER}\n<div class="et-lead">\n{LEAD}\n</div>\n\n{BODY}\n'


def shell_paths(navigation: Iterable[str], written: Iterable[str]) -> tuple[str, ...]:
    """Addresses of all shells of a site.

    Args:
        navigation: Source files of the navigation, ``boards/index.md``.
        written: Source files that people wrote; those need no shell.
    """
    by_hand = set(written)
    listed = set(navigation)
    folders = {f"{parent}/" for name in listed | by_hand for parent in _parents(name)} | {""}
    own = {_address(name) for name in listed - by_hand}
    below = {folder + f"{SEGMENT}/" * n for folder in folders for n in range(1, DEEPEST + 1)}
    return tuple(sorted(own | below))


def _parents(name: str) -> Iterator[str]:
    parts = name.split("/")[:-1]
    return ("/".join(parts[: n + 1]) for n in range(len(parts)))


def _address(name: str) -> str:
    return name.removesuffix("index.md")


def write_shells(docs: Path, paths: Iterable[str]) -> None:
    """The sources of the shells, for MkDocs to build."""
    for path in paths:
        target = docs / path / "index.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_TEXT, "utf-8")


def shell_of(path: str, shells: Mapping[str, Shell]) -> Shell:
    """The shell for the page at an address: its own one, or that of its folder and depth.

    Raises:
        TrackerError: The page is deeper than any shell.
    """
    folder, below = path, ""
    while folder + below not in shells:
        if not folder:
            raise TrackerError(f"site: the page at {path!r} is too deep for the site's shells")
        folder = folder[: folder.rstrip("/").rfind("/") + 1]
        below += f"{SEGMENT}/"
    return shells[folder + below]


@dataclass(frozen=True, slots=True)
class Shell:
    """A page of marks as MkDocs built it, cut at its marks."""

    path: str
    parts: tuple[str, ...]
    """Text and the names of marks, in turns."""

    @classmethod
    def cut(cls, path: str, text: str) -> Shell:
        """Cut a built page at its marks.

        Raises:
            TrackerError: The theme does not show the content once.
        """
        if any(text.count(mark) != 1 for mark in (HEAD, LEAD, BODY)):
            raise TrackerError(
                f"site: the shell at {path!r} does not have one place for its content",
                remedy="look at site/overrides: a page must show its content once, unchanged",
            )
        marks = [TITLE, ABOUT, HEAD, LEAD, BODY, *([path] if SEGMENT in path else [])]
        return cls(path, tuple(re.split(f"({'|'.join(map(re.escape, marks))})", text)))

    def filled(self, page: Rendered, head: str) -> str:
        """The page that MkDocs would make; ``head`` is what its head has besides."""
        words = {
            TITLE: page.title,
            ABOUT: page.description,
            HEAD: head,
            LEAD: page.lead,
            BODY: f'<div id="et-body">\n{page.body}\n</div>',
            self.path: quote(page.path),
        }
        parts = list(self.parts)
        parts[1::2] = [words[mark] for mark in parts[1::2]]
        return "".join(parts)
