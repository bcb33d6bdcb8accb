"""The Python API: a read-only catalog for pages, the command line, exports and notebooks."""

from tracker.api.catalog import Catalog, open_catalog
from tracker.insights.boards.query import BoardQuery

__all__ = ["BoardQuery", "Catalog", "open_catalog"]
