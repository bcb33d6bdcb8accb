"""Translate exceptions of requests, urllib3 and the socket layer into one sentence each."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.client import HTTPException, IncompleteRead

from requests import exceptions as high
from urllib3 import exceptions as low

from tracker.errors import one_line
from tracker.settings import Settings

CHECK_NETWORK = "check the network, or work from what is archived with --offline"


class TruncatedError(Exception):
    """Compressed bytes are damaged, or end before their stream does."""


@dataclass(eq=False)
class AttemptError(Exception):
    """Why one attempt failed, and whether another attempt could succeed."""

    cause: str
    passing: bool = False
    """Worth another attempt."""
    unreachable: bool = False
    """The server was not reached at all."""
    sleeping: bool = False
    """What a server answers while it wakes up."""
    limited: bool = False
    """The server refuses this client, whatever it asks for, or is too slow to be of use."""
    retry_after: float | None = None
    remedy: str = ""
    status: int | None = None
    """HTTP status of the answer, if there was one."""
    final: bool = False
    """The same request would fail again on another day too."""


LIBRARY_ERRORS = (
    high.RequestException,
    low.HTTPError,
    HTTPException,
    OSError,
    ValueError,
    TruncatedError,
)
"""What an attempt may raise; ValueError for names and addresses that cannot be encoded."""
_MEANINGS: tuple[tuple[tuple[type[BaseException], ...], AttemptError], ...] = (
    ((TruncatedError, IncompleteRead), AttemptError("the answer is cut off", passing=True)),
    (
        (low.NameResolutionError, socket.gaierror),
        AttemptError("the host name could not be resolved", unreachable=True, remedy=CHECK_NETWORK),
    ),
    (
        (low.ProxyError, high.ProxyError),
        AttemptError("the proxy cannot be used{why}", unreachable=True, remedy="see HTTPS_PROXY"),
    ),
    (
        (low.NewConnectionError, low.ConnectTimeoutError),
        AttemptError(
            "cannot be reached{why}", passing=True, unreachable=True, remedy=CHECK_NETWORK
        ),
    ),
    ((low.SSLError, high.SSLError), AttemptError("no secure connection{why}", unreachable=True)),
    (
        (low.ReadTimeoutError, high.Timeout, TimeoutError),
        AttemptError("no answer within {limit:g} s", passing=True, sleeping=True),
    ),
    (
        (low.ProtocolError, high.ConnectionError, ConnectionError),
        AttemptError("the server dropped the connection", passing=True),
    ),
)
"""Meaning of the library exceptions, the most specific first."""


def explain(error: Exception, settings: Settings) -> AttemptError:
    """Return one plain sentence for an exception of the libraries below."""
    links = list(_chain(error))
    system = next((link for link in links if isinstance(link, OSError) and link.strerror), None)
    why = f": {one_line(system.strerror)[:200]}" if system else ""
    for kinds, meaning in _MEANINGS:
        if any(isinstance(link, kinds) for link in links):
            cause = meaning.cause.format(limit=settings.read_timeout, why=why)
            return replace(meaning, cause=cause)
    return AttemptError(f"the request failed: {one_line(error)[:200]}")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and everything it wraps, in the many ways that urllib3 wraps."""
    queue: list[object] = [error]
    seen: set[int] = set()
    while queue:
        item = queue.pop(0)
        if isinstance(item, BaseException) and id(item) not in seen:
            seen.add(id(item))
            yield item
            queue += [getattr(item, "reason", None), item.__cause__, item.__context__, *item.args]
