"""Measure 95 % intervals of all present boards: ``python -m benchmarks.intervals HOME``.

HOME is a loaded home with raw results. The limit is 60 s of processor time on two cores for all
boards together; reading the raw scores is measured apart, since pages and slices need them, too.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.common import Result, Spent, report, spend
from tracker.answers.boards import EditionInfo
from tracker.api import BoardQuery, Catalog, open_catalog
from tracker.errors import NoDataError
from tracker.insights.boards.score_table import read_score_table
from tracker.ranking.confidence_intervals import board_intervals, draw_weights

LIMIT = 120.0
"""Seconds of processor time: 60 s on two cores."""
FIRST = 100
"""Rows of the shorter measurement."""


def measure(home: Path) -> list[Result]:
    """Return the results for the catalog of a home."""
    with open_catalog(home / "db" / "catalog.db") as catalog:
        boards = [edition for edition in catalog.editions() if edition.current]
        found = [one for edition in boards if (one := _measure(catalog, edition)) is not None]
    names = ("reading raw scores", f"intervals of the first {FIRST}", "intervals of all rows")
    results = []
    for place, name in enumerate(names):
        cpu = [spent[place].cpu for _, spent in found]
        slowest = max(found, key=lambda one: one[1][place].cpu)
        largest = f"{slowest[0]}: {slowest[1][place].cpu:.1f} s"
        limit, met = (f"{LIMIT:.0f} s", sum(cpu) <= LIMIT) if place else ("", None)
        text = f"{sum(cpu):.1f} s of processor time; most for {largest}"
        results.append(Result(f"{len(found)} boards: {name}", text, limit, met))
    return results


def _measure(catalog: Catalog, edition: EditionInfo) -> tuple[str, list[Spent]] | None:
    """Time spent on one board; ``None`` where it has no scores of single tasks."""
    query = BoardQuery(edition)
    try:
        read = spend(lambda: read_score_table(catalog._reader, query))
    except NoDataError:
        return None
    table = read_score_table(catalog._reader, query).table
    rows = list(range(len(table.scores)))
    return edition.name, [
        read,
        *(
            spend(lambda top=top: board_intervals(table, draw_weights(table.types), rows[:top]))  # type: ignore[misc]
            for top in (FIRST, None)
        ),
    ]


if __name__ == "__main__":
    results = measure(Path(sys.argv[1]))
    print(report(results))
    sys.exit(any(result.met is False for result in results))
