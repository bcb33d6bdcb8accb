"""Addresses of pages of the published site."""

from __future__ import annotations

from urllib.parse import quote


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
