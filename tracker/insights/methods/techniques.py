"""Techniques: which models use them, since when, and their share among the leaders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from tracker.answers.methods import Technique, TechniqueUse
from tracker.answers.models import Fact
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.common.checks import check_type
from tracker.common.text import did_you_mean
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.errors import NotFoundError
from tracker.insights.methods.adoption import firsts_of, read_tops, share_of, shares_of
from tracker.insights.methods.datasets import trained_on
from tracker.insights.models.model import read_facts, read_terms
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
    leaders = read_tops(reader, SERIES, TOP)
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
        shares = tuple(share_of(top, by_model) for top in leaders)
        found.append(
            Technique(
                term,
                tuple(uses),
                uses[0].released,
                shares,
                firsts_of(reader, by_model),
                shares_of(reader, by_model),
            )
        )
    return tuple(
        sorted(
            found,
            key=lambda technique: (-len(technique.uses), technique.term.group, technique.term.slug),
        )
    )


def read_technique(reader: Reader, name: str) -> Technique:
    """Read one term by slug, label or a phrase that means it, in either language.

    Raises:
        NotFoundError: There is no such term, or no model uses it.
    """
    check_type("technique", name, str)
    slug = find_term(reader, name)
    for technique in read_techniques(reader):
        if technique.term.slug == slug:
            return technique
    raise NotFoundError(f"no model is known to use {slug!r}", remedy="see: tracker techniques")


def _released(facts: Iterable[Fact]) -> str | None:
    return next((f.value for f in facts if f.property == "released" and f.value[0].isdigit()), None)


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
