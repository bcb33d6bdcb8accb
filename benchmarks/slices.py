"""Measure slices of the largest board: ``python -m benchmarks.slices HOME``.

HOME is a loaded home with raw results. No board has more scores of tasks than this one. The first
slice reads the board's raw scores, the languages of its subsets and what conditions ask of models;
those after it, each of another kind, are warm. Each is asked twice, since an answer or its parts
may be remembered. The ratio is to computing the whole board anew from the scores at hand.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from benchmarks.common import Result, report, spend
from tracker.api import Catalog, open_catalog

LIMIT = 0.1
"""Seconds until a slice that was asked before answers again."""
BOARD = "MTEB(Multilingual, v2)"
DAY = "2026-03-31"


def measure(home: Path) -> list[Result]:
    """Return the results for the catalog of a home."""
    with open_catalog(home / "db" / "catalog.db") as catalog:
        (largest,) = (edition for edition in catalog.editions() if edition.name == BOARD)
        types = [name for name, _ in largest.task_types]
        names = list(largest.tasks)
        slices: dict[str, dict[str, Any]] = {
            f"type {types[1]}": {"type": types[1]},
            f"task {names[0]}": {"tasks": names[0]},
            "language deu": {"language": "deu"},
            "language zho": {"language": "zho"},
            "half of its tasks": {"tasks": ",".join(names[::2])},
            f"type {types[0]}, open weights, at most 1B parameters": {
                "type": types[0], "open_weights": True, "max_parameters": "1B",
            },
            f"type {types[0]} on {DAY}": {"type": types[0], "as_of": DAY},
        }  # fmt: skip
        wanted = {"type": types[2], "language": "fra", "open_weights": True}
        first = spend(lambda: _ask(catalog, largest.name, wanted))
        whole = spend(lambda: _ask(catalog, largest.name, {"tasks": ",".join(names)}))
        results = [
            Result(f"{largest.name}: the first slice", f"{first.wall:.2f} s", "", None),
            Result("the whole board as a slice", f"{whole.wall * 1000:.0f} ms", "", None),
        ]
        for name, wanted in slices.items():
            spent = spend(lambda wanted=wanted: _ask(catalog, largest.name, wanted))  # type: ignore[misc]
            again = spend(lambda wanted=wanted: _ask(catalog, largest.name, wanted))  # type: ignore[misc]
            text = (
                f"{spent.wall * 1000:.0f} ms ({spent.cpu * 1000:.0f} ms of processor time),"
                f" again {again.wall * 1000:.0f} ms ({again.cpu * 1000:.0f} ms),"
                f" {again.cpu / whole.cpu:.2f}× of the whole board's processor time"
            )
            limit = f"{LIMIT * 1000:.0f} ms"
            results.append(Result(name, text, limit, again.wall <= LIMIT))
        return results


def _ask(catalog: Catalog, board: str, wanted: dict[str, Any]) -> None:
    catalog.leaderboard(board, **wanted)


if __name__ == "__main__":
    print(report(measure(Path(sys.argv[1]))))
