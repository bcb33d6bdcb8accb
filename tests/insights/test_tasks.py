"""Tables of tasks agree with boards, leads with days, and training with declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogs import Loaded
from tests.support.registry_exports import benchmark, export, task
from tests.support.result_repository import ResultRepository, result, result_path
from tests.support.shared import LoadOnce
from tests.support.state_worlds import put_registry
from tracker.errors import NotFoundError, UsageError
from tracker.ranking.contamination import Declaration, exposing_base, exposure
from tracker.sources import result_files

NARROW, WIDE = "Narrow(deu, v1)", "Wide(mul, v1)"
REGISTRY = export(
    benchmark(NARROW, [{"task": "News", "subsets": ["de"]}, "Law"]),
    benchmark(WIDE, ["News"]),
    benchmark("Wider(mul, v1)", ["News"]),
    tasks=[
        task(
            "News",
            "Retrieval",
            main_score="ndcg_at_10",
            subsets=["de", "en"],
            languages=["deu-Latn", "eng-Latn"],
            domains=["News", "Written"],
            dataset={"path": "lab/news", "revision": "0123456789abcdef"},
        ),
        task("Law", languages=["deu-Latn"], domains=["Legal"]),
        task("Unused", languages=["fra-Latn"], domains=["Legal"], adapted_from=["Law"]),
    ],
    models=[
        {"name": "lab/one", "revision": "main", "training_tasks": ["News", "Law"],
         "training_datasets": ["News"], "license": "mit", "n_parameters": 100},
        {"name": "lab/two", "revision": "main", "training_tasks": ["News", "Law", "Unused"],
         "training_datasets": [], "adapted_from": "lab/one"},
        {"name": "lab/three", "revision": "main", "training_tasks": []},
        {"name": "lab/four", "revision": "main"},
    ],
)  # fmt: skip
STEPS: list[tuple[str, dict[str, dict[str, float]]]] = [
    ("2025-01-10T10:00:00Z", {"lab/one": {"de": 0.5, "en": 0.7}}),
    ("2025-01-12T10:00:00Z", {"lab/two": {"de": 0.6, "en": 0.6}, "lab/four": {"de": 0.1}}),
    # Two changes of one day: only what its end shows is a lead.
    ("2025-02-01T08:00:00Z", {"lab/two": {"de": 0.9, "en": 0.9}}),
    ("2025-02-01T09:00:00Z", {"lab/two": {"de": 0.6, "en": 0.6}}),
    ("2025-03-01T10:00:00Z", {"lab/three": {"de": 0.9, "en": 0.5}}),
]
"""Scores of News by moment of their commit, model and subset."""


@pytest.fixture(scope="session")
def loaded(loaded_once: LoadOnce) -> Loaded:
    return loaded_once("tasks", fill)


def fill(catalog: Loaded, folder: Path) -> None:
    repository = ResultRepository(folder / "results.git")
    for at, models in STEPS:
        files = {
            result_path(name, "main", "News"): result("News", scores)
            for name, scores in models.items()
        }
        repository.commit(files, at=at)
    result_files.update(str(repository.path), catalog.clones / "result-files", seen_at="")
    put_registry(catalog, REGISTRY)
    catalog.load()


def table(loaded: Loaded, *asked: str, **more: Any) -> list[tuple[int, str, float, str]]:
    with loaded.open() as catalog:
        found = catalog.task(*asked, **more)
    return [(row.rank, row.model, round(row.score, 6), row.exposure) for row in found.rows]


def test_a_table_counts_what_most_present_boards_count(loaded: Loaded) -> None:
    # Two boards count both subsets; lab/four has one of them only.
    assert table(loaded, "News") == [
        (1, "lab/three", 70.0, "none"),
        (2, "lab/one", 60.0, "itself"),
        (2, "lab/two", 60.0, "base"),
    ]


def test_a_board_decides_which_subsets_count(loaded: Loaded) -> None:
    assert table(loaded, "news", board=NARROW) == [
        (1, "lab/three", 90.0, "none"),
        (2, "lab/two", 60.0, "base"),
        (3, "lab/one", 50.0, "itself"),
        (4, "lab/four", 10.0, "undeclared"),
    ]


def test_a_table_of_a_day_agrees_with_the_board_of_that_day(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        for day in ("2025-01-11", "2025-02-01", "2025-03-31"):
            scores = catalog.task_scores(NARROW, day, origin="recomputed").rows()
            rows = catalog.task("News", day, board=NARROW).rows
            assert {(row.label, "News", row.score) for row in rows} == set(scores)


def test_leads_are_those_of_the_ends_of_days(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        found = catalog.task("News")
        before = catalog.task("News", "2025-02-28")
    leads = [
        (lead.model, lead.from_day, lead.until_day, lead.score, lead.by) for lead in found.leads
    ]
    # lab/two shares the first rank since January, but lab/one goes on leading.
    assert [(*lead[:3], round(lead[3], 6)) for lead in leads] == [
        ("lab/one", "2025-01-10", "2025-02-28", 60.0),
        ("lab/three", "2025-03-01", None, 70.0),
    ]
    assert leads[0][4] is None
    assert leads[1][4] == pytest.approx(10.0)
    assert found.leader == found.leads[1]
    assert before.leader is not None
    assert (before.leader.model, before.leader.until_day) == ("lab/one", None)


def test_a_task_says_what_it_is_and_where_it_counts(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        info = catalog.task("News").info
    assert (info.type, info.metric, info.dataset) == ("Retrieval", "ndcg_at_10", "lab/news")
    assert info.revision == "0123456789abcdef"
    assert [(b.name, b.subsets) for b in info.boards] == [
        (NARROW, ("de",)),
        (WIDE, ("de", "en")),
        ("Wider(mul, v1)", ("de", "en")),
    ]


def test_training_says_by_whose_word(loaded: Loaded) -> None:
    with loaded.open() as catalog:
        news, law = catalog.task("News"), catalog.task("Law")
    assert [(t.model, t.exposure, t.base) for t in news.trained] == [
        ("lab/one", "itself", None),
        ("lab/two", "base", "lab/one"),
    ]
    assert [(t.model, t.exposure) for t in law.trained] == [
        ("lab/one", "sibling"),
        ("lab/two", "sibling"),
    ]
    assert (news.n_undeclared, law.rows, law.leads) == (1, (), ())


def test_bases_that_name_each_other_end_the_chain() -> None:
    declared = {
        "a": Declaration(frozenset({"T"}), frozenset(), "b"),
        "b": Declaration(frozenset({"T"}), frozenset(), "a"),
    }
    assert exposing_base("T", "a", declared) is None
    assert exposure("T", "a", declared) == "sibling"
    assert exposure("T", "nobody", declared) == "undeclared"


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Law", "News"]),
        ({"all_tasks": True}, ["Law", "News", "Unused"]),
        ({"language": "English"}, ["News"]),
        ({"language": "德语"}, ["Law", "News"]),
        ({"type": "retrieval"}, ["News"]),
        ({"domain": "legal", "all_tasks": True}, ["Law", "Unused"]),
        ({"board": NARROW, "domain": "News"}, ["News"]),
        ({"language": "fr"}, []),
    ],
)
def test_conditions_choose_tasks(loaded: Loaded, asked: dict[str, Any], names: list[str]) -> None:
    with loaded.open() as catalog:
        assert catalog.tasks(**asked)["name"].to_list() == names


@pytest.mark.parametrize(
    ("method", "asked", "error", "line"),
    [
        ("task", {"name": "Newz"}, NotFoundError, "no task called 'Newz'; did you mean 'News'?"),
        ("task", {"name": "Law", "board": WIDE}, NotFoundError, f"{WIDE} does not use Law"),
        ("tasks", {"type": "Retrival"}, NotFoundError, "no task type called 'Retrival'"),
        ("tasks", {"domain": "Laws"}, NotFoundError, "no domain called 'Laws'"),
        ("tasks", {"language": "Frankish"}, UsageError, "no language 'Frankish'"),
        ("task", {"name": 3}, UsageError, "task"),
    ],
)
def test_what_is_not_there_is_named(
    loaded: Loaded, method: str, asked: dict[str, Any], error: type[Exception], line: str
) -> None:
    with loaded.open() as catalog, pytest.raises(error) as caught:
        getattr(catalog, method)(**asked)
    assert line in str(caught.value)


def test_the_command_line_shows_a_task(cli: Any, loaded: Loaded) -> None:
    found = cli("task", "News", "--top", "1", "--db", loaded.url)
    assert [line.split() for line in found.out.splitlines()[2:]] == [
        ["1", "lab/three", "70.00", "none", "-", "-", "2025-03-01T10:00:00Z"]
    ]
    assert found.err.splitlines() == [
        "News · Retrieval · ndcg_at_10 · deu-Latn, eng-Latn · News, Written · mteb 2.26.24",
        "data lab/news at 0123456789ab · splits test · 2 subsets: de, en",
        f"boards: {NARROW}, {WIDE}, Wider(mul, v1)",
        "led by lab/three since 2025-03-01 (70.00 then, +10.00 before the next)",
        "declared training: 1 on the task itself, 1 by a base model, 0 on a sibling;"
        " 1 model declares nothing",
    ]


def test_json_has_all_of_a_task(cli: Any, loaded: Loaded) -> None:
    found = cli("task", "News", "--format", "json", "--db", loaded.url).rows
    assert found["info"]["name"] == "News"
    assert [row["model"] for row in found["rows"]] == ["lab/three", "lab/one", "lab/two"]
    assert found["leads"][-1]["model"] == "lab/three"


def test_the_command_line_lists_tasks(cli: Any, loaded: Loaded) -> None:
    rows = cli("tasks", "--language", "en", "--format", "json", "--db", loaded.url).rows
    assert [(row["name"], row["n_boards"], row["languages"]) for row in rows] == [
        ("News", 3, ["deu-Latn", "eng-Latn"])
    ]
