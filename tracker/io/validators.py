"""Validators of a cached response, for conditional requests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server told us last time, for a conditional request."""

    etag: str | None = None
    last_modified: str | None = None
