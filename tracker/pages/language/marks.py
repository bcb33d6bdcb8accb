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
from tracker.pages.language.filters import CACHE_SIZE, name, path, plain
from tracker.pages.language.links import PageLocation, anchor
from tracker.pages.language.texts import load_texts

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

    def page_link(self, title: Bilingual, place: str, frame: PageLocation) -> Markup:
        """Link to a page of the site with its title as text."""
        return self._page_link(title, place, frame.ups)

    def _link(self, title: Bilingual, place: str, ups: str) -> Markup:
        return anchor(f"{ups}{path(place)}" or "./", self.said(title))
