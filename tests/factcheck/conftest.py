"""One open catalog of the bundled data for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.api import Catalog
from tracker.settings import Settings


@pytest.fixture(scope="session")
def catalog(bundled: Path) -> Iterator[Catalog]:
    """The catalog of a fresh home."""
    with Catalog(f"sqlite:///{bundled}", Settings()) as opened:
        yield opened
