"""Licences as identifiers: those of SPDX in small letters, else the publisher's own name.

SPDX compares identifiers without case (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-list/).
"""

from __future__ import annotations

UNKNOWN = frozenset({"", "-", "not specified", "unknown", "none", "null", "n/a", "multiple"})
"""What sources write where they state no licence, or no single one."""


def licence_id(stated: str | None) -> str | None:
    """Return the identifier of a licence; ``None`` for an address, or where nothing is stated.

    >>> licence_id("Apache-2.0"), licence_id("not specified"), licence_id("https://x.org/LICENSE")
    ('apache-2.0', None, None)
    """
    if stated is None or licence_link(stated):
        return None
    known = stated.strip().lower()
    return None if known in UNKNOWN else known


def licence_link(stated: str | None) -> str | None:
    """Return the address of a licence, where a source states that instead of its name."""
    link = (stated or "").strip()
    return link if link.startswith(("https://", "http://")) else None
