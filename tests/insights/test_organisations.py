"""Organisations: one under all its names, accounts and parts."""

from __future__ import annotations

import pytest

from tracker.answers.organisations import Organisation
from tracker.api import Catalog
from tracker.errors import NotFoundError


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("腾讯", "tencent"), ("TENCENT", "tencent"), ("优图", "tencent-youtu"), ("阿里", "alibaba"),
        ("通义千问", "qwen"), ("智源", "baai"), ("字节", "bytedance"), ("谷歌", "google"),
        ("MSRA", "microsoft"), ("Voyage", "voyage-ai"), ("商汤", "sensetime"),
    ],
)  # fmt: skip
def test_each_name_means_its_organisation(starter: Catalog, written: str, slug: str) -> None:
    assert starter.organisation(written).slug == slug


def test_the_whole_has_the_models_of_its_parts(starter: Catalog) -> None:
    alibaba, qwen = starter.organisation("alibaba"), starter.organisation("qwen")
    assert set(qwen.models) < set(alibaba.models)
    assert {"Qwen/Qwen3-Embedding-8B", "Alibaba-NLP/gte-Qwen2-7B-instruct"} <= set(alibaba.models)
    assert set(starter.models(organisation="阿里巴巴")["model"]) == set(alibaba.models)


def test_an_account_of_two_companies_is_split_by_name(starter: Catalog) -> None:
    voyage = starter.organisation("Voyage AI").models
    assert "mongodb/voyage-3.5" in voyage
    assert not any(model.startswith("mongodb/mdbr") for model in voyage)
    assert set(voyage) < set(starter.organisation("MongoDB").models)


def test_an_account_means_its_own_models_alone(starter: Catalog) -> None:
    found = starter.organisation("intfloat")
    assert (found.kind, found.parent) == ("account", "microsoft")
    assert {model.partition("/")[0] for model in found.models} == {"intfloat"}


def test_rows_of_a_board_are_chosen_by_any_name(starter: Catalog) -> None:
    rows = starter.board("mteb-chinese", organisation="腾讯").rows
    accounts = {row.model.partition("/")[0] for row in rows}
    assert {"tencent", "TencentBAC"} <= accounts
    assert accounts <= set(starter.organisation("tencent").owners)


def test_an_unknown_organisation_names_the_nearest(starter: Catalog) -> None:
    with pytest.raises(NotFoundError, match=r"an organisation called 'Tencnt'.*tencent"):
        starter.organisation("Tencnt")


def test_the_search_finds_organisations_by_chinese_name(starter: Catalog) -> None:
    assert ("organisation", "bytedance") in {(h.kind, h.key) for h in starter.search_list("字节")}


def test_models_name_their_publisher_with_the_one_above(starter: Catalog) -> None:
    label = starter.model("Qwen/Qwen3-Embedding-8B").publisher
    assert label is not None
    assert (label.en, label.zh) == ("Qwen (Alibaba)", "通义千问（阿里巴巴）")


def test_entries_are_whole(starter: Catalog) -> None:
    known = {found.slug: found for found in starter.organisation_list()}
    assert all(found.parent in known for found in known.values() if found.parent)
    assert isinstance(known["tencent"], Organisation)
    assert starter.organisations().height == len(known)
