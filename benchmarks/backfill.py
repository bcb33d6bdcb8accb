"""Measure the backfill of the published boards against a floor that reads each distinct row.

The floor streams the same blobs through ``git cat-file --batch``, splits them into lines, and
parses each distinct line once; lines are equal if their text from ``"Model":`` on is. The tracker
loads into an empty catalog on disk: history, parsing, intervals, rankings, copies, curated
knowledge and the commit.
"""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from threading import Thread

from benchmarks.common import (
    ROUNDS,
    Result,
    Spent,
    fetch_boards,
    in_fresh_process,
    main,
    ratio,
    spend,
    take_turns,
)

SOURCE = "published-boards"
SETS = {"overall": "five overall boards", "all": "all tables"}


def measure(data: Path) -> list[Result]:
    """Measure both backfills and their memory."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fetch_boards(data, home)
        for chosen, title in SETS.items():
            rounds = [in_fresh_process(_round, home, chosen, n) for n in range(ROUNDS)]
            found, known = ratio(rounds, "ours", "floor"), ratio(rounds, "again", "floor")
            versions = in_fresh_process(_count, home, chosen)
            results += [
                Result(
                    f"backfill, {title} ({versions:,} versions), to streaming and parsing each"
                    " distinct row",
                    found.text,
                    "3×",
                    found.wall <= 3,
                ),
                Result(
                    "… of that, what a second load does as well: list the history, write curated"
                    " knowledge, find copies",
                    known.text,
                    "",
                    None,
                ),
            ]
            if chosen == "all":
                ours = median(r["ours"].wall for r in rounds)
                results.append(
                    Result("… to a floor of 2.5 s", f"{ours / 2.5:.2f}×", "3×", ours <= 7.5)
                )
            python, git = in_fresh_process(_peak, home, chosen)
            results.append(
                Result(
                    "… peak memory: Python, git",
                    f"{python:.0f} MB, {git:.0f} MB",
                    "300 MB",
                    python + git < 300,
                )
            )
    return results


def _choose(chosen: str) -> None:
    """Restrict a load to the overall tables, if wanted."""
    from tracker.sources import published_boards

    every = published_boards.versions
    if chosen == "overall":
        published_boards.versions = lambda clone: [v for v in every(clone) if v.task_type is None]


def _loader(home: Path, chosen: str) -> Callable[[], object]:
    """Prepare a load into an empty catalog; the preparation is not measured."""
    from tracker.catalog.engine import migrate, open_engine
    from tracker.catalog.load import load
    from tracker.common.paths import resource as shipped
    from tracker.curated import read_curated
    from tracker.snapshots.store import Archive

    catalog = home / f"{chosen}.db"
    catalog.unlink(missing_ok=True)
    engine = open_engine(f"sqlite:///{catalog}", read_only=False)
    migrate(engine)
    curated = read_curated(shipped("db/curated"))
    clones = home / "db" / "clones"
    return lambda: load(
        engine,
        archive=Archive(home / "no-archive"),
        clones=clones,
        curated=curated,
        sources=[SOURCE],
    )


def _round(home: Path, chosen: str, number: int) -> dict[str, Spent]:
    from tracker.sources import published_boards

    _choose(chosen)
    clone = home / "db" / "clones" / SOURCE
    # The fastest order for the floor: versions of one file share their delta bases.
    by_table = sorted(published_boards.versions(clone), key=lambda v: v.path)
    blobs = list(dict.fromkeys(version.blob for version in by_table))
    load = _loader(home, chosen)
    spent = take_turns(number, {"floor": lambda: _floor(clone, blobs), "ours": load})
    return spent | {"again": spend(load)}


def _floor(clone: Path, blobs: list[str]) -> int:
    from orjson import loads

    process = subprocess.Popen(
        ["git", "cat-file", "--batch"],
        cwd=clone,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=1 << 20,
    )
    assert process.stdin is not None and process.stdout is not None
    questions, answers = process.stdin, process.stdout

    def ask() -> None:
        with questions:
            questions.write("".join(f"{blob}\n" for blob in blobs).encode())

    Thread(target=ask).start()
    seen: set[bytes] = set()
    for _ in blobs:
        size = int(answers.readline().split()[2])
        body = answers.read(size)
        answers.read(1)
        for line in body.split(b"\n"):
            tail = line[line.find(b'"Model":') :]
            if tail not in seen:
                seen.add(tail)
                if line:
                    loads(line)
    process.wait()
    answers.close()
    return len(seen)


def _count(home: Path, chosen: str) -> int:
    from tracker.sources import published_boards

    _choose(chosen)
    return len(published_boards.versions(home / "db" / "clones" / SOURCE))


def _peak(home: Path, chosen: str) -> tuple[float, float]:
    """Return the peak resident megabytes of a loading process, and of its git."""
    _choose(chosen)
    _loader(home, chosen)()
    own, child = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own / 1024, child / 1024


if __name__ == "__main__":
    main(measure)
