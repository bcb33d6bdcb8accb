"""Recognise boards in a text: editions, series and languages, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.common.text import bare_name
from tracker.insights.boards.editions import EditionIndex
from tracker.insights.reader import Reader, memoised

_Named = tuple[re.Pattern[str], tuple[str, ...]]
BARE = ("mteb-english", "mteb-multilingual")
"""Series that the name MTEB alone may mean."""

_ADJECTIVES = {
    "mteb-english": ("English", "英文|英语"),
    "c-mteb": ("Chinese", "中文|汉语"),
    "mteb-multilingual": ("Multilingual|Multi-lingual", "多语言|多语种|多语"),
    "mteb-european": ("European", "欧洲语言"),
    "mteb-scandinavian": ("Scandinavian|Nordic", "北欧语言"),
    "mteb-indic": ("Indic", "印度语言"),
    "mteb-code": ("Code", "代码"),
    "law": ("Law|Legal", "法律"),
    "medical": ("Medical", "医学|医疗"),
}
_ARCHIVED = {"mteb-english": "published/en", "c-mteb": "published/zh"}
_NOT_WORDS = frozenset({"mteb", "hume"})
_NO_EDITION = r"(?! ?\((?!\d|as of|on |in |截至))"
"""No edition in brackets behind a name; a number or date in brackets is none."""
_UNKNOWN = re.compile(
    r"\bMTEB ?\((?!\d|as of|on |in |截至)[^()\n]{1,40}\)"
    r"|\b(?:[A-Z][\w-]*[A-Z0-9][\w-]*|[A-Z][a-z]+(?:-[A-Z]\w*)+)(?= (?:leader ?board|benchmark"
    r"|board)\b)"
    r"|\b(?:AIR-Bench|MMLU|SuperGLUE|GLUE|C-Eval|CMMLU|LMArena|Chatbot Arena|SWE-bench)\b"
)


@dataclass(frozen=True, slots=True)
class BoardMention:
    """A board that a text names."""

    start: int
    end: int
    name: str
    """As it is written."""
    boards: tuple[str, ...]
    """Editions and series that it may mean, the likeliest first; empty for an unknown board."""


@dataclass(frozen=True, slots=True)
class BoardIndex:
    """Everything that boards are called."""

    general: tuple[_Named, ...]
    """Patterns that are tried on every sentence, each with what it means."""
    acronym: re.Pattern[str]
    acronyms: dict[str, str]
    """Series by the name of their benchmark."""
    by_word: dict[str, tuple[_Named, ...]]
    """Patterns that need a word for a language or domain, by that word in lower case."""
    words: re.Pattern[str]
    by_name: dict[str, str]
    """Editions by name and slug, without case, blanks and punctuation."""

    def mentions(self, text: str, start: int, end: int) -> Iterator[BoardMention]:
        """Boards that a part of a text names, from left to right, without overlaps."""
        if not _COULD_NAME.search(text, start, end):
            return
        patterns = list(self.general)
        for word in {match[0].casefold() for match in self.words.finditer(text, start, end)}:
            patterns += self.by_word[word]
        found = [
            BoardMention(match.start(), match.end(), match[0], boards)
            for pattern, boards in patterns
            for match in pattern.finditer(text, start, end)
        ]
        found += self._editions(text, start, end)
        found.sort(key=lambda mention: (mention.start, -mention.end, not mention.boards))
        at = start
        for mention in found:
            if mention.start >= at:
                yield mention
                at = mention.end

    def _editions(self, text: str, start: int, end: int) -> Iterator[BoardMention]:
        """Benchmarks by name, editions under their full name or slug."""
        for match in self.acronym.finditer(text, start, end):
            yield BoardMention(match.start(), match.end(), match[0], (self.acronyms[match[0]],))
        for pattern in (_WITH_BRACKETS, _SLUG):
            for match in pattern.finditer(text, start, end):
                board = self.by_name.get(bare_name(match[0]))
                if board is not None:
                    yield BoardMention(match.start(), match.end(), match[0], (board,))


_COULD_NAME = re.compile(
    r"TEB|EB\b|[Bb]oard|[Bb]ench|榜|排行|[A-Z]{3}|oIR|oRe|eddit|mteb|published|LongEmbed|odechka|R-b|IR\b"
)
_WITH_BRACKETS = re.compile(r"(?<![\w-])[A-Z][\w-]{2,20}(?: \w{2,12})? ?\([^()\n]{1,40}\)")
_SLUG = re.compile(
    r"(?<![\w/-])(?:published/[a-z_/-]{2,20}|[a-z]{3,}(?:-[a-z0-9.]{1,16}){1,6})(?![\w/-])"
)


@memoised
def read_board_index(reader: Reader) -> BoardIndex:
    """Build the patterns from the editions and series of the catalog."""
    editions = reader.editions
    acronyms = _acronyms(editions)
    general = [
        (r"\b(?:English MTEB|MTEB English) ?v2\b|\bMTEB ?v2\b" + _NO_EDITION, ("MTEB(eng, v2)",)),
        (r"\bMTEB ?\(?eng(?:lish)?,? v2\)?", ("MTEB(eng, v2)",)),
        (
            r"\b(?:English MTEB|MTEB English) ?v1\b|\bMTEB ?v1\b",
            ("published/en", "MTEB(eng, v1)"),
        ),
        (r"(?<![\w-])MMTEB\b", ("mteb-multilingual",)),
        (r"(?<![\w-])C-?MTEB\b" + _NO_EDITION, ("c-mteb",)),
        (r"(?<![\w-])MTEB\b" + _NO_EDITION, BARE),
    ]
    by_word = {
        word: tuple((re.compile(pattern, re.IGNORECASE), boards) for pattern, boards in patterns)
        for series, names in (_named_languages(editions) | _ADJECTIVES).items()
        for patterns in [tuple(_of_language(series, *names))]
        for word in "|".join(names).replace("\\", "").casefold().split("|")
    }
    words = "|".join(sorted(map(re.escape, by_word), key=len, reverse=True))
    return BoardIndex(
        (
            *((re.compile(words, re.IGNORECASE), boards) for words, boards in general),
            (_UNKNOWN, ()),
        ),
        re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, acronyms))})(?![\w-])" + _NO_EDITION),
        acronyms,
        by_word,
        re.compile(words, re.IGNORECASE),
        {
            bare_name(name): edition.name
            for edition in editions.main()
            for name in (edition.slug, edition.name)
            if "(" in name or "-" in name or "/" in name
        },
    )


def _of_language(series: str, english: str, chinese: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names that put a language or domain beside MTEB or beside the word board."""
    old = (_ARCHIVED.get(series, series),)
    board = r"(?:(?:text )?(?:embeddings? )?(?:leader ?)?boards?)"
    for words in (
        rf"\b(?:archived|old|former|published|legacy) (?:{english})(?: MTEB)? {board}",
        rf"(?:已归档的|旧的?|归档的?) ?(?:{chinese}) ?(?:版)? ?(?:MTEB)? ?榜单?",
        rf"(?:{chinese}) ?旧榜单?",
        rf"\b(?:{english}), published board",
    ):
        yield words, old
    for words in (
        rf"\b(?:{english})(?: language)?[ -]MTEB\b" + _NO_EDITION,
        rf"(?<![\w-])MTEB[ -](?:{english})\b",
        rf"(?<![\w-])MTEB ?\((?:{english}|{chinese})\)",
        rf"\b(?:{english}) (?:part|portion|section|track|tab|split|{board}) of (?:the )?MTEB\b",
        rf"\b(?:{english})(?: language)? {board}",
        rf"(?:{chinese})(?:版|任务)?的? ?MTEB",
        rf"MTEB ?(?:的|上的)?[ (]?(?:{chinese})\)?(?:部分|榜单?|榜|任务|子集|赛道)",
        rf"(?:{chinese})(?:嵌入|向量)?(?:榜单?|排行榜)",
    ):
        yield words, (series,)


def _named_languages(editions: EditionIndex) -> dict[str, tuple[str, str]]:
    return {
        edition.series: (re.escape(edition.series_title.en), re.escape(edition.series_title.zh))
        for edition in editions.main()
        if edition.series.startswith("mteb-") and edition.series_title.en.isalpha()
    }


def _acronyms(editions: EditionIndex) -> dict[str, str]:
    """Series by the first word of its editions' names."""
    found: dict[str, str] = {}
    for edition in editions.main():
        word = re.split(r"[ (]", edition.name)[0]
        if word.casefold() in _NOT_WORDS or "/" in word or len(word) < 4:
            continue
        if word not in found or edition.series == word.casefold():
            found[word] = edition.series
    return found
