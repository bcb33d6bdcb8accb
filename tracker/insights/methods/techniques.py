"""Techniques: which models use them, since when, and their share among the leaders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import orjson

from tracker.answers.boards import Leaderboard
from tracker.answers.methods import Technique, TechniqueShare, TechniqueUse
from tracker.answers.models import Fact
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.common.text import did_you_mean
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.boards.board import read_board
from tracker.insights.boards.query import BoardQuery
from tracker.insights.methods.datasets import trained_on
from tracker.insights.models.model import read_facts, read_present_ids, read_terms
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader, memoised

SERIES = "mteb-english"
TOP = 20
_GROUP_OF = {
    "pooling": "pooling",
    "attention": "attention",
    "instructions": "instructions",
    "objective": "objective",
    "negatives": "negatives",
    "training_data": "data",
    "stages": "stage",
}
"""Vocabulary group of each property; an innovation may be a term of any group."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on models, all of which must hold."""

    pooling: str | None = None
    technique: str | None = None
    objective: str | None = None
    base: str | None = None
    trained_on: str | None = None


@memoised
def read_techniques(reader: Reader) -> tuple[Technique, ...]:
    """Read every term that some model uses, the most used first."""
    names = {id_: (row.name, row.slug) for id_, row in read_names(reader).items()}
    terms = read_terms(reader)
    facts = read_facts(reader)
    released = {model: _released(known) for model, known in facts.items()}
    used: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for model, known in facts.items():
        for fact in known:
            if fact.value != NOT_DOCUMENTED:
                used[fact.value][model].append(fact.property)
    leaders = list(_leaders(reader, facts))
    found = []
    for term in terms:
        by_model = {
            model: properties
            for model, properties in used.get(term.slug, {}).items()
            if any(_GROUP_OF.get(name, term.group) == term.group for name in properties)
        }
        if not by_model:
            continue
        uses = [
            TechniqueUse(*names[model], tuple(dict.fromkeys(properties)), released[model])
            for model, properties in by_model.items()
        ]
        uses.sort(key=lambda use: (use.released or "9", use.model))
        shares = [
            TechniqueShare(at, sum(model in by_model for model in top), len(top))
            for at, top in leaders
        ]
        found.append(Technique(term, tuple(uses), uses[0].released, tuple(shares)))
    return tuple(
        sorted(
            found,
            key=lambda technique: (-len(technique.uses), technique.term.group, technique.term.slug),
        )
    )


def _released(facts: Iterable[Fact]) -> str | None:
    return next((f.value for f in facts if f.property == "released" and f.value[0].isdigit()), None)


def _leaders(reader: Reader, facts: Mapping[int, object]) -> Iterator[tuple[str, list[int]]]:
    """Yield the documented models of the board's top at the end of each quarter, and now.

    A quarter without a new state is left out. Facts are stored under a model's present name, which
    also counts for its copies.
    """
    present = read_present_ids(reader)
    ids = {row.name: id_ for id_, row in read_names(reader).items()}
    seen = ""
    for at in _quarter_ends(reader):
        try:
            board: Leaderboard = read_board(reader, BoardQuery(SERIES, at, top=TOP))
        except (NoDataError, NotFoundError):
            continue  # the board did not exist yet, or this catalog has none
        day = board.published_at[:10]
        if day == seen:
            continue
        seen = day
        wanted = (ids[row.model] for row in board.rows if row.rank is not None)
        top = [model if model in facts else present.get(model, model) for model in wanted]
        yield day, [model for model in top if model in facts]


def _quarter_ends(reader: Reader) -> Iterator[str]:
    """Yield the last moments of all quarters of the series; of the present one, now."""
    now = reader.now
    known = [e.first_at for e in reader.editions.editions if e.series == SERIES and e.first_at]
    for year in range(int(min(known, default=now)[:4]), int(now[:4]) + 1):
        for day in ("03-31", "06-30", "09-30", "12-31"):
            at = f"{year}-{day}T23:59:59Z"
            yield min(at, now)
            if at >= now:
                return


def matching_models(reader: Reader, wanted: Filter) -> set[str] | None:
    """Names of the models that fulfil all conditions; ``None`` without conditions.

    Raises:
        NotFoundError: A condition has an unknown name; the nearest names are suggested.
    """
    facts = read_facts(reader)
    sets: list[set[int]] = []
    for asked, properties in (
        (wanted.pooling, ("pooling",)),
        (wanted.objective, ("objective",)),
        (wanted.technique, (*_GROUP_OF, "innovation")),
    ):
        if asked is not None:
            group = properties[0] if len(properties) == 1 else None
            slug = find_term(reader, asked, group)
            sets.append(_having(facts, properties, slug))
    if wanted.base is not None:
        sets.append(_based_on(facts, wanted.base))
    if wanted.trained_on is not None:
        sets.append(trained_on(reader, wanted.trained_on))
    if not sets:
        return None
    chosen = set.intersection(*sets)
    return {row.name for id_, row in read_names(reader).items() if id_ in chosen}


def _having(facts: Mapping[int, Iterable[Fact]], properties: Iterable[str], slug: str) -> set[int]:
    among = set(properties)
    return {
        model
        for model, known in facts.items()
        if any(fact.property in among and fact.value == slug for fact in known)
    }


def _based_on(facts: Mapping[int, Iterable[Fact]], name: str) -> set[int]:
    """Models whose base model has a text in its name, in any case.

    Raises:
        NotFoundError: No base model has.
    """
    bases = {
        model: [f.value for f in known if f.property == "base_model" and f.value != NOT_DOCUMENTED]
        for model, known in facts.items()
    }
    found = {
        model
        for model, values in bases.items()
        if any(name.casefold() in value.casefold() for value in values)
    }
    if not found:
        known = sorted({value for values in bases.values() for value in values})
        raise NotFoundError(f"no base model like {name!r}", remedy=did_you_mean(name, known))
    return found


def find_term(reader: Reader, asked: str, group: str | None = None) -> str:
    """Find the slug of a term by slug, by label in either language, or by a phrase that means it.

    Args:
        reader: The open catalog.
        asked: The name as typed.
        group: Only terms of this group; all by default.

    Raises:
        NotFoundError: There is no such term; the nearest ones are suggested.
    """
    rows = [row for row in knowledge_queries.cues(reader.connection) if group in (None, row.group)]
    wanted = _plain(asked)
    for names in (
        lambda row: (row.slug,),
        lambda row: (row.label_en, row.label_zh),
        lambda row: orjson.loads(row.cues or "[]"),
    ):
        for row in rows:
            if wanted in map(_plain, names(row)):
                return str(row.slug)
    raise NotFoundError(
        f"no {group or 'technique'} called {asked!r}",
        remedy=did_you_mean(asked, (row.slug for row in rows), "see: tracker techniques"),
    )


def _plain(text: str) -> str:
    return text.casefold().replace("-", " ").strip()
