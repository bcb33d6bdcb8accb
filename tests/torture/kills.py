"""Random ``kill -9`` over fetch, load, update and site build, compared row for row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.support.loopback import LeaderboardServer
from tests.torture.world import World, drawn_moment

FETCHES = (
    ("fetch", "published-boards"),
    ("fetch", "result-files"),
    ("fetch", "leaderboard-api"),
)
UPDATE = ("update", "--only", "published-boards", "--only", "result-files", "--only",
          "leaderboard-api")  # fmt: skip
SITE = ("site", "build", "--lang", "en")


def campaign(folder: Path, drawn: Random, rounds: int, *, sites: bool = True) -> Iterator[str]:
    """Kill one command in each round, check what is left, and complete it.

    Args:
        folder: An empty folder.
        drawn: Source of all choices.
        rounds: Number of kills.
        sites: Whether sites are built too, which takes most of the time.
    """
    verbs = [*FETCHES, ("load",), ("load",), ("load", "--rebuild")] + [UPDATE, SITE] * sites
    seconds: dict[tuple[str, ...], float] = {}
    killed: Counter[str] = Counter()
    with LeaderboardServer({}) as server:
        world = World(folder, server)
        for verb in dict.fromkeys(verbs):
            seconds[verb] = world.must(*verb).seconds
        for number in range(rounds):
            world.live_one_day()
            verb = drawn.choice(verbs)
            if verb[0] == "load":
                for fetch in FETCHES:
                    world.must(*fetch)
            before = world.rows()
            ended = world.run(*verb, kill_after=drawn_moment(drawn, seconds[verb]))
            killed[f"{verb[0]} {'killed' if ended.code == -9 else 'done'}"] += 1
            world.must("verify")
            left = world.rows()
            if verb[0] in ("fetch", "site"):
                assert left == before, f"round {number}: {verb} changed the catalog"
            world.must(*verb)
            # A load that was killed has either happened or not.
            if verb[0] == "load":
                assert left in (before, world.rows()), f"round {number}: half a load"
            _complete(world, verb)
            assert "every row is the same" in world.must("load", "--rebuild").err, f"round {number}"
            board = world.must("leaderboard", "MTEB(eng, v2)", "-f", "json")
            assert world.ranking[0] in board.err, f"round {number}: the newest state is missing"
    yield f"{rounds} rounds: " + ", ".join(f"{n} × {what}" for what, n in sorted(killed.items()))


def _complete(world: World, verb: tuple[str, ...]) -> None:
    for fetch in FETCHES:
        world.must(*fetch)
    world.must("load")
    if verb == SITE:
        site = world.home / "build" / "site"
        assert (site / "index.html").is_file()
        assert not list(site.rglob("*.new"))
