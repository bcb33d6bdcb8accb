"""Scheduled updates over many days with faults on every third one: what is lost, and what is not.

Six days in an ordinary run, thirty in ``make torture``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.boards import EN, BoardRepository, overall
from tests.support.campaigns import EFFORT, examples
from tests.support.clock import Clock
from tests.support.curated_folder import write_folder
from tests.support.leaderboard_payloads import board, payload, row
from tests.support.loopback import Fault, LeaderboardServer
from tests.update.test_watch import Webhook
from tracker.api import open_catalog
from tracker.settings import load_settings
from tracker.snapshots.run_log import OpenRun
from tracker.update import daily, run

MTEB = "MTEB(eng, v2)"
DAYS = 6 if EFFORT <= 1 else 30
FIRST = date(2024, 7, 8)
SOURCES = ("published-boards", "leaderboard-api")


@dataclass
class World:
    """Servers whose data change from day to day, the same for every run."""

    repository: BoardRepository
    server: LeaderboardServer
    webhook: Webhook
    ranking: list[str] = field(default_factory=lambda: [f"lab/m{n:02}" for n in range(12)])

    def live_one_day(self, number: int) -> None:
        """A model comes each day; every second one leads."""
        self.ranking.insert(0 if number % 2 else 3, f"new/d{number:02}")
        scores = {name: 90.0 - place for place, name in enumerate(self.ranking)}
        day = FIRST + timedelta(days=number)
        self.repository.commit(f"{day}T03:00:00Z", {EN: overall(list(scores.items()))})
        rows = [
            row(name, place, {"T1": scores[name] / 100, "T2": 0.5})
            for place, name in enumerate(self.ranking, 1)
        ]
        self.server.serve(payload(MTEB) | {"scores": {MTEB: board(MTEB, rows)}})


FAULTS = ("live 503", "live empty", "live cut off", "git gone", "webhook 500", "killed")


@dataclass
class Outcome:
    """What a home and its targets have after all days."""

    history: list[Any]
    live: list[Any]
    notices: list[str]
    gaps: list[tuple[str, str, int, str]]
    problems: set[str]


def simulate(folder: Path, faults: dict[int, str]) -> Outcome:
    """Run an update on each day; ``faults`` says what fails on which."""
    home = folder / "home"
    home.mkdir(parents=True)
    with (
        LeaderboardServer(payload(MTEB)) as server,
        Webhook() as webhook,
        pytest.MonkeyPatch.context() as patch,
    ):
        world = World(BoardRepository(folder / "boards.git"), server, webhook)
        (home / "watch.toml").write_text(
            '[[rule]]\nname = "lead"\nwhen = "leader-changed"\nboard = "published/en"\n'
            f'[send]\nteam = "{webhook.address}"\n'
        )
        clock = Clock(patch, "")
        for name, value in {
            "HOME": str(home),
            "CURATED": str(write_folder(folder / "curated")),
            "LEADERBOARD_API_URL": server.url,
        }.items():
            patch.setenv(f"TRACKER_{name}", value)
        for number in range(DAYS):
            clock.now = f"{FIRST + timedelta(days=number)}T05:17:00Z"
            world.live_one_day(number)
            one_update(world, faults.get(number, ""), patch)
        clock.now = f"{FIRST + timedelta(days=DAYS)}T00:00:00Z"
        return outcome(webhook)


def one_update(world: World, fault: str, patch: pytest.MonkeyPatch) -> None:
    with patch.context() as today:
        place = "/gone" if fault == "git gone" else str(world.repository.path)
        today.setenv("TRACKER_PUBLISHED_BOARDS_URL", place)
        path = world.server.board_path(MTEB)
        match fault:
            case "live 503":
                world.server.fail("/v1/benchmarks", Fault(status=503))
                world.server.fail(path, Fault(status=503))
            case "live empty":
                world.server.fail(path, Fault(body=orjson.dumps(board(MTEB, []))))
            case "live cut off":
                world.server.fail(path, Fault(cut_off=True))
            case "webhook 500":
                world.webhook.fail("/hook", Fault(status=500))
            case "killed":

                def killed(*_: object) -> None:
                    raise KeyboardInterrupt

                today.setattr(run, "load_catalog", killed)
                today.setattr(OpenRun, "finish", lambda *_: None)
        load_settings.cache_clear()
        try:
            daily.update(load_settings(), SOURCES)
        except KeyboardInterrupt:
            assert fault == "killed"
        world.server.heal()
        world.webhook.heal()


def outcome(webhook: Webhook) -> Outcome:
    with open_catalog() as catalog:
        history = catalog.replay("published/en", top=100).days
        live = [(p.from_at[:10], p.rank) for p in catalog.history_list(MTEB, "lab/m00")]
        gaps = [(g.source, g.since, g.days, g.state) for g in catalog.gap_list()]
        problems = {r.outcome for r in catalog.run_list()}
    accepted = [
        orjson.loads(body)["message"]
        for body, seen in zip(webhook.bodies, webhook.log, strict=True)
        if seen.status == 200
    ]
    lines = [line for message in accepted for line in message.splitlines()]
    return Outcome(list(history), live, lines, gaps, problems)


@settings(max_examples=examples(1), phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_a_month_with_faults_ends_as_one_without(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    draw = Random(seed)
    kinds = draw.sample(FAULTS, len(FAULTS))
    faults = {n: kinds[n // 3 % len(kinds)] for n in range(2, DAYS - 1, 3)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"STARTER": "0", "RETRIES": "0", "WAKE_UP_SECONDS": "0"}.items():
            patch.setenv(f"TRACKER_{name}", value)
        patch.setenv("TRACKER_LEADERBOARD_API_BOARDS", f'["{MTEB}"]')
        patch.setattr("tracker.sources.leaderboard_api.SECONDS_BETWEEN_REQUESTS", 0)
        patch.setattr(daily, "build_reported", lambda *_: None)
        whole = simulate(tmp_path_factory.mktemp("whole"), {})
        broken = simulate(tmp_path_factory.mktemp("broken"), faults)
    load_settings.cache_clear()
    assert whole.gaps == []
    assert len(whole.notices) == (DAYS - 1) // 2 or len(whole.notices) == DAYS // 2
    # Git dates its commits: its history is whole again after every fault.
    assert broken.history == whole.history
    # Each event once, though some of them later.
    assert sorted(broken.notices) == sorted(whole.notices)
    # The live board has no history: what was not seen stays a gap, and nothing is invented.
    lost = {FIRST + timedelta(days=n) for n, fault in faults.items() if fault.startswith("live")}
    assert {(its[1], its[2], its[3]) for its in broken.gaps if its[0] == "leaderboard-api"} == {
        (day.isoformat(), 1, "lost") for day in lost
    }
    assert set(broken.live) <= set(whole.live) | {
        ((day + timedelta(days=1)).isoformat(), rank) for day in lost for _, rank in whole.live
    }
