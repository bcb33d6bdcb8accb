"""Addresses in answers: pages of the published site, and receipts that anybody can open."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_HERE = ("127.0.0.1", "localhost", "::1")


class Links:
    """Makes the addresses of pages."""

    def __init__(self, site_url: str | None) -> None:
        """Use the address of the published site; without one there are no links to pages."""
        self._root = site_url.rstrip("/") if site_url else None

    def page(self, *parts: str) -> str | None:
        """Return the address of a page, such as ``page("models", slug)``."""
        if self._root is None:
            return None
        return f"{self._root}/{''.join(f'{quote(part)}/' for part in parts)}"


def public(url: str | None) -> str | None:
    """Return an address that others can open; ``None`` for one of the machine that recorded it."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host and host not in _HERE else None
