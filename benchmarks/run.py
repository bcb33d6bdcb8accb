"""All measurements, one after the other: ``make bench``."""

from __future__ import annotations

from pathlib import Path

from benchmarks import api_date, backfill, reading, site, size
from benchmarks.common import Result, main


def measure(data: Path) -> list[Result]:
    """Every result of every script."""
    results: list[Result] = []
    for script in (backfill, api_date, reading, size, site):
        results += script.measure(data)
    return results


if __name__ == "__main__":
    main(measure)
