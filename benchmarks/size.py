"""Measure the bytes of the catalog, of the starter, and of a day of snapshots."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.common import (
    API_DATES,
    ROOT,
    ROUNDS,
    Result,
    Spent,
    fetch_api_date,
    fetch_boards,
    main,
    size,
    spend,
    tracker,
)


def measure(data: Path) -> list[Result]:
    """Measure the sizes of catalog, archive and starter, each compared with its inputs."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        catalog = home / "db" / "catalog.db"
        archive = home / "db" / "snapshots"
        fetch_boards(data, home)
        tracker(home, "load")
        boards = size(catalog)
        raw, days = _published(home / "db" / "clones" / "published-boards")
        dates = []
        for date in API_DATES:
            before = size(catalog), size(archive)
            fetch_api_date(data, home, date)
            tracker(home, "load")
            dates.append((size(catalog) - before[0], size(archive) - before[1]))
        whole = size(catalog)
        api_raw = size(data / "mteb-api")
        starter = ROOT / "db" / "starter"
        return [
            Result(
                "catalog of all published-board history and both API dates",
                f"{_mb(whole)}: {whole / (raw + api_raw):.1%} of the tables and gzipped answers",
                "60 MB",
                whole < 60e6,
            ),
            Result(
                f"… a day of the published boards ({days} with commits): catalog",
                f"{boards / days / 1000:.0f} kB: {boards / raw:.1%} of the tables' bytes",
                "",
                None,
            ),
            *(
                Result(
                    f"… the API date {date}: catalog and archive",
                    f"{_mb(ours)} and {_mb(kept)}: {(ours + kept) / api_raw * len(dates):.1f}× of"
                    " the gzipped answers",
                    "",
                    None,
                )
                for date, (ours, kept) in zip(API_DATES, dates, strict=True)
            ),
            Result(
                "starter",
                f"{_mb(size(starter))}: {size(starter) / whole:.1%} of that catalog",
                "4 MB",
                size(starter) <= 4e6,
            ),
            _seeding(Path(folder) / "seeded"),
        ]


def _mb(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


def _published(clone: Path) -> tuple[int, int]:
    """Return the bytes of all versions, repeats included, and the days with commits."""
    from tracker.sources import published_boards

    versions = published_boards.versions(clone)
    answers = subprocess.run(
        ["git", "cat-file", "--batch-check=%(objectsize)"],
        cwd=clone,
        input="".join(f"{version.blob}\n" for version in versions),
        text=True,
        check=True,
        capture_output=True,
    ).stdout.split()
    return sum(map(int, answers)), len({version.published_at[:10] for version in versions})


def _seeding(home: Path) -> Result:
    """Compare the first answer of a new home, which loads the starter, with the second one."""

    def ask() -> None:
        tracker(home, "boards", starter=True)

    rounds: list[tuple[Spent, Spent]] = []
    for _ in range(ROUNDS):
        shutil.rmtree(home, ignore_errors=True)
        rounds.append((spend(ask), spend(ask)))
    first, second = (median(one[i].wall for one in rounds) for i in (0, 1))
    return Result(
        "first answer of a fresh home, which loads the starter, to the second answer",
        f"{first / second:.1f}× ({first:.2f} s to {second:.2f} s)",
        "5 s more",
        first - second < 5,
    )


if __name__ == "__main__":
    main(measure)
