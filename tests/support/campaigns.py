"""Number of examples of property tests: few in ``make test``, many in ``make torture``.

A failure of a campaign becomes an ``@example`` or a test of its kind.
"""

from __future__ import annotations

import os

EFFORT = float(os.environ.get("TEST_EFFORT", "1"))
"""Multiplies the number of examples; above 1 they differ from run to run."""


def examples(ordinary: int) -> int:
    """Scale the number of examples of an ordinary run."""
    return max(1, round(ordinary * EFFORT))
