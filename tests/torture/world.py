"""A small home with sources that change, and the command line in processes that can be killed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

from tests.support.boards import EN, TYPES, BoardRepository, overall
from tests.support.catalogs import dump
from tests.support.curated_folder import write_folder
from tests.support.leaderboard_payloads import board, payload, row
from tests.support.loopback import LeaderboardServer
from tests.support.result_repository import ResultRepository, result, result_path
from tracker.catalog.engine import catalog_url

MTEB = "MTEB(eng, v2)"
FIRST = date(2024, 7, 8)
SECONDS = 300.0
"""After so long a command is said to hang."""
# Modules without threads of their own: the server of processes forks after importing them.
PRELOADED = [
    "tracker.cli",
    "tracker.api",
    "tracker.update.daily",
    "tracker.pages.build.site",
    "tracker.exports.tables",
    "alembic.command",
    "huggingface_hub",
    "requests",
]


@dataclass(frozen=True)
class Ended:
    """Exit code, errors and duration of a command."""

    code: int
    """Negative: the signal that ended it."""
    err: str
    seconds: float

    @property
    def is_explained(self) -> bool:
        """Whether it succeeded, or explained its failure."""
        return self.code in (0, 1) and "Traceback" not in self.err


def _run(home: str, settings: dict[str, str], arguments: Sequence[str], output: str) -> None:
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        del os.environ[name]
    os.environ.update(settings, TRACKER_HOME=home, NO_PROXY="*")
    with Path(output).open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["tracker", *arguments]
    from tracker.cli import main
    from tracker.sources import leaderboard_api

    leaderboard_api.SECONDS_BETWEEN_REQUESTS = 0
    main()


class World:
    """Published boards, results and a live leaderboard that gain a model each day."""

    def __init__(self, folder: Path, server: LeaderboardServer) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.server = server
        self.repository = BoardRepository(folder / "leaderboard.git")
        self.results = ResultRepository(folder / "results.git")
        self.day = 0
        self.ranking = [f"lab/m{n:02}" for n in range(8)]
        self.settings = {
            "TRACKER_CURATED": str(write_folder(folder / "curated")),
            "TRACKER_STARTER": "0",
            "TRACKER_RETRIES": "1",
            "TRACKER_RETRY_WAIT_LIMIT": "0",
            "TRACKER_WAKE_UP_SECONDS": "0",
            "TRACKER_READ_TIMEOUT": "2",
            "TRACKER_PUBLISHED_BOARDS_URL": str(self.repository.path),
            "TRACKER_RESULT_FILES_URL": str(self.results.path),
            "TRACKER_LEADERBOARD_API_URL": server.url,
            "TRACKER_LEADERBOARD_API_BOARDS": f'["{MTEB}"]',
        }
        self._processes = get_context("forkserver")
        self._processes.set_forkserver_preload(PRELOADED)
        self.live_one_day()

    def live_one_day(self) -> None:
        """Publish a new model everywhere."""
        at = f"{FIRST + timedelta(days=self.day)}T03:00:00Z"
        self.day += 1
        name = f"new/d{self.day:03}"
        self.ranking.insert(0 if self.day % 2 else 3, name)
        # A thousand days have possible scores.
        scores = {model: 90.0 - place / 16 for place, model in enumerate(self.ranking)}
        # No two models have equal means of all task types, so none counts as a copy of another.
        rows = [(m, mean, dict.fromkeys(TYPES, mean)) for m, mean in scores.items()]
        self.repository.commit(at, {EN: overall(rows)})
        self.results.commit(
            {result_path(name, "abc", task): result(task, self.day / 512) for task in "AB"}, at=at
        )
        rows = [
            row(model, place, {"T1": scores[model] / 100, "T2": 0.5})
            for place, model in enumerate(self.ranking, 1)
        ]
        self.server.serve(payload(MTEB) | {"scores": {MTEB: board(MTEB, rows)}})

    def start(self, *arguments: str) -> BaseProcess:
        """Start a command."""
        output = self.folder / "output.txt"
        process = self._processes.Process(
            target=_run, args=(str(self.home), self.settings, arguments, str(output))
        )
        process.start()
        return process

    def run(self, *arguments: str, kill_after: float | None = None) -> Ended:
        """Run a command, and kill it after some seconds."""
        began = time.monotonic()
        process = self.start(*arguments)
        process.join(SECONDS if kill_after is None else kill_after)
        if process.is_alive():
            process.kill()
            process.join()
        err = (self.folder / "output.txt").read_text("utf-8", errors="replace")
        return Ended(process.exitcode or 0, err, time.monotonic() - began)

    def must(self, *arguments: str) -> Ended:
        """Run a command that has to succeed."""
        ended = self.run(*arguments)
        assert ended.code == 0, f"tracker {' '.join(arguments)}: {ended.code}: {ended.err[-2000:]}"
        return ended

    @property
    def catalog(self) -> Path:
        """The catalog's file."""
        return self.home / "db" / "catalog.db"

    def rows(self) -> dict[str, Any]:
        """Everything in the catalog, without ids."""
        return dump(catalog_url(self.catalog))


def drawn_moment(drawn: Random, seconds: float) -> float:
    """A moment within a command that takes so long, a little after its start at least."""
    return drawn.uniform(0.02, max(0.1, seconds * 1.05))
