"""Values that have a fixed meaning everywhere."""

from __future__ import annotations

NOT_DOCUMENTED = "not-documented"
"""The value of a property of a model that was looked for and is not published."""
