"""How the tracker itself does: its sources and what is wrong with its data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceStatus:
    """How a source is doing."""

    source: str
    title: str
    licence: str
    home: str
    last_success: str | None
    last_failure: str | None
    failure: str | None
    data_until: str | None
    """The newest moment for which the catalog has data of it."""
    snapshots: int
    rejected: int
    rows: int
    state: str
    """``fresh``, ``late``, ``failing``, ``archived`` or ``starter`` (bundled data only)."""


@dataclass(frozen=True)
class Finding:
    """Something in the data that a person should look at."""

    check: str
    severity: str
    """``error``, ``warning`` or ``info``."""
    place: str
    message: str
    remedy: str
