"""Embedding Tracker: which text-embedding model leads, since when, why, and how do we know?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Catalog", "TrackerError", "__version__", "open"]

if TYPE_CHECKING:
    from tracker.api import Catalog
    from tracker.api import open_catalog as open  # noqa: A004
    from tracker.errors import TrackerError


def __getattr__(name: str) -> Any:
    # Polars and SQLAlchemy take most of a second to import: not before somebody needs them.
    if name in ("open", "Catalog"):
        from tracker import api

        return api.open_catalog if name == "open" else api.Catalog
    if name == "TrackerError":
        from tracker.errors import TrackerError

        return TrackerError
    raise AttributeError(f"module 'tracker' has no attribute {name!r}")
