"""The polite session: how it waits, what it refuses, and that every failure is one clear line."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from tests.support.loopback import HTML, Fault, LeaderboardServer
from tracker.errors import SourceError
from tracker.io import http
from tracker.io.http import HostUnavailableError, Session, TruncatedError, gunzipped
from tracker.io.validators import Validators
from tracker.settings import Settings

MODELS = [{"name": "org/model", "note": "ünïcode"}]
BODY = '[{"name": "org/model", "note": "ünïcode"}]'.encode()
TODAY = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)


class Watch:
    """A clock that moves only by sleeping, and remembers every sleep."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds

    def clock(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def server() -> Iterator[LeaderboardServer]:
    with LeaderboardServer({"models": MODELS}) as running:
        yield running


@pytest.fixture
def watch() -> Watch:
    return Watch()


def session(watch: Watch, pause: float = 0.0, **changes: object) -> Session:
    values: dict[str, object] = {"contact": "https://example.org/me", "read_timeout": 2.0}
    settings = Settings(**(values | changes))
    return Session(
        settings,
        source="test-source",
        pause=pause,
        sleep=watch.sleep,
        clock=watch.clock,
        today=lambda: TODAY,
        jitter=lambda: 1.0,
    )


def failure(asked: Session, url: str, **how: object) -> SourceError:
    with asked, pytest.raises(SourceError) as caught:
        asked.get(url, **how)
    error = caught.value
    assert str(error).startswith("test-source: ")
    assert url in str(error)
    assert "\n" not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    return error


def test_a_good_answer_carries_everything_the_archive_wants(
    server: LeaderboardServer, watch: Watch
) -> None:
    url = f"{server.url}/models"
    with session(watch) as asked:
        answer = asked.get(url)
    assert answer == http.Response(
        status=200,
        body=BODY,
        etag=answer.etag,
        last_modified="Thu, 28 May 2026 20:26:41 GMT",
        url=url,
        fetched_at="2026-06-01T12:00:00Z",
    )
    assert answer.etag
    sent = server.log[0].headers
    assert sent["user-agent"].startswith("embedding-tracker/")
    assert sent["user-agent"].endswith(" (+https://example.org/me)")
    assert sent["accept-encoding"] == "gzip"
    assert watch.slept == []


def test_validators_make_the_request_conditional(server: LeaderboardServer, watch: Watch) -> None:
    url = f"{server.url}/models"
    with session(watch) as asked:
        first = asked.get(url)
        again = asked.get(url, validators=Validators(first.etag, first.last_modified))
    assert (again.status, again.body, again.etag) == (304, None, first.etag)
    assert server.log[1].headers["if-none-match"] == first.etag
    assert server.log[1].headers["if-modified-since"] == first.last_modified


def test_a_304_that_nobody_asked_for_is_a_failure(server: LeaderboardServer, watch: Watch) -> None:
    server.fail("/v1/models", Fault(status=304))
    assert "answered 304" in str(failure(session(watch), f"{server.url}/models"))


def test_requests_to_one_host_keep_their_distance(server: LeaderboardServer, watch: Watch) -> None:
    with session(watch, pause=3.0) as asked:
        for _ in range(3):
            asked.get(f"{server.url}/models")
    assert watch.slept == [3.0, 3.0]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=503),
        Fault(status=429),
        Fault(drop=True),
        Fault(truncate=True),
        Fault(cut_off=True),
    ],
    ids=["500", "503", "429", "dropped", "truncated-gzip", "cut-off"],
)
def test_passing_failures_are_tried_again_with_growing_pauses(
    server: LeaderboardServer, watch: Watch, fault: Fault
) -> None:
    server.fail("/v1/models", fault, times=3)
    with session(watch) as asked:
        assert asked.get(f"{server.url}/models").body == BODY
    assert watch.slept == [0.5, 1.0, 2.0]


def test_attempts_are_bounded_and_counted(server: LeaderboardServer, watch: Watch) -> None:
    server.fail("/v1/models", Fault(status=500))
    error = failure(session(watch, retries=2), f"{server.url}/models")
    assert error.cause == "answered 500 Internal Server Error (3 attempts)"
    assert not isinstance(error, HostUnavailableError)
    assert len(server.log) == 3


def test_what_will_not_pass_is_not_tried_again(server: LeaderboardServer, watch: Watch) -> None:
    assert failure(session(watch), f"{server.url}/nothing").cause == "answered 404 Not Found"
    assert len(server.log) == 1


@pytest.mark.parametrize("retry_after", ["7", "Mon, 01 Jun 2026 12:00:07 GMT"])
def test_retry_after_is_honoured_as_seconds_and_as_date(
    server: LeaderboardServer, watch: Watch, retry_after: str
) -> None:
    server.fail("/v1/models", Fault(status=429, headers={"Retry-After": retry_after}), times=1)
    with session(watch) as asked:
        assert asked.get(f"{server.url}/models").status == 200
    assert watch.slept == [7.0]


@pytest.mark.parametrize("retry_after", ["", "soon", "-5", "²", "99 bottles"])
def test_a_retry_after_that_makes_no_sense_is_ignored(
    server: LeaderboardServer, watch: Watch, retry_after: str
) -> None:
    server.fail(
        "/v1/models", Fault(status=503, headers={"Retry-After": "x" + retry_after}), times=1
    )
    with session(watch) as asked:
        assert asked.get(f"{server.url}/models").status == 200
    assert watch.slept == [0.5]


def test_a_longer_wait_than_the_limit_fails_at_once(
    server: LeaderboardServer, watch: Watch
) -> None:
    server.fail("/v1/models", Fault(status=429, headers={"Retry-After": "3600"}))
    error = failure(session(watch, retry_wait_limit=60), f"{server.url}/models")
    assert error.cause == (
        "answered 429 Too Many Requests and asks to wait 3600 s, longer than the limit of 60 s"
    )
    assert error.remedy.startswith("try again after 2026-06-01T13:00:00Z")
    assert isinstance(error, HostUnavailableError)
    assert (watch.slept, len(server.log)) == ([], 1)


def test_a_sleeping_server_is_waited_for(server: LeaderboardServer, watch: Watch) -> None:
    server.fail("/v1/models", Fault(status=503), times=8)
    with session(watch, wake_up_seconds=90) as asked:
        assert asked.get(f"{server.url}/models", wake_up=True).body == BODY
    assert watch.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]


def test_waiting_for_a_sleeping_server_ends(server: LeaderboardServer, watch: Watch) -> None:
    server.fail("/v1/models", Fault(status=503))
    error = failure(session(watch, wake_up_seconds=20), f"{server.url}/models", wake_up=True)
    assert error.cause == "answered 503 Service Unavailable, still asleep after 16 s"
    assert "TRACKER_WAKE_UP_SECONDS" in error.remedy
    assert isinstance(error, HostUnavailableError)


def test_a_server_that_hangs_is_left_after_the_read_timeout(
    server: LeaderboardServer, watch: Watch
) -> None:
    server.fail("/v1/models", Fault(hang=5))
    asked = session(watch, read_timeout=0.1, retries=1)
    error = failure(asked, f"{server.url}/models")
    assert error.cause == "no answer within 0.1 s (2 attempts)"


def test_a_hanging_server_may_be_waking_up(server: LeaderboardServer, watch: Watch) -> None:
    server.fail("/v1/models", Fault(hang=5), times=1)
    with session(watch, read_timeout=0.1, retries=0) as asked:
        assert asked.get(f"{server.url}/models", wake_up=True).body == BODY


def test_html_instead_of_json_is_one_clear_line(server: LeaderboardServer, watch: Watch) -> None:
    server.fail("/v1/models", Fault(body=HTML))
    error = failure(session(watch), f"{server.url}/models")
    assert error.cause == "sent an HTML page where JSON was expected"
    assert len(server.log) == 1


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "sent an empty answer"),
        (b'{"rows": [1, 2', "the answer is cut off"),
        (b"hello", "sent text/plain where JSON was expected"),
    ],
)
def test_json_is_expected_whole(
    server: LeaderboardServer, watch: Watch, body: bytes, cause: str
) -> None:
    server.fail("/v1/models", Fault(body=body, headers={"Content-Type": "text/plain"}))
    assert failure(session(watch, retries=0), f"{server.url}/models").cause == cause


def test_anything_goes_where_anything_is_expected(server: LeaderboardServer, watch: Watch) -> None:
    server.fail("/v1/models", Fault(body=HTML))
    with session(watch) as asked:
        assert asked.get(f"{server.url}/models", expect="any").body == HTML


@pytest.mark.parametrize("packed", [True, False], ids=["gzip-bomb", "plain"])
def test_an_answer_over_the_limit_is_not_read_to_its_end(
    server: LeaderboardServer, watch: Watch, packed: bool
) -> None:
    large = b"[" + b"0," * 4_000_000 + b"0]"
    headers = {"Content-Type": "application/json"} | (
        {"Content-Encoding": "gzip"} if packed else {}
    )
    body = gzip.compress(large) if packed else large
    server.fail("/v1/models", Fault(body=body, headers=headers))
    error = failure(session(watch, max_response_bytes=1_000_000), f"{server.url}/models")
    assert error.cause == "the answer is larger than 1,000,000 bytes"
    assert len(server.log) == 1


def test_an_unknown_encoding_is_refused(server: LeaderboardServer, watch: Watch) -> None:
    server.fail("/v1/models", Fault(body=b"?", headers={"Content-Encoding": "br"}))
    assert failure(session(watch), f"{server.url}/models").cause == "sent the unknown encoding br"


def test_offline_asks_nobody_and_says_how_to_change_that(watch: Watch) -> None:
    error = failure(session(watch, offline=True), "https://example.org/x")
    assert isinstance(error, HostUnavailableError)
    assert "offline" in error.cause
    assert "TRACKER_OFFLINE" in error.remedy


@pytest.mark.parametrize(
    "url", ["ftp://example.org/x", "https://", "file:///etc/x", "http://[::1/x"]
)
def test_only_web_addresses_are_asked(watch: Watch, url: str) -> None:
    assert failure(session(watch), url).cause == "not an http or https address"


def test_a_name_that_does_not_resolve_is_not_tried_again(watch: Watch) -> None:
    asked = session(watch)

    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    asked._resolve = unknown
    error = failure(asked, "https://nowhere.example/x")
    assert error.cause == "the host name nowhere.example could not be resolved"
    assert isinstance(error, HostUnavailableError)
    assert watch.slept == []


def test_a_resolver_that_hangs_does_not_hold_the_run(watch: Watch) -> None:
    asked = session(watch, connect_timeout=0.1)
    answered = threading.Event()
    asked._resolve = lambda *_: answered.wait(30)
    error = failure(asked, "https://nowhere.example/x")
    assert error.cause == "the host name nowhere.example could not be resolved within 0.1 s"
    # The line came while the resolver still hung.
    assert not answered.is_set()
    answered.set()


def test_a_refused_connection_says_so_within_seconds(watch: Watch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/x"
    error = failure(session(watch), url)
    assert error.cause == "cannot be reached: Connection refused (4 attempts)"
    assert isinstance(error, HostUnavailableError)
    assert sum(watch.slept) < http.UNREACHABLE_SECONDS


def test_an_unreachable_host_is_given_up_within_the_limit(watch: Watch) -> None:
    asked = session(watch)

    def black_hole(*_: object, **__: object) -> None:
        watch.now += 5
        raise requests.exceptions.ConnectTimeout(urllib3.exceptions.ConnectTimeoutError())

    asked._resolve = lambda *_: [1]
    asked._requests.get = black_hole
    began = watch.now
    assert failure(asked, "https://example.org/x").cause == "cannot be reached"
    assert watch.now - began < http.UNREACHABLE_SECONDS


def test_passwords_in_addresses_are_never_shown(watch: Watch) -> None:
    with pytest.raises(SourceError) as caught:
        session(watch, offline=True).get("https://me:secret@example.org/x")
    assert caught.value.place == "https://example.org/x"


def test_a_contact_of_several_lines_stays_one_header(watch: Watch) -> None:
    assert "\n" not in http.user_agent("a\nInjected: yes\n电子邮件")
    http.user_agent("电子邮件").encode("ascii")


LIBRARY_ERRORS = sorted(
    {
        kind
        for module in (requests.exceptions, urllib3.exceptions)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, Warning)
    },
    key=lambda kind: (kind.__module__, kind.__name__),
)


@pytest.mark.parametrize(
    "kind", LIBRARY_ERRORS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}"
)
def test_every_error_of_the_libraries_below_becomes_ours(watch: Watch, kind: type) -> None:
    asked = session(watch, retries=0)
    error = kind.__new__(kind)

    def raises(*_: object, **__: object) -> None:
        raise error

    asked._resolve = lambda *_: [1]
    asked._requests.get = raises
    failure(asked, "https://example.org/x")


@given(st.binary(max_size=3000), st.integers(1, 700), st.integers(0, 3))
def test_unpacking_in_pieces_gives_the_whole_and_never_a_part(
    plain: bytes, size: int, members: int
) -> None:
    packed = gzip.compress(plain) * (members + 1)

    def unpack(data: bytes) -> bytes:
        chunks = (data[at : at + size] for at in range(0, len(data), size))
        return b"".join(gunzipped(chunks, 1 << 20))

    assert unpack(packed) == plain * (members + 1)
    with pytest.raises(TruncatedError):
        unpack(packed[:-1])
    with pytest.raises(TruncatedError):
        unpack(b"")
