"""Model pages: size class, tasks it was trained on, departures and latest change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import median

from lxml import html

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.history import Change, HistoryPoint
from tracker.answers.models import MetadataValue, Model
from tracker.pages.views import boards as views
from tracker.pages.views.board_filters import size_class
from tracker.pages.views.models import ModelAnswers, model_page
from tracker.pages.views.profiles import read_profiles


def first(fake: FakeCatalog) -> Model:
    return next(iter(fake.all_models()))


def answers(fake: FakeCatalog, **changed: object) -> ModelAnswers:
    plain = ModelAnswers({its.slug: its for its in fake.editions()}, {}, {}, {}, {}, {}, {}, {})
    return replace(plain, **changed)  # type: ignore[arg-type]


def test_a_profile_compares_with_ranked_models_of_its_size() -> None:
    fake = FakeCatalog()
    boards = views.read_boards(fake)
    profiles = read_profiles(boards)
    edition = boards.of_series("mteb-english")
    assert edition
    rows = [row for row in boards.states[edition.slug].rows if row.rank is not None]
    for row in rows:
        peers = [its for its in rows if size_class(its.parameters) == size_class(row.parameters)]
        expected = {
            kind: (mean, median(its.task_types[kind] for its in peers if kind in its.task_types))
            for kind, mean in row.task_types.items()
        }
        found = [its for its in profiles.get(row.model, ()) if its.title == edition.title]
        assert bool(found) == (len(peers) > 1)
        for its in found:
            assert its.n_class == len(peers)
            assert {line.task_type: (line.mean, line.median) for line in its.rows} == expected


def test_trained_tasks_are_declared_tasks_of_leading_boards() -> None:
    fake = FakeCatalog()
    model = first(fake)
    edition = next(its for its in fake.editions() if its.series == "mteb-english" and its.tasks)
    declared = MetadataValue(
        "training_datasets", [edition.tasks[0], "NoSuchTask"], "source", "https://example.org",
        "2026-06-01T00:00:00Z", None, None,
    )  # fmt: skip
    page = model_page(replace(model, metadata=(declared,)), answers(fake))
    assert {its.tasks for its in page.trained_tasks} == {(edition.tasks[0],)}
    assert model_page(replace(model, metadata=()), answers(fake)).trained_tasks == ()


def test_a_former_board_gives_the_reason_if_known() -> None:
    fake = FakeCatalog()
    model = first(fake)
    gone = replace(model.standings[0], listed=False)
    left = Change(gone.series, gone.edition, "left", model.name, model.slug, 1, None, 70.0, None,
                  "2026-08-20T00:00:00Z", ("deleted",))  # fmt: skip
    known = answers(fake, left={(model.name, gone.edition): left})
    changed = replace(model, standings=(gone,))
    assert [its.left for its in model_page(changed, known).former] == [left]
    assert [its.left for its in model_page(changed, answers(fake)).former] == [None]


def test_the_last_change_is_the_newest_of_all_boards() -> None:
    fake = FakeCatalog()
    model = first(fake)
    one, *others = model.standings
    points = [
        HistoryPoint(its.edition, day, None, 1, 70.0, None, 3, its.edition_slug)
        for its, day in zip((one, *others), ("2026-07-01", "2026-06-01"), strict=False)
    ]
    page = model_page(model, answers(fake, history={model.name: points}))
    assert page.last_change
    assert (page.last_change.at, page.last_change.title) == ("2026-07-01", one.title)
    assert model_page(model, answers(fake)).last_change is None


def test_a_model_page_has_the_bibtex_of_its_papers(built: Path, fake: FakeCatalog) -> None:
    model = first(fake)
    tree = html.document_fromstring((built / f"models/{model.slug}/index.html").read_text("utf-8"))
    known = {its.arxiv_id for its in fake.paper_list()}
    told = tree.xpath("string(//pre[@class='et-bibtex'])")
    assert [its.arxiv_id in told for its in model.papers] == [
        its.arxiv_id in known for its in model.papers
    ]
