"""A disk that fills up at random moments of fetch, load and export."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.support.loopback import LeaderboardServer
from tests.torture.kills import FETCHES
from tests.torture.world import World

ROOM = 64_000_000
COMMANDS = (*FETCHES, ("load",), ("load", "--rebuild"), ("backup",), ("export", "parquet"))


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[None]:
    """Mount a disk of so many bytes; only root can."""
    place.mkdir()
    options = f"size={size},mode=0755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def campaign(folder: Path, drawn: Random, rounds: int) -> Iterator[str]:
    """Leave little room for one command in each round; then make room and complete it."""
    outcomes: Counter[str] = Counter()
    with LeaderboardServer({}) as server:
        world = World(folder, server)
        with small_disk(world.home, ROOM):
            ballast = world.home / "ballast"
            for verb in (*FETCHES, ("load",)):
                world.must(*verb)
            for number in range(rounds):
                world.live_one_day()
                verb = drawn.choice(COMMANDS)
                if verb[0] == "load":
                    for fetch in FETCHES:
                        world.must(*fetch)
                target = [str(world.home / f"out-{number}")]
                arguments = [*verb, *(target if verb[0] in ("backup", "export") else [])]
                before = world.rows()
                _fill(world.home, ballast, drawn.choice((0, 4096, 20_000, 200_000, 1_000_000)))
                ended = world.run(*arguments)
                outcomes[f"{verb[0]} {'refused' if ended.code else 'done'}"] += 1
                assert ended.is_explained, f"round {number}: {verb}: {ended.err[-2000:]}"
                if ended.code:
                    lines = [line for line in ended.err.splitlines() if line.startswith("error: ")]
                    assert lines, f"round {number}: {verb}: {ended.err}"
                ballast.unlink()
                if verb[0] != "load" or ended.code:
                    assert world.rows() == before, f"round {number}: {verb} changed rows"
                for again in (tuple(arguments), *FETCHES, ("load",), ("verify",)):
                    world.must(*again)
                assert "every row is the same" in world.must("load", "--rebuild").err
                subprocess.run(["rm", "-rf", *target], check=True)
    yield f"{rounds} rounds: " + ", ".join(f"{n} × {what}" for what, n in sorted(outcomes.items()))


def _fill(home: Path, ballast: Path, left: int) -> None:
    """Fill the disk but for some bytes."""
    from shutil import disk_usage

    size = max(0, disk_usage(home).free - left)
    with ballast.open("wb") as file:
        while size > 0:
            size -= file.write(b"\0" * min(size, 1_000_000))
