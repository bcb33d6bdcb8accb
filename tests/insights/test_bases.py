"""The family tree of base models, from the bundled starter."""

from __future__ import annotations

from tracker.answers.bases import BaseModel
from tracker.api import Catalog


def test_each_model_has_one_place_in_the_tree(starter: Catalog) -> None:
    models = [found.model for base in starter.base_list() for _, found in base.walk()]
    assert len(models) == len(set(models)) > 100


def test_every_leaf_is_among_the_first_fifty(starter: Catalog) -> None:
    for base in starter.base_list():
        for _, found in base.walk():
            assert found.children or found.ranks, found.model
            assert all(1 <= rank.rank <= 50 for rank in found.ranks)


def test_models_stand_below_their_base(starter: Catalog) -> None:
    rows = {row["model"]: row for row in starter.bases().to_dicts()}
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
