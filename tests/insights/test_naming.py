"""Which model a typed name means."""

from __future__ import annotations

import pytest

from tracker.errors import NotFoundError
from tracker.insights.models.names import named_model

SLUGS = {
    "new/model-a": "new-model-a",
    "old/model-a": "old-model-a",
    "copier/model-a": "copier-model-a",
    "one/model-b": "one-model-b",
    "two/model-b": "two-model-b",
}
ORIGINALS = {"old/model-a": "new/model-a", "copier/model-a": "new/model-a"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("new/model-a", "new/model-a"),
        ("OLD/Model-A", "old/model-a"),
        ("two-model-b", "two/model-b"),
        ("Model-A", "new/model-a"),
    ],
)
def test_a_last_part_means_the_original_of_those_that_share_it(typed: str, meant: str) -> None:
    assert named_model(typed, SLUGS, ORIGINALS) == meant


def test_a_last_part_of_different_models_names_them() -> None:
    with pytest.raises(NotFoundError) as caught:
        named_model("model-b", SLUGS, ORIGINALS)
    assert str(caught.value) == (
        "'model-b' is the name of 2 models; name one: one/model-b, two/model-b"
    )
