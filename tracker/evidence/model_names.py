"""Recognise names of the model that a text is about, and of other models."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.evidence.base_models import bases
from tracker.evidence.cues import names_pattern

_SIZE_OR_VERSION = re.compile(
    r"[-_](?:v?\d[\w.]*|base|small|large|mini|xl|xxl|tiny|instruct|en|zh)$", re.IGNORECASE
)
_LIKE_A_MODEL = re.compile(
    r"[A-Za-z][\w./]*-(?:[\w.]+-)*(?:base|large|small|mini|xl|en|zh|[a-z]?[0-9][\w.]*)\b",
    re.IGNORECASE | re.ASCII,
)
_MODEL_TITLE = re.compile(r"[\w./]+-[\w.]+-[\w.-]+|[\w./]+-[\w.]*[0-9][\w.]*|[\w.-]+/[\w.-]+")
_SHORTEST = 3


class OwnNames:
    """Names of the model for which a text is read."""

    def __init__(self, model: str) -> None:
        """Prepare the search for names of ``model``, a public id."""
        self._name = model.rpartition("/")[2]
        self._of_other: dict[str, bool] = {}  # many passages have the same headings
        self._full = frozenset(name.casefold() for name in (model, self._name))
        self.words = frozenset(re.split(r"[-_/.]", model.casefold()))
        """The words of its id, in lower case."""
        self.pattern = self._pattern(model)
        """Finds its id, its name, and its family, which is the name without size and version."""

    def _pattern(self, model: str) -> re.Pattern[str]:
        # Titles change the case of a name; a family may be an ordinary word in lower case.
        choices = [f"(?i:{re.escape(name)})" for name in dict.fromkeys((model, self._name))]
        family = family_name(self._name)
        if len(family) >= _SHORTEST:
            choices.append(re.escape(family))
        return re.compile(rf"(?a:(?<![\w/-])(?:{'|'.join(choices)})(?![\w-]))")

    def is_named(self, text: str) -> bool:
        """Whether a text contains one of its names."""
        return self.pattern.search(text) is not None

    def is_full(self, name: str) -> bool:
        """Whether a name is its id, or its id without the organisation."""
        return name.casefold() in self._full

    def is_of_other(self, text: str) -> bool:
        """Whether a text names another model, other than as a base."""
        if text in self._of_other:
            return self._of_other[text]
        named = {match[0] for match in _LIKE_A_MODEL.finditer(text) if not self.is_full(match[0])}
        based_on = " ".join(name for _, _, name in bases(text, 0, len(text))) if named else ""
        self._of_other[text] = any(name not in based_on for name in named)
        return self._of_other[text]

    def heads_other(self, section: str) -> bool:
        """Whether the innermost heading of a section is the name of another model."""
        title = section.rpartition(" / ")[2]
        if _MODEL_TITLE.fullmatch(title) is None:
            return False
        return title.rpartition("/")[2].casefold() != self._name.casefold()


class OtherNames:
    """Names of all known models."""

    def __init__(self, models: Sequence[str]) -> None:
        """Prepare the search for ``models``, public ids."""
        names = [name for model in models for name in short_names(model)]
        self._everyone = names_pattern(names)

    def pattern(self, text: str, span: tuple[int, int], own: OwnNames) -> re.Pattern[str] | None:
        """Finds the other models that a sentence names; ``None`` where it names none."""
        if self._everyone is None:
            return None
        named = {match[0] for match in self._everyone.finditer(text, *span)}
        return names_pattern([name for name in named if not own.is_named(name)])


def short_names(model: str) -> tuple[str, ...]:
    """A model's id, its name, and its family."""
    name = model.rpartition("/")[2]
    names = dict.fromkeys((model, name, family_name(name)))
    return tuple(name for name in names if len(name) >= _SHORTEST)


def family_name(name: str) -> str:
    """A model's name without version and size."""
    while (shorter := _SIZE_OR_VERSION.sub("", name)) != name:
        name = shorter
    return name
