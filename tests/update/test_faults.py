"""Small versions of the campaigns in ``tests.torture``: broken answers, readers, clocks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tracker
from tests.support.catalogs import dump
from tests.support.clock import Clock
from tests.support.leaderboard_payloads import board, payload, row
from tests.support.loopback import LeaderboardServer
from tests.torture import parsers
from tests.torture.proxies import FaultyProxy, Plan

Run = Callable[..., Any]
MTEB = "MTEB(eng, v2)"
pytestmark = pytest.mark.usefixtures("bare_home")


def payload_with(count: int) -> dict[str, Any]:
    rows = [row(f"lab/m{n}", n, {"T1": 0.5, "T2": 0.25}) for n in range(1, count + 1)]
    return payload(MTEB) | {"scores": {MTEB: board(MTEB, rows)}}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch, "2026-06-01T05:00:00Z")


def models(cli: Run) -> int:
    return len(cli("leaderboard", MTEB, "-f", "json").rows)


FAULTS = (
    Plan("reset", 300),
    Plan("delay", 300),
    Plan("truncate", 300, request=2),
    Plan("corrupt", 9, 4, request=1),  # the status
    Plan("corrupt", 250, 300, request=2),
    Plan("throttle", 0, request=1),
)


def test_a_broken_answer_costs_only_itself_and_the_next_fetch_mends_it(
    cli: Run, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_READ_TIMEOUT", "0.3")
    with LeaderboardServer(payload_with(3)) as server:
        proxy = FaultyProxy(server.origin)
        with proxy.serving() as address:
            fetch = ("fetch", "leaderboard-api", "--from", f"{address}/v1")
            cli(*fetch)
            for number, plan in enumerate(FAULTS, 1):
                server.serve(payload_with(3 + number))
                proxy.set(plan)
                clock.now = f"2026-06-{2 * number:02}T05:00:00Z"
                answer = cli(*fetch)
                assert all(
                    line.startswith(("error: ", "note: ", "leaderboard-api: "))
                    for line in answer.err.splitlines()
                )
                assert cli("load").code == 0
                assert models(cli) in (2 + number, 3 + number), plan
                proxy.set(Plan())
                clock.now = f"2026-06-{2 * number + 1:02}T05:00:00Z"
                assert cli(*fetch).code == 0
    assert cli("load").code == 0
    assert models(cli) == 3 + len(FAULTS)
    assert cli("verify").code == 0


def test_a_clock_that_goes_back_loses_no_state(cli: Run, home: Path, clock: Clock) -> None:
    with LeaderboardServer(payload_with(3)) as server:
        fetch = ("fetch", "leaderboard-api", "--from", server.url)
        moments = ("2026-06-03T05:00:00Z", "2026-06-01T05:00:00Z", "2026-06-02T05:00:00Z")
        for count, clock.now in zip((3, 4, 5), moments, strict=True):
            server.serve(payload_with(count))
            assert cli(*fetch).code == 0
            assert cli("load").code == 0
        shown = [
            len(cli("leaderboard", MTEB, "--as-of", f"2026-06-0{day}", "-f", "json").rows)
            for day in (1, 2, 3)
        ]
        # Each state at its own time: the clock is what says when.
        assert shown == [4, 5, 3]
        assert cli("verify").code == 0
        assert cli("status").code == 0
        before = dump(f"sqlite:///{home / 'db' / 'catalog.db'}")
        assert cli("load", "--rebuild").err.splitlines()[-1] == "every row is the same"
        assert dump(f"sqlite:///{home / 'db' / 'catalog.db'}") == before


def test_readers_during_a_load_see_the_old_or_the_new_board(cli: Run, clock: Clock) -> None:
    seen: set[int] = set()
    errors: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                with tracker.open() as catalog:
                    seen.add(catalog.leaderboard(MTEB).height)
            except Exception as error:
                errors.append(error)
                return

    with LeaderboardServer(payload_with(3)) as server:
        fetch = ("fetch", "leaderboard-api", "--from", server.url)
        cli(*fetch)
        cli("load")
        server.serve(payload_with(200))
        clock.now = "2026-06-02T05:00:00Z"
        assert cli(*fetch, "--accept", MTEB).code == 0
        readers = [threading.Thread(target=read) for _ in range(8)]
        for reader in readers:
            reader.start()
        answer = cli("load")
        done.set()
        for reader in readers:
            reader.join()
    assert (answer.code, errors) == (0, [])
    assert seen <= {3, 200}
    assert models(cli) == 200


@pytest.mark.parametrize("name", parsers.parsers())
def test_a_parser_fails_only_with_a_declared_error(name: str) -> None:
    parse, good = parsers.parsers()[name]
    parse(good)
    parsers.search(parse, good, 18, 20)
