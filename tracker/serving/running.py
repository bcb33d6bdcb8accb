"""Run a web application until it is stopped."""

from __future__ import annotations

import socket
from typing import Any

import uvicorn

from tracker.common.notices import notice
from tracker.errors import TrackerError


def serve_app(app: Any, host: str, port: int, path: str) -> None:
    """Serve an ASGI application; its address is said when it listens.

    Args:
        app: The application.
        host: Address to listen on.
        port: Port; 0 means any that is free.
        path: Path that is said with the address.

    Raises:
        TrackerError: The address cannot be used.
    """
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TrackerError(
            f"{host} port {port}: {reason}", remedy="name another one with --host or --port"
        ) from None
    shown = f"[{host}]" if ":" in host else host
    notice(f"http://{shown}:{listener.getsockname()[1]}{path}  (Ctrl-C stops)")
    with listener:
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
