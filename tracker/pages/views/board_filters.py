"""By what the lines of a board can be filtered: size, licence, openness, method and languages.

Every line has tokens, ``size:small pool:mean``; a choice is a token. What is not known of a model
has a token of its own, so that nothing is hidden without being asked for.
"""

from __future__ import annotations

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
from tracker.pages.views.facts import metadata_value

SIZES = ((100_000_000, "tiny"), (500_000_000, "small"), (2_000_000_000, "medium"),
         (10_000_000_000, "large"))  # fmt: skip
"""Upper bounds of the classes of size, in parameters; what is above them is ``huge``."""
UNKNOWN = "unknown"
NAMES = ("size", "open", "licence", "pooling", "technique", "language")
"""Filters in the order of the page."""
_TECHNIQUES = ("innovation", "negatives", "objective", "stages")
_LANGUAGES = {
    "eng": "english",
    "en": "english",
    "zho": "chinese",
    "zh": "chinese",
    "cmn": "chinese",
}
_Choice = tuple[str, Bilingual]
Choices = tuple[tuple[str, Sequence[_Choice]], ...]
"""By filter: values with their labels."""


def method_choices(models: Iterable[Model]) -> dict[str, Choices]:
    """What models can be filtered by on every board, by public id."""
    return {model.name: tuple(_of_method(model)) for model in models}


def board_filters(
    rows: Sequence[LeaderboardRow], methods: Mapping[str, Choices]
) -> tuple[tuple[BoardFilter, ...], dict[str, str]]:
    """The filters that have anything to choose, and the tokens of each line by its label.

    Args:
        rows: The lines that have a rank.
        methods: The choices that are the same on all boards, by public id.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in NAMES}
    labels: dict[str, dict[str, Bilingual]] = defaultdict(dict)
    unknown = tuple(_of_method(None))
    chosen = [
        [(its, dict(found)) for its, found in (*_of_line(row), *methods.get(row.model, unknown))]
        for row in rows
    ]
    for its in chosen:
        for name, choices in its:
            counts[name].update(choices.keys())
            labels[name] |= choices
    shown = {name for name in NAMES if len(counts[name]) > 1}
    filters = tuple(
        BoardFilter(name, tuple(_ordered(name, counts[name], labels[name])))
        for name in NAMES
        if name in shown
    )
    tokens = {
        row.label: " ".join(f"{name}:{it}" for name, found in its if name in shown for it in found)
        for row, its in zip(rows, chosen, strict=True)
    }
    return filters, tokens


def _ordered(
    name: str, counts: Counter[str], labels: Mapping[str, Bilingual]
) -> Iterator[FilterChoice]:
    """Sizes in their order, the rest by how many lines have them; what is not known stands last."""
    order = [size for _, size in SIZES] + ["huge"]

    def place(value: str) -> tuple[bool, int, str]:
        rank = order.index(value) if name == "size" and value in order else -counts[value]
        return value == UNKNOWN, rank, value

    for value in sorted(counts, key=place):
        yield FilterChoice(f"{name}:{value}", labels[value], counts[value])


def _of_line(row: LeaderboardRow) -> Iterator[tuple[str, Sequence[_Choice]]]:
    yield "size", [_said("size", size_class(row.parameters))]
    is_open = UNKNOWN if row.open_weights is None else "yes" if row.open_weights else "no"
    yield "open", [_said("open", is_open)]
    yield "licence", [_licence(row.licence)]


def _of_method(model: Model | None) -> Iterator[tuple[str, Sequence[_Choice]]]:
    facts = model.facts if model else ()
    yield "pooling", _terms("pooling", (f for f in facts if f.property == "pooling"))
    yield "technique", _terms("technique", (f for f in facts if f.property in _TECHNIQUES))
    yield "language", _languages(metadata_value(model, "languages") if model else None)


@cache
def _said(name: str, value: str) -> _Choice:
    return value, bilingual(f"filter.{name}_{value}")


def size_class(parameters: int | None) -> str:
    """The class of size that a number of parameters falls into."""
    if parameters is None:
        return UNKNOWN
    return next((size for bound, size in SIZES if parameters < bound), "huge")


@cache
def _licence(licence: str | None) -> _Choice:
    if not licence:
        return _said("licence", UNKNOWN)
    if safe_url(licence):
        return _said("licence", "own")
    return slugify(licence), Bilingual(licence, licence)


def _terms(name: str, facts: Iterable[Fact]) -> list[_Choice]:
    found = [(slugify(fact.value), fact.label) for fact in facts if fact.value != NOT_DOCUMENTED]
    return found or [_said(name, UNKNOWN)]


def _languages(told: object) -> list[_Choice]:
    if not isinstance(told, list) or not told:
        return [_said("language", UNKNOWN)]
    return _spoken(tuple(map(str, told)))


@cache
def _spoken(languages: tuple[str, ...]) -> list[_Choice]:
    codes = {language.partition("-")[0].casefold() for language in languages}
    found = {_LANGUAGES[code] for code in codes & _LANGUAGES.keys()}
    if len(codes) > 1:
        found.add("several")
    return [_said("language", one) for one in sorted(found)] or [_said("language", "other")]
