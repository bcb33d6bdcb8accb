"""What many tests of this folder read of the bundled starter."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tracker.answers.models import Model
from tracker.api import Catalog


@pytest.fixture(scope="session")
def starter_models(starter: Catalog) -> Mapping[str, Model]:
    """All models of the starter by name."""
    return {model.name: model for model in starter.all_models()}
