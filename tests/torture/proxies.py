"""A proxy on loopback that resets, delays, truncates, corrupts and throttles any range of bytes."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from tests.support.loopback import LeaderboardServer
from tests.torture.world import World

FAULTS = ("reset", "delay", "truncate", "corrupt", "throttle")


@dataclass(frozen=True)
class Plan:
    """Fault of an answer, and the byte at which it begins."""

    fault: str | None = None
    at: int = 0
    length: int = 1
    mask: int = 0xFF
    request: int = 0
    """Number of the connection that it happens to; all later ones are good."""


class FaultyProxy:
    """Hands connections on to a server, and spoils the answer of one of them."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._target = (str(parts.hostname), int(parts.port or 80))
        self.plan = Plan()
        self._seen = 0

    def set(self, plan: Plan) -> None:
        """Use a plan from the next connection on."""
        self.plan, self._seen = plan, 0

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Listen; gives the root address."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(16)
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                with suppress(OSError):
                    listener.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            number, self._seen = self._seen, self._seen + 1
            plan = self.plan if number == self.plan.request else Plan()
            threading.Thread(target=self._hand_on, args=(client, plan), daemon=True).start()

    def _hand_on(self, client: socket.socket, plan: Plan) -> None:
        with client, socket.create_connection(self._target) as server, suppress(OSError):
            threading.Thread(target=_copy, args=(client, server), daemon=True).start()
            position = 0
            while part := server.recv(4096):
                part = bytearray(part)
                begin, end = plan.at - position, plan.at + plan.length - position
                if plan.fault == "corrupt":
                    for place in range(max(0, begin), min(len(part), end)):
                        part[place] ^= plan.mask
                elif plan.fault == "throttle" and begin < len(part):
                    for place in range(0, len(part), 64):
                        client.sendall(part[place : place + 64])
                        time.sleep(0.02)
                    position += len(part)
                    continue
                elif plan.fault and 0 <= begin < len(part):
                    client.sendall(part[:begin])
                    if plan.fault == "delay":
                        time.sleep(3.5)  # longer than the limit of the command
                        client.sendall(part[begin:])
                    elif plan.fault == "reset":
                        linger = struct.pack("ii", 1, 0)
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        return
                    elif plan.fault == "truncate":
                        return
                    position += len(part)
                    continue
                client.sendall(part)
                position += len(part)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)


def drawn_plan(drawn: Random, longest: int) -> Plan:
    """Draw a fault anywhere in the first answers."""
    plan = Plan(
        drawn.choice(FAULTS),
        int(longest * drawn.random() ** 2),
        drawn.choice((1, 4, 300)),
        drawn.randrange(1, 256),
    )
    return replace(plan, request=drawn.randrange(4))


def campaign(folder: Path, drawn: Random, rounds: int) -> Iterator[str]:
    """Spoil one answer of the live leaderboard in each round; the next fetch makes it good."""
    outcomes: Counter[str] = Counter()
    fetch = ("fetch", "leaderboard-api")
    with LeaderboardServer({}) as server:
        world = World(folder, server)
        proxy = FaultyProxy(server.origin)
        with proxy.serving() as address:
            path = urlsplit(server.url).path
            world.settings["TRACKER_LEADERBOARD_API_URL"] = f"{address}{path}"
            world.must(*fetch)
            world.must("load")
            for number in range(rounds):
                world.live_one_day()
                plan = drawn_plan(drawn, 6000)
                proxy.set(plan)
                ended = world.run(*fetch)
                outcomes[f"{plan.fault} {'refused' if ended.code else 'taken'}"] += 1
                assert ended.is_explained, f"round {number}: {plan}: {ended.err[-2000:]}"
                loaded = world.run("load")
                assert loaded.is_explained, f"round {number}: {plan}: {loaded.err[-2000:]}"
                proxy.set(Plan())
                time.sleep(1)  # moments of the archive have seconds
                world.must(*fetch)
                world.run("load")
                world.must("verify")
                board = world.must("leaderboard", "MTEB(eng, v2)", "-f", "json")
                assert world.ranking[0] in board.err, f"round {number}: {plan}"
                assert board.err.count('"rank":') == len(world.ranking), f"round {number}: {plan}"
    yield f"{rounds} rounds: " + ", ".join(f"{n} × {what}" for what, n in sorted(outcomes.items()))
