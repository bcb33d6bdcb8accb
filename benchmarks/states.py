"""Measure the computed states of all boards: time, memory, size, and queries.

    python -m benchmarks.states DATA REPOSITORY

REPOSITORY, or the environment variable ``RESULTS``, is a complete clone of the results repository.
Ratios from the subset in DATA mean little, because it has few models. The peer of the algorithm
computes each board at each commit on its own, extrapolated from a random sample.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.common import (
    API_DATES,
    ROOT,
    Result,
    environment,
    fetch_api_date,
    fetch_boards,
    in_fresh_process,
    main,
    size,
    spend,
    tracker,
)
from benchmarks.results import SOURCE, results_repository

SAMPLE = 60
SEED = 20261129
DAY = "2025-12-31"
PUBLISHED_DAY = "2024-10-22"
BOARD = "mteb-english"


def measure(data: Path) -> list[Result]:
    """Measure all states, ten more commits, the size of the catalog, and queries."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        tracker(home, "fetch", SOURCE, "--from", str(results_repository(data)))
        registry = ROOT / "db" / "starter" / "registry.json.zst"
        tracker(home, "fetch", "benchmark-registry", "--from", str(registry))
        fetch_boards(data, home)
        for date in API_DATES:
            fetch_api_date(data, home, date)
        results = _ten_commits(home)
        tracker(home, "load")
        return results + _size(home) + _all_states(home) + _answers(home) + _cold(home)


def _ten_commits(home: Path) -> list[Result]:
    seconds, n_boards = in_fresh_process(_load_ten_commits, home)
    (home / "db" / "catalog.db").unlink()
    return [
        Result(
            f"ten more commits: load and states of {n_boards} boards",
            f"{seconds:.1f} s",
            "10 s",
            seconds <= 10,
        )
    ]


def _load_ten_commits(home: Path) -> tuple[float, int]:
    """Return the seconds of a load of the ten newest commits, and the boards it computed."""
    os.environ.update(environment(home))
    from tracker.settings import load_settings
    from tracker.sources import result_files
    from tracker.update.run import load_catalog

    clone = home / "db" / "clones" / SOURCE
    before = result_files.moments(clone)[-11].at
    settings = load_settings()
    window = result_files.window
    result_files.window = lambda clone: (None, before)
    load_catalog(settings)
    result_files.window = window
    loads: list[Any] = []
    spent = spend(lambda: loads.append(load_catalog(settings)))
    return spent.wall, loads[0].boards


def _size(home: Path) -> list[Result]:
    """Compare the catalog with one without computed states."""
    catalog = home / "db" / "catalog.db"
    without = home / "without.db"
    shutil.copy(catalog, without)
    in_fresh_process(_remove_states, without)
    grown = size(catalog) - size(without)
    return [
        Result(
            "the catalog with computed states, to one without",
            f"{size(catalog) / size(without):.2f}× ({size(catalog) / 1e6:.0f} MB to"
            f" {size(without) / 1e6:.0f} MB, {grown / 1e6:.0f} MB more)",
            "100 MB more",
            grown <= 100e6,
        )
    ]


def _remove_states(catalog: Path) -> None:
    import sqlite3

    with sqlite3.connect(catalog) as connection:
        computed = "stream_id in (select id from stream where source = ?)"
        for table in ("board_row", "standing"):
            connection.execute(f"delete from {table} where {computed}", (SOURCE,))
        connection.execute("delete from board_state")
    connection.execute("vacuum")
    connection.close()


def _all_states(home: Path) -> list[Result]:
    """Compare all states of a loaded catalog with each board at each commit on its own."""
    seconds, peak, n_boards = in_fresh_process(_compute_states, home / "without.db")
    alone, n_commits = in_fresh_process(_compute_alone, home / "db" / "catalog.db")
    total = alone * n_boards * n_commits
    return [
        Result(
            f"all states of {n_boards} boards over {n_commits} commits, to each board at each"
            f" commit on its own (extrapolated from {SAMPLE})",
            f"1/{total / seconds:.0f} ({seconds:.0f} s to {total:.0f} s)",
            "360 s",
            seconds <= 360,
        ),
        Result("… peak memory", f"{peak:.0f} MB", "1,500 MB", peak <= 1500),
    ]


def _compute_states(catalog: Path) -> tuple[float, float, int]:
    from tracker.catalog.boards.states import update_states
    from tracker.catalog.engine import catalog_url, open_engine
    from tracker.catalog.ids import Names
    from tracker.common.paths import resource as shipped
    from tracker.curated import read_curated

    curated = read_curated(shipped("db/curated"))
    engine = open_engine(catalog_url(catalog), read_only=False)
    computed: list[int] = []

    def compute() -> None:
        with engine.begin() as connection:
            computed.append(update_states(connection, Names(connection, curated)))

    seconds = spend(compute).wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds, peak, computed[0]


def _compute_alone(catalog: Path) -> tuple[float, int]:
    """Return the mean seconds of one board at one commit (in memory), and the commits."""
    from tracker.catalog.engine import catalog_url, open_engine
    from tracker.catalog.results.queries import defined_editions
    from tracker.catalog.results.raw_scores import RawScores

    chosen = random.Random(SEED)
    with open_engine(catalog_url(catalog), read_only=True).connect() as connection:
        commits = connection.exec_driver_sql(
            "select n.published_at from snapshot n join stream s on s.id = n.stream_id"
            " where s.source = ?",
            (SOURCE,),
        ).fetchall()
        editions = sorted(defined_editions(connection))
        seconds = []
        for _ in range(SAMPLE):
            board = RawScores(connection).board(chosen.choice(editions))
            assert board is not None
            moment = chosen.choice(commits)[0]
            seconds.append(spend(partial(board.at, moment)).wall)
    return sum(seconds) / len(seconds), len(commits)


def _answers(home: Path) -> list[Result]:
    """Measure histories of models and past days of boards in an open catalog."""
    histories, days, rebuilt = in_fresh_process(_read, home)
    return [
        Result(
            f"history of a model on all editions of {BOARD}, {len(histories)} models: median,"
            " slowest",
            f"{median(histories) * 1000:.0f} ms, {max(histories) * 1000:.0f} ms",
            "300 ms",
            max(histories) <= 0.3,
        ),
        Result(
            f"a past day of a board, warm, {len(days)} at random, to computing it: median",
            f"1/{median(rebuilt) / median(days):.1f} ({median(days) * 1000:.1f} ms to"
            f" {median(rebuilt) * 1000:.1f} ms)",
            "20 ms",
            median(days) <= 0.020,
        ),
        Result("… the slowest", f"{max(days) * 1000:.1f} ms", "20 ms", max(days) <= 0.020),
    ]


def _read(home: Path) -> tuple[list[float], list[float], list[float]]:
    os.environ.update(environment(home))
    import tracker as package
    from tracker.errors import NoDataError

    chosen = random.Random(SEED)
    days = [f"{year}-{month:02}-{day:02}" for year in (2025, 2026) for month in range(1, 8)
            for day in (3, 17, 28)]  # fmt: skip
    reads: list[float] = []
    rebuilt: list[float] = []
    with package.open() as catalog:
        models = sorted(row.model for row in catalog.board(BOARD).rows)
        histories = [
            spend(partial(catalog.history, BOARD, model, all_editions=True)).wall
            for model in chosen.sample(models, 40)
        ]
        boards = [edition.name for edition in catalog.editions()]
        while len(reads) < SAMPLE:
            board, day = chosen.choice(boards), chosen.choice(days)
            try:
                catalog.leaderboard(board, day)
                catalog.leaderboard(board, day, identity="registry")
            except NoDataError:
                continue

            def ask(identity: str, board: str = board, day: str = day) -> float:
                def work() -> object:
                    return catalog.leaderboard(board, day, identity=identity)

                return median(spend(work).wall for _ in range(3))

            reads.append(ask("resolved"))
            rebuilt.append(ask("registry"))
    return histories, reads, rebuilt


def _cold(home: Path) -> list[Result]:
    """A computed day and a published day, each as a process of its own."""
    rounds = [[_process(home, day) for day in (DAY, PUBLISHED_DAY)] for _ in range(5)]
    (computed, published) = (median(pair[i][0] for pair in rounds) for i in (0, 1))
    (larger, smaller) = (median(pair[i][1] for pair in rounds) for i in (0, 1))
    return [
        Result(
            f"tracker leaderboard {BOARD} on {DAY} (computed) as a process, to {PUBLISHED_DAY}"
            " (published)",
            f"{computed / published:.2f}× ({computed:.2f} s to {published:.2f} s)",
            "1.1×",
            computed <= 1.1 * published,
        ),
        Result(
            "… peak memory",
            f"{larger / smaller:.2f}× ({larger:.0f} MB to {smaller:.0f} MB)",
            "1.1×",
            larger <= 1.1 * smaller,
        ),
    ]


_MEASURED = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "tracker", *sys.argv[1:]], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def _process(home: Path, day: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one answer on the command line."""
    command = [sys.executable, "-c", _MEASURED, "leaderboard", BOARD, "--as-of", day]
    printed: list[bytes] = []

    def run() -> None:
        done = subprocess.run(
            command, env=environment(home), cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        printed.append(done.stdout)

    return spend(run).wall, float(printed[0])


if __name__ == "__main__":
    main(measure)
