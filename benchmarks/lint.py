"""Measure the search for suspect scores over all result files of today.

The floor streams the same blobs through ``git cat-file --batch`` and parses each. The first search
reads every file; later ones know what was found in a blob.

    python -m benchmarks.lint HOME
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.common import Result, in_fresh_process, report, spend
from benchmarks.results import SOURCE, stream

LIMIT = 2.0


def measure(home: Path) -> list[Result]:
    """Measure one first and one later search against the floor."""
    floor = in_fresh_process(_floor, home)
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "lint.parquet"
        first = in_fresh_process(_search, home, cache)
        later = in_fresh_process(_search, home, cache)
    what = "`tracker lint`, to streaming and parsing the same files"
    ratio = first / floor
    return [
        Result(
            f"{what}, first search",
            f"{ratio:.2f}× ({first:.1f} s to {floor:.1f} s)",
            f"{LIMIT}×",
            ratio <= LIMIT,
        ),
        Result("… later searches", f"{later / floor:.2f}× ({later:.1f} s)", "", None),
    ]


def _floor(home: Path) -> float:
    """Seconds of processor time of streaming and parsing."""
    from tracker.catalog.engine import catalog_url, open_engine
    from tracker.catalog.results.queries import present_score_files
    from tracker.common.times import now_text

    engine = open_engine(catalog_url(home / "db" / "catalog.db"), read_only=True)
    with engine.connect() as connection:
        blobs = [file.blob for file in present_score_files(connection, now_text())]
    spent = spend(lambda: stream(home / "db" / "clones" / SOURCE, blobs, parse=True))
    return spent.cpu


def _search(home: Path, cache: Path) -> float:
    """Seconds of processor time of one search with a cache."""
    from tracker.catalog.engine import catalog_url, open_engine
    from tracker.common.paths import resource
    from tracker.common.times import now_text
    from tracker.insights.health.suspects import read_suspects
    from tracker.insights.reader import Folders, Reader

    engine = open_engine(catalog_url(home / "db" / "catalog.db"), read_only=True)
    clone = home / "db" / "clones" / SOURCE
    folders = Folders(clone, cache, resource("db/curated"), home / "db" / "snapshots")
    with engine.connect() as connection:
        reader = Reader(connection, folders=folders)
        return spend(lambda: read_suspects(reader, now_text())).cpu


if __name__ == "__main__":
    print(report(measure(Path(sys.argv[1]))))
