"""Contexts of the three notes: the current edition and the permanent ones of past days."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tracker.answers.boards import Leaderboard, tied_with
from tracker.answers.methods import WrittenComparison
from tracker.answers.models import Fact, Model, StateOfTheArt, StateOfTheArtRow
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.errors import NoDataError
from tracker.pages.contexts import (
    CountedSection,
    Leader,
    NoteEdition,
    StateOfTheArtEntry,
    StateOfTheArtPage,
    StateOfTheArtSection,
    TrainingNotePage,
    TrainingTopic,
    TrainingUse,
)
from tracker.pages.views.boards import (
    FIRST_MONTH,
    FIRST_NOTES,
    Boards,
    board_path,
    month_ends,
    page,
)
from tracker.pages.views.catalog_protocol import CatalogReader
from tracker.pages.views.facts import fact_items, fact_label

ENGLISH, CHINESE, MULTILINGUAL = "mteb-english", "c-mteb", "mteb-multilingual"
NOTES = {
    "sota": ("state-of-the-art/", (ENGLISH, MULTILINGUAL), ()),
    "chinese": ("chinese-models/", (CHINESE,), ("chinese-models",)),
    "training": ("training/", (ENGLISH, CHINESE), ("openai-instructor",)),
}
"""Path, series and essays of each note, by the key of its site words."""

TOPICS = (
    "training_data", "negatives", "objective", "stages", "pooling", "attention", "base_model",
)  # fmt: skip
MOST_USES = 12
"""Values listed per topic; up to twice as many if several leaders use them."""

Answers = Mapping[str, StateOfTheArt]
"""The leaders on a day, by series."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Models, essays, datasets and techniques that notes link to."""

    models: Mapping[str, Model]
    """By model name."""
    essays: tuple[WrittenComparison, ...]
    datasets: frozenset[str]
    techniques: frozenset[str]

    def path(self, name: str, fact: Fact) -> str | None:
        """Return the page of what a fact names, if there is one."""
        if name == "training_data" and fact.value in self.datasets:
            return f"methods/datasets/{fact.value}/"
        if fact.value in self.techniques:
            return f"methods/techniques/{fact.value}/"
        model = self.models.get(fact.value) if name == "base_model" else None
        return f"models/{model.slug}/" if model else None


PastStates = Mapping[str, Mapping[str, Leaderboard]]
"""States of boards with intervals, by day, then by the slug of the edition."""


def note_pages(
    catalog: CatalogReader, boards: Boards, models: Iterable[Model], past: PastStates
) -> Iterator[StateOfTheArtPage | TrainingNotePage]:
    """Yield the current edition of every note, and a permanent one for each day with data.

    Args:
        catalog: Answers who led on a day.
        boards: Present boards, with intervals where they are known.
        models: All models.
        past: Boards of permanent days; the leads of a day without one name no ties.
    """
    subjects = Subjects(
        {model.name: model for model in models},
        catalog.written_comparisons(),
        frozenset(dataset.slug for dataset in catalog.dataset_list()),
        frozenset(technique.term.slug for technique in catalog.technique_list()),
    )
    answers = {day: _answers(catalog, boards, day) for day in (None, *permanent_days(boards))}
    days = {
        name: tuple(day for day, found in answers.items() if day and found.keys() & set(series))
        for name, (_, series, _) in NOTES.items()
    }
    for name in NOTES:
        for day in (None, *days[name]):
            edition = _edition(name, day, days)
            states = past.get(day, {}) if day else boards.states
            yield _note(name, edition, answers[day], subjects, states)


def past_leads(catalog: CatalogReader, boards: Boards) -> Iterator[tuple[str, Leaderboard]]:
    """Yield each permanent day with the board of every series whose leads its notes name."""
    known = {edition.series for edition in boards.editions}
    named = {s for name, (_, series, _) in NOTES.items() if name != "training" for s in series}
    for day in permanent_days(boards):
        for series in sorted(named & known):
            with contextlib.suppress(NoDataError):
                board = catalog.board(series, day)
                if board.asked_at is None:
                    yield day, board


def permanent_days(boards: Boards) -> tuple[str, ...]:
    """Return the days with permanent editions: past month ends, and the day of the first notes."""
    covered = {name for _, series, _ in NOTES.values() for name in series}
    ends = [e.last_at for e in boards.editions if e.series in covered and e.last_at]
    until = max(ends, default="")[:10]
    days = {day for day in month_ends(FIRST_MONTH, until) if day <= until}
    return tuple(sorted({*days, FIRST_NOTES}))


def _answers(catalog: CatalogReader, boards: Boards, day: str | None) -> Answers:
    """Return the leaders on a day of every series that has any."""
    known = {edition.series for edition in boards.editions}
    found = {}
    for series in dict.fromkeys(name for _, names, _ in NOTES.values() for name in names):
        if series in known:
            with contextlib.suppress(NoDataError):
                answer = catalog.state_of_the_art(series, day)
                # A day after the last known one has no state of its own.
                if day is None or answer.leaderboard.asked_at is None:
                    # The present edition does not depend on when it was asked for.
                    board = replace(answer.leaderboard, asked_at=None)
                    found[series] = replace(answer, leaderboard=board)
    return {series: answer for series, answer in found.items() if answer.rows}


def _edition(name: str, day: str | None, days: Mapping[str, tuple[str, ...]]) -> NoteEdition:
    others = tuple(
        (other, path + (f"{day}/" if day in days[other] else ""))
        for other, (path, _, _) in NOTES.items()
        if other != name
    )
    return NoteEdition(name, NOTES[name][0], day, days[name], others)


def _note(
    name: str,
    edition: NoteEdition,
    answers: Answers,
    subjects: Subjects,
    states: Mapping[str, Leaderboard],
) -> StateOfTheArtPage | TrainingNotePage:
    """Build one edition of one note."""
    path, series, essays = NOTES[name]
    day = edition.day
    heading = page(f"{path}{day}/", f"{name}_day", day=day) if day else page(path, name)
    found = [answers[name] for name in series if name in answers]
    written = tuple(essay for essay in subjects.essays if essay.slug in essays)
    if name != "training":
        sections = tuple(_section(answer, states) for answer in found)
        return StateOfTheArtPage(heading, edition, sections, written)
    rows = {row.model: row for answer in reversed(found) for row in answer.rows}
    topics = tuple(topic for topic in (_topic(t, rows, subjects) for t in TOPICS) if topic.uses)
    counted = tuple(_counted(answer.leaderboard, len(answer.rows)) for answer in found)
    return TrainingNotePage(heading, edition, counted, len(rows), topics, written)


def _section(answer: StateOfTheArt, states: Mapping[str, Leaderboard]) -> StateOfTheArtSection:
    state = states.get(answer.leaderboard.edition.slug)
    return StateOfTheArtSection(
        answer.leaderboard,
        board_path(answer.leaderboard.edition),
        tuple(_entry(row) for row in answer.rows),
        sum(row.documented for row in answer.rows),
        tied_with(state.rows, answer.rows[0].model) if state else (),
    )


def _counted(board: Leaderboard, n_models: int) -> CountedSection:
    return CountedSection(replace(board, rows=()), board_path(board.edition), n_models)


def _entry(row: StateOfTheArtRow) -> StateOfTheArtEntry:
    groups = (row.innovations, row.pooling, row.training_data)
    return StateOfTheArtEntry(row, *(fact_items(facts) for facts in groups))


def _topic(name: str, rows: Mapping[str, StateOfTheArtRow], subjects: Subjects) -> TrainingTopic:
    """Count the values of one training property over the leaders."""
    users: dict[str, list[Leader]] = defaultdict(list)
    facts: dict[str, Fact] = {}
    for row in sorted(rows.values(), key=lambda row: (row.rank, row.model)):
        model, leader = subjects.models.get(row.model), Leader(row.model, row.slug)
        for fact in model.facts if model else ():
            counts = fact.property == name and fact.value != NOT_DOCUMENTED
            if counts and leader not in users[fact.value]:
                facts.setdefault(fact.value, fact)
                users[fact.value].append(leader)
    ordered = sorted(users, key=lambda value: (-len(users[value]), facts[value].label.en))
    listed = [
        value
        for number, value in enumerate(ordered)
        if number < MOST_USES or (len(users[value]) > 1 and number < 2 * MOST_USES)
    ]
    return TrainingTopic(
        name,
        tuple(
            TrainingUse(
                fact_label(facts[value]), subjects.path(name, facts[value]), tuple(users[value])
            )
            for value in listed
        ),
        len(ordered) - len(listed),
        len({leader for leaders in users.values() for leader in leaders}),
    )
