"""Measure reading a board: warm in Python, cold from the command line.

Warm reading covers every board and every table of a board on five dates. Its floor fetches the
same rows from SQLite and makes a polars frame of them. The floor of cold reading is a process that
imports polars and SQLModel and exits.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.common import (
    ROOT,
    ROUNDS,
    Result,
    environment,
    full_home,
    in_fresh_process,
    main,
)

DATES = ("2024-07-20", "2024-10-22", "2025-02-04", "2026-06-01", "2026-11-01")
PROCESSES = {
    "python": ["-c", "pass"],
    "imports": ["-c", "import polars, sqlmodel"],
    "leaderboard": ["-m", "tracker", "leaderboard", "mteb-english"],
    "help": ["-m", "tracker", "--help"],
}


def measure(data: Path) -> list[Result]:
    """Measure warm and cold reading."""
    with tempfile.TemporaryDirectory() as folder:
        home = full_home(data, Path(folder))
        return [*_warm(home), *_cold(home)]


def _warm(home: Path) -> list[Result]:
    found = in_fresh_process(_read_all, home)
    ours = sorted(found, key=lambda one: one[1])
    middle, worst = median(one[1] for one in found), ours[-1]
    base = median(one[2] for one in found)
    return [
        Result(
            f"Catalog.leaderboard, warm, {len(found)} boards and dates: median, to fetching the"
            " same lines and framing them",
            f"{middle / base:.1f}× ({middle * 1000:.1f} ms to {base * 1000:.1f} ms)",
            "20 ms",
            middle < 0.020,
        ),
        Result(
            f"… the slowest: {worst[0]}",
            f"{worst[1] / worst[2]:.1f}× ({worst[1] * 1000:.1f} ms to {worst[2] * 1000:.1f} ms)",
            "20 ms",
            worst[1] < 0.020,
        ),
    ]


def _read_all(home: Path) -> list[tuple[str, float, float]]:
    """Return what was read, and the median seconds of the tracker and of the floor."""
    os.environ.update(environment(home))
    import sqlite3

    import polars as pl

    import tracker
    from tracker.errors import NoDataError

    plain = sqlite3.connect(home / "db" / "catalog.db")
    found = []
    with tracker.open() as catalog:
        for edition in catalog.editions(all_tables=True):
            for date in DATES:

                def ours() -> object:
                    return catalog.leaderboard(edition.slug, date)  # noqa: B023

                def floor() -> object:
                    asked = {"slug": edition.slug, "at": f"{date}T23:59:59Z"}  # noqa: B023
                    lines = plain.execute(_LINES, asked).fetchall()
                    return pl.DataFrame(lines, orient="row", infer_schema_length=None)

                try:
                    ours()
                except NoDataError:
                    continue
                pairs = [(_time(floor), _time(ours)) for _ in range(ROUNDS)]
                found.append(
                    (
                        f"{edition.name} on {date}",
                        median(pair[1] for pair in pairs),
                        median(pair[0] for pair in pairs),
                    )
                )
    return found


_LINES = """
    select m.name, r.mean_task, r.mean_task_type, r.task_types, r.n_tasks, r.valid_from
      from board_row r join edition e on e.id = r.edition_id
      join listing l on l.id = r.listing_id join model m on m.id = l.model_id
     where e.slug = :slug and r.valid_from <= :at and (r.valid_to is null or r.valid_to > :at)
"""


def _time(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _cold(home: Path) -> list[Result]:
    def run(arguments: list[str]) -> None:
        subprocess.run(
            [sys.executable, *arguments],
            env=environment(home),
            cwd=ROOT,
            check=True,
            capture_output=True,
        )

    rounds = [
        {name: _time(lambda a=arguments: run(a)) for name, arguments in PROCESSES.items()}  # type: ignore[misc]
        for _ in range(ROUNDS)
    ]
    took = {name: median(r[name] for r in rounds) for name in PROCESSES}
    imports, more = took["imports"], took["leaderboard"] - took["imports"]
    return [
        Result(
            "tracker leaderboard mteb-english as a cold process, beyond importing polars and"
            " SQLModel",
            f"{more:.2f} s more: {took['leaderboard'] / imports:.2f}× of {imports:.2f} s",
            "0.3 s more",
            more <= 0.3,
        ),
        Result(
            "tracker --help as a cold process, to an empty Python",
            f"{took['help'] / took['python']:.1f}× ({took['help']:.2f} s to"
            f" {took['python']:.2f} s)",
            "0.35 s",
            took["help"] < 0.35,
        ),
    ]


if __name__ == "__main__":
    main(measure)
