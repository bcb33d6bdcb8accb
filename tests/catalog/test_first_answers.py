"""A new home: what the bundled starter answers without network and results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.support.known_facts import FACTS, LEADS, Fact, answers_of, expected_of
from tracker.api import Catalog, open_catalog
from tracker.catalog.results.queries import has_results


@pytest.fixture(scope="module")
def catalog(bundled_url: str) -> Iterator[Catalog]:
    """The catalog of a fresh home, as the first question of a new user makes it."""
    with open_catalog(bundled_url) as opened:
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


def test_a_model_is_first_seen_with_its_first_results(catalog: Catalog) -> None:
    assert catalog.model("Qwen/Qwen3-Embedding-8B").first_seen_at == "2025-06-06T18:09:04Z"
    assert catalog.model("jcorners/ingot-8b-r3").first_seen_at == "2026-06-05T15:34:48Z"
    english, *_ = catalog.overviews()
    assert (english.leads[-1].model, english.leads[-1].from_day) == (
        "jcorners/ingot-8b-r3",
        "2026-06-05",
    )


def test_a_history_of_a_series_is_one_story_with_a_break(catalog: Catalog) -> None:
    points = catalog.history_list("mteb-english", "nvidia/NV-Embed-v2")
    assert (points[0].from_at[:10], points[-1].to_at) == ("2024-08-30", None)
    for before, after in pairwise(points):
        assert before.to_at == after.from_at
    editions = [point.edition for point in points]
    assert list(dict.fromkeys(editions)) == ["published/en", "MTEB(eng, v2)"]
    (change,) = [a.from_at for b, a in pairwise(points) if b.edition != a.edition]
    assert change == "2025-02-05T00:00:00Z"


def test_a_series_answers_with_the_edition_of_the_day(catalog: Catalog) -> None:
    for day, edition in (("2025-02-04", "published/en"), ("2025-03-15", "MTEB(eng, v2)")):
        board = catalog.board("mteb-english", day)
        assert (board.edition.name, board.as_of[:10]) == (edition, day)


def test_a_day_that_is_not_known_yet_gets_the_last_known_state(
    cli: Callable[..., Any], bundled_url: str, catalog: Catalog
) -> None:
    last = catalog.board("mteb-english", "2026-08-20")
    board = catalog.board("mteb-english", "2030-01-01")
    assert board.rows == last.rows
    assert (board.as_of[:10], board.asked_at) == ("2026-08-20", "2030-01-01T23:59:59Z")
    assert last.asked_at is None  # of the last day as much is known as there is
    answer = cli("leaderboard", "mteb-english", "--as-of", "2030-01-01", "--db", bundled_url)
    assert "as of 2026-08-20T18:33:27Z" in answer.err
    assert "this is the last known state, not that of 2030-01-01" in answer.err
    until = ("--since", "2026-08-01", "--until")
    answer = cli("changes", "mteb-english", *until, "2030-01-01", "--db", bundled_url)
    assert "nothing is known after 2026-08-20" in answer.err
    answer = cli("changes", "mteb-english", *until, "2026-08-20", "--db", bundled_url)
    assert "nothing is known" not in answer.err


def test_changes_in_a_fresh_home_name_cause_and_commit(
    cli: Callable[..., Any], bundled_url: str
) -> None:
    between = ("--since", "2025-03-01", "--until", "2025-04-01", "--db", bundled_url)
    answer = cli("changes", "mteb-english", *between, "--format", "json")
    assert "causes are not known" not in answer.err
    first = answer.rows[0]
    assert (first["model"], first["kind"]) == ("google/gemini-embedding-exp-03-07", "appeared")
    assert (first["at"], first["cause"]) == ("2025-03-07T19:07:23Z", ["new_model"])
    assert [commit[:12] for commit in first["commit"]] == ["2c280a2abbb4"]
    assert all(row["commit"] for row in answer.rows)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.model)
def test_why_in_a_fresh_home_names_rank_and_rename(
    cli: Callable[..., Any], bundled_url: str, fact: Fact
) -> None:
    asked = ("why", fact.model, fact.board, "--as-of", fact.first_day, "--db", bundled_url)
    answer = cli(*asked, "--format", "json")
    assert answer.code == 0
    kinds = [row["kind"] for row in answer.rows]
    assert kinds == ["renamed"] * (fact.model != fact.present) + ["listed"]
    assert {(row["model_now"], row["rank"]) for row in answer.rows} == {(fact.present, fact.rank)}


def test_why_knows_a_withdrawn_model_in_a_fresh_home(
    cli: Callable[..., Any], bundled_url: str
) -> None:
    answer = cli("why", "bchoiced/CHAIN19", "mteb-english", "--db", bundled_url, "--format", "json")
    assert answer.code == 0
    assert [(row["kind"], row["day"]) for row in answer.rows] == [
        ("withdrawn", "2025-10-13"),
        ("files_removed", "2025-12-13"),
    ]
