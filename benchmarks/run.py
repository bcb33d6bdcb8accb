"""Run all measurements (``make bench``)."""

from __future__ import annotations

from pathlib import Path

from benchmarks import api_date, backfill, reading, results, site, size, states
from benchmarks.common import Result, main


def measure(data: Path) -> list[Result]:
    """Return the results of all scripts."""
    found: list[Result] = []
    for script in (backfill, api_date, reading, results, states, size, site):
        found += script.measure(data)
    return found


if __name__ == "__main__":
    main(measure)
