"""Raw results and a catalog of the same results, for tests that compare both.

By default the bundle with a subset of the results is read. ``TRACKER_RESULTS`` names a bare clone
of the whole repository, and ``TRACKER_FULL_HOME`` a home whose catalog was loaded from it; without
such a home the catalog is loaded here.
"""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

from tests.real.independent_reader import Row
from tests.support.catalogs import Loaded
from tests.support.state_worlds import put_registry
from tracker.api import Catalog
from tracker.catalog.starter import REGISTRY
from tracker.common.paths import resource
from tracker.curated import read_curated
from tracker.errors import NoDataError
from tracker.sources import benchmark_registry

BUNDLE = Path(__file__).resolve().parents[2] / "../shared/data/git/results-subset.bundle"
# The tests' own environment is swept clean: this is read before.
WHOLE = os.environ.get("TRACKER_RESULTS")
FULL_HOME = os.environ.get("TRACKER_FULL_HOME")
HAS_RESULTS = bool(WHOLE) or BUNDLE.is_file()
NO_RESULTS = "neither ../shared/data nor TRACKER_RESULTS is there"

Shown = tuple[int | None, str, str, float | None, float | None]
"""Rank, name of the day, present name, points, and mean in percent."""


def clone_results(folder: Path) -> Path:
    """A bare repository of results."""
    if WHOLE:
        return Path(WHOLE)
    clone = folder / "results.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(BUNDLE), str(clone)], check=True)
    return clone


def catalog_of(results: Path, folder: Path, blank: Path) -> Path:
    """A catalog of a repository with the bundled registry and the curated knowledge."""
    if FULL_HOME:
        return Path(FULL_HOME) / "db" / "catalog.db"
    curated = read_curated(resource("db/curated"))
    made = Loaded.fresh(folder / "home" / "db", blank).knowing(curated)
    put_registry(made, benchmark_registry.read_export(resource("db/starter") / REGISTRY, 1 << 28))
    made.take_results(results)
    made.load()
    return made.path


def shown(row: Row) -> Shown:
    """A row of the independent reader."""
    return (row.rank, row.name, row.model, row.points, rounded(row.mean))


def rounded(mean: float | None) -> float | None:
    """A mean up to the order of its additions."""
    return None if mean is None else round(mean, 8)


def stored(catalog: Catalog, board: str, day: date) -> list[Shown]:
    """The rows of a board at the end of a day; none where nothing is known of it."""
    columns = ("rank", "model", "model_now", "points", "mean_task")
    try:
        found = catalog.leaderboard(board, day).select(columns)
    except NoDataError:
        return []
    return [(*row[:4], rounded(row[4])) for row in found.rows()]
