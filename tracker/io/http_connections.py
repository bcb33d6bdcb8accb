"""Connections of a polite session: one deadline for each whole answer, no automatic redirects."""

from __future__ import annotations

import socket
import threading
import weakref
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from tracker.errors import one_line

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}


class OpenSockets:
    """The sockets of a session, so that a timer can end an answer in any phase.

    Each socket is duplicated: :mod:`ssl` and :mod:`http.client` hand the original on and close it
    at moments of their own, while shutting the duplicate down always ends the connection.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_shut = False
        self._open: list[tuple[weakref.ref[Any], socket.socket]] = []

    def add(self, connection: object, sock: socket.socket) -> None:
        """Register the socket of a new connection."""
        duplicate = sock.dup()
        # A session may be dropped without being closed, as its connections may.
        weakref.finalize(connection, duplicate.close)
        with self._lock:
            self._open.append((weakref.ref(connection), duplicate))
            if self._is_shut:  # a redirect that was read before the end must not go on
                self._shut_down_all()

    def shut_down(self) -> None:
        """End all connections, also those that are opened until :meth:`reopen`."""
        with self._lock:
            self._is_shut = True
            self._shut_down_all()

    def _shut_down_all(self) -> None:
        for _, duplicate in self._open:
            with suppress(OSError):
                duplicate.shutdown(socket.SHUT_RDWR)

    def reopen(self) -> None:
        """Allow connections again."""
        with self._lock:
            self._is_shut = False

    def forget_closed(self) -> None:
        """Release the duplicates of connections that are not kept alive."""
        with self._lock:
            kept = []
            for reference, duplicate in self._open:
                connection = reference()
                if connection is not None and getattr(connection, "sock", None) is not None:
                    kept.append((reference, duplicate))
                else:
                    duplicate.close()
            self._open = kept


class Deadline:
    """A context that shuts the sockets of a session down after so many seconds."""

    def __init__(self, sockets: OpenSockets, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self._sockets = sockets
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def _end(self) -> None:
        self.is_over = True
        self._sockets.shut_down()

    def __enter__(self) -> Deadline:
        self._sockets.reopen()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()  # so that a late end cannot reach the next request
        self._sockets.forget_closed()


def _registering(sockets: OpenSockets) -> dict[str, Any]:
    """Return the pool classes by scheme whose connections register their sockets."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            sockets.add(self, sock)
            return sock

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            sockets.add(self, sock)
            return sock

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Adapter(HTTPAdapter):
    def __init__(self, sockets: OpenSockets) -> None:
        self._pool_classes = _registering(sockets)
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = self._pool_classes

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = self._pool_classes
        return manager


class NoRedirects(requests.Session):
    """A session that returns redirects as they are.

    ``allow_redirects=False`` alone is not enough: requests then still reads the whole body of a
    redirect, without any limit, to compute the next request.
    """

    def __init__(self, sockets: OpenSockets) -> None:
        super().__init__()
        adapter = _Adapter(sockets)
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return nothing, so that no redirect is followed and no body of one is read."""
        return None


def redirect_target(url: str, location: str | None, allowed_hosts: frozenset[str]) -> str:
    """Return the address that a redirect leads to.

    A redirect may stay on its own host and port, and change http to https there. It may lead to
    another host only over https, and only to one of ``allowed_hosts`` or a host below them; ``*``
    among them stands for every public host.

    Raises:
        ValueError: The redirect is not allowed; the message says why.
    """
    if not location:
        raise ValueError("a redirect without an address")
    target = urljoin(url, location)
    old, new = urlsplit(url), urlsplit(target)
    shown = one_line(target)[:200]
    if new.scheme not in _PORTS or not new.hostname or new.username or new.password:
        raise ValueError(f"redirects to {shown}, which is not a plain http or https address")
    if new.scheme == "http" and old.scheme == "https":
        raise ValueError(f"redirects from https to {shown}, which is not encrypted")
    if new.hostname == old.hostname:
        is_upgrade = (old.scheme, new.scheme) == ("http", "https")
        usual = is_upgrade and _port(old) == 80 and _port(new) == 443
        if _port(new) == _port(old) or usual:
            return target
        raise ValueError(f"redirects to another port: {shown}")
    is_listed = "*" in allowed_hosts or any(
        new.hostname == host or new.hostname.endswith(f".{host}") for host in allowed_hosts
    )
    if not is_listed or new.scheme != "https" or _port(new) != 443:
        raise ValueError(f"redirects to another host: {shown}")
    return target


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


def refuse_private(addresses: object, host: str) -> None:
    """Refuse a host of a redirect that resolves to an address of the local network.

    Raises:
        ValueError: One of the addresses is not public.
    """
    from ipaddress import ip_address

    for found in addresses if isinstance(addresses, list) else []:
        try:
            is_public = ip_address(str(found[4][0]).partition("%")[0]).is_global
        except (TypeError, IndexError, ValueError):
            continue
        if not is_public:
            raise ValueError(f"redirects to {host}, an address of the local network")
