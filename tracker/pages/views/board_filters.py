"""Filter facets of a board: size, licence, open weights, method and languages.

Every row carries tokens such as ``size:small pooling:mean``, and a choice selects one token. A
missing value has a token too, so that a filter never hides such rows silently.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from tracker.answers.boards import LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.answers.models import Fact, Model
from tracker.common.text import slugify
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.pages.contexts import BoardFilter, FilterChoice
from tracker.pages.language.filters import safe_url
from tracker.pages.language.texts import bilingual
from tracker.pages.language.values import value_name
from tracker.pages.views.facts import fact_label, metadata_value

SIZES = ((100_000_000, "tiny"), (500_000_000, "small"), (2_000_000_000, "medium"),
         (10_000_000_000, "large"))  # fmt: skip
"""Exclusive upper bounds of the size classes, in parameters; larger models are ``huge``."""
UNKNOWN = "unknown"
FACETS = ("size", "open", "licence", "pooling", "technique", "language")
"""Facets in page order."""
_TECHNIQUES = ("innovation", "negatives", "objective", "stages")
_LANGUAGES = {
    **dict.fromkeys(("eng", "en", "english"), "english"),
    **dict.fromkeys(("zho", "zh", "cmn", "chinese", "mandarin chinese"), "chinese"),
}
"""Languages with a choice of their own, by ISO code and by English name, in lower case."""
_NO_LICENCE = ("not specified",)
"""How sources spell a missing licence."""
_SCRIPT = re.compile(r"-.*| \(.*")
"""What follows a language: ``-Latn`` behind a code, ``(Latin)`` behind a name."""
_Choice = tuple[str, Bilingual]
Choices = tuple[tuple[str, Sequence[_Choice]], ...]
"""Values with their labels, by facet."""


def method_choices(models: Iterable[Model]) -> dict[str, Choices]:
    """Return the facets of models that are the same on every board, by model name."""
    return {model.name: tuple(_method_facets(model)) for model in models}


def board_filters(
    rows: Sequence[LeaderboardRow], methods: Mapping[str, Choices]
) -> tuple[tuple[BoardFilter, ...], dict[str, str]]:
    """Return the facets with at least two choices, and the tokens of each row by its label.

    Args:
        rows: Rows that have a rank.
        methods: What ``method_choices`` returned.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    labels: dict[str, dict[str, Bilingual]] = defaultdict(dict)
    unknown = tuple(_method_facets(None))
    facets_of_rows = [
        [
            (name, dict(found))
            for name, found in (*_row_facets(row), *methods.get(row.model, unknown))
        ]
        for row in rows
    ]
    for facets in facets_of_rows:
        for name, choices in facets:
            counts[name].update(choices.keys())
            labels[name] |= choices
    shown = {name for name in FACETS if len(counts[name]) > 1}
    filters = tuple(
        BoardFilter(name, tuple(_ordered(name, counts[name], labels[name])))
        for name in FACETS
        if name in shown
    )
    tokens = {
        row.label: " ".join(
            f"{name}:{value}" for name, found in facets if name in shown for value in found
        )
        for row, facets in zip(rows, facets_of_rows, strict=True)
    }
    return filters, tokens


def _ordered(
    name: str, counts: Counter[str], labels: Mapping[str, Bilingual]
) -> Iterator[FilterChoice]:
    """Order choices: sizes ascending, others by number of rows, unknown values last."""
    order = [size for _, size in SIZES] + ["huge"]

    def position(value: str) -> tuple[bool, int, str]:
        rank = order.index(value) if name == "size" and value in order else -counts[value]
        return value == UNKNOWN, rank, value

    for value in sorted(counts, key=position):
        yield FilterChoice(f"{name}:{value}", labels[value], counts[value])


def _row_facets(row: LeaderboardRow) -> Iterator[tuple[str, Sequence[_Choice]]]:
    yield "size", [_label("size", size_class(row.parameters))]
    is_open = UNKNOWN if row.open_weights is None else "yes" if row.open_weights else "no"
    yield "open", [_label("open", is_open)]
    yield "licence", [_licence(row.licence or row.licence_link)]


def _method_facets(model: Model | None) -> Iterator[tuple[str, Sequence[_Choice]]]:
    facts = model.facts if model else ()
    yield "pooling", _terms("pooling", (f for f in facts if f.property == "pooling"))
    yield "technique", _terms("technique", (f for f in facts if f.property in _TECHNIQUES))
    yield "language", _languages(metadata_value(model, "languages") if model else None)


@cache
def _label(name: str, value: str) -> _Choice:
    return value, bilingual(f"filter.{name}_{value}")


def size_class(parameters: int | None) -> str:
    """Return the size class of a number of parameters."""
    if parameters is None:
        return UNKNOWN
    return next((size for bound, size in SIZES if parameters < bound), "huge")


@cache
def _licence(licence: str | None) -> _Choice:
    if not licence or licence in _NO_LICENCE:
        return _label("licence", UNKNOWN)
    if safe_url(licence):
        return _label("licence", "own")
    return slugify(licence), value_name("licence", licence)


def _terms(name: str, facts: Iterable[Fact]) -> list[_Choice]:
    found = [
        (slugify(fact.value), fact_label(fact)) for fact in facts if fact.value != NOT_DOCUMENTED
    ]
    return found or [_label(name, UNKNOWN)]


def _languages(declared: object) -> list[_Choice]:
    if not isinstance(declared, list) or not declared:
        return [_label("language", UNKNOWN)]
    return _language_choices(tuple(map(str, declared)))


@cache
def _language_choices(languages: tuple[str, ...]) -> list[_Choice]:
    names = {_SCRIPT.sub("", language).casefold() for language in languages}
    found = {_LANGUAGES[name] for name in names & _LANGUAGES.keys()}
    if len(names) > 1:
        found.add("several")
    return [_label("language", name) for name in sorted(found)] or [_label("language", "other")]
