"""The Python API: a read-only catalog for pages, the command line, exports and notebooks."""

from tracker.api.catalog import Catalog, open_catalog
from tracker.insights.boards.query import BoardQuery, ChoiceQuery

__all__ = ["BoardQuery", "Catalog", "ChoiceQuery", "open_catalog"]
