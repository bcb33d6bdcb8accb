"""Questions over time: lost averages, editions that stood in for others, leads and notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.support.boards import EN, BoardRepository, overall, task_path, tasks
from tests.support.catalogs import CURATED, Loaded, words
from tracker.curated import BrokenSpan
from tracker.sources.published_boards import ENDED

Make = Callable[..., BoardRepository]
New = Callable[..., Loaded]
DAYS = [f"2024-07-{day:02d}T02:52:00Z" for day in range(8, 20)]
LINES = [(f"lab/m{n:02d}", 80.0 - n) for n in range(20)]


def loaded(make: Make, new: New, *versions: dict[str, bytes]) -> Loaded:
    repository = make()
    for at, files in zip(DAYS, versions, strict=False):
        repository.commit(at, files)
    catalog = new()
    catalog.take(repository.path)
    assert catalog.load().findings == []
    return catalog


def lost(catalog: Loaded) -> list[tuple[str, str]]:
    with catalog.open() as opened:
        found = [f for f in opened.doctor() if f.check == "lost-averages"]
    return [(f.place, f.message) for f in found]


def test_averages_that_go_blank_while_the_models_stay_are_found(
    board_repository: Make, new_catalog: New
) -> None:
    blank = [(name, "" if n < 5 else mean) for n, (name, mean) in enumerate(LINES)]
    blank.sort(key=lambda line: line[1] == "")
    catalog = loaded(
        board_repository,
        new_catalog,
        {EN: overall(LINES)},
        {EN: overall(blank)},
        {EN: overall(LINES)},
    )
    assert lost(catalog) == [
        (
            f"published/en {DAYS[1]}",
            "5 of 20 ranked models lost their average but stay listed",
        )
    ]


def test_models_that_leave_have_lost_nothing(board_repository: Make, new_catalog: New) -> None:
    catalog = loaded(board_repository, new_catalog, {EN: overall(LINES)}, {EN: overall(LINES[5:])})
    assert lost(catalog) == []


def law(*names: str) -> dict[str, bytes]:
    scores = dict.fromkeys(names, 50.0)
    return {task_path("law", "Retrieval"): tasks([(name, scores) for name, _ in LINES])}


def test_an_edition_that_comes_back_is_the_current_one_again(
    board_repository: Make, new_catalog: New
) -> None:
    catalog = loaded(
        board_repository, new_catalog, law("A", "B", "C"), law("A", "B"), law("A", "B", "C")
    )
    with catalog.open() as opened:
        found = [(e.n_tasks, e.current, e.n_rows) for e in opened.editions()]
        assert sorted(found) == [(2, False, 0), (3, True, 20)]
        # On each day the one that stood then.
        tasks_then = [opened.board("published/law", day).edition.n_tasks for day in DAYS[:3]]
    assert tasks_then == [3, 2, 3]


def test_a_lead_lasts_until_another_takes_it(board_repository: Make, new_catalog: New) -> None:
    one, two = ("lab/one", 60.0), ("mill/two", 59.0)
    catalog = loaded(
        board_repository,
        new_catalog,
        {EN: overall([one, two])},
        {EN: overall([one, two, ("yard/three", 40.0)])},
        {EN: overall([("mill/two", 60.5), one])},
        {EN: overall([one])},
    )
    with catalog.open() as opened:
        with pytest.deprecated_call():
            leads = opened.leads("published/en")
        by_day = [(lead.model, lead.from_day) for lead in opened.leader_list("published/en")]
    assert by_day == [(lead.model, lead.from_at[:10]) for lead in leads]
    assert [(s.model, s.from_at, s.to_at, s.mean_task, s.margin) for s in leads] == [
        ("lab/one", DAYS[0], DAYS[2], 60.0, 1.0),
        ("mill/two", DAYS[2], DAYS[3], 60.5, 0.5),
        ("lab/one", DAYS[3], ENDED, 60.0, None),
    ]


def test_a_note_holds_for_its_time_only(board_repository: Make, new_catalog: New) -> None:
    repository = board_repository()
    repository.commit(DAYS[0], {EN: overall(LINES)})
    span = BrokenSpan(
        folders=("en",), since=DAYS[2], until=DAYS[4], text=words("half of it is gone")
    )
    catalog = new_catalog().knowing(replace(CURATED, broken_spans=(span,)))
    catalog.take(repository.path)
    catalog.load()
    with catalog.open() as opened:
        notes = [opened.board("published/en", at).note for at in DAYS[1:6]]
    assert [note and note.en for note in notes] == [
        None,
        "half of it is gone",
        "half of it is gone",
        None,
        None,
    ]


def test_a_history_ends_where_a_model_leaves_and_goes_on_where_it_returns(
    board_repository: Make, new_catalog: New
) -> None:
    one, two = ("lab/one", 60.0), ("mill/two", 59.0)
    catalog = loaded(
        board_repository,
        new_catalog,
        {EN: overall([one, two])},
        {EN: overall([one])},
        {EN: overall([one, two])},
    )
    with catalog.open() as opened:
        points = opened.history_list("published/en", "mill/two")
        model = opened.model("mill/two")
    assert [(p.from_at, p.to_at, p.rank) for p in points] == [
        (DAYS[0], DAYS[1], 2),
        (DAYS[2], ENDED, 2),
    ]
    (place,) = model.standings
    assert (place.listed, place.best_rank, place.first_at) == (True, 2, DAYS[0])
