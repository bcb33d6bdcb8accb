"""Shared parts of all measurements: data, fresh processes, interleaved rounds, report.

Times are wall times: medians of five rounds in which floor and tracker take turns, so that a busy
machine slows both. Verdicts compare the ratio of the medians. The report adds the ratio of
processor times, which depends little on other processes.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
API_DATES = ("2026-06-01", "2026-08-20")


class Spent(NamedTuple):
    """Seconds of a piece of work, child processes included."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Result:
    """One row of the report."""

    demand: str
    measured: str
    """The value with its floor or peer."""
    limit: str
    met: bool | None
    """``None`` if there is no limit."""


def data_folder() -> Path:
    """Return the folder of recorded data: first argument, ``DATA`` or ``../shared/data``."""
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DATA")
    folder = Path(given).resolve() if given else ROOT.parent / "shared" / "data"
    wanted = folder / "git" / "published-boards.bundle"
    if not wanted.is_file():
        sys.exit(f"no data: {wanted} is missing; name the folder as the first argument or in DATA")
    return folder


def main(measure: Callable[[Path], list[Result]]) -> None:
    """Measure, print the report, and exit with 1 if a limit is missed."""
    results = measure(data_folder())
    print(report(results))
    sys.exit(any(result.met is False for result in results))


def report(results: Sequence[Result]) -> str:
    """Format the results as a Markdown table below a description of the machine."""
    words = {True: "met", False: "missed", None: "—"}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    lines = [
        f"{cores} cores, Python {platform.python_version()}, {platform.system()},"
        f" load average {os.getloadavg()[0]:.1f}",
        "",
        "| demand | measured | limit | verdict |",
        "| --- | --- | --- | --- |",
        *(f"| {r.demand} | {r.measured} | {r.limit} | {words[r.met]} |" for r in results),
    ]
    return "\n".join(lines)


def spend(work: Callable[[], object]) -> Spent:
    """Measure a piece of work."""
    wall, cpu = time.perf_counter(), _cpu()
    work()
    return Spent(time.perf_counter() - wall, _cpu() - cpu)


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def take_turns(number: int, work: dict[str, Callable[[], object]]) -> dict[str, Spent]:
    """Measure each piece of work once, in an order that rotates from round to round."""
    names = list(work)
    first = number % len(names)
    return {name: spend(work[name]) for name in names[first:] + names[:first]}


def in_fresh_process(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function in a new interpreter and return its result."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


class Ratio(NamedTuple):
    """The ratio of the tracker's time to a floor."""

    wall: float
    text: str


def ratio(rounds: Sequence[dict[str, Spent]], ours: str, floor: str) -> Ratio:
    """Compute the ratio of two medians over several rounds."""
    mine, base = (median(r[name].wall for r in rounds) for name in (ours, floor))
    mine_cpu, base_cpu = (median(r[name].cpu for r in rounds) for name in (ours, floor))
    return Ratio(
        mine / base,
        f"{mine / base:.2f}× ({mine:.2f} s to {base:.2f} s; processor {mine_cpu / base_cpu:.2f}×)",
    )


def environment(home: Path, *, starter: bool = False) -> dict[str, str]:
    """Return the environment of a tracker with its own home, offline."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    return own | {
        "TRACKER_HOME": str(home),
        "TRACKER_OFFLINE": "1",
        "TRACKER_STARTER": str(int(starter)),
        "PYTHONPATH": str(ROOT),
    }


def tracker(home: Path, *arguments: str, starter: bool = False) -> bytes:
    """Run the command line, which must succeed, and return its output."""
    return subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        env=environment(home, starter=starter),
        check=True,
        stdout=subprocess.PIPE,
    ).stdout


def fetch_boards(data: Path, home: Path) -> None:
    """Clone the published boards into a home."""
    bundle = data / "git" / "published-boards.bundle"
    tracker(home, "fetch", "published-boards", "--from", str(bundle))


def fetch_api_date(data: Path, home: Path, date: str, *, seen_at: str | None = None) -> None:
    """Archive all boards of one recorded date of the live leaderboard."""
    folder = str(data / "mteb-api" / date)
    seen = seen_at or f"{date}T00:00:00Z"
    tracker(home, "fetch", "leaderboard-api", "--all", "--from", folder, "--observed-at", seen)


def full_home(data: Path, home: Path) -> Path:
    """Fill a home with the history of the published boards and two dates of the live ones."""
    fetch_boards(data, home)
    for date in API_DATES:
        fetch_api_date(data, home, date)
    tracker(home, "load")
    return home


def size(*paths: Path) -> int:
    """Sum the bytes of files and of all files in folders."""
    files = [f for path in paths for f in ([path] if path.is_file() else path.rglob("*"))]
    return sum(file.stat().st_size for file in files if file.is_file())
