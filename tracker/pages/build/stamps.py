"""Placeholders for what differs in every build: its moment and the state of the catalog.

Rendered pages and layouts hold the placeholders, so that the next build can use them again. They
are filled when a page is written into the site.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.pages.language.filters import day, minute

BUILT_AT = "0000-00-00T00:00:00Z"
"""Stands for the moment of the build, as no real moment can."""

DIGEST = "(et-digest)"
"""Stands for the digest of the catalog."""

DATA_UNTIL = "(et-data-until)"
"""Stands for the newest day of the catalog's data."""


@dataclass(frozen=True)
class Stamps:
    """What the placeholders of one build stand for."""

    built_at: str
    digest: str
    data_until: str | None

    def fill(self, html: bytes) -> bytes:
        """Put the values into a page."""
        for placeholder, value in (
            (BUILT_AT, self.built_at),
            (minute(BUILT_AT), minute(self.built_at)),
            (DIGEST, self.digest),
            (DATA_UNTIL, day(self.data_until)),
        ):
            html = html.replace(placeholder.encode(), value.encode())
        return html
