"""Placeholders for words, so that a page is rendered once and then translated.

Most of a page is the same in every language: numbers, names, links. Templates write a mark where
languages differ; replacing the marks with the words of one language gives the page in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import orjson
from markupsafe import Markup, escape

from tracker.answers.boards import Bilingual
from tracker.pages.language.filters import (
    CACHE_SIZE,
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
from tracker.pages.language.texts import load_texts
from tracker.pages.language.values import PROPERTY_KINDS, chinese_names, value_name

_OPEN, _CLOSE = "\x02", "\x03"
"""Delimiters around the number of a mark; neither may occur in HTML."""
_MARK = re.compile(f"{_OPEN}(\\d{{1,9}}){_CLOSE}")


class Words:
    """Site words of some languages as template filters, and the marks that stand for them."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._texts = [load_texts(language) for language in languages]
        self._known: dict[tuple[str, ...], Markup] = {}
        self._marked: list[tuple[str, ...]] = []
        # The same words, titles and links recur on many pages.
        cached = lru_cache(maxsize=CACHE_SIZE)
        self._page_link = cached(self._link)
        self.filters = {
            # Typed, because Markup and an unescaped string may compare equal.
            "t": lru_cache(maxsize=CACHE_SIZE, typed=True)(self.words),
            "term": cached(self.term),
            "words_json": self.words_json,
            "said": cached(self.said),
            "said_plain": self.said_plain,
            "page_link": self.page_link,
            "value_name": cached(self.value_name),
            "licence": cached(self.licence),
            "value": self.value,
            "value_names_json": self.value_names_json,
        }

    def __contains__(self, key: str) -> bool:
        return key in self._texts[0]

    def either(self, versions: Iterable[str]) -> Markup:
        """Return HTML that is the same in all languages, or a mark that stands for all versions.

        Args:
            versions: HTML in each language, in the order of the languages.
        """
        texts = tuple(self.put_in(text, number) for number, text in enumerate(versions))
        if len(set(texts)) == 1:
            return Markup(texts[0])  # noqa: S704 - HTML already
        if texts not in self._known:
            self._known[texts] = Markup(f"{_OPEN}{len(self._marked)}{_CLOSE}")  # noqa: S704
            self._marked.append(texts)
        return self._known[texts]

    def put_in(self, text: str, language: int) -> str:
        """Replace the marks in rendered HTML; ``language`` is the index of a language."""
        if _OPEN not in text:
            return text

        def of_language(mark: re.Match[str]) -> str:
            number = int(mark[1])
            # Untrusted text may look like a mark.
            return self._marked[number][language] if number < len(self._marked) else mark[0]

        return _MARK.sub(of_language, text)

    def words(self, key: str, **values: object) -> Markup:
        """Return the words for a key, with ``values`` escaped and filled in."""
        return self.either(texts(key, **values) for texts in self._texts)

    def term(self, value: str, group: str) -> Markup:
        """Return the words of a group for a value, or the value itself if there are none."""
        key = f"{group}.{value}"
        return self.words(key) if key in self else name(value)

    def words_json(self, keys: Mapping[str, str]) -> Markup:
        """Return words as JSON for scripts; ``keys`` maps names in the script to word keys."""
        return self.either(
            escape(orjson.dumps({key: texts.plain(words) for key, words in keys.items()}).decode())
            for texts in self._texts
        )

    def said(self, text: Bilingual) -> Markup:
        """Escape a bilingual text and isolate its text direction."""
        return self.either(name(texts.say(text)) for texts in self._texts)

    def said_plain(self, text: Bilingual) -> Markup:
        """Escape a bilingual text for attributes and options."""
        return self.either(escape(plain(texts.say(text))) for texts in self._texts)

    def value_name(self, value: str, kind: str) -> Markup:
        """Return the name of a value in each language; ``kind`` is a group of its file."""
        return self.said(value_name(kind, value))

    def value_names_json(self, properties: Sequence[str]) -> Markup:
        """Return the names of property values as JSON for scripts: property, value, name."""
        tables = {name: chinese_names()[PROPERTY_KINDS.get(name, name)] for name in properties}
        return self.either(
            escape(orjson.dumps(tables if texts.language == "zh" else {}).decode())
            for texts in self._texts
        )

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
            return self.words("word.comma").join(shown) or escape(MISSING)
        if isinstance(raw, dict):
            pairs = (self._pair(key, item) for key, item in raw.items())
            return self.words("word.comma").join(pairs) or escape(MISSING)
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
        return self._page_link(title, place, frame.ups)

    def _link(self, title: Bilingual, place: str, ups: str) -> Markup:
        return anchor(f"{ups}{path(place)}" or "./", self.said(title))
