"""Recognise boards in a text: editions, series and languages, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.insights.boards.editions import EditionIndex
from tracker.insights.reader import Reader, memoised
from tracker.sources.published_boards import HEADER as PUBLISHED

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
_UNKNOWN = re.compile(
    r"\bMTEB ?\([^()\n]{1,40}\)"
    r"|\b(?:[A-Z][\w-]*[A-Z0-9][\w-]*|[A-Z][a-z]+(?:-[A-Z]\w*)+)(?= (?:leader ?board|benchmark|board)\b)"
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
    """Patterns of board names, each with what it means."""

    patterns: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
    could_name: re.Pattern[str]

    def mentions(self, text: str, start: int, end: int) -> Iterator[BoardMention]:
        """Boards that a part of a text names, from left to right, without overlaps."""
        if not self.could_name.search(text, start, end):
            return
        found = [
            BoardMention(match.start(), match.end(), match[0], boards)
            for pattern, boards in (*self.patterns, (_UNKNOWN, ()))
            for match in pattern.finditer(text, start, end)
        ]
        found.sort(key=lambda m: (m.start, -m.end, not m.boards))
        at = start
        for mention in found:
            if mention.start >= at:
                yield mention
                at = mention.end


@memoised
def read_board_index(reader: Reader) -> BoardIndex:
    """Build the patterns from the editions and series of the catalog."""
    editions = reader.editions
    patterns = [*_of_languages(editions), *_of_editions(editions), *_of_series(editions)]
    patterns.append((r"\bMTEB ?v2\b(?! ?\()", ("MTEB(eng, v2)",)))
    patterns.append((r"(?<![\w-])MMTEB\b", ("mteb-multilingual",)))
    patterns.append((r"(?<![\w-])C-?MTEB\b(?! ?\()", ("c-mteb",)))
    patterns.append((r"(?<![\w-])MTEB\b(?! ?\()", BARE))
    return BoardIndex(
        tuple((re.compile(words, re.IGNORECASE), boards) for words, boards in patterns),
        re.compile(
            r"TEB|[Bb]oard|[Bb]ench|榜|"
            + "|".join(sorted({re.escape(name) for name in _acronyms(editions)})),
        ),
    )


def _of_languages(editions: EditionIndex) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names that put a language or domain beside MTEB or beside the word board."""
    for series, (english, chinese) in (_named_languages(editions) | _ADJECTIVES).items():
        old = (_ARCHIVED[series],) if series in _ARCHIVED else (series,)
        board = r"(?:(?:text )?(?:embeddings? )?(?:leader ?)?boards?)"
        for kept, words in (
            (old, rf"\b(?:archived|old|former|published|legacy) (?:{english})(?: MTEB)? {board}"),
            (old, rf"(?:已归档的|旧的?|归档的?) ?(?:{chinese}) ?(?:版)? ?(?:MTEB)? ?榜单?"),
            (old, rf"(?:{chinese}) ?旧榜单?"),
            (old, rf"\b(?:{english}), published board"),
            ((series,), rf"\b(?:{english})(?: language)?[ -]MTEB\b(?! ?\()"),
            ((series,), rf"(?<![\w-])MTEB[ -](?:\((?:{english})\)|(?:{english})\b)"),
            ((series,), rf"\b(?:{english}) (?:part|portion|section|track|tab|split|{board}) of (?:the )?MTEB\b"),
            ((series,), rf"\b(?:{english})(?: language)? {board}"),
            ((series,), rf"(?:{chinese})(?:版|任务)?的? ?MTEB"),
            ((series,), rf"MTEB ?(?:的|上的)?[ (]?(?:{chinese})\)?(?:部分|榜单?|榜|任务|子集|赛道)"),
            ((series,), rf"(?:{chinese})(?:嵌入|向量)?(?:榜单?|排行榜)"),
        ):
            yield words, kept
    yield r"\b(?:English MTEB|MTEB English) ?v2\b|\bMTEB ?\(?eng(?:lish)?,? v2\)?", ("MTEB(eng, v2)",)
    yield r"\b(?:English MTEB|MTEB English) ?v1\b|\bMTEB ?v1\b", ("published/en", "MTEB(eng, v1)")


def _named_languages(editions: EditionIndex) -> dict[str, tuple[str, str]]:
    return {
        edition.series: (re.escape(edition.series_title.en), re.escape(edition.series_title.zh))
        for edition in editions.main()
        if edition.series.startswith("mteb-") and edition.series_title.en.isalpha()
    }


def _of_editions(editions: EditionIndex) -> Iterator[tuple[str, tuple[str, ...]]]:
    for edition in editions.main():
        if edition.source == PUBLISHED.id:
            yield rf"(?<![\w/]){re.escape(edition.name)}(?![\w/])", (edition.name,)
        elif "(" in edition.name:
            words = re.escape(edition.name).replace(r"\ ", " ?").replace(r"\(", r" ?\(")
            yield rf"(?<![\w-]){words}", (edition.name,)
            yield rf"(?<![\w/-]){re.escape(edition.slug)}(?![\w/-])", (edition.name,)


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


def _of_series(editions: EditionIndex) -> Iterator[tuple[str, tuple[str, ...]]]:
    for word, series in _acronyms(editions).items():
        yield rf"(?<![\w-])(?-i:{re.escape(word)})(?![\w-])(?! ?\()", (series,)
