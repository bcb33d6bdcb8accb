"""Words in all languages at once: a page is rendered once, and each language fills in its own.

Nearly all of a page is the same in every language: numbers, names, links. So templates put marks
where languages differ, and the rendered page becomes that of a language when its words are put in
their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import orjson
from markupsafe import Markup, escape

from tracker.answers.common import Bilingual
from tracker.pages.language.filters import NAMES, name, path, plain
from tracker.pages.language.links import Standing, anchor
from tracker.pages.language.texts import load_texts

_OPEN, _CLOSE = "\x02", "\x03"
"""Around the number of a mark; HTML can hold neither of them."""
_MARK = re.compile(f"{_OPEN}(\\d{{1,9}}){_CLOSE}")


class Words:
    """The words of some languages, as filters for templates, and the marks that stand for them."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._texts = [load_texts(language) for language in languages]
        self._known: dict[tuple[str, ...], Markup] = {}
        self._marked: list[tuple[str, ...]] = []
        # The same words, titles and links stand on many pages, and several times on most.
        often = lru_cache(maxsize=NAMES)
        self._page_link = often(self._link)
        self.filters = {
            # Typed, because HTML and a text to escape may be equal.
            "t": lru_cache(maxsize=NAMES, typed=True)(self.words),
            "term": often(self.term),
            "words_json": self.words_json,
            "said": often(self.said),
            "said_plain": self.said_plain,
            "page_link": self.page_link,
        }

    def __contains__(self, key: str) -> bool:
        return key in self._texts[0]

    def either(self, said: Iterable[str]) -> Markup:
        """One HTML text or its mark, from that of each language, in their order."""
        texts = tuple(self.put_in(text, its) for its, text in enumerate(said))
        if len(set(texts)) == 1:
            return Markup(texts[0])  # noqa: S704 - HTML already
        if texts not in self._known:
            self._known[texts] = Markup(f"{_OPEN}{len(self._marked)}{_CLOSE}")  # noqa: S704
            self._marked.append(texts)
        return self._known[texts]

    def put_in(self, text: str, language: int) -> str:
        """A rendered text with the words of one language, given by its number."""
        if _OPEN not in text:
            return text

        def of_language(mark: re.Match[str]) -> str:
            number = int(mark[1])
            # A stranger's text may look like a mark.
            return self._marked[number][language] if number < len(self._marked) else mark[0]

        return _MARK.sub(of_language, text)

    def words(self, key: str, **values: object) -> Markup:
        """The hand-written words for a key, with escaped values in their places."""
        return self.either(texts(key, **values) for texts in self._texts)

    def term(self, value: str, group: str) -> Markup:
        """The words of a group for a value; the value itself where there are none."""
        key = f"{group}.{value}"
        return self.words(key) if key in self else name(value)

    def words_json(self, keys: Mapping[str, str]) -> Markup:
        """Words by their names as JSON, for scripts; ``keys`` says which."""
        return self.either(
            escape(orjson.dumps({its: texts.plain(key) for its, key in keys.items()}).decode())
            for texts in self._texts
        )

    def said(self, text: Bilingual) -> Markup:
        """What was written in all languages, isolated as a name is."""
        return self.either(name(texts.say(text)) for texts in self._texts)

    def said_plain(self, text: Bilingual) -> Markup:
        """What was written in all languages, for attributes and options."""
        return self.either(escape(plain(texts.say(text))) for texts in self._texts)

    def page_link(self, title: Bilingual, place: str, frame: Standing) -> Markup:
        """A link to a page of the site, under its title."""
        return self._page_link(title, place, frame.ups)

    def _link(self, title: Bilingual, place: str, ups: str) -> Markup:
        return anchor(f"{ups}{path(place)}" or "./", self.said(title))
