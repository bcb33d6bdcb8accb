"""Structured data of pages: boards are data sets, papers articles, models works; nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import html

from tests.support.fake_catalog import FakeCatalog
from tracker.pages.language.filters import plain, safe_url

HOST = "https://tracker.example/"


def data_of(page: Path) -> list[dict[str, Any]]:
    document = html.document_fromstring(page.read_text("utf-8"))
    return [
        json.loads(text) for text in document.xpath("//script[@type='application/ld+json']/text()")
    ]


def test_a_board_is_a_data_set_with_its_files(fake: FakeCatalog, built: Path) -> None:
    for root in ("", "zh/"):
        place = f"{root}boards/mteb-eng-v2/"
        (data,) = data_of(built / place / "index.html")
        assert (data["@context"], data["@type"]) == ("https://schema.org", "Dataset")
        assert data["version"] == f"2026-08-20 {fake.digest}"
        files = [urljoin(HOST + place, its["contentUrl"]) for its in data["distribution"]]
        assert [file.rpartition(".")[2] for file in files] == ["json", "csv", "parquet"]
        assert all((built / file.removeprefix(HOST)).is_file() for file in files)


def test_a_paper_is_an_article_with_its_authors(fake: FakeCatalog, built: Path) -> None:
    paper = next(its for its in fake.paper_list() if its.arxiv_id == "2405.17428")
    (data,) = data_of(built / "methods/papers/2405.17428/index.html")
    assert data["@type"] == "ScholarlyArticle"
    assert data.get("sameAs") == safe_url(paper.url)
    assert len(data.get("author", [])) == len(paper.authors)
    assert "arXiv:2405.17428" in data["identifier"]


def test_a_model_is_a_work_with_its_maker_and_papers(fake: FakeCatalog, built: Path) -> None:
    for model in fake.all_models():
        (data,) = data_of(built / f"models/{model.slug}/index.html")
        assert (data["@context"], data["@type"]) == ("https://schema.org", "CreativeWork")
        assert (data["name"], data["creator"]["@type"]) == (plain(model.name), "Organization")
        cited = [paper["identifier"] for paper in data.get("citation", [])]
        assert cited == [f"arXiv:{paper.arxiv_id}" for paper in model.papers]
        assert data.get("sameAs", []) == [url for url in map(safe_url, model.links) if url]


def test_other_pages_have_none(built: Path) -> None:
    assert data_of(built / "index.html") == data_of(built / "models/index.html") == []
