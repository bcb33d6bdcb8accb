"""Site words: one YAML file per language with the same keys in each."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from markupsafe import Markup, escape

from tracker.answers.common import Bilingual
from tracker.common.yaml_loader import SAFE_LOADER
from tracker.errors import TrackerError

LANGUAGES = ("en", "zh")
_FOLDER = Path(__file__).resolve().parents[1] / "text"


class Texts:
    """Site words of one language by keys such as ``board.title``."""

    def __init__(self, language: str, words: dict[str, str]) -> None:
        self.language = language
        self._words = words

    @property
    def names(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._words)

    def __contains__(self, key: str) -> bool:
        return key in self._words

    def __call__(self, key: str, **values: object) -> Markup:
        """Return the words for a key as HTML, with ``values`` escaped and filled in.

        Raises:
            TrackerError: No words have that key.
        """
        # Site words may hold markup; the values filled in are escaped.
        words = self._find(key, values.get("n"))
        if values:
            words = words.format(**{key: escape(value) for key, value in values.items()})
        return Markup(words)  # noqa: S704

    def say(self, text: Bilingual) -> str:
        """Return a bilingual text in this language."""
        return text.pick(self.language)

    def plain(self, key: str, **values: object) -> str:
        """Return the words for a key as plain text, for titles that are escaped later."""
        words = self._find(key, values.get("n"))
        return words.format(**values) if values else words

    def _find(self, key: str, n: object) -> str:
        try:
            words = self._words[key]
        except KeyError:
            raise TrackerError(f"pages: no words for {key!r} in {self.language}.yaml") from None
        singular, _, plural = words.partition(" || ")
        return singular if str(n) == "1" or not plural else plural


@lru_cache(maxsize=4)
def load_texts(language: str) -> Texts:
    """The words of a language."""
    groups = yaml.load((_FOLDER / f"{language}.yaml").read_text("utf-8"), SAFE_LOADER)  # noqa: S506
    words = {
        f"{group}.{key}": str(text)
        for group, entries in groups.items()
        for key, text in entries.items()
    }
    return Texts(language, words)


def bilingual(key: str, **values: object) -> Bilingual:
    """Return the words for a key in both languages as plain text."""
    return Bilingual(*(load_texts(language).plain(key, **values) for language in LANGUAGES))
