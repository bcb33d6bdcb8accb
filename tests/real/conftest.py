"""One repository of raw results and one catalog of it for all tests that compare them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.raw_boards import catalog_of, clone_results
from tracker.api import Catalog, open_catalog

# Whole recordings and histories take minutes: `make real` compares them. The same rules hold on
# small worlds in tests/catalog, tests/insights, tests/exports and tests/sources.
collect_ignore = (
    []
    if os.environ.get("TEST_EVERY_DAY")
    else [
        "test_any_day.py",
        "test_api_dates.py",
        "test_fresh_home.py",
        "test_independent_boards.py",
        "test_leaderboard_recordings.py",
        "test_published_boards.py",
        "test_questions_on_raw_files.py",
        "test_results_repository.py",
    ]
)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository of results."""
    return clone_results(tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="session")
def catalog_file(results: Path, tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """A catalog file of the same repository that nobody changes."""
    return catalog_of(results, tmp_path_factory.mktemp("loaded"), blank)


@pytest.fixture(scope="session")
def catalog(catalog_file: Path) -> Iterator[Catalog]:
    """The catalog, open."""
    with open_catalog(catalog_file) as opened:
        yield opened
