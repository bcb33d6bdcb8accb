"""Fifty readers during loads: no error, and never a board that is half loaded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.support.loopback import LeaderboardServer
from tests.torture.kills import FETCHES
from tests.torture.world import World
from tracker.api import Catalog
from tracker.catalog.engine import catalog_url
from tracker.settings import Settings

READERS = 50


def campaign(folder: Path, drawn: Random, rounds: int, readers: int = READERS) -> Iterator[str]:
    """Load one more day in each round while all readers ask for the same board."""
    answers = 0
    with LeaderboardServer({}) as server:
        world = World(folder, server)
        for verb in (*FETCHES, ("load",)):
            world.must(*verb)
        for number in range(rounds):
            states = {tuple(world.ranking)}
            world.live_one_day()
            states.add(tuple(world.ranking))
            for fetch in FETCHES:
                world.must(*fetch)
            seen, errors = _read_during(world, readers, drawn.choice(("load", "update")))
            assert not errors, f"round {number}: {errors[:3]}"
            assert set(seen) <= states, f"round {number}: a board of neither state"
            answers += len(seen)
    yield f"{rounds} loads, {readers} readers, {answers} answers, each of one state"


def _read_during(world: World, readers: int, verb: str) -> tuple[list[tuple[str, ...]], list[str]]:
    """Read in threads as long as a command runs; returns all boards and errors."""
    seen: list[tuple[str, ...]] = []
    errors: list[str] = []
    done = threading.Event()
    url, settings = catalog_url(world.catalog), Settings(home=world.home)

    def read() -> None:
        while not done.is_set():
            try:
                with Catalog(url, settings) as catalog:
                    frame = catalog.leaderboard("published/en")
                    seen.append(tuple(frame.sort("rank")["model"].to_list()))
            except Exception as error:
                errors.append(repr(error))
                return

    arguments = ["load"] if verb == "load" else ["load", "--rebuild"]
    process = world.start(*arguments)
    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    process.join(600)
    done.set()
    for thread in threads:
        thread.join()
    if process.exitcode:
        errors.append((world.folder / "output.txt").read_text("utf-8"))
    return seen, errors
