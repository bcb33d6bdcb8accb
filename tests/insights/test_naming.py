"""Which model a typed name means."""

from __future__ import annotations

from difflib import get_close_matches

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.common.text import model_slug
from tracker.errors import NotFoundError
from tracker.insights.models.names import Attested, ModelNames, by_own_name, likely_model

IDS = (
    "new/model-a",
    "old/model-a",
    "copier/model-a",
    "one/model-b",
    "two/model-b",
    "maker/encoder-x",
    "loader/encoder-x",
    "maker/Encoder-X-v2",
    "lab/Family-1B",
    "lab/Family-8B",
    "lab/Family-8B-Instruct",
    "copier/Family-8B",
    "lab/Lonely-Long",
    "lab/Case",
    "lab/case",
)
ATTESTED = {
    "maker/encoder-x": Attested(registered=True, n_boards=2, first_at="2024-09-01T00:00:00Z"),
    "loader/encoder-x": Attested(registered=False, n_boards=9, first_at="2024-08-01T00:00:00Z"),
    "lab/Family-1B": Attested(registered=True, n_boards=1, first_at="2025-06-01T00:00:00Z"),
    "lab/Family-8B": Attested(registered=True, n_boards=1, first_at="2025-06-01T00:00:00Z"),
    "lab/Case": Attested(registered=False, n_boards=3, first_at="2025-06-01T00:00:00Z"),
}
NAMES = ModelNames(
    slugs={public_id: model_slug(public_id) for public_id in IDS[:-1]}
    | {"lab/case": "lab--case-2"},
    originals={
        "old/model-a": "new/model-a",
        "copier/model-a": "new/model-a",
        "copier/Family-8B": "lab/Family-8B",
    },
    former=frozenset({"old/model-a"}),
    attested=lambda: ATTESTED,
    ranks=lambda: {"lab/Family-8B": 3, "lab/Family-1B": 40},
    elsewhere=lambda: ("lab/Familly-8B",),
)


@given(st.sampled_from(IDS))
def test_a_public_id_or_slug_means_no_other_model(public_id: str) -> None:
    assert NAMES.named(public_id) == public_id
    assert NAMES.named(NAMES.slugs[public_id]) == public_id


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("OLD/Model-A", "old/model-a"),
        ("two--model-b", "two/model-b"),
        ("Model-A", "new/model-a"),
        ("model a", "new/model-a"),
        ("encoder-x", "maker/encoder-x"),
        ("EncoderX", "maker/encoder-x"),
        ("loader encoder x", "loader/encoder-x"),
        ("encoder x v2", "maker/Encoder-X-v2"),
        ("family 8b", "lab/Family-8B"),
        ("famly-8b", "lab/Family-8B"),
        ("lab/Famliy-1B", "lab/Family-1B"),
        ("lonely", "lab/Lonely-Long"),
        ("LAB/CASE", "lab/Case"),
    ],
)
def test_a_name_means_the_original_of_the_models_that_it_may_mean(typed: str, meant: str) -> None:
    assert NAMES.named(typed) == meant


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (
            "model-b",
            "'model-b' is the name of 2 models; name one: one/model-b, two/model-b",
        ),
        (
            "family",
            "'family' is a family of 3 models;"
            " name one: lab/Family-8B, lab/Family-1B, lab/Family-8B-Instruct",
        ),
        (
            "encoder-x-v3",
            "no model called 'encoder-x-v3';"
            " did you mean 'maker/Encoder-X-v2' or 'maker/encoder-x' or 'loader/encoder-x'?",
        ),
        (
            "somebody/model-a",
            "no model called 'somebody/model-a';"
            " did you mean 'new/model-a' or 'one/model-b' or 'copier/model-a'?",
        ),
        (
            "lab/Familly-8B",
            "no model called 'lab/Familly-8B';"
            " did you mean 'lab/Family-8B' or 'lab/Family-1B' or 'lab/Family-8B-Instruct'?",
        ),
        ("maker", "no model called 'maker'; see: tracker models --org maker"),
        ("###", "no model called '###'; see: tracker models"),
    ],
)
def test_a_name_of_no_single_model_gets_the_nearest_originals(typed: str, line: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        NAMES.named(typed)
    assert str(caught.value) == line


def test_other_models_of_the_name_are_told(caplog: pytest.LogCaptureFixture) -> None:
    names = ModelNames(NAMES.slugs, NAMES.originals, NAMES.former, lambda: ATTESTED)
    for typed in ("model-a", "encoder-x", "famly-8b", "family 1b", "model-a"):
        names.named(typed)
    assert caplog.messages == [
        "'model-a' is read as new/model-a, not copier/model-a",
        "'encoder-x' is read as maker/encoder-x, not loader/encoder-x",
        "no model is called 'famly-8b'; this is lab/Family-8B",
    ]


OWN_NAMES = st.text("abc-", min_size=1, max_size=9)


@given(OWN_NAMES, st.lists(OWN_NAMES, max_size=8))
def test_the_likely_model_has_the_nearest_name(name: str, known: list[str]) -> None:
    by_name = by_own_name(f"lab/{own}" for own in known)
    near = [name] if name in known else get_close_matches(name, by_name, n=1, cutoff=0.85)
    assert likely_model(f"other/{name}", by_name) == (f"lab/{near[0]}" if near else None)


def test_of_equal_names_the_first_organisation_is_likely() -> None:
    assert likely_model("c/Model", by_own_name(["b/model", "a/MODEL"])) == "a/MODEL"
