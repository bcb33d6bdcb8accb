"""Measure raw scores: loading the results repository, and the boards computed from it.

The floor of a load streams the same blobs through ``git cat-file --batch`` and parses each with
orjson, or with Python's json if it contains a bare ``NaN``. The tracker loads into an empty
catalog on disk. The peer is mteb's own loader and data frame on a work tree of the same commit,
if ``TRACKER_REGISTRY_PYTHON`` names an interpreter with mteb.

    python -m benchmarks.results DATA [REPOSITORY]

REPOSITORY, or the environment variable ``RESULTS``, is a clone of the results repository; by
default the subset in DATA is measured.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median
from threading import Thread

from benchmarks.common import (
    ROOT,
    Result,
    Spent,
    environment,
    fetch_api_date,
    in_fresh_process,
    main,
    ratio,
    size,
    spend,
    take_turns,
    tracker,
)

ROUNDS = 3
"""A round reads gigabytes several times."""
SOURCE = "result-files"
BOARDS = ("MTEB(Multilingual, v2)", "MTEB(eng, v2)")
LIMITS = {"MTEB(Multilingual, v2)": 0.3, "MTEB(eng, v2)": 0.06}


def measure(data: Path) -> list[Result]:
    """Measure loads, boards, memory and size."""
    location = results_repository(data)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        tracker(home, "fetch", SOURCE, "--from", str(location))
        registry = ROOT / "db" / "starter" / "registry.json.zst"
        tracker(home, "fetch", "benchmark-registry", "--from", str(registry))
        results += _loads(home)
        results += _ten_commits(home)
        fetch_api_date(data, home, "2026-08-20")
        tracker(home, "load")
        results += _boards(home)
        catalog = size(home / "db" / "catalog.db")
        pack = size(home / "db" / "clones" / SOURCE / "objects")
        results.append(
            Result(
                "catalog with all history and one API date, to the clone's objects",
                f"{catalog / pack:.2f}× ({catalog / 1e6:.0f} MB)",
                "400 MB",
                catalog < 400e6,
            )
        )
    return results


def results_repository(data: Path) -> Path:
    """Return the clone named on the command line or in ``RESULTS``, or the subset."""
    given = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("RESULTS")
    return Path(given).resolve() if given else data / "git" / "results-subset.bundle"


def _loads(home: Path) -> list[Result]:
    results = []
    limits = {"head": 1.6, "history": 2.5}
    for chosen, limit in limits.items():
        rounds = [in_fresh_process(_round, home, chosen, n) for n in range(ROUNDS)]
        n_blobs, n_bytes = in_fresh_process(_count, home, chosen)
        what = "the newest state" if chosen == "head" else "all history"
        floor = "streaming and parsing them" if chosen == "head" else "streaming them"
        found = ratio(rounds, "ours", "parse" if chosen == "head" else "stream")
        results.append(
            Result(
                f"{what} ({n_blobs:,} blobs, {n_bytes / 1e6:,.0f} MB) into the catalog, to {floor}",
                found.text,
                f"{limit}×",
                found.wall <= limit,
            )
        )
        python, git = in_fresh_process(_peak, home, chosen)
        results.append(
            Result(
                "… peak memory: Python, git",
                f"{python:.0f} MB, {git:.0f} MB",
                "400 MB" if chosen == "head" else "",
                python < 400 if chosen == "head" else None,
            )
        )
        if chosen == "head":
            results += _peer(home, median(r["ours"].wall for r in rounds))
    return results


def _blobs(home: Path, chosen: str) -> list[str]:
    """List the blobs of result files, in the order of history."""
    from tracker.sources import result_files

    clone = home / "db" / "clones" / SOURCE
    current: dict[str, str | None] = {}
    all_blobs: dict[str, None] = {}
    for change in result_files.changes(clone, None, None):
        current.update(change.files)
        all_blobs.update(dict.fromkeys(b for b in change.files.values() if b is not None))
    if chosen == "history":
        return list(all_blobs)
    present = {blob for blob in current.values() if blob is not None}
    return [blob for blob in all_blobs if blob in present]


def _loader(home: Path, chosen: str, catalog: Path) -> Callable[[], object]:
    """Prepare a load of the newest state of the repository, or of its whole history."""
    from tracker.catalog.engine import migrate, open_engine
    from tracker.catalog.load import load
    from tracker.common.paths import resource as shipped
    from tracker.curated import read_curated
    from tracker.snapshots.store import Archive
    from tracker.sources import result_files

    clone = home / "db" / "clones" / SOURCE
    if chosen == "head":
        newest = result_files.moments(clone)[-1].at
        result_files.window = lambda clone: (newest, None)
    engine = open_engine(f"sqlite:///{catalog}", read_only=False)
    migrate(engine)
    curated = read_curated(shipped("db/curated"))
    archive = Archive(home / "db" / "snapshots")
    return lambda: load(
        engine,
        archive=archive,
        clones=home / "db" / "clones",
        curated=curated,
        sources=[SOURCE],  # no registry, so no boards; benchmarks.states measures those
    )


def _round(home: Path, chosen: str, number: int) -> dict[str, Spent]:
    clone = home / "db" / "clones" / SOURCE
    blobs = _blobs(home, chosen)
    catalog = home / f"{chosen}.db"
    catalog.unlink(missing_ok=True)
    return take_turns(
        number,
        {
            "stream": lambda: stream(clone, blobs, parse=False),
            "parse": lambda: stream(clone, blobs, parse=True),
            "ours": _loader(home, chosen, catalog),
        },
    )


def stream(clone: Path, blobs: list[str], *, parse: bool) -> int:
    """Read blobs, parse them if wanted, and return their bytes."""
    import json

    from orjson import JSONDecodeError, loads

    process = subprocess.Popen(
        ["git", f"--git-dir={clone}", "cat-file", "--batch", "--buffer"],
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
    total = 0
    for _ in blobs:
        header = answers.readline().split()
        if header[1] == b"missing":
            continue
        body = answers.read(int(header[2]) + 1)
        total += len(body) - 1
        if parse:
            try:
                loads(body)
            except JSONDecodeError:
                with suppress(ValueError):  # not JSON: a log or a list of settings
                    json.loads(body)
    process.wait()
    return total


def _count(home: Path, chosen: str) -> tuple[int, int]:
    blobs = _blobs(home, chosen)
    return len(blobs), stream(home / "db" / "clones" / SOURCE, blobs, parse=False)


def _peak(home: Path, chosen: str) -> tuple[float, float]:
    """Return the peak resident megabytes of a load: of the interpreter, and of git."""
    catalog = home / f"{chosen}-peak.db"
    catalog.unlink(missing_ok=True)
    _loader(home, chosen, catalog)()
    catalog.unlink()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    git = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return own / 1024, git / 1024


_MTEB = """
import json, resource, sys, time
import mteb
from mteb.cache.result_cache import LoadExperimentEnum, ResultCache
from mteb.results.benchmark_results import BenchmarkResults

started = time.perf_counter()
results = ResultCache(sys.argv[1]).load_results(
    models=[m.name for m in mteb.get_model_metas() if m.name is not None],
    only_main_score=True, require_model_meta=False, load_experiments=LoadExperimentEnum.MATCH_NAME,
)
frame = results._to_results_df()
loaded = time.perf_counter()
parts = BenchmarkResults.split_leaderboard_frame(frame)
boards = {}
for name in sys.argv[2:]:
    benchmark = mteb.get_benchmark(name)
    if name in parts:
        benchmark._create_summary_table(parts[name])
        begun = time.perf_counter()
        benchmark._create_summary_table(results._to_results_df(benchmark.tasks))
        boards[name] = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([loaded - started, peak, boards]))
"""


def _peer(home: Path, ours: float) -> list[Result]:
    """Measure mteb's loader and table on the same files, once, since it takes minutes."""
    import json

    python = os.environ.get("TRACKER_REGISTRY_PYTHON")
    if not python:
        return [Result("… to mteb's own loader", "not measured: no mteb here", "1/5", None)]
    clone = home / "db" / "clones" / SOURCE
    cache = home / "mteb"
    remote = cache / "remote"
    remote.mkdir(parents=True)
    git = ["git", f"--git-dir={clone}", f"--work-tree={remote}"]
    # Blobs that a partial clone lacks are missing for both.
    subprocess.run([*git, "read-tree", "tracked"], check=True)
    subprocess.run([*git, "checkout-index", "--all", "--force", "--quiet"], check=False)
    (clone / "index").unlink()
    done = subprocess.run(
        [python, "-c", _MTEB, str(cache), *BOARDS],
        env=environment(home) | {"HF_HUB_OFFLINE": "1", "PYTHONPATH": ""},
        check=True,
        stdout=subprocess.PIPE,
    )
    seconds, peak, boards = json.loads(done.stdout.splitlines()[-1])
    _peer_boards.update(boards)
    return [
        Result(
            "… to mteb's load_results and its frame on the same files (once)",
            f"1/{seconds / ours:.1f} ({ours:.1f} s to {seconds:.0f} s, {peak:,.0f} MB)",
            "1/5",
            seconds >= 5 * ours,
        )
    ]


_peer_boards: dict[str, float] = {}
"""Seconds of mteb's own table by board, if measured."""


def _ten_commits(home: Path) -> list[Result]:
    """Measure a load of the ten newest commits on top of all earlier ones."""
    spent, changed, stream = in_fresh_process(_news, home)
    limit = 3 + stream
    return [
        Result(
            f"ten more commits ({changed:,} changed blobs), to streaming and parsing these",
            f"{spent.wall:.2f} s to {stream:.2f} s",
            "3 s more",
            spent.wall <= limit,
        )
    ]


def _news(home: Path) -> tuple[Spent, int, float]:
    from tracker.sources import result_files

    clone = home / "db" / "clones" / SOURCE
    before = result_files.moments(clone)[-11].at
    catalog = home / "news.db"
    catalog.unlink(missing_ok=True)
    load = _loader(home, "history", catalog)
    original = result_files.window
    result_files.window = lambda clone: (None, before)
    load()
    known = set(_blobs_until(clone, before))
    new = [blob for blob in _blobs(home, "history") if blob not in known]
    result_files.window = original
    floor = spend(lambda: stream(clone, new, parse=True))
    return spend(load), len(new), floor.wall


def _blobs_until(clone: Path, until: str) -> list[str]:
    from tracker.sources import result_files

    changes = result_files.changes(clone, None, until)
    return [blob for change in changes for blob in change.files.values() if blob is not None]


def _boards(home: Path) -> list[Result]:
    results = []
    for name, times in in_fresh_process(_board_times, home).items():
        present, past = times
        limit = LIMITS[name]
        peer = _peer_boards.get(name)
        text = f"{present * 1000:.0f} ms"
        if peer is not None:
            text = f"1/{peer / present:.0f} ({text} to {peer:.1f} s)"
        results += [
            Result(
                f"{name} recomputed, warm, to mteb's table from loaded results",
                text,
                f"{limit * 1000:.0f} ms" + (", 1/50" if name == BOARDS[0] else ""),
                present <= limit and (name != BOARDS[0] or peer is None or peer >= 50 * present),
            ),
            Result(
                "… any past month end, the slowest, to the present",
                f"{past / present:.2f}×",
                "2×",
                past <= 2 * present,
            ),
        ]
    return results


def _board_times(home: Path) -> dict[str, tuple[float, float]]:
    """Return the median seconds for the present, and the slowest median of any month end."""
    os.environ.update(environment(home))
    import tracker as package

    found = {}
    with package.open() as catalog:
        months = [f"{y}-{m:02}-28" for y in (2024, 2025, 2026) for m in range(1, 13)][8:31]
        for name in BOARDS:

            def ask(day: str, name: str = name) -> float:
                catalog.leaderboard(name, day, identity="registry")
                rounds = [
                    spend(lambda: catalog.leaderboard(name, day, identity="registry")).wall
                    for _ in range(5)
                ]
                return median(rounds)

            found[name] = ask("2026-08-20"), max(map(ask, months))
    return found


if __name__ == "__main__":
    main(measure)
