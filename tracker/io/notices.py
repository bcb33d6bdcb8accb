"""Send notices through Apprise: webhooks, chats and mail, each within a time limit."""

from __future__ import annotations

import logging
import threading
import warnings
from typing import Any

from tracker.errors import UsageError

SECONDS = 20.0
"""Time limit of one notice to one target."""
_INSTALL = "pip install 'embedding-tracker[notify]'"


def open_target(address: str) -> Any:
    """Return what sends to an address.

    Args:
        address: An address of Apprise (``slack://…``, ``mailto://…``), or of a webhook: that of a
            known service has its form, any other one gets JSON.

    Raises:
        UsageError: Apprise is not installed, or does not know such an address. The message does
            not show it, because it may hold a secret.
    """
    try:
        import apprise
    except ModuleNotFoundError:
        raise UsageError("sending notices needs Apprise", remedy=_INSTALL) from None
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages show addresses
    # A redirect could lead to any server, also to one inside the own network.
    asset = apprise.AppriseAsset(http_redirects=False, app_id="Embedding Tracker")

    def opened(url: str) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of modules that its plugins import
            return apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)

    target = None
    if address.partition(":")[0].casefold() in ("http", "https"):
        target = opened(address)  # the webhook of a service that Apprise knows
        if target is None or type(target).__name__ in ("NotifyForm", "NotifyJSON"):
            target = opened("json" + address[len("http") :])
    else:
        target = opened(address)
    if target is None:
        raise UsageError(
            "not an address that notices can be sent to",
            remedy="give a webhook, or an address as https://appriseit.com lists them",
        )
    return target


def deliver(target: Any, title: str, body: str, *, seconds: float = SECONDS) -> bool:
    """Send one notice; return whether it was accepted within the time limit.

    Args:
        target: From :func:`open_target`.
        title: One line.
        body: Plain text.
        seconds: Time limit; a server may hold the connection, but not the caller.
    """
    accepted: list[bool] = []

    def send() -> None:
        try:
            accepted.append(bool(target.notify(body=body, title=title, body_format="text")))
        except Exception:  # whatever a plugin raises: the notice was not delivered
            accepted.append(False)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    thread.join(seconds)
    return accepted == [True]
