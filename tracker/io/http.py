"""HTTP client of the sources: pacing, bounded retries, size limits, one deadline an answer.

Sources ask through a :class:`Session` and get a :class:`Response` or a single
:class:`~tracker.errors.SourceError`. Exceptions of :mod:`requests` and :mod:`urllib3` never leave
this module.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple, NoReturn, Self
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.utils import get_environ_proxies, select_proxy

from tracker.common.times import utc_text
from tracker.errors import SourceError, one_line
from tracker.io.http_bodies import Expect, check_kind, gunzipped, read_body
from tracker.io.http_connections import (
    REDIRECTS,
    Deadline,
    NoRedirects,
    OpenSockets,
    redirect_target,
    refuse_private,
)
from tracker.io.http_errors import (
    CHECK_NETWORK,
    LIBRARY_ERRORS,
    AttemptError,
    TruncatedError,
    explain,
)
from tracker.io.http_refusals import refusal
from tracker.io.validators import Validators
from tracker.settings import GO_ONLINE, OFFLINE, Settings

__all__ = [
    "HostUnavailableError",
    "Response",
    "Session",
    "TruncatedError",
    "gunzipped",
    "shown",
    "user_agent",
]

FIRST_PAUSE = 0.5
"""Seconds before the first further attempt; each later pause is twice as long."""
LONGEST_PAUSE = 8.0
UNREACHABLE_SECONDS = 8.0
"""Seconds after which a host that cannot be reached at all is given up."""
READ_TIMEOUTS = 10
"""Read timeouts that a whole answer may take, from connecting to its last byte.

Further attempts begin only while all attempts together have taken less."""
MOST_REDIRECTS = 5


class HostUnavailableError(SourceError):
    """The whole host is unavailable now, so its other addresses are not worth a try."""


@dataclass(frozen=True, slots=True)
class Response:
    """A successful answer of a server."""

    status: int
    """200, or 304 where the validators still hold."""
    body: bytes | None
    """The bytes, content encoding removed; ``None`` for 304."""
    etag: str | None
    last_modified: str | None
    url: str
    """The address that was asked for, without user name and password."""
    fetched_at: str
    final_url: str | None = None
    """The address that answered, where a redirect led to another one."""


class _Question(NamedTuple):
    url: str
    host: str
    expect: Expect
    conditions: dict[str, str]


class Session:
    """Asks the servers of one source: one request at a time, no faster than they allow.

    Args:
        settings: Timeouts, limits, contact and offline mode.
        source: Id of the source, for messages.
        pause: Seconds between two requests to one host.
        token: Bearer token for the host that is asked first; never sent to another host.
        limit: Largest answer in bytes, instead of ``settings.max_response_bytes``.
        redirect_hosts: Other hosts that redirects may lead to; ``*`` for every public one.
        sleep: Replaced in tests, like ``clock``, ``today``, ``jitter`` and ``resolve``.
        clock: Monotonic seconds.
        today: The present moment.
        jitter: A random number from 0 to 1.
        resolve: Looks up a host name.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        source: str,
        pause: float = 0.0,
        token: str | None = None,
        limit: int | None = None,
        redirect_hosts: frozenset[str] = frozenset(),
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Callable[[], float] = random.random,
        resolve: Callable[..., object] = socket.getaddrinfo,
    ) -> None:
        self.settings, self.source, self.pause, self.token = settings, source, pause, token
        self._sleep, self._clock, self._today = sleep, clock, today
        self._jitter, self._resolve, self._limit = jitter, resolve, limit
        self._redirect_hosts = redirect_hosts
        self._longest = settings.connect_timeout + READ_TIMEOUTS * settings.read_timeout
        self._last_asked: dict[str, float] = {}
        self._addresses: dict[str, list[Any]] = {}
        self._sockets = OpenSockets()
        self._requests = NoRedirects(self._sockets)
        self._requests.headers["User-Agent"] = user_agent(settings.contact)
        self._requests.headers["Accept-Encoding"] = "gzip"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._requests.close()
        self._sockets.forget_closed()

    def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        expect: Expect = "json",
        wake_up: bool = False,
    ) -> Response:
        """Return the answer of a server.

        Args:
            url: An http or https address.
            validators: What the server sent last time, for a conditional request.
            expect: Kind of document; an answer of another kind is an error.
            wake_up: Wait for a sleeping server: 502, 503, 504 and timeouts are retried until
                ``settings.wake_up_seconds`` are over.

        Raises:
            SourceError: There is no usable answer; ``status`` and ``final`` say what kind of
                failure it is.
        """
        question = _Question(url, self._check(url), expect, _conditions(validators))
        started, attempt, left = self._clock(), 0, self.settings.wake_up_seconds
        # Without time to wake up, a server has the usual time to answer.
        has_limit = wake_up and left > 0
        asking = 0.0
        while True:
            begun = self._clock()
            try:
                return self._attempt(question, left if has_limit else None)
            except AttemptError as error:
                failure = error
            attempt += 1
            asking += self._clock() - begun
            spent, wait = self._clock() - started, self._wait(failure, attempt)
            left = self.settings.wake_up_seconds - spent - wait
            if wake_up and failure.sleeping:
                if left <= 0:
                    self._give_up(url, failure, attempt, asleep_for=spent)
            elif asking > self._longest or self._is_last(failure, attempt, spent + wait):
                self._give_up(url, failure, attempt)
            self._sleep(wait)

    def _is_last(self, failure: AttemptError, attempt: int, resumed: float) -> bool:
        """Whether the next attempt, which would begin after ``resumed`` seconds, is too many."""
        if not failure.passing or attempt > self.settings.retries:
            return True
        usual = min(resumed / attempt, self.settings.connect_timeout)
        return failure.unreachable and resumed + usual > UNREACHABLE_SECONDS

    def _check(self, url: str) -> str:
        """Return the host to pace, once it is clear that it may be asked at all."""
        try:
            parts = urlsplit(url)
            host = parts.netloc.rpartition("@")[2]
            known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            host, known = "", False
        if not known:
            raise SourceError(self.source, "not an http or https address", place=shown(url))
        if self.settings.offline:
            raise HostUnavailableError(
                self.source,
                OFFLINE,
                place=shown(url),
                remedy=GO_ONLINE,
            )
        return host

    def _wait(self, failure: AttemptError, attempt: int) -> float:
        """Return the seconds until the next attempt: as asked for, or twice the last pause."""
        if failure.retry_after is not None:
            return max(failure.retry_after, FIRST_PAUSE)
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt - 1, 10))
        return pause * (0.5 + self._jitter() / 2)

    def _give_up(
        self, url: str, failure: AttemptError, attempts: int, *, asleep_for: float | None = None
    ) -> NoReturn:
        cause, remedy = failure.cause, failure.remedy
        if asleep_for is not None:
            cause += f", still asleep after {asleep_for:.0f} s"
            remedy = remedy or "try again in a few minutes, or raise TRACKER_WAKE_UP_SECONDS"
        elif attempts > 1:
            cause += f" ({attempts} attempts)"
        whole_host = failure.unreachable or failure.limited or asleep_for is not None
        raise (HostUnavailableError if whole_host else SourceError)(
            self.source,
            cause,
            place=shown(url),
            remedy=remedy,
            status=failure.status,
            final=failure.final,
        )

    def _attempt(self, question: _Question, remaining: float | None) -> Response:
        """Ask once. Raises :class:`AttemptError` and nothing else."""
        last = self._last_asked.get(question.host)
        if last is not None and (wait := last + self.pause - self._clock()) > 0:
            self._sleep(wait)
        with Deadline(self._sockets, self._longest) as deadline:
            try:
                response = self._follow(question, remaining)
            except (AttemptError, *LIBRARY_ERRORS) as error:
                if not deadline.is_over:
                    if isinstance(error, AttemptError):
                        raise
                    raise explain(error, self.settings) from None
            else:
                if not deadline.is_over:
                    return response
            finally:
                self._last_asked[question.host] = self._clock()
        # Whatever a connection gave that was shut down from here is not to be trusted.
        raise AttemptError(
            f"sent its answer too slowly: not complete after {self._longest:g} s",
            limited=True,
            remedy="try again later, or raise TRACKER_READ_TIMEOUT",
        ) from None

    def _follow(self, question: _Question, remaining: float | None) -> Response:
        """Ask an address and those that it redirects to, as far as that is allowed."""
        url = question.url
        for _ in range(1 + MOST_REDIRECTS):
            with self._open(url, question, remaining) as answer:
                if answer.status_code not in REDIRECTS:
                    return self._read(answer, question, url)
                location = answer.headers.get("Location")
                try:
                    target = redirect_target(url, location, self._redirect_hosts)
                    if (new := urlsplit(target)).hostname != urlsplit(url).hostname:
                        self._look_up(target, new.netloc)
                        refuse_private(self._addresses.get(new.netloc), new.netloc)
                except ValueError as error:
                    raise AttemptError(
                        f"answered {answer.status_code}: {one_line(error)}",
                        status=answer.status_code,
                        final=True,
                        remedy="if the address is right, use it instead",
                    ) from None
            url = target
        raise AttemptError("too many redirects", final=True)

    def _open(self, url: str, question: _Question, remaining: float | None) -> requests.Response:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        addresses = self._look_up(url, host)
        read_timeout = self.settings.read_timeout
        if remaining is not None:
            read_timeout = max(0.05, min(read_timeout, remaining))
        headers = dict(question.conditions)
        if self.token and host == question.host:
            headers["Authorization"] = f"Bearer {self.token}"
        return self._requests.get(
            url,
            headers=headers,
            stream=True,
            # urllib3 tries every address of a host in turn, each for the whole timeout.
            timeout=(self.settings.connect_timeout / addresses, read_timeout),
        )

    def _look_up(self, url: str, host: str) -> int:
        """Resolve a host once, with a time limit that the resolver itself does not have.

        Returns:
            How many addresses the host has.
        """
        if host in self._addresses or select_proxy(url, get_environ_proxies(url)):
            return max(1, len(self._addresses.get(host, ())))
        found: list[object] = []
        parts = urlsplit(url)

        def ask() -> None:
            try:
                found.append(self._resolve(parts.hostname, parts.port or 443, 0, 1))
            except (OSError, UnicodeError) as error:
                found.append(error)

        thread = threading.Thread(target=ask, daemon=True, name="tracker-look-up")
        thread.start()
        thread.join(self.settings.connect_timeout)
        if not found or isinstance(found[0], Exception):
            limit = "" if found else f" within {self.settings.connect_timeout:g} s"
            cause = f"the host name {parts.hostname} could not be resolved{limit}"
            raise AttemptError(cause, unreachable=True, remedy=CHECK_NETWORK)
        addresses = found[0] if isinstance(found[0], list) else []
        return max(1, len(self._addresses.setdefault(host, addresses)))

    def _read(self, answer: requests.Response, question: _Question, url: str) -> Response:
        status = answer.status_code
        body: bytes | None = None
        if status == 200:
            body = read_body(answer, self._limit, self.settings.max_response_bytes)
            check_kind(body, answer.headers.get("Content-Type", ""), question.expect)
        elif status != 304 or not question.conditions:
            raise refusal(answer, self._today(), self.settings.retry_wait_limit)
        return Response(
            status=status,
            body=body,
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
            url=shown(question.url),
            fetched_at=utc_text(self._today()),
            final_url=None if url == question.url else shown(url),
        )


def user_agent(contact: str) -> str:
    """Return the User-Agent header: name, version and a contact."""
    try:
        number = version("embedding-tracker")
    except PackageNotFoundError:  # run from a source tree that is not installed
        number = "0"
    # A header is one line of ASCII, whatever the setting holds.
    return f"embedding-tracker/{number} (+{one_line(contact).encode('ascii', 'replace').decode()})"


def shown(url: str) -> str:
    """Return an address without user name and password, fit for a message or a record."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return one_line(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _conditions(validators: Validators | None) -> dict[str, str]:
    if validators is None:
        return {}
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in headers.items() if value}
