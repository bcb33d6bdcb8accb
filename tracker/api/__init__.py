"""The Python API: a read-only catalog for pages, the command line, exports and notebooks."""

from tracker.api.catalog import Catalog, open_catalog

__all__ = ["Catalog", "open_catalog"]
