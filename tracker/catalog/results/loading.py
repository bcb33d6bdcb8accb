"""Load the benchmark registry and the result files, if a load chooses them."""

from __future__ import annotations

from tracker.catalog.loader import Loader, Stored
from tracker.catalog.results.files import load_results
from tracker.catalog.results.registry import load_registries


def load_registry(loader: Loader, stored: Stored) -> None:
    """Load the new registries of the archive."""
    loader.report.snapshots += load_registries(
        loader.connection, loader.names, loader.snapshots, stored.archive, loader.finding
    )


def load_result_files(loader: Loader, stored: Stored) -> None:
    """Load the clone of the results repository."""
    loader.report.contents += load_results(
        loader.connection, loader.names, loader.snapshots, stored.clone, stored.progress
    )
