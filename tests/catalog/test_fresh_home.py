"""A new home: what the bundled starter answers without network and results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.known_facts import FACTS, LEADS, Fact, answers_of, expected_of
from tracker.api import Catalog, open_catalog
from tracker.catalog.results.queries import has_results
from tracker.catalog.starter import create
from tracker.common.paths import resource
from tracker.curated import read_curated


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalog of a fresh home, as the first question of a new user makes it."""
    path = tmp_path_factory.mktemp("fresh") / "catalog.db"
    curated = read_curated(resource("db/curated"))
    create(f"sqlite:///{path}", starter=resource("db/starter"), curated=curated)
    return path


@pytest.fixture(scope="module")
def catalog(home: Path) -> Iterator[Catalog]:
    with open_catalog(home) as opened:
        yield opened


@pytest.mark.parametrize("series", LEADS)
def test_a_fresh_home_knows_every_lead_to_the_day(catalog: Catalog, series: str) -> None:
    assert not has_results(catalog._connection)
    leads = [(one.from_day, one.until_day, one.model) for one in catalog.leader_list(series)]
    assert leads == LEADS[series]


@pytest.mark.parametrize("series", LEADS)
def test_every_lead_is_the_first_row_of_its_first_and_last_day(
    catalog: Catalog, series: str
) -> None:
    for first, last, model in LEADS[series]:
        for day in (first, last or "2026-08-20"):
            row = catalog.leaderboard(series, day, top=1).row(0, named=True)
            started = catalog.leaderboard(series, first, top=1).row(0, named=True)
            assert started["model"] == model
            assert (row["rank"], row["model_now"]) == (1, started["model_now"]), day


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.model)
def test_a_fresh_home_knows_the_known_facts(catalog: Catalog, fact: Fact) -> None:
    for day in (fact.first_day, fact.last_day):
        assert answers_of(catalog, fact, day) == expected_of(fact)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.model)
def test_why_in_a_fresh_home_names_rank_and_rename(
    cli: Callable[..., Any], home: Path, fact: Fact
) -> None:
    asked = ("why", fact.model, fact.board, "--as-of", fact.first_day, "--db", str(home))
    answer = cli(*asked, "--format", "json")
    assert answer.code == 0
    kinds = [row["kind"] for row in answer.rows]
    assert kinds == ["renamed"] * (fact.model != fact.present) + ["listed"]
    assert {(row["model_now"], row["rank"]) for row in answer.rows} == {(fact.present, fact.rank)}


def test_why_knows_a_withdrawn_model_in_a_fresh_home(cli: Callable[..., Any], home: Path) -> None:
    answer = cli("why", "bchoiced/CHAIN19", "mteb-english", "--db", str(home), "--format", "json")
    assert answer.code == 0
    assert [(row["kind"], row["day"]) for row in answer.rows] == [("withdrawn", "2025-10-13")]
