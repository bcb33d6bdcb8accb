"""The one polite way to the web: pacing, bounded retries, size limits, and one line per failure.

Sources ask through a :class:`Session` and get a :class:`Response` or a single
:class:`~tracker.errors.SourceError`. What :mod:`requests` or :mod:`urllib3` raise never gets out.
"""

from __future__ import annotations

import random
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException, IncompleteRead
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, NamedTuple, NoReturn, Self
from urllib.parse import urlsplit, urlunsplit

import requests
from requests import exceptions as high
from requests.utils import get_environ_proxies, select_proxy
from urllib3 import exceptions as low

from tracker.common.times import utc_text
from tracker.errors import SourceError, one_line
from tracker.io.validators import Validators
from tracker.settings import Settings

Expect = Literal["json", "xml", "any"]

FIRST_PAUSE = 0.5
"""Seconds before the first further attempt; each later pause is twice as long."""
LONGEST_PAUSE = 8.0
UNREACHABLE_SECONDS = 8.0
"""A host that cannot be reached at all is given up by then: a laptop without network waits once."""
SLOWEST_ANSWER = 20
"""An answer may take so many read timeouts in all, or a server that drips holds a run for ever."""
PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
CHUNK = 1 << 16


class HostUnavailableError(SourceError):
    """The host as a whole cannot be asked now, so its other addresses are not worth a try."""


@dataclass(frozen=True, slots=True)
class Response:
    """A good answer of a server."""

    status: int
    """200, or 304 where the validators still hold."""
    body: bytes | None
    """The bytes, content encoding removed; ``None`` for 304."""
    etag: str | None
    last_modified: str | None
    url: str
    """The address that was asked for, without a user name or password."""
    fetched_at: str


class _Question(NamedTuple):
    url: str
    host: str
    expect: Expect
    conditions: dict[str, str]


@dataclass(eq=False)
class _FailedError(Exception):
    """Why one attempt failed, and whether another one could do better."""

    cause: str
    passing: bool = False
    """Worth another attempt."""
    unreachable: bool = False
    """The server was not reached at all."""
    sleeping: bool = False
    """What a server that is waking up answers."""
    limited: bool = False
    """The server turns this client away, whatever it asks for."""
    retry_after: float | None = None
    remedy: str = ""


class Session:
    """Asks the servers of one source, one request at a time, and no faster than they like.

    ``sleep``, ``clock``, ``today``, ``jitter`` and ``resolve`` exist so that tests need not wait.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        source: str,
        pause: float = 0.0,
        token: str | None = None,
        limit: int | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Callable[[], float] = random.random,
        resolve: Callable[..., object] = socket.getaddrinfo,
    ) -> None:
        self.settings, self.source, self.pause, self.token = settings, source, pause, token
        self._sleep, self._clock, self._today = sleep, clock, today
        self._jitter, self._resolve, self._limit = jitter, resolve, limit
        self._last_asked: dict[str, float] = {}
        self._addresses: dict[str, int] = {}
        self._requests = requests.Session()
        self._requests.max_redirects = 5
        self._requests.headers["User-Agent"] = user_agent(settings.contact)
        self._requests.headers["Accept-Encoding"] = "gzip"
        self._requests.headers.update({"Authorization": f"Bearer {token}"} if token else {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._requests.close()

    def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        expect: Expect = "json",
        wake_up: bool = False,
    ) -> Response:
        """The answer of a server, or one :class:`SourceError`.

        ``wake_up`` waits for a sleeping server: 502, 503, 504 and timeouts are then asked again
        until ``settings.wake_up_seconds`` are over.
        """
        question = _Question(url, self._check(url), expect, _conditions(validators))
        started, attempt, left = self._clock(), 0, self.settings.wake_up_seconds
        while True:
            try:
                return self._attempt(question, left if wake_up else None)
            except _FailedError as error:
                failure = error
            attempt += 1
            spent, wait = self._clock() - started, self._wait(failure, attempt)
            left = self.settings.wake_up_seconds - spent - wait
            if wake_up and failure.sleeping:
                if left <= 0:
                    self._give_up(url, failure, attempt, asleep_for=spent)
            elif self._is_final(failure, attempt, spent + wait):
                self._give_up(url, failure, attempt)
            self._sleep(wait)

    def _is_final(self, failure: _FailedError, attempt: int, resumed: float) -> bool:
        """Whether the next attempt, which would begin after ``resumed`` seconds, is too many."""
        if not failure.passing or attempt > self.settings.retries:
            return True
        usual = min(resumed / attempt, self.settings.connect_timeout)
        return failure.unreachable and resumed + usual > UNREACHABLE_SECONDS

    def _check(self, url: str) -> str:
        """The host to pace, once it is clear that it may be asked at all."""
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
                "offline: outside connections are forbidden",
                place=shown(url),
                remedy="unset TRACKER_OFFLINE (or leave out --offline) to ask it",
            )
        return host

    def _wait(self, failure: _FailedError, attempt: int) -> float:
        """Seconds until the next attempt: what the server asks for, or twice the last pause."""
        if failure.retry_after is not None:
            return max(failure.retry_after, FIRST_PAUSE)
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt - 1, 10))
        return pause * (0.5 + self._jitter() / 2)

    def _give_up(
        self, url: str, failure: _FailedError, attempts: int, *, asleep_for: float | None = None
    ) -> NoReturn:
        cause, remedy = failure.cause, failure.remedy
        if asleep_for is not None:
            cause += f", still asleep after {asleep_for:.0f} s"
            remedy = remedy or "try again in a few minutes, or raise TRACKER_WAKE_UP_SECONDS"
        elif attempts > 1:
            cause += f" ({attempts} attempts)"
        whole_host = failure.unreachable or failure.limited or asleep_for is not None
        kind = HostUnavailableError if whole_host else SourceError
        raise kind(self.source, cause, place=shown(url), remedy=remedy)

    def _attempt(self, question: _Question, remaining: float | None) -> Response:
        """Ask once. Raises :class:`_FailedError` and nothing else."""
        host = question.host
        last = self._last_asked.get(host)
        if last is not None and (wait := last + self.pause - self._clock()) > 0:
            self._sleep(wait)
        try:
            addresses = self._look_up(question.url, host)
            read_timeout = self.settings.read_timeout
            until = self._clock() + SLOWEST_ANSWER * read_timeout
            if remaining is not None:
                read_timeout = max(0.05, min(read_timeout, remaining))
            with self._requests.get(
                question.url,
                headers=question.conditions,
                stream=True,
                # urllib3 tries every address of a host in turn, each for the whole timeout.
                timeout=(self.settings.connect_timeout / addresses, read_timeout),
            ) as answer:
                return self._read(answer, question, until)
        except _BELOW as error:
            raise _explain(error, self.settings) from None
        finally:
            self._last_asked[host] = self._clock()

    def _look_up(self, url: str, host: str) -> int:
        """Resolve a host once, with a time limit that the resolver itself does not have."""
        if host in self._addresses or select_proxy(url, get_environ_proxies(url)):
            return self._addresses.get(host, 1)
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
            raise _FailedError(cause, unreachable=True, remedy=_NETWORK)
        count = len(found[0]) if isinstance(found[0], list) else 1
        return self._addresses.setdefault(host, max(1, count))

    def _read(self, answer: requests.Response, question: _Question, until: float) -> Response:
        status = answer.status_code
        body: bytes | None = None
        if status == 200:
            body = b"".join(self._decoded(answer, until))
            _check_kind(body, answer.headers.get("Content-Type", ""), question.expect)
        elif status != 304 or not question.conditions:
            raise self._refusal(answer)
        return Response(
            status=status,
            body=body,
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
            url=shown(question.url),
            fetched_at=utc_text(self._today()),
        )

    def _refusal(self, answer: requests.Response) -> _FailedError:
        """What a status other than 200 means."""
        status = answer.status_code
        cause = f"answered {status} {one_line(answer.reason or '')[:60]}".rstrip()
        if status not in PASSING_STATUS:
            return _FailedError(cause)
        wait = _seconds(answer.headers.get("Retry-After"), self._today())
        limit = self.settings.retry_wait_limit
        limited, sleeping = status == 429, status in (502, 503, 504)
        if wait is not None and wait > limit:
            again = utc_text(self._today() + timedelta(seconds=min(wait, 1e9)))
            return _FailedError(
                f"{cause} and asks to wait {wait:.0f} s, longer than the limit of {limit:g} s",
                limited=limited,
                remedy=f"try again after {again}, or raise TRACKER_RETRY_WAIT_LIMIT",
            )
        return _FailedError(
            cause, passing=True, sleeping=sleeping, limited=limited, retry_after=wait
        )

    def _decoded(self, answer: requests.Response, until: float) -> Iterator[bytes]:
        """The body's bytes without their encoding, never more than the limit, never a part only."""
        encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("gzip", "x-gzip", "identity", ""):
            raise _FailedError(f"sent the unknown encoding {one_line(encoding)}")
        raw = self._chunks(answer, until)
        limit = left = self._limit or self.settings.max_response_bytes
        for chunk in gunzipped(raw, left) if "gzip" in encoding else raw:
            left -= len(chunk)
            if left < 0:
                remedy = _NONE_NEEDS_MORE if self._limit else "see TRACKER_MAX_RESPONSE_BYTES"
                raise _FailedError(f"the answer is larger than {limit:,} bytes", remedy=remedy)
            yield chunk

    def _chunks(self, answer: requests.Response, until: float) -> Iterator[bytes]:
        while chunk := answer.raw.read(CHUNK, decode_content=False):
            yield chunk
            if self._clock() > until:
                raise _FailedError("sent its answer too slowly")


class TruncatedError(Exception):
    """Compressed bytes are damaged, or end before their stream does."""


def gunzipped(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Unpack gzip in bounded steps; a cut-off stream raises :class:`TruncatedError`.

    Yields at most a little more than ``limit`` bytes, so that a small bomb cannot fill the memory.
    """
    unpack = zlib.decompressobj(31)
    try:
        for chunk in chunks:
            while chunk and limit >= 0:
                if unpack.eof:  # gzip files may be written one after another
                    unpack = zlib.decompressobj(31)
                piece = unpack.decompress(chunk, 1 << 20)
                limit -= len(piece)
                yield piece
                chunk = unpack.unconsumed_tail or unpack.unused_data
        if limit >= 0 and not unpack.eof:
            yield unpack.flush()
    except zlib.error as error:
        raise TruncatedError(f"damaged gzip: {error}") from None
    if limit >= 0 and not unpack.eof:
        raise TruncatedError("truncated gzip")


def user_agent(contact: str) -> str:
    """How the tracker introduces itself, with somebody to write to."""
    try:
        number = version("embedding-tracker")
    except PackageNotFoundError:  # run from a source tree that is not installed
        number = "0"
    return f"embedding-tracker/{number} (+{one_line(contact).encode('ascii', 'replace').decode()})"


def shown(url: str) -> str:
    """An address without user name and password, fit for a message or a record."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return one_line(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _conditions(validators: Validators | None) -> dict[str, str]:
    if validators is None:
        return {}
    told = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in told.items() if value}


def _seconds(retry_after: str | None, today: datetime) -> float | None:
    """``Retry-After`` as seconds; it may be a number or a date."""
    if not retry_after:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - today).total_seconds())


def _check_kind(body: bytes, content_type: str, expect: Expect) -> None:
    """Stop what is plainly not the kind of document that was asked for."""
    if expect == "any":
        return
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    what = "JSON" if expect == "json" else "a feed"
    head = start[:64].lower()
    if head.startswith((b"<!doctype html", b"<html")) or (
        "html" in content_type.lower() and head.startswith(b"<") and not head.startswith(b"<?xml")
    ):
        raise _FailedError(f"sent an HTML page where {what} was expected")
    if not start:
        raise _FailedError("sent an empty answer", passing=True)
    if expect == "json":
        closing = {b"{": b"}", b"[": b"]"}.get(start[:1])
        if closing is None:
            sent = one_line(content_type) or "no JSON"
            raise _FailedError(f"sent {sent} where JSON was expected")
        if not body[-64:].rstrip().endswith(closing):
            raise _FailedError("the answer is cut off", passing=True)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and everything it wraps, in the many ways that urllib3 wraps things."""
    queue: list[object] = [error]
    seen: set[int] = set()
    while queue:
        item = queue.pop(0)
        if isinstance(item, BaseException) and id(item) not in seen:
            seen.add(id(item))
            yield item
            queue += [getattr(item, "reason", None), item.__cause__, item.__context__, *item.args]


_NETWORK = "check the network, or work from what is archived with --offline"
_NONE_NEEDS_MORE = "the rest goes on without it, for no document of its kind needs as many"
_BELOW = (high.RequestException, low.HTTPError, HTTPException, OSError, ValueError, TruncatedError)
"""What an attempt may raise; ValueError for names and addresses that cannot be encoded."""
_TROUBLE: tuple[tuple[tuple[type[BaseException], ...], _FailedError], ...] = (
    ((TruncatedError, IncompleteRead), _FailedError("the answer is cut off", passing=True)),
    (
        (low.NameResolutionError, socket.gaierror),
        _FailedError("the host name could not be resolved", unreachable=True, remedy=_NETWORK),
    ),
    (
        (low.ProxyError, high.ProxyError),
        _FailedError("the proxy cannot be used{why}", unreachable=True, remedy="see HTTPS_PROXY"),
    ),
    (
        (low.NewConnectionError, low.ConnectTimeoutError),
        _FailedError("cannot be reached{why}", passing=True, unreachable=True, remedy=_NETWORK),
    ),
    ((low.SSLError, high.SSLError), _FailedError("no secure connection{why}", unreachable=True)),
    (
        (low.ReadTimeoutError, high.Timeout, TimeoutError),
        _FailedError("no answer within {limit:g} s", passing=True, sleeping=True),
    ),
    ((high.TooManyRedirects,), _FailedError("redirects without end")),
    (
        (low.ProtocolError, high.ConnectionError, ConnectionError),
        _FailedError("the server dropped the connection", passing=True),
    ),
)
"""What the libraries below mean, the most telling first."""


def _explain(error: Exception, settings: Settings) -> _FailedError:
    """One plain sentence for whatever the libraries below raised."""
    links = list(_chain(error))
    system = next((link for link in links if isinstance(link, OSError) and link.strerror), None)
    why = f": {one_line(system.strerror)[:200]}" if system else ""
    for kinds, found in _TROUBLE:
        if any(isinstance(link, kinds) for link in links):
            return replace(found, cause=found.cause.format(limit=settings.read_timeout, why=why))
    return _FailedError(f"the request failed: {one_line(error)[:200]}")
