"""Template filters that show the words of one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import orjson
from markupsafe import Markup, escape

from tracker.answers.common import Bilingual
from tracker.common.languages import language_name
from tracker.pages.language.filters import (
    CACHE_SIZE,
    LONGEST_TEXT,
    MISSING,
    count,
    name,
    parameters,
    path,
    place,
    plain,
    safe_url,
)
from tracker.pages.language.links import PageLocation, anchor
from tracker.pages.language.texts import Texts
from tracker.pages.language.values import PROPERTY_KINDS, chinese_names, value_name

_FEW, _MANY = 3, 12
"""Languages that a cell and a line name at most."""


class Words:
    """The words of one language, as filters for templates."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.filters = {
            # Typed, because HTML and an equal text to escape would share an entry.
            "t": lru_cache(maxsize=CACHE_SIZE, typed=True)(texts),
            "term": self.term,
            "words_json": self.words_json,
            "said": self.said,
            "said_plain": self.said_plain,
            "page_link": self.page_link,
            "value_name": self.value_name,
            "few_languages": self.few_languages,
            "language_names": self.language_names,
            "licence": self.licence,
            "value": self.value,
            "value_names_json": self.value_names_json,
        }

    def term(self, value: str, group: str) -> Markup:
        """Return the words of a group for a value, or the value itself if there are none."""
        key = f"{group}.{value}"
        return self._texts(key) if key in self._texts else name(value)

    def words_json(self, keys: Mapping[str, str]) -> Markup:
        """Return words as JSON for scripts; ``keys`` maps names in the script to word keys."""
        words = {name: self._texts.plain(key) for name, key in keys.items()}
        return escape(orjson.dumps(words).decode())

    def said(self, text: Bilingual) -> Markup:
        """Escape a bilingual text, whole, and isolate its text direction."""
        return name(self._texts.say(text), LONGEST_TEXT)

    def said_plain(self, text: Bilingual) -> Markup:
        """Escape a bilingual text for attributes and options."""
        return escape(plain(self._texts.say(text)))

    def value_name(self, value: str, kind: str) -> Markup:
        """Return the name of a value; ``kind`` is a group of its file."""
        return self.said(value_name(kind, value))

    def value_names_json(self, properties: Sequence[str]) -> Markup:
        """Return the names of property values as JSON for scripts: property, value, name."""
        if self._texts.language != "zh":
            return Markup("{}")
        tables = {name: chinese_names()[PROPERTY_KINDS.get(name, name)] for name in properties}
        return escape(orjson.dumps(tables).decode())

    def few_languages(self, codes: Sequence[str]) -> Markup:
        """Return the names of up to three languages; of more the first and their number."""
        names = self._languages(codes)
        return self._listed(names, len(names) if len(names) <= _FEW else 1)

    def language_names(self, codes: Sequence[str]) -> Markup:
        """Return the names of some languages; of many the first ones and their number."""
        return self._listed(self._languages(codes), _MANY)

    def _languages(self, codes: Sequence[str]) -> list[str]:
        own = self._texts.language
        return list(dict.fromkeys(language_name(code, own) for code in codes))

    def _listed(self, names: list[str], most: int) -> Markup:
        shown = self._texts("word.comma").join(map(name, names[:most]))
        if len(names) <= most:
            return shown
        return self._texts("word.more_languages", names=shown, n=len(names))

    def licence(self, licence: str | None) -> Markup:
        """Return a licence's name, or a link to its text if the source gives only an address."""
        if not licence:
            return escape(MISSING)
        address = safe_url(licence)
        if address is None:
            return self.value_name(licence, "licence")
        return anchor(address, place(licence), ' rel="noopener nofollow"')

    def value(self, raw: object, property_name: str = "") -> Markup:
        """Format and escape a metadata value of any type; a negative number means unknown."""
        if isinstance(raw, bool) or raw in ("True", "False"):
            return Markup("✓") if raw in (True, "True") else Markup("✗")
        if isinstance(raw, int):
            return self._number(raw, property_name)
        if isinstance(raw, list | tuple | set | frozenset):
            shown = (self.value(item, property_name) for item in raw)
            return self._texts("word.comma").join(shown) or escape(MISSING)
        if isinstance(raw, dict):
            pairs = (self._pair(key, item) for key, item in raw.items())
            return self._texts("word.comma").join(pairs) or escape(MISSING)
        if isinstance(raw, str) and safe_url(raw):
            return self.licence(raw)
        if isinstance(raw, str) and property_name in PROPERTY_KINDS:
            return self.value_name(raw, PROPERTY_KINDS[property_name])
        return escape(MISSING) if raw is None else name(raw)

    def _number(self, value: int, property_name: str) -> Markup:
        if value < 0:
            return escape(MISSING)
        if property_name.endswith("parameters"):
            return escape(f"{parameters(value)} ({count(value)})")
        return escape(count(value))

    def _pair(self, key: str, value: object) -> Markup:
        return Markup("{}: {}").format(name(key), self.value(value))

    def page_link(self, title: Bilingual, place: str, frame: PageLocation) -> Markup:
        """Link to a page of the site with its title as text."""
        return anchor(f"{frame.ups}{path(place)}" or "./", self.said(title))
