"""Copy the catalog of the settings elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from tracker.catalog.copying import copy_catalog
from tracker.catalog.engine import catalog_url
from tracker.catalog.home import ensure_catalog
from tracker.errors import CatalogError
from tracker.settings import Settings


def copy_to(settings: Settings, target: str, notify: Callable[[str], None]) -> int:
    """Copy the catalog to a file or a database that has none, row by row.

    Args:
        settings: Settings, which name the catalog.
        target: Path of a new SQLite file, or URL.
        notify: Called with the name of each step.

    Returns:
        The number of rows.

    Raises:
        CatalogError: There is a catalog already, or it cannot be written there.
    """
    ensure_catalog(settings, for_writing=False)
    try:
        return copy_catalog(settings.catalog_url, catalog_url(target), notify)
    except OSError as error:
        raise CatalogError(f"{target}: {error.strerror or error}") from None
