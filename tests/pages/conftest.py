"""The invented catalog, and one site built from it for all tests that only look."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.fake_catalog import FakeCatalog
from tracker.pages.build import build_site


@pytest.fixture(scope="session")
def fake() -> FakeCatalog:
    return FakeCatalog()


@pytest.fixture(scope="session")
def built(fake: FakeCatalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished site in both languages."""
    root = tmp_path_factory.mktemp("build")
    build_site(fake, root / "site", work=root / "work")
    return root / "site"
