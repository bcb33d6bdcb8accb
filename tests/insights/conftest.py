"""Answers of the bundled starter that several tests of this folder read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tracker.answers.models import Model
from tracker.api import Catalog


@pytest.fixture(scope="session")
def starter_models(starter: Catalog) -> Mapping[str, Model]:
    """All models of the starter by name, without their standings, which take longest to read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.insights.models.model.read_histories", lambda *_: {})
        return {model.name: model for model in starter.all_models()}
