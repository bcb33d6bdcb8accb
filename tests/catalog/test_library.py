"""Datasets with their uses, missing papers and the search index after a load."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tracker.api import Catalog
from tracker.catalog.engine import open_engine
from tracker.catalog.knowledge.library import dataset_of_task
from tracker.catalog.search import queries as search_queries
from tracker.catalog.search.words import segmented
from tracker.common.text import bare_name
from tracker.errors import NotFoundError, UsageError


@pytest.fixture(scope="module")
def catalog(starter: Catalog) -> Catalog:
    return starter


@pytest.mark.parametrize(
    ("task", "dataset"),
    [
        ("MSMARCO", "MS MARCO"),
        ("NanoFEVERRetrieval", "FEVER"),
        ("MultilingualNanoHotpotQARetrieval", "HotpotQA"),
        ("HotpotQA-PLHardNegatives.v2", "HotpotQA"),
        ("QuoraRetrieval-Fa.v2", "Quora"),
        ("MIRACLReranking", "MIRACL"),
        ("DuRetrieval", "Du"),
    ],
)
def test_the_dataset_of_a_task_is_in_its_name(task: str, dataset: str) -> None:
    assert dataset_of_task(task) == bare_name(dataset)


@pytest.mark.parametrize("task", ["ClimateFEVER", "NQTablesRetrieval"])
def test_a_longer_task_name_is_another_dataset(task: str) -> None:
    assert dataset_of_task(task) not in (bare_name("FEVER"), bare_name("NQ"))


def test_uses_of_a_dataset_name_their_sources(catalog: Catalog) -> None:
    medi = catalog.dataset("medi")
    assert {(use.model, use.declared) for use in medi.uses} >= {
        ("hkunlp/instructor-large", "curated"),
        ("moka-ai/m3e-base", "curated"),
    }
    assert set(medi.parts) == {"kilt", "medmcqa", "super-naturalinstructions"}
    fever = catalog.dataset("FEVER")
    assert "NanoFEVERRetrieval" in fever.tasks
    declared = [use for use in fever.uses if use.declared == "registry"]
    assert declared
    assert all(use.source.startswith("mteb ") and use.locator for use in declared)
    assert all(set((use.locator or "").split(", ")) <= set(fever.tasks) for use in declared)


def test_an_unknown_dataset_suggests_a_similar_one(catalog: Catalog) -> None:
    with pytest.raises(NotFoundError, match="no dataset called 'MEDJ'; did you mean 'MEDI"):
        catalog.dataset("MEDJ")


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("池化", "pooling/mean"),
        ("难负例", "negatives/hard-negatives"),
        ("潜在注意力", "nvidia/NV-Embed-v2"),
        ("latent atten", "pooling/latent-attention"),
        ("circle loss xiaobu", "lier007/xiaobu-embedding-v2"),
        ("2405.17428", "2405.17428"),
        ("INSTRUCTOR 指令", "openai-instructor"),
        ("medi", "medi"),
        ("synthetic data", "data/llm-synthetic"),
    ],
)
def test_a_search_finds_all_kinds_of_entries(catalog: Catalog, words: str, key: str) -> None:
    assert key in {hit.key for hit in catalog.search_list(words, limit=50)}


@pytest.mark.parametrize(
    ("typed", "kind", "key"),
    [
        ("nvidia/NV-Embed-v2", "model", "nvidia/NV-Embed-v2"),
        ("NV-Embde-v2", "model", "nvidia/NV-Embed-v2"),
        ("https://arxiv.org/abs/2405.17428v2", "paper", "2405.17428"),
        ("C-Pack", "paper", "2309.07597"),
        ("MEDI", "dataset", "medi"),
        ("对比学习", "technique", "objective/contrastive"),
        ("contrastive learning", "technique", "objective/contrastive"),
        ("难负例", "technique", "negatives/hard-negatives"),
        ("腾讯", "organisation", "tencent"),
        ("阿里", "organisation", "alibaba"),
        ("智源", "organisation", "baai"),
        ("字节", "organisation", "bytedance"),
        ("通义千问", "organisation", "qwen"),
        ("BAAI", "organisation", "baai"),
    ],
)
def test_what_has_the_name_comes_first(catalog: Catalog, typed: str, kind: str, key: str) -> None:
    hits = catalog.search_list(typed)
    assert (hits[0].kind, hits[0].key) == (kind, key)
    assert len({(hit.kind, hit.key) for hit in hits}) == len(hits)


def test_matches_in_titles_come_first(catalog: Catalog) -> None:
    assert catalog.search_list("难负例")[0].key == "negatives/hard-negatives"
    assert [hit.key for hit in catalog.search_list("NV-Embed-v2", limit=1)] == [
        "nvidia/NV-Embed-v2"
    ]


def test_a_search_is_repeatable_and_respects_its_limit(catalog: Catalog) -> None:
    first = catalog.search_list("embedding", limit=7)
    assert len(first) == 7
    assert catalog.search_list("embedding", limit=7) == first


@pytest.mark.on_a_file
@given(st.text(max_size=40))
def test_no_query_breaks_the_search(words: str) -> None:
    engine = open_engine("sqlite://", read_only=False)
    with engine.connect() as connection:
        connection.execute(
            text("create virtual table search_index using fts5(title, about, words, content='')")
        )
        connection.execute(
            text(
                "create table search_entry (id, kind, key, title_en, title_zh, about_en, about_zh)"
            )
        )
        assert search_queries.find(connection, words, 5) == []
    engine.dispose()


@given(st.text(alphabet="池化难负例ab -", max_size=20))
def test_segmenting_keeps_all_characters(words: str) -> None:
    assert segmented(words).replace(" ", "") == words.replace(" ", "")


def test_the_index_cannot_be_written_through_a_reader(catalog: Catalog) -> None:
    for query in (
        "insert into search_index (search_index) values ('delete-all')",
        "delete from search_index_data",
        "update sqlite_master set sql = ''",
        "drop table search_index",
    ):
        with pytest.raises(UsageError):
            catalog.sql(query)
    assert catalog.search_list("池化")


def test_a_missing_paper_keeps_its_day(catalog: Catalog) -> None:
    query = (
        "select n.checked from no_paper n join model m on m.id = n.model_id"
        " where m.name = 'lier007/xiaobu-embedding-v2'"
    )
    assert catalog.sql(query)["checked"].to_list() == ["2026-08"]
