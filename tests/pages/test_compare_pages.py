"""Comparison pages: which pairs get one, and its content."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import orjson

from tests.support.fake_catalog import FakeCatalog
from tracker.pages.build.render import Renderer
from tracker.pages.contexts import ComparePage, PairPage
from tracker.pages.views.boards import read_boards
from tracker.pages.views.compare import (
    PairReader,
    compare_pages,
    models_file,
    pair_groups,
    pair_page,
    type_scores,
)


def test_neighbours_on_several_boards_get_one_page(fake: FakeCatalog) -> None:
    by_name = {model.name: model for model in fake.all_models()}
    groups = pair_groups(by_name, read_boards(fake), fake.coverage_report())
    first = fake.names[:5]
    found = [(its.first.model, its.second.model) for group in groups for its in group.pairs]
    assert [group.reason for group in groups] == ["neighbour"]
    assert found == list(pairwise(first))


def test_pairs_of_leaders_precede_those_of_the_first_notes(fake: FakeCatalog) -> None:
    report = fake.coverage_report()
    seeds = tuple(replace(report.rows[0], model=name) for name in fake.names[:3])
    by_name = {model.name: model for model in fake.all_models()}
    groups = pair_groups(by_name, read_boards(fake), replace(report, rows=seeds))
    assert [(group.reason, len(group.pairs)) for group in groups] == [
        ("neighbour", 4),
        ("seed", 1),
    ]


def test_a_pair_lists_what_decides_then_differences_then_shared_values(fake: FakeCatalog) -> None:
    first, second, *_ = fake.all_models()
    facts = tuple(fact for fact in second.facts if fact.property != "pooling")
    page = pair_page((first, replace(second, facts=facts)), "compare/a-vs-b/", {})
    deciding = ["parameters", "embedding_dimensions", "pooling"]
    assert [row.property for row in page.deciding] == deciding
    assert [row.property for row in page.measured] == ["rank"]
    assert [row.property for row in page.different] == []
    assert [row.property for row in page.shared] == [
        "release_date", "languages", "innovation", "training_data", "<odd>",
    ]  # fmt: skip
    known, unknown = page.deciding[2].cells
    assert (known.metadata, len(known.facts)) == (None, 1)
    assert (unknown.metadata, unknown.facts) == (None, ())


def test_task_type_scores_follow_their_shared_board(fake: FakeCatalog) -> None:
    first, second, *_ = fake.all_models()
    scores = type_scores(read_boards(fake))
    page = pair_page((first, second), "compare/a-vs-b/", scores)
    rows = [(row.property, row.cells[0].score) for row in page.measured]
    assert rows == [("Classification", 70.5), ("Retrieval", -3.25), ("rank", None)]


def test_the_better_value_is_marked_where_one_is_better(fake: FakeCatalog) -> None:
    first, second, *_ = fake.all_models()
    smaller = tuple(
        replace(its, value=22_700_000) if its.property == "parameters" else its
        for its in second.metadata
    )
    scores = {
        first.name: {"mteb-eng-v2": {"STS": 80.0}},
        second.name: {"mteb-eng-v2": {"STS": 79.0}},
    }
    page = pair_page((first, replace(second, metadata=smaller)), "compare/a-vs-b/", scores)
    marked = {
        row.property: [cell.better for cell in row.cells]
        for row in (*page.deciding, *page.measured)
    }
    assert marked == {
        "parameters": [False, True], "embedding_dimensions": [False, False],
        "pooling": [False, False], "STS": [True, False], "rank": [False, False],
    }  # fmt: skip


def test_a_pair_has_its_differences_and_the_scores_of_shared_tasks(fake: FakeCatalog) -> None:
    boards = read_boards(fake)
    differences, tasks = PairReader(fake, boards, fake.task_scores).read(
        fake.names[0], fake.names[1]
    )
    assert [(its.board, its.clear) for its in differences] == [("MTEB(eng, v2)", True)]
    leads = [its.first - its.second for its in tasks[0].tasks]
    assert leads == sorted(leads, reverse=True)
    assert leads


def test_comparisons_are_complete_in_both_languages(fake: FakeCatalog) -> None:
    models = tuple(fake.all_models())
    boards = read_boards(fake)
    pages = list(compare_pages(models, boards, fake.coverage_report(), type_scores(boards)))
    assert [type(its) for its in pages] == [ComparePage, *[PairPage] * 4]
    bodies = {
        language: [Renderer(language).render(its).body for its in pages]
        for language in ("en", "zh")
    }
    assert "Latent attention" in bodies["en"][1]
    assert "潜在注意力" in bodies["zh"][1]
    for body in (*bodies["en"], *bodies["zh"]):
        assert "<script>alert" not in body
        assert 'href="javascript:' not in body


def test_every_model_can_be_picked(fake: FakeCatalog) -> None:
    models = tuple(fake.all_models())
    assert orjson.loads(models_file(models)) == [[its.name, its.slug] for its in models]
