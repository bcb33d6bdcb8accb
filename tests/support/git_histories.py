"""Git repositories of published boards in which every commit changes one average."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.support.boards import EN, BoardRepository, overall
from tests.support.catalogs import Loaded

Make = Callable[..., BoardRepository]
TIMES = [f"2024-07-{day:02d}T02:52:00Z" for day in range(8, 28)]


def run(*command: str, cwd: Path | None = None) -> str:
    """Run a command and return what it printed."""
    done = subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def table(number: int) -> bytes:
    """Return the table of a commit, by its number."""
    return overall([("lab/one", 60.0 + number), ("lab/two", 50.0)])


def filled(make: Make, count: int = 3, name: str = "leaderboard.git") -> BoardRepository:
    """Make a repository with so many commits at ``TIMES``."""
    repository = make(name)
    for number in range(count):
        repository.commit(TIMES[number], {EN: table(number)})
    return repository


def averages(catalog: Loaded) -> list[tuple[str, float]]:
    """Return the history of the model whose average changes with every commit."""
    with catalog.open() as opened:
        points = opened.history_list("published/en", "lab/one")
    return [(p.from_at, p.mean_task) for p in points if p.mean_task is not None]


def expected(*numbers: int) -> list[tuple[str, float]]:
    """Return the history that these commits give."""
    return [(TIMES[n], 60.0 + n) for n in numbers]
