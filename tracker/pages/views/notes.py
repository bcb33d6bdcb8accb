"""The contexts of the three notes, the present edition and those of the days that stay."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tracker.answers.boards import Leaderboard
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
from tracker.pages.views.catalog_protocol import Reading
from tracker.pages.views.facts import fact_lines

ENGLISH, CHINESE, MULTILINGUAL = "mteb-english", "c-mteb", "mteb-multilingual"
NOTES = {
    "sota": ("state-of-the-art/", (ENGLISH, MULTILINGUAL), ()),
    "chinese": ("chinese-models/", (CHINESE,), ("chinese-models",)),
    "training": ("training/", (ENGLISH, CHINESE), ("openai-instructor",)),
}
"""By the group of its words: where a note is, whose leaders it tells of, which essays it names."""

TOPICS = (
    "training_data", "negatives", "objective", "stages", "pooling", "attention", "base_model",
)  # fmt: skip
MOST_USES = 12

Answers = Mapping[str, StateOfTheArt]
"""The leaders of a day, by series."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the notes point to."""

    models: Mapping[str, Model]
    """By public id."""
    essays: tuple[WrittenComparison, ...]
    datasets: frozenset[str]
    techniques: frozenset[str]

    def path(self, name: str, fact: Fact) -> str | None:
        """The page of what a fact names."""
        if name == "training_data" and fact.value in self.datasets:
            return f"methods/datasets/{fact.value}/"
        if fact.value in self.techniques:
            return f"methods/techniques/{fact.value}/"
        model = self.models.get(fact.value) if name == "base_model" else None
        return f"models/{model.slug}/" if model else None


def note_pages(
    catalog: Reading, boards: Boards, models: Iterable[Model]
) -> Iterator[StateOfTheArtPage | TrainingNotePage]:
    """Every note, now and on the days that stay and for which there is data."""
    subjects = Subjects(
        {its.name: its for its in models},
        catalog.written_comparisons(),
        frozenset(its.slug for its in catalog.dataset_list()),
        frozenset(its.term.slug for its in catalog.technique_list()),
    )
    answers = {day: _answers(catalog, boards, day) for day in (None, *permanent_days(boards))}
    days = {
        name: tuple(day for day, told in answers.items() if day and told.keys() & set(series))
        for name, (_, series, _) in NOTES.items()
    }
    for name in NOTES:
        for day in (None, *days[name]):
            edition = _edition(name, day, days)
            yield _note(name, edition, answers[day], subjects)


def permanent_days(boards: Boards) -> tuple[str, ...]:
    """The days of which the notes stay: month ends that the boards reach, and the first notes'."""
    told = {its for _, series, _ in NOTES.values() for its in series}
    ends = [e.last_at for e in boards.editions if e.series in told and e.last_at]
    until = max(ends, default="")[:10]
    days = {day for day in month_ends(FIRST_MONTH, until) if day <= until}
    return tuple(sorted({*days, FIRST_NOTES}))


def _answers(catalog: Reading, boards: Boards, day: str | None) -> Answers:
    """The leaders of every series of the notes that has any on a day."""
    known = {edition.series for edition in boards.editions}
    found = {}
    for series in dict.fromkeys(its for _, told, _ in NOTES.values() for its in told):
        if series in known:
            with contextlib.suppress(NoDataError):
                answer = catalog.state_of_the_art(series, day)
                # A day after the last one that is known has no state of its own.
                if day is None or answer.leaderboard.asked_at is None:
                    found[series] = answer
    return {series: answer for series, answer in found.items() if answer.rows}


def _edition(name: str, day: str | None, days: Mapping[str, tuple[str, ...]]) -> NoteEdition:
    others = tuple(
        (other, path + (f"{day}/" if day in days[other] else ""))
        for other, (path, _, _) in NOTES.items()
        if other != name
    )
    return NoteEdition(name, NOTES[name][0], day, days[name], others)


def _note(
    name: str, edition: NoteEdition, answers: Answers, subjects: Subjects
) -> StateOfTheArtPage | TrainingNotePage:
    """One edition of one note."""
    path, series, essays = NOTES[name]
    day = edition.day
    where = page(f"{path}{day}/", f"{name}_day", day=day) if day else page(path, name)
    told = [answers[its] for its in series if its in answers]
    written = tuple(its for its in subjects.essays if its.slug in essays)
    if name != "training":
        return StateOfTheArtPage(where, edition, tuple(map(_section, told)), written)
    rows = {row.model: row for answer in reversed(told) for row in answer.rows}
    topics = tuple(its for its in (_topic(t, rows, subjects) for t in TOPICS) if its.uses)
    counted = tuple(_counted(answer.leaderboard, len(answer.rows)) for answer in told)
    return TrainingNotePage(where, edition, counted, len(rows), topics, written)


def _section(answer: StateOfTheArt) -> StateOfTheArtSection:
    return StateOfTheArtSection(
        answer.leaderboard,
        board_path(answer.leaderboard.edition),
        tuple(_entry(row) for row in answer.rows),
        sum(row.documented for row in answer.rows),
    )


def _counted(board: Leaderboard, n_models: int) -> CountedSection:
    return CountedSection(replace(board, rows=()), board_path(board.edition), n_models)


def _entry(row: StateOfTheArtRow) -> StateOfTheArtEntry:
    lines = (fact_lines(its) for its in (row.innovations, row.pooling, row.training_data))
    return StateOfTheArtEntry(row, *lines)


def _topic(name: str, rows: Mapping[str, StateOfTheArtRow], subjects: Subjects) -> TrainingTopic:
    """What some leaders have in common in one property of their training."""
    users: dict[str, list[Leader]] = defaultdict(list)
    facts: dict[str, Fact] = {}
    for row in sorted(rows.values(), key=lambda its: (its.rank, its.model)):
        model, leader = subjects.models.get(row.model), Leader(row.model, row.slug)
        for fact in model.facts if model else ():
            told = fact.property == name and fact.value != NOT_DOCUMENTED
            if told and leader not in users[fact.value]:
                facts.setdefault(fact.value, fact)
                users[fact.value].append(leader)
    ordered = sorted(users, key=lambda value: (-len(users[value]), facts[value].label.en))
    listed = [
        value
        for place, value in enumerate(ordered)
        if place < MOST_USES or (len(users[value]) > 1 and place < 2 * MOST_USES)
    ]
    return TrainingTopic(
        name,
        tuple(
            TrainingUse(facts[its].label, subjects.path(name, facts[its]), tuple(users[its]))
            for its in listed
        ),
        len(ordered) - len(listed),
        len({leader for its in users.values() for leader in its}),
    )
