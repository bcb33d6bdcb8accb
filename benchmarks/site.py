"""A full site in both languages against MkDocs-Material on as many trivial pages.

The peer has the tracker's own theme: its overrides, navigation, palette and search, both languages
at the same time; each of its pages is one heading and one line. Ours is measured with every page
rendered (charts are cached: a board is drawn again only when it changes), with nothing changed,
and after one more snapshot. Memory is what the build and all its processes held together at one
moment, shared memory counted once.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from benchmarks.common import (
    API_DATES,
    ROUNDS,
    Result,
    environment,
    full_home,
    main,
    ratio,
    spend,
    take_turns,
    tracker,
)
from tracker.pages.build.mkdocs import navigation, read_config
from tracker.pages.build.site import CACHE

LANGUAGES = ("en", "zh")
MOST_TIMES, MOST_SECONDS, MOST_MEMORY = 2.0, 300.0, 1500.0
MOST_AFTER_SNAPSHOT = 20.0
LATER, LATEST = "2026-09-01T00:00:00Z", "2026-09-02T00:00:00Z"
ONE_BOARD = "MTEB(cmn, v1)"

_BUILD = """\
import json, time
from tracker.api import open_catalog
from tracker.pages.build.site import build_site
from tracker.settings import load_settings
folder = load_settings().build
started = time.perf_counter()
with open_catalog() as catalog:
    report = build_site(catalog, folder / "site", work=folder / "work")
print(json.dumps([report.pages, report.rendered, time.perf_counter() - started]))
"""


class Build(NamedTuple):
    """Report of one build."""

    pages: int
    rendered: int
    seconds: float
    """From opening the catalog to the finished site."""


def measure(data: Path) -> list[Result]:
    """The whole build, reading the catalog included, to MkDocs alone."""
    with tempfile.TemporaryDirectory() as folder:
        home = full_home(data, Path(folder) / "home")
        memory = _peak(home)
        count = sum(1 for _ in (home / "build" / "site").rglob("*.html"))
        peer = Path(folder) / "plain"
        for language in LANGUAGES:
            _write_trivial(peer / language, language, count // len(LANGUAGES))

        def first() -> None:
            _forget_pages(home / "build" / "work" / CACHE)
            _build(home)

        rounds = [
            take_turns(number, {"plain": lambda: _plain(peer), "first": first})
            # The cache is filled by the first build.
            | {"same": spend(lambda: _build(home))}
            for number in range(ROUNDS)
        ]
        one = _after_snapshots(data, home, LATER, ONE_BOARD)
        several = _after_snapshots(data, home, LATEST)
        cold, warm = ratio(rounds, "first", "plain"), ratio(rounds, "same", "plain")
        seconds = max(spent["first"].wall for spent in rounds)
        return [
            Result(
                f"site of {count:,} pages in two languages, every page rendered, to MkDocs-Material"
                " with the same theme on as many trivial pages",
                cold.text,
                f"{MOST_TIMES}×",
                cold.wall <= MOST_TIMES,
            ),
            Result(
                "… the slowest",
                f"{seconds:.0f} s",
                f"{MOST_SECONDS:.0f} s",
                seconds <= MOST_SECONDS,
            ),
            Result("… again, nothing changed", warm.text, "", None),
            Result(
                "… peak memory of all its processes together",
                f"{memory:.0f} MB",
                f"{MOST_MEMORY:.0f} MB",
                memory <= MOST_MEMORY,
            ),
            *(
                Result(
                    f"after {what}: pages rendered again, whole build",
                    f"{changed.rendered:,} of {changed.pages:,}, {changed.seconds:.1f} s",
                    f"{MOST_AFTER_SNAPSHOT:.0f} s",
                    changed.seconds <= MOST_AFTER_SNAPSHOT,
                )
                for what, changed in (
                    (f"one changed snapshot, of {ONE_BOARD}", one),
                    ("changed snapshots of the other boards of a schedule", several),
                )
            ),
        ]


def _forget_pages(cache: Path) -> None:
    """Remove all pages from a build cache."""
    results = sqlite3.connect(cache)
    with results:
        results.execute("delete from result where key like 'page-%'")
    results.close()


def _build(home: Path) -> Build:
    """One build in a process of its own."""
    with _started(home) as process:
        told, _ = process.communicate()
    if process.returncode:
        sys.exit("the build failed")
    return Build(*json.loads(told))


def _started(home: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _BUILD]
    return subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE)


def _peak(home: Path) -> float:
    """The most megabytes that a build and all its processes held together at one moment."""
    most = 0
    with _started(home) as process:
        while process.poll() is None:
            most = max(most, sum(map(_held, _processes(process.pid))))
            time.sleep(0.05)
    return most / 1024


def _processes(pid: int) -> Iterator[int]:
    """A process and all below it, as Linux tells them."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _told(task).split():
            yield from _processes(int(child))


def _held(pid: int) -> int:
    """The kilobytes of a process, what it shares with others divided among them."""
    lines = _told(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _told(file: Path) -> str:
    """What a file says; nothing where its process has ended."""
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _after_snapshots(data: Path, home: Path, seen_at: str, *boards: str) -> Build:
    """A build after boards have another state, an old one seen later; all of a schedule unnamed."""
    settings = home / "tracker.toml"
    settings.write_text(f"leaderboard_api_boards = {json.dumps(boards)}\n" if boards else "")
    folder = str(data / "mteb-api" / API_DATES[0])
    tracker(home, "fetch", "leaderboard-api", "--from", folder, "--observed-at", seen_at)
    tracker(home, "load")
    return _build(home)


def _write_trivial(folder: Path, language: str, count: int) -> None:
    """The pages of the navigation, and so many more that there are ``count``."""
    config = read_config(language, LANGUAGES, "Plain", None)
    # The tracker's own style sheet and script are pages' matter, not the theme's.
    del config["extra_css"], config["extra_javascript"]
    docs = folder / "docs"
    named = navigation(config)
    names = [*named, *(f"page-{number}.md" for number in range(len(named), count))]
    for number, name in enumerate(names):
        target = docs / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"# Page {number}\n\nOne line of text.\n", "utf-8")
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")


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
