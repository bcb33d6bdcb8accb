"""Real result files against Python's own ``json``, and their boards against mteb itself.

The comparison with mteb runs where it is installed, or, as it needs torch, with another Python
that has it: name that in ``TRACKER_REGISTRY_PYTHON``.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.real.independent_reader import Registry, read_cells
from tests.support.catalogs import Loaded
from tracker.catalog.engine import open_engine
from tracker.catalog.results import queries as result_queries
from tracker.catalog.starter import REGISTRY
from tracker.common.paths import resource
from tracker.errors import SourceError
from tracker.git import reading as git_reading
from tracker.snapshots.store import Archive
from tracker.sources import benchmark_registry, result_files
from tracker.sources.records import Fetched

BUNDLE = Path(__file__).resolve().parents[2] / "../shared/data/git/results-subset.bundle"

pytestmark = pytest.mark.skipif(not BUNDLE.is_file(), reason="../shared/data is not there")

METRICS = Registry().metrics


def is_odd(body: bytes) -> str | None:
    """What needs a reading of its own in a file: the older format or a bare NaN."""
    if b'"mteb_dataset_name"' in body and b'"task_name"' not in body:
        return "older"
    return "NaN" if b"NaN" in body or b"Infinity" in body else None


def differences(bodies: Iterable[tuple[str, bytes]]) -> tuple[Counter[str], list[str]]:
    """How many odd files there are by oddity, and what of them is read otherwise."""
    counts: Counter[str] = Counter()
    found = []
    for place, body in bodies:
        oddity = is_odd(body)
        if oddity is None:
            continue
        counts[oddity] += 1
        try:
            read = result_files.parse_scores(body, place, METRICS)
        except SourceError as error:
            found.append(f"{place}: {error}")
            continue
        ours = tuple(
            (split, subset, score)
            for (split, subset), score in zip(read.cells, read.scores, strict=True)
        )
        if (read.task, ours) != read_cells(body, METRICS):
            found.append(f"{place}: {(read.task, ours)} is {read_cells(body, METRICS)} to Python")
    return counts, found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Loaded:
    """The subset with the bundled registry, in a catalog that nobody changes."""
    catalog = Loaded.fresh(tmp_path_factory.mktemp("results") / "home", blank)
    body = benchmark_registry.read_export(resource("db/starter") / REGISTRY, 100_000_000)
    header = benchmark_registry.HEADER
    at = "2026-08-20T00:00:00Z"
    answer = Fetched(benchmark_registry.STREAM, header.home, body, at)
    Archive(catalog.archive).add(header.id, header.licence, answer, observed_at=at)
    catalog.take_results(BUNDLE)
    catalog.load()
    return catalog


def rows(catalog: Loaded, query: Callable[[Connection], Any]) -> Any:
    engine = open_engine(catalog.url, read_only=True)
    try:
        with engine.connect() as connection:
            return query(connection)
    finally:
        engine.dispose()


def standing(clone: Path) -> list[tuple[str, str]]:
    """Path and blob of all files at the head of a clone."""
    listing = ["ls-tree", "-r", "-z", git_reading.head("test", clone), "results"]
    told = git_reading.run("test", listing, place="", clone=clone).decode().split("\0")
    return [(line.partition("\t")[2], line.split()[2]) for line in told if line]


def test_every_file_of_the_subset_is_read(loaded: Loaded) -> None:
    counts = rows(loaded, result_queries.outcome_counts)
    files = standing(loaded.clones / "result-files")
    kinds = Counter(result_files.kind_of(path) for path, _ in files)
    assert {(kind, outcome): count for kind, outcome, count in counts} == {
        (kind, "unread" if kind == "other" else "read"): count for kind, count in kinds.items()
    }
    assert rows(loaded, result_queries.unread_results) == []


def test_old_files_and_files_with_nan_are_read_as_python_reads_them(loaded: Loaded) -> None:
    clone = loaded.clones / "result-files"
    paths = {blob: path for path, blob in standing(clone) if result_files.kind_of(path) == "scores"}
    with result_files.blob_reader(clone) as blobs:
        bodies = [(paths[blob], body) for blob, body in blobs(list(paths)) if body is not None]
    counts, found = differences(bodies)
    assert found == []
    assert min(counts["NaN"], counts["older"]) > 0


def test_a_second_load_of_the_subset_changes_nothing(loaded: Loaded) -> None:
    before = loaded.dump()
    report = loaded.load()
    assert (report.rows, report.contents, report.findings) == (0, 0, [])
    assert loaded.dump() == before


def test_parts_of_the_subset_in_any_order_give_the_whole(
    loaded: Loaded, tmp_path: Path, blank: Path
) -> None:
    moments = [moment.at for moment in result_files.all_moments(loaded.clones / "result-files")]
    first, middle, last = moments[0], moments[len(moments) // 2], moments[-1]
    parts = Loaded.fresh(tmp_path / "parts", blank, archive=loaded.archive)
    for since, until in ((last, None), (middle, middle), (None, first), (None, None)):
        parts.take_results(BUNDLE, since, until)
        parts.load()
    assert parts.dump() == loaded.dump()


# mteb itself

BOARDS = ("MTEB(eng, v1)", "MTEB(eng, v2)", "MTEB(cmn, v1)")
# The tests' own environment is swept clean: this is read before.
PYTHON = os.environ.get("TRACKER_REGISTRY_PYTHON") or (
    sys.executable if importlib.util.find_spec("mteb") else None
)
ORACLE = """
import json, sys
import mteb
from mteb.cache import ResultCache
from mteb.cache.result_cache import LoadExperimentEnum
from mteb.results import BenchmarkResults
place, *names = sys.argv[1:]
results = ResultCache(cache_path=place).load_results(
    models=sorted({meta.name for meta in mteb.get_model_metas()}),
    only_main_score=True,
    require_model_meta=False,
    load_experiments=LoadExperimentEnum.MATCH_NAME,
)
frames = BenchmarkResults.split_leaderboard_frame(results._to_results_df())
boards = {}
for name in names:
    table = mteb.get_benchmark(name)._create_summary_table(frames[name])
    types = sorted({task.metadata.type for task in mteb.get_benchmark(name).tasks})
    means = [table.primary_metric_col, table.task_type_mean_col, *types]
    rows = table.df.select("Model", table.rank_col, *means).to_dicts()
    boards[name] = {row["Model"]: [row[table.rank_col], {
        column: row[column] for column in means if row[column] is not None}] for row in rows}
print(json.dumps([mteb.__version__, boards]))
"""


@pytest.mark.skipif(PYTHON is None, reason="no Python with mteb: set TRACKER_REGISTRY_PYTHON")
def test_boards_of_the_subset_are_those_of_mteb(loaded: Loaded, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    # Where mteb looks for a copy of the repository.
    clone = ["git", "clone", "--quiet", str(BUNDLE), str(place / "remote")]
    subprocess.run(clone, check=True)
    assert PYTHON is not None
    done = subprocess.run(
        [PYTHON, "-c", ORACLE, str(place), *BOARDS],
        env=os.environ | {"HF_HUB_OFFLINE": "1", "HOME": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    version, theirs = json.loads(done.stdout.splitlines()[-1])
    assert version == "2.26.24", "the bundled registry is that of another mteb"
    with loaded.open() as catalog:
        for name in BOARDS:
            board = catalog.board(name, origin="recomputed")
            ours = {
                row.model: (
                    row.rank,
                    {
                        column: value / 100
                        for column, value in {
                            "Mean (Task)": row.mean_task,
                            "Mean (TaskType)": row.mean_task_type,
                            **row.task_types,
                        }.items()
                        if value is not None
                    },
                )
                for row in board.rows
            }
            assert len(ours) > 20
            assert ours == {
                model: (rank, pytest.approx(values, abs=1e-9))
                for model, (rank, values) in theirs[name].items()
            }
