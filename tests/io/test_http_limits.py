"""Limits of the HTTP client: one deadline for a whole answer, redirects, and what they cost."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable

import pytest

from tests.support.hostile_server import Send, drip, raw_server
from tests.support.loopback import Fault, LeaderboardServer
from tracker.errors import SourceError
from tracker.io import http
from tracker.io.http import HostUnavailableError, Session
from tracker.io.http_connections import redirect_target, refuse_private
from tracker.settings import Settings

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SHORT = {"read_timeout": 0.06, "connect_timeout": 0.2}
"""A deadline of 0.8 s for a whole answer."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def failure(url: str, *, token: str | None = None, **changes: object) -> SourceError:
    settings = Settings(**({"retries": 0, "read_timeout": 2.0} | changes))
    with (
        Session(settings, source="test", token=token) as session,
        pytest.raises(SourceError) as caught,
    ):
        session.get(url, expect="any")
    return caught.value


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (HEAD + b"\r\n", b"["),
        (CHUNKED, b"1\r\n[\r\n"),
        (CHUNKED + b"1", b"0"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (HEAD, b"X: y\r\n"),
        (b"HTTP/1.1 2", b"0"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 302 Found\r\nLocation: /x\r\nX-Slow: ", b"x"),
        (b"HTTP/1.1 503 Busy\r\nX-Slow: ", b"x"),
    ],
    ids=[
        "body",
        "chunks",
        "chunk-size",
        "header",
        "headers",
        "status-line",
        "100-continue",
        "redirect",
        "refusal",
    ],
)
def test_a_dripping_answer_ends_at_the_deadline(before: bytes, drop: bytes) -> None:
    with raw_server(drip(before, drop, every=0.01)) as root:
        began = time.monotonic()
        error = failure(f"{root}/x", **SHORT, retries=3)
        took = time.monotonic() - began
    assert error.cause in (
        "sent its answer too slowly: not complete after 0.8 s",
        # http.client itself reads no more than 100 headers.
        "the server dropped the connection (4 attempts)",
    )
    assert took < 10


def test_all_attempts_together_take_no_longer_than_the_deadline_of_one() -> None:
    now, asked = [0.0], []

    def answer(send: Send, path: str) -> None:
        asked.append(path)
        now[0] += 0.9  # the deadline is 1.5 s; the answer is cut off before it
        send(HEAD + b"Content-Length: 9\r\n\r\n[")

    settings = Settings(retries=9, read_timeout=0.1, connect_timeout=0.5)
    with raw_server(answer) as root:
        session = Session(settings, source="test", clock=lambda: now[0], sleep=lambda _: None)
        with session, pytest.raises(SourceError, match=r"cut off \(2 attempts\)"):
            session.get(f"{root}/x")
    assert len(asked) == 2


def test_a_slow_server_is_not_asked_for_other_documents() -> None:
    with raw_server(drip(HEAD + b"\r\n", b"[", every=0.01)) as root:
        error = failure(f"{root}/x", **SHORT)
    assert isinstance(error, HostUnavailableError)
    assert error.remedy == "try again later, or raise TRACKER_READ_TIMEOUT"


def test_a_session_works_again_after_a_deadline() -> None:
    slow = drip(HEAD + b"\r\n", b"[", every=0.01)

    def answer(send: Send, path: str) -> None:
        if path == "/slow":
            slow(send, path)
        else:
            send(HEAD + b"Content-Length: 2\r\n\r\n[]")

    settings = Settings(retries=0, **SHORT)
    with raw_server(answer) as root, Session(settings, source="test") as session:
        with pytest.raises(HostUnavailableError):
            session.get(f"{root}/slow")
        assert session.get(f"{root}/fast").body == b"[]"


def endless(start: bytes, piece: bytes) -> tuple[list[int], Callable[[Send, str], None]]:
    """An answer without end, and a record of how many bytes the client took."""
    taken = [0]

    def answer(send: Send, path: str) -> None:
        going = send(start if path == "/x" else HEAD + b"Content-Length: 2\r\n\r\n[]")
        while going and path == "/x":
            going = send(piece)
            taken[0] += len(piece)

    return taken, answer


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip-bomb"])
def test_the_body_of_a_redirect_is_not_read(packed: bool) -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /y\r\n" + (
        b"Content-Encoding: gzip\r\n\r\n" if packed else b"\r\n"
    )
    piece = gzip.compress(b"0" * 10_000_000) if packed else b"0" * 65536
    taken, answer = endless(head, piece)
    settings = Settings(retries=0, max_response_bytes=1_000_000)
    with raw_server(answer) as root, Session(settings, source="test") as session:
        response = session.get(f"{root}/x")
    assert (response.body, response.url, response.final_url) == (b"[]", f"{root}/x", f"{root}/y")
    assert taken[0] < 20_000_000  # what the buffers of the two sockets hold


def test_a_redirect_within_a_server_is_followed_and_recorded() -> None:
    with LeaderboardServer({"models": []}) as server:
        server.fail("/old", Fault(status=308, headers={"Location": "v1/models"}))
        with Session(Settings(), source="test") as session:
            answer = session.get(f"{server.origin}/old")
    assert (answer.body, answer.url) == (b"[]", f"{server.origin}/old")
    assert answer.final_url == f"{server.origin}/v1/models"


def test_a_redirect_to_another_port_is_refused() -> None:
    with LeaderboardServer({"models": []}) as other, LeaderboardServer({}) as server:
        target = f"{other.url}/models"
        server.fail("/x", Fault(status=302, headers={"Location": target}))
        error = failure(f"{server.origin}/x")
        assert error.cause == f"answered 302: redirects to another port: {target}"
        assert (error.status, error.final, other.log) == (302, True, [])


def test_redirects_in_a_circle_end() -> None:
    with LeaderboardServer({}) as server:
        server.fail("/x", Fault(status=302, headers={"Location": "/x"}))
        error = failure(f"{server.origin}/x")
        assert (error.cause, error.final) == ("too many redirects", True)
        assert len(server.log) == 1 + http.MOST_REDIRECTS


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        ("https://a.org/x", "/y?z=1", "https://a.org/y?z=1"),
        ("https://a.org/x", "https://a.org:443/y", "https://a.org:443/y"),
        ("http://a.org/x", "https://a.org/x", "https://a.org/x"),
        ("https://a.org/x", "https://cdn.b.org/y", "https://cdn.b.org/y"),
        ("https://a.org/x", "//b.org/y", "https://b.org/y"),
    ],
)
def test_allowed_redirects(url: str, location: str, target: str) -> None:
    assert redirect_target(url, location, frozenset({"b.org"})) == target


@pytest.mark.parametrize(
    ("url", "location", "cause"),
    [
        ("https://a.org/x", None, "a redirect without an address"),
        ("https://a.org/x", "", "a redirect without an address"),
        (
            "https://a.org/x",
            "http://a.org/x",
            "redirects from https to http://a.org/x, which is not encrypted",
        ),
        ("https://a.org/x", "https://c.org/", "redirects to another host: https://c.org/"),
        ("https://a.org/x", "https://evilb.org/", "redirects to another host: https://evilb.org/"),
        ("http://a.org/x", "http://b.org/", "redirects to another host: http://b.org/"),
        (
            "https://a.org/x",
            "https://b.org:8443/",
            "redirects to another host: https://b.org:8443/",
        ),
        (
            "https://a.org/x",
            "https://a.org:8443/",
            "redirects to another port: https://a.org:8443/",
        ),
        (
            "https://a.org/x",
            "file:///etc/passwd",
            "redirects to file:///etc/passwd, which is not a plain http or https address",
        ),
        (
            "https://a.org/x",
            "https://me:you@a.org/x",
            "redirects to https://me:you@a.org/x, which is not a plain http or https address",
        ),
    ],
)
def test_refused_redirects(url: str, location: str | None, cause: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(cause)}$"):
        redirect_target(url, location, frozenset({"b.org"}))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fe80::1%eth0"]
)
def test_redirects_to_the_local_network_are_refused(address: str) -> None:
    looked_up = [(2, 1, 6, "", (address, 443))]
    with pytest.raises(ValueError, match="an address of the local network"):
        refuse_private(looked_up, "b.org")
    refuse_private([(2, 1, 6, "", ("93.184.216.34", 443))], "b.org")


def test_a_refusal_carries_its_status_and_whether_it_is_final() -> None:
    with LeaderboardServer({}) as server:
        found = {}
        for status in (404, 429, 500):
            server.fail(f"/{status}", Fault(status=status))
            error = failure(f"{server.origin}/{status}")
            found[status] = (error.status, error.final)
        server.fail("/large", Fault(body=b"x" * 2000))
        error = failure(f"{server.origin}/large", max_response_bytes=1000)
    assert found == {404: (404, True), 429: (429, False), 500: (500, False)}
    assert (error.status, error.final) == (None, True)


@pytest.mark.parametrize("seconds", ["1000000000000", "9" * 400, "604801"])
def test_an_absurd_retry_after_is_cut_to_a_week(seconds: str) -> None:
    with LeaderboardServer({}) as server:
        server.fail("/x", Fault(status=429, headers={"Retry-After": seconds}))
        error = failure(f"{server.origin}/x")
    assert error.cause == (
        "answered 429 Too Many Requests and asks to wait more than 7 days, "
        "longer than the limit of 60 s"
    )


def test_a_token_is_sent_to_the_first_host_only() -> None:
    with LeaderboardServer({"models": []}) as server, LeaderboardServer({}) as other:
        with Session(Settings(), source="test", token="secret") as session:
            session.get(f"{server.url}/models")
            assert server.log[0].headers["authorization"] == "Bearer secret"
        other.fail("/x", Fault(status=302, headers={"Location": f"{server.url}/models"}))
        failure(f"{other.origin}/x", token="secret")
        assert len(server.log) == 1
