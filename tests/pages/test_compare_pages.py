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


def test_pairs_of_the_first_notes_precede_neighbours(fake: FakeCatalog) -> None:
    report = fake.coverage_report()
    seeds = tuple(replace(report.rows[0], model=name) for name in fake.names[:3])
    by_name = {model.name: model for model in fake.all_models()}
    groups = pair_groups(by_name, read_boards(fake), replace(report, rows=seeds))
    assert [(group.reason, len(group.pairs)) for group in groups] == [
        ("seed", 3),
        ("neighbour", 2),
    ]


def test_a_pair_lists_differences_before_shared_values(fake: FakeCatalog) -> None:
    first, second, *_ = fake.all_models()
    facts = tuple(fact for fact in second.facts if fact.property != "pooling")
    page = pair_page((first, replace(second, facts=facts)), "compare/a-vs-b/", {})
    assert [row.property for row in page.different] == ["pooling"]
    assert [row.property for row in page.shared] == [
        "rank", "parameters", "embedding_dimensions", "release_date", "languages", "innovation",
        "training_data", "<odd>",
    ]  # fmt: skip
    known, unknown = page.different[0].cells
    assert (known.metadata, len(known.facts)) == (None, 1)
    assert (unknown.metadata, unknown.facts) == (None, ())


def test_task_type_scores_follow_their_shared_board(fake: FakeCatalog) -> None:
    first, second, *_ = fake.all_models()
    scores = type_scores(read_boards(fake))
    page = pair_page((first, second), "compare/a-vs-b/", scores)
    rows = [(row.property, row.cells[0].score) for row in page.shared[:3]]
    assert rows == [("rank", None), ("Classification", 70.5), ("Retrieval", -3.25)]


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
