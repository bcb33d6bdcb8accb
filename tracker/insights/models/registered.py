"""What the newest registry says of models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from tracker.catalog.results.registry_queries import newest_models
from tracker.insights.reader import Reader, memoised


@memoised
def read_registered_properties(reader: Reader) -> Mapping[str, Mapping[str, Any]]:
    """All that the newest registry says of models, by public id."""
    found = newest_models(reader.connection)
    return {name: orjson.loads(row.properties) for name, row in found.items()}
