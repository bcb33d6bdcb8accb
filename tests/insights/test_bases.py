"""The family tree of base models, from the bundled starter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tracker.answers.bases import BaseModel
from tracker.api import Catalog
from tracker.catalog.starter import create
from tracker.common.paths import resource
from tracker.curated import read_curated
from tracker.settings import Settings


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """The bundled starter, opened."""
    path = tmp_path_factory.mktemp("starter") / "catalog.db"
    knowledge = read_curated(resource("db/curated"))
    create(f"sqlite:///{path}", starter=resource("db/starter"), curated=knowledge)
    with Catalog(f"sqlite:///{path}", Settings(home=path.parent)) as opened:
        yield opened


def test_each_model_has_one_place_in_the_tree(catalog: Catalog) -> None:
    models = [found.model for base in catalog.base_list() for _, found in base.walk()]
    assert len(models) == len(set(models)) > 100


def test_every_leaf_is_among_the_first_fifty(catalog: Catalog) -> None:
    for base in catalog.base_list():
        for _, found in base.walk():
            assert found.children or found.ranks, found.model
            assert all(1 <= rank.rank <= 50 for rank in found.ranks)


def test_models_stand_below_their_base(catalog: Catalog) -> None:
    rows = {row["model"]: row for row in catalog.bases().to_dicts()}
    assert rows["intfloat/e5-mistral-7b-instruct"]["parent"] == "mistralai/Mistral-7B-v0.1"
    assert rows["Salesforce/SFR-Embedding-2_R"]["depth"] == 2
    assert rows["Salesforce/SFR-Embedding-2_R"]["base"] == "mistralai/Mistral-7B-v0.1"


def test_best_and_number_count_the_whole_family() -> None:
    leaf = BaseModel("lab/leaf", None, (), ())
    base = BaseModel("lab/base", None, (), (leaf,))
    assert (base.best, base.n_ranked) == (None, 0)
    assert [(depth, found.model) for depth, found in base.walk()] == [
        (0, "lab/base"),
        (1, "lab/leaf"),
    ]
