"""Reserved values that mean the same in every package."""

from __future__ import annotations

NOT_DOCUMENTED = "not-documented"
"""Value of a model property that was looked for and is not published."""
