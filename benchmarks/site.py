"""A full site in both languages against plain MkDocs-Material on as many trivial pages.

The peer is as lean as it can be: one heading and one line a page, a navigation with the home page
only, and both languages at the same time like ours.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.common import (
    ROUNDS,
    Result,
    environment,
    full_home,
    main,
    ratio,
    take_turns,
    tracker,
)

LANGUAGES = ("en", "zh")
_CONFIG = """\
site_name: Plain
theme: {name: material, font: false, language: %s}
plugins: [search]
nav: [Home: index.md]
not_in_nav: "*"
"""


def measure(data: Path) -> list[Result]:
    """The whole build, reading the catalog included, to MkDocs alone."""
    with tempfile.TemporaryDirectory() as folder:
        home = full_home(data, Path(folder))
        tracker(home, "site", "build")
        pages = sum(1 for _ in (home / "build" / "site").rglob("*.html"))
        peer = Path(folder) / "plain"
        for language in LANGUAGES:
            _write_trivial(peer / language, language, pages // len(LANGUAGES))

        def ours() -> None:
            tracker(home, "site", "build")

        rounds = [
            take_turns(number, {"plain": lambda: _plain(peer), "ours": ours})
            for number in range(ROUNDS)
        ]
        found = ratio(rounds, "ours", "plain")
        return [
            Result(
                f"site of {pages:,} pages in two languages, to plain MkDocs-Material on as many"
                " trivial pages",
                found.text,
                "",
                None,
            )
        ]


def _write_trivial(folder: Path, language: str, count: int) -> None:
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(_CONFIG % language, "utf-8")
    for number in range(count):
        name = f"page-{number}.md" if number else "index.md"
        (docs / name).write_text(f"# Page {number}\n\nOne line of text.\n", "utf-8")


def _plain(peer: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "build", "--quiet", "--clean"],
            cwd=peer / language,
            env=environment(peer) | {"NO_MKDOCS_2_WARNING": "1"},
        )
        for language in LANGUAGES
    ]
    for process in running:
        if process.wait():
            sys.exit(f"mkdocs failed in {process.args!r}")


if __name__ == "__main__":
    main(measure)
