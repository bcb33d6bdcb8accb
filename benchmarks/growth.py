"""Grow an invented results history, and measure what loading and asking it cost.

``python -m benchmarks.growth [--models 40] [--daily 1] [--tasks 90] [--factors 1,3,10]
[--grow models,days] [--site]``: at factor 1 so many models on so many tasks, some of them new a
day; at factor 10 ten times as many models and days, or tasks, or only one of these. With ``--site``
the site is built, too, and again after one more day. Names and shapes are like those of the real
repository, which has 1,750 folders, 158,000 files and 495 days (2026-11-30), so ``--models 1750
--daily 4`` has its size. Exponents compare the first and the last factor: 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import vl_convert

from benchmarks.common import environment, size, spend, tracker
from tracker.snapshots.store import Archive
from tracker.sources import benchmark_registry
from tracker.sources.records import Fetched

TYPES = ("Retrieval", "Classification", "Clustering", "STS", "Reranking", "PairClassification")
BOARD, ALL_TASKS = "MTEB(eng, v2)", "MTEB(Multilingual, v2)"
ON_BOARD = 41 / 90
"""Share of the tasks that the first board has; the second one has all."""
LAST = datetime.fromisoformat("2026-06-01T06:00:00+00:00")
"""The last day of each history."""
DIMENSIONS = ("models", "days", "tasks")
REVISED = 0.1
"""Share of an older model's files that come again with other scores on a day."""


@dataclass(frozen=True)
class Size:
    """Size of an invented history."""

    models: int
    days: int
    n_tasks: int
    revised: int
    """Older models a day of which some files come again."""

    @property
    def tasks(self) -> list[str]:
        """Names of the tasks."""
        return [f"{TYPES[n % len(TYPES)]}Task{n:03}" for n in range(self.n_tasks)]

    def known(self, day: int) -> int:
        """Return how many models there are before a day, numbered from 0."""
        return day * self.models // self.days


def model_name(number: int) -> str:
    """Return a name like those of the Hub."""
    kind = ("base", "large", "small-v2", "instruct")[number % 4]
    return f"org-{number // 7:03}/embedding-{number:04}-{kind}"


def write_history(repository: Path, size: Size) -> None:
    """Write a bare repository: some days bring new models, each new scores of older ones."""
    drawn, tasks = Random(18), size.tasks
    # Git has no commits before 1970.
    step = timedelta(days=1) if size.days < 20_000 else timedelta(hours=8)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", repository], check=True)
    with subprocess.Popen(
        ["git", "--git-dir", repository, "fast-import", "--quiet"], stdin=subprocess.PIPE
    ) as importer:
        assert importer.stdin is not None
        for day in range(size.days):
            at = LAST - (size.days - 1 - day) * step
            who = f"Bot <bot@example.org> {int(at.timestamp())} +0000"
            head = f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 3\nAdd\n"
            importer.stdin.write(head.encode())
            known = size.known(day)
            files = [
                (number, task) for number in range(known, size.known(day + 1)) for task in tasks
            ]
            for older in drawn.sample(range(known), min(known, size.revised)):
                n_again = max(1, int(REVISED * len(tasks)))
                files += [(older, task) for task in drawn.sample(tasks, n_again)]
            for number, task in files:
                body = result_file(task, drawn).encode()
                path = f"results/{model_name(number).replace('/', '__')}/main/{task}.json"
                importer.stdin.write(b"M 100644 inline %b\n" % path.encode())
                importer.stdin.write(b"data %d\n%b\n" % (len(body), body))
        importer.stdin.close()
    assert importer.returncode == 0


def result_file(task: str, drawn: Random) -> str:
    """Return a result file; every tenth task has several subsets."""
    subsets = ("en", "de", "zh", "fr") if task.endswith("5") else ("default",)
    cells = [
        {"hf_subset": subset, "languages": ["eng-Latn"], "main_score": round(drawn.random(), 6)}
        for subset in subsets
    ]
    return json.dumps(
        {
            "dataset_revision": "d1",
            "evaluation_time": round(drawn.random() * 100, 2),
            "mteb_version": "1.30.0",
            "scores": {"test": cells},
            "task_name": task,
        }
    )


def registry(size: Size) -> bytes:
    """Return the export of a registry with two boards."""
    boards = {BOARD: size.tasks[: math.ceil(ON_BOARD * size.n_tasks)], ALL_TASKS: size.tasks}
    return json.dumps(
        {
            "format": 1,
            "mteb_version": "2.26.24",
            "benchmarks": [
                {
                    "name": name,
                    "tasks": tasks,
                    "aggregations": ["mean_task", "mean_task_type", "task_types"],
                    "public_tasks_only": False,
                    "show_zero_shot": True,
                    "on_leaderboard": True,
                }
                for name, tasks in boards.items()
            ],
            "tasks": [
                {
                    "name": task,
                    "type": task.partition("Task")[0],
                    "main_score": "main_score",
                    "is_public": True,
                    "splits": ["test"],
                    "subsets": ["en", "de", "zh", "fr"] if task.endswith("5") else ["default"],
                }
                for task in size.tasks
            ],
            "models": [
                {"name": model_name(number), "revision": "main", "training_tasks": []}
                for number in range(size.models)
            ],
        }
    ).encode()


@dataclass(frozen=True)
class Point:
    """Costs of one size."""

    factor: int
    files: int
    load: float
    """Seconds of processor time, as are all times."""
    memory: int
    """Bytes, resident, of the load."""
    catalog: int
    again: float
    """A load of one more day."""
    leaderboard: float
    history: float
    """Seconds for the history of the model with the longest one."""
    pages: int = 0
    """Pages of the site in both languages; 0 if it was not built."""
    site: float = 0
    changed: int = 0
    """Pages that one more day changed."""
    site_again: float = 0
    """The site after one more day."""


def measure(factor: int, of: Size, *, with_site: bool) -> Point:
    """Make a home of one size, load it, ask it in fresh processes, and build its site if wanted."""
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        home = Path(folder) / "home"
        repository = Path(folder) / "results.git"
        write_history(repository, of)
        header = benchmark_registry.HEADER
        at = "2026-06-02T00:00:00Z"
        answer = Fetched(benchmark_registry.STREAM, "https://example.org/", registry(of), at)
        Archive(home / "db" / "snapshots").add(header.id, header.licence, answer, observed_at=at)
        until = (LAST - timedelta(days=1)).date().isoformat()
        fetch = ("fetch", "result-files", "--from", str(repository))
        tracker(home, *fetch, "--until", until)
        load, memory = _loaded(home)
        first = _built(home) if with_site else (0, 0, 0)
        tracker(home, *fetch)
        again, _ = _loaded(home)
        last = _built(home) if with_site else (0, 0, 0)
        oldest = model_name(0)
        return Point(
            factor,
            of.models * of.n_tasks,
            load,
            memory,
            size(home / "db" / "catalog.db"),
            again,
            _asked(home, "leaderboard", BOARD),
            _asked(home, "history", BOARD, oldest),
            pages=last[0],
            site=first[2],
            changed=last[1],
            site_again=last[2],
        )


_BUILD = """\
import json
from tracker.api import open_catalog
from tracker.pages.build.site import build_site
from tracker.settings import load_settings
if __name__ == "__main__":
    folder = load_settings().build
    with open_catalog() as catalog:
        report = build_site(catalog, folder / "site", work=folder / "work")
    print(json.dumps([report.pages, report.rendered]))
"""


def _built(home: Path) -> tuple[int, int, float]:
    """Build the site; returns its pages, how many were rendered, and the processor time."""
    script = home / "build_site.py"
    script.write_text(_BUILD, "utf-8")
    found: list[int] = []

    def build() -> None:
        done = subprocess.run(
            [sys.executable, script], env=environment(home), check=True, stdout=subprocess.PIPE
        )
        found.extend(json.loads(done.stdout.splitlines()[-1]))

    spent = spend(build)
    return found[0], found[1], spent.cpu


def _loaded(home: Path) -> tuple[float, int]:
    """Load in a process of its own; returns its processor time and its largest memory."""
    code = (
        "import resource, subprocess, sys; "
        "subprocess.run([sys.executable, '-m', 'tracker', 'load'], check=True); "
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(u.ru_utime + u.ru_stime, u.ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), check=True, stdout=subprocess.PIPE
    )
    seconds, kilobytes = done.stdout.split()
    return float(seconds), int(kilobytes) * 1024


def _asked(home: Path, *question: str) -> float:
    """Return the least processor time of three fresh processes."""
    rounds = [spend(lambda: tracker(home, *question, "-f", "json")) for _ in range(3)]
    return min(spent.cpu for spent in rounds)


def exponent(first: float, last: float, factor: float) -> float:
    """Return by which power of the size a cost grows."""
    return math.log(last / first) / math.log(factor)


COLUMNS = (
    ("load, s", "load", "{:.1f}", 1),
    ("load of one more day, s", "again", "{:.1f}", 1),
    ("memory of the load, MB", "memory", "{:.0f}", 1e6),
    ("catalog, MB", "catalog", "{:.1f}", 1e6),
    ("`leaderboard`, s", "leaderboard", "{:.2f}", 1),
    ("`history`, s", "history", "{:.2f}", 1),
)
"""Title, attribute, format and unit of what is reported."""
SITE_COLUMNS = (
    ("pages of the site, both languages", "pages", "{:,.0f}", 1),
    ("site, s", "site", "{:.0f}", 1),
    ("pages that one more day changes", "changed", "{:,.0f}", 1),
    ("site after one more day, s", "site_again", "{:.0f}", 1),
)


def report(points: list[Point]) -> str:
    """Return a Markdown table with a column a size."""
    first, last = points[0], points[-1]  # two sizes at least
    lines = [
        "| | "
        + " | ".join(f"{p.factor}× ({p.files:,} files)" for p in points)
        + " | exponent | of the last step |",
        "| --- |" + " --- |" * (len(points) + 2),
    ]
    for title, name, form, unit in COLUMNS + SITE_COLUMNS * bool(first.pages):
        values = [getattr(point, name) / unit for point in points]
        power = exponent(values[0], values[-1], last.factor / first.factor)
        step = exponent(values[-2], values[-1], last.factor / points[-2].factor)
        cells = [form.format(value) for value in values]
        lines.append(f"| {title} | {' | '.join(cells)} | {power:.2f} | {step:.2f} |")
    return "\n".join(lines)


WORDS = {
    "en": ("size", "cost, size 1 = 1", "cost", ["load", "one more day", "memory", "catalog",
           "leaderboard", "history"]),
    "zh": ("规模", "开销（规模 1 为 1）", "开销", ["载入", "再载入一天", "内存", "目录库",
           "leaderboard", "history"]),
}  # fmt: skip
"""Titles of both axes and of the legend, and names of the curves."""


def draw(points: list[Point], folder: Path) -> None:
    """Write the curves, relative to the first size, as one picture a language."""
    names = [name for _, name, _, _ in COLUMNS]
    for language, (across, up, legend, curves) in WORDS.items():
        rows = [
            {"x": p.factor, "y": getattr(p, name) / getattr(points[0], name), "curve": curve}
            for p in points
            for name, curve in zip(names, curves, strict=True)
        ]
        axis = {"values": [p.factor for p in points], "grid": False}
        chart = {
            "data": {"values": rows},
            "width": 420,
            "height": 260,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "x", "type": "quantitative", "title": across, "axis": axis,
                      "scale": {"type": "log"}},
                "y": {"field": "y", "type": "quantitative", "title": up,
                      "scale": {"type": "log", "domainMin": 0.5}},
                "color": {"field": "curve", "type": "nominal", "title": legend, "sort": curves},
                "strokeDash": {"field": "curve", "type": "nominal", "title": legend,
                               "sort": curves},
            },
            "config": {"background": "white", "font": "Noto Sans CJK SC, sans-serif"},
        }  # fmt: skip
        svg = vl_convert.vegalite_to_svg(chart)
        (folder / f"growth.{language}.svg").write_text(svg, "utf-8")


def sizes(base: Size, factors: Iterable[int], grown: Collection[str]) -> Iterator[tuple[int, Size]]:
    """Yield factors with sizes: ``grown`` are some of ``models``, ``days`` and ``tasks``."""
    for factor in factors:
        models, days, tasks = (factor if name in grown else 1 for name in DIMENSIONS)
        yield (
            factor,
            Size(
                base.models * models,
                base.days * days,
                base.n_tasks * tasks,
                # As many as there are new ones a day, if both grow.
                max(1, base.revised * models // days),
            ),
        )


def main() -> None:
    """Measure all sizes, print the table, and draw the curves."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--models", type=int, default=40, help="models at factor 1")
    parser.add_argument("--daily", type=int, default=1, help="new models a day at factor 1")
    parser.add_argument("--tasks", type=int, default=90, help="tasks at factor 1")
    parser.add_argument("--factors", default="1,3,10")
    parser.add_argument("--grow", default="models,days", help=f"some of {','.join(DIMENSIONS)}")
    parser.add_argument("--site", action="store_true", help="build the site, too")
    parser.add_argument("--draw", type=Path, help="folder for the curves")
    chosen = parser.parse_args()
    days = math.ceil(chosen.models / chosen.daily)
    base = Size(chosen.models, days, chosen.tasks, chosen.daily)
    points = []
    for factor, grown in sizes(base, map(int, chosen.factors.split(",")), chosen.grow.split(",")):
        points.append(measure(factor, grown, with_site=chosen.site))
        print(points[-1], file=sys.stderr, flush=True)
    print(report(points))
    if chosen.draw:
        draw(points, chosen.draw)


if __name__ == "__main__":
    main()
