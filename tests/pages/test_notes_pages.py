"""Notes: which leaders they count, their links, and their permanent editions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from tests.support.clock import Clock
from tests.support.fake_catalog import FACTS, FakeCatalog
from tracker.answers.boards import RowInterval
from tracker.answers.common import Bilingual
from tracker.answers.models import Fact, Model
from tracker.api import Catalog
from tracker.pages.contexts import StateOfTheArtPage, TrainingNotePage
from tracker.pages.views import boards as views
from tracker.pages.views.notes import MOST_USES, NOTES, TOPICS, note_pages, past_leads


def pages(
    catalog: FakeCatalog, models: list[Model] | None = None
) -> dict[str, StateOfTheArtPage | TrainingNotePage]:
    known = models if models is not None else list(catalog.all_models())
    found = note_pages(catalog, views.read_boards(catalog), known, {})
    return {its.page.path: its for its in found}


def training(models: list[Model]) -> TrainingNotePage:
    found = pages(FakeCatalog(), models)["training/"]
    assert isinstance(found, TrainingNotePage)
    return found


def data(value: str) -> Fact:
    label = Bilingual(value.upper(), f"数据{value}")
    return Fact("training_data", value, label, None, None, ())


def test_a_note_covers_its_series_and_links_to_the_others() -> None:
    found = pages(FakeCatalog())
    for name, (path, series, _) in NOTES.items():
        for day in (None, "2024-10-22"):
            its = found[f"{path}{day}/" if day else path]
            told = {section.leaderboard.edition.series for section in its.sections}
            assert told <= set(series)
            assert its.sections
            twins = [(n, f"{p}{day}/" if day else p) for n, (p, _, _) in NOTES.items() if n != name]
            assert list(its.edition.others) == twins


def test_uses_are_ordered_by_number_of_leaders() -> None:
    models = [
        replace(model, facts=(data("b"), data("b"), *([data("a")] if place % 2 else [])))
        for place, model in enumerate(FakeCatalog().all_models())
    ]
    its = training(models)
    topic = its.topics[0]
    catalog = FakeCatalog()
    counted = [section.leaderboard.edition.series for section in its.sections]
    leaders = {row.model for name in counted for row in catalog.state_of_the_art(name).rows}
    known = {model.name: model for model in models}
    users = {
        value: {name for name in leaders & known.keys() if data(value) in known[name].facts}
        for value in "ab"
    }
    assert [(use.label.en, {row.model for row in use.models}) for use in topic.uses] == [
        ("B", users["b"]),
        ("A", users["a"]),
    ]
    assert topic.n_documented == len(users["b"])
    assert [len(use.models) for use in topic.uses] == [len(users["b"]), len(users["a"])]


def test_a_vain_search_is_not_a_use() -> None:
    silent = [replace(its, facts=(FACTS[2],)) for its in FakeCatalog().all_models()]
    assert training(silent).topics == ()


def test_rare_uses_are_counted_instead_of_listed() -> None:
    first, *others = FakeCatalog().all_models()
    many = tuple(data(f"set{number:02}") for number in range(MOST_USES + 5))
    its = training([replace(first, facts=many), *(replace(its, facts=()) for its in others)])
    assert (len(its.topics[0].uses), its.topics[0].n_more) == (MOST_USES, 5)


def test_topics_are_in_display_order() -> None:
    told = [topic.property for topic in training(list(FakeCatalog().all_models())).topics]
    assert told == [name for name in TOPICS if name in told]


def test_a_training_page_names_the_models_of_each_use(built: Path) -> None:
    tree = html.document_fromstring((built / "zh/training/index.html").read_text("utf-8"))
    rows = tree.xpath("//h2[@id='pooling']/following::table[1]/tbody/tr")
    assert [row.xpath("string(td[1])") for row in rows] == ["均值池化"]
    assert int(rows[0].xpath("string(td[2])")) == len(rows[0].xpath("td[3]/a"))


def test_the_note_of_a_past_day_names_the_models_tied_with_its_leader() -> None:
    catalog = FakeCatalog()
    boards = views.read_boards(catalog)
    day, board = next(
        (day, board)
        for day, board in past_leads(catalog, boards)
        if board.edition.series == "mteb-english"
    )
    first, *others = board.rows
    tie = RowInterval(1, 3, None, None, 1, 3)
    # A model that was renamed is in the note under one of its names; it is not tied with itself.
    renamed = replace(first, model="old/name", model_now=first.model, interval=tie)
    rows = (renamed, replace(others[0], interval=tie), *others[1:])
    past = {day: {board.edition.slug: replace(board, rows=rows)}}
    found = {its.page.path: its for its in note_pages(catalog, boards, [], past)}
    tied = {
        path: [row.model for section in its.sections for row in section.tied]
        for path, its in found.items()
        if isinstance(its, StateOfTheArtPage)
    }
    assert {path: names for path, names in tied.items() if names} == {
        f"state-of-the-art/{day}/": [others[0].model]
    }


def test_built_notes_of_past_days_name_ties(built: Path) -> None:
    notes = sorted((built / "state-of-the-art").glob("2*/index.html"))
    tied = [path for path in notes if "tied (95 %) with" in path.read_text("utf-8")]
    assert tied


def test_pages_of_the_last_known_state_do_not_depend_on_the_day_of_the_build(
    starter: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch, "")
    found = []
    for clock.now in ("2026-12-01T00:00:00Z", "2027-03-09T11:00:00Z"):
        boards = views.read_boards(starter)
        notes = note_pages(starter, boards, (), {})
        present = [its for its in notes if its.edition.day is None]
        found.append((boards.states, views.home_page(starter, boards, (), (), 0), present))
    assert len(found[0][2]) == len(NOTES)
    assert found[0] == found[1]
