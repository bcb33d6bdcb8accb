"""Template filters that show the words of one language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import orjson
from markupsafe import Markup, escape

from tracker.answers.boards import Bilingual
from tracker.pages.language.filters import NAMES, name, path, plain
from tracker.pages.language.links import Standing, anchor
from tracker.pages.language.texts import Texts


class Words:
    """The words of one language, as filters for templates."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.filters = {
            # Typed, because HTML and a text to escape may be equal.
            "t": lru_cache(maxsize=NAMES, typed=True)(texts),
            "term": self.term,
            "words_json": self.words_json,
            "said": self.said,
            "said_plain": self.said_plain,
            "page_link": self.page_link,
        }

    def term(self, value: str, group: str) -> Markup:
        """The words of a group for a value; the value itself where there are none."""
        key = f"{group}.{value}"
        return self._texts(key) if key in self._texts else name(value)

    def words_json(self, keys: Mapping[str, str]) -> Markup:
        """Words by their names as JSON, for scripts; ``keys`` says which."""
        words = {its: self._texts.plain(key) for its, key in keys.items()}
        return escape(orjson.dumps(words).decode())

    def said(self, text: Bilingual) -> Markup:
        """A bilingual text in this language, isolated as a name is."""
        return name(self._texts.say(text))

    def said_plain(self, text: Bilingual) -> Markup:
        """A bilingual text in this language, for attributes and options."""
        return escape(plain(self._texts.say(text)))

    def page_link(self, title: Bilingual, place: str, frame: Standing) -> Markup:
        """A link to a page of the site, under its title."""
        return anchor(f"{frame.ups}{path(place)}" or "./", self.said(title))
