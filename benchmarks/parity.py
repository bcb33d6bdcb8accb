"""Count the boards that, recomputed from raw scores, equal the publisher's answers.

    python -m benchmarks.parity DATA REPOSITORY

Prints the table of ``site/docs/method/recomputed.md``. REPOSITORY, or the environment variable
``RESULTS``, is a complete clone of the results repository; the subset has too few models to
compare ranks.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from benchmarks.common import (
    API_DATES,
    ROOT,
    data_folder,
    environment,
    fetch_api_date,
    in_fresh_process,
    tracker,
)


def compared(data: Path, location: str) -> dict[str, dict[str, tuple[int, list[str]]]]:
    """Return the number of rows and all differences, by board and date."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        tracker(home, "fetch", "result-files", "--from", location)
        registry = ROOT / "db" / "starter" / "registry.json.zst"
        tracker(home, "fetch", "benchmark-registry", "--from", str(registry))
        # Boards are found by name, so the publisher's answers must be loaded, too.
        for date in API_DATES:
            fetch_api_date(data, home, date)
        tracker(home, "load")
        found: dict[str, dict[str, tuple[int, list[str]]]] = in_fresh_process(_compare, data, home)
        return found


def _compare(data: Path, home: Path) -> dict[str, dict[str, tuple[int, list[str]]]]:
    os.environ.update(environment(home))
    from sqlalchemy import select

    from tests.real.parity import compare
    from tracker.catalog.engine import catalog_url, open_engine
    from tracker.catalog.ids import table_of
    from tracker.catalog.results.raw_scores import RawScores
    from tracker.catalog.tables import EditionTable

    found: dict[str, dict[str, tuple[int, list[str]]]] = {}
    engine = open_engine(catalog_url(home / "db" / "catalog.db"), read_only=True)
    with engine.connect() as connection:
        raw = RawScores(connection)
        table = table_of(EditionTable)
        editions = connection.execute(select(table.c.id, table.c.name)).all()
        for date in API_DATES:
            for answer in _answers(data / "mteb-api" / date):
                name = answer["benchmarkName"]
                boards = [raw.board(id_, "registry") for id_, called in editions if called == name]
                board = next(one for one in boards if one is not None)
                differences = compare(board.at(f"{date}T23:59:59Z"), answer)
                found.setdefault(name, {})[date] = len(answer["rows"]), differences
    return found


def _answers(folder: Path) -> list[dict[str, Any]]:
    paths = sorted((folder / "scores").glob("*.json.gz"), key=lambda path: unquote(path.name))
    return [json.loads(gzip.decompress(path.read_bytes())) for path in paths]


def table(found: dict[str, dict[str, tuple[int, list[str]]]]) -> str:
    """Format one row per board, and the number of equal boards on each date."""
    lines = [f"| board | {' | '.join(API_DATES)} |", "| --- | --- | --- |"]
    for name, dates in sorted(found.items()):
        cells = [
            f"{n} rows, equal" if not differences else f"{n} rows: {differences[0]}"
            for n, differences in (dates[date] for date in API_DATES)
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    agree = [sum(not dates[date][1] for dates in found.values()) for date in API_DATES]
    lines.append(f"| **equal** | {' | '.join(f'**{n} of {len(found)}**' for n in agree)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    given = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("RESULTS")
    if given is None:
        sys.exit("name a clone of the results repository as the second argument or in RESULTS")
    outcome = compared(data_folder(), given)
    print(table(outcome))
    sys.exit(any(differences for dates in outcome.values() for _, differences in dates.values()))
