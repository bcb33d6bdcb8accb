"""One open catalog of the bundled data for all tests of this folder."""

from __future__ import annotations

import pytest

from tracker.api import Catalog


@pytest.fixture(scope="session")
def catalog(starter: Catalog) -> Catalog:
    """The catalog of a fresh home."""
    return starter
