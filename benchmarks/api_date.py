"""Measure loading one date of the live leaderboard against parsing the same bytes with orjson.

The tracker loads all boards from the archive into an empty catalog on disk, curated knowledge
included. The first floor reads the same documents from the archive, with decompression and
checksums, and parses them; the second floor parses bytes in memory.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.common import (
    API_DATES,
    ROUNDS,
    Result,
    Spent,
    fetch_api_date,
    in_fresh_process,
    main,
    ratio,
    size,
    take_turns,
    tracker,
)

SOURCE = "leaderboard-api"
LIMIT = 20_000
"""Bytes that an unchanged date may add."""


def measure(data: Path) -> list[Result]:
    """The ratios of one date, and what the same date costs again."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fetch_api_date(data, home, API_DATES[0])
        rounds = [in_fresh_process(_round, home, number) for number in range(ROUNDS)]
        read, parsed = ratio(rounds, "ours", "read and parse"), ratio(rounds, "ours", "parse")
        documents, megabytes = in_fresh_process(_amount, home)
        what = f"one API date ({documents} documents, {megabytes:.0f} MB)"
        return [
            Result(
                f"{what}: load, to reading the same archive and parsing it with orjson",
                read.text,
                "3×",
                read.wall <= 3,
            ),
            Result(
                "… to parsing alone, with the bytes in memory: decompression on our side only",
                parsed.text,
                "",
                None,
            ),
            *_again(data, home),
        ]


def _again(data: Path, home: Path) -> list[Result]:
    """Fetch and load the identical date as seen a day later."""
    tracker(home, "load", SOURCE)
    before = _rows(home), size(home / "db")
    later = f"{API_DATES[0][:-2]}02T00:00:00Z"
    fetch_api_date(data, home, API_DATES[0], seen_at=later)
    tracker(home, "load", SOURCE)
    rows, growth = _rows(home) - before[0], size(home / "db") - before[1]
    share = growth / before[1]
    return [
        Result("… the identical date again: rows added", f"{rows} of {before[0]:,}", "0", not rows),
        Result(
            "… the identical date again: archive and catalog grow by",
            f"{growth / 1000:.1f} kB ({share:.2%})",
            f"{LIMIT / 1000:.0f} kB",
            growth < LIMIT,
        ),
    ]


def _rows(home: Path) -> int:
    import sqlite3

    connection = sqlite3.connect(home / "db" / "catalog.db")
    names = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    counts = [connection.execute(f'select count(*) from "{name}"') for (name,) in names]
    return sum(int(count.fetchone()[0]) for count in counts)


def _round(home: Path, number: int) -> dict[str, Spent]:
    from orjson import loads

    from tracker.catalog.engine import migrate, open_engine
    from tracker.catalog.load import load
    from tracker.common.paths import resource
    from tracker.curated import read_curated
    from tracker.snapshots.store import Archive

    folder = home / "db" / "snapshots"
    digests = [origin.sha256 for origin in Archive(folder).latest(SOURCE).values()]
    archive = Archive(folder)
    bodies = [archive.read(digest) for digest in digests]
    catalog = home / "measured.db"
    catalog.unlink(missing_ok=True)
    engine = open_engine(f"sqlite:///{catalog}", read_only=False)
    migrate(engine)
    curated = read_curated(resource("db/curated"))

    def read_and_parse() -> None:
        for digest in digests:
            loads(archive.read(digest))

    def parse() -> None:
        for body in bodies:
            loads(body)

    def ours() -> None:
        load(
            engine,
            archive=Archive(folder),
            clones=home / "no-clones",
            curated=curated,
            sources=[SOURCE],
        )

    return take_turns(number, {"read and parse": read_and_parse, "parse": parse, "ours": ours})


def _amount(home: Path) -> tuple[int, float]:
    from tracker.snapshots.store import Archive

    origins = Archive(home / "db" / "snapshots").latest(SOURCE).values()
    return len(origins), sum(origin.size for origin in origins) / 1e6


if __name__ == "__main__":
    main(measure)
