"""Resolve the names that people type to boards.

Names are compared in three steps: exactly; without case, blanks and punctuation; and as sets of
words, in which a language counts the same in every spelling: ``fr``, ``fra``, ``French``, ``法语``.
Everything a board is called comes from its edition, its series and the registry.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from tracker.answers.boards import MAIN_SERIES, EditionInfo
from tracker.answers.common import Bilingual
from tracker.common.checks import check_type
from tracker.common.languages import known_language
from tracker.common.notices import notice
from tracker.common.text import bare_name, did_you_mean, enumerated, one_letter_apart, slugify
from tracker.errors import NoDataError, NotFoundError
from tracker.sources.private_boards import HEADER as PRIVATE
from tracker.sources.private_boards import PREFIX
from tracker.sources.published_boards import HEADER as PUBLISHED

_CHINESE = "\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+(?:\.[0-9]+)*")
_VERSION = re.compile(r"v?([0-9]+(?:\.[0-9]+)*)")
_ARCHIVED = "published"
_STATES = frozenset({"beta", _ARCHIVED})
_FILLERS = frozenset(
    {"leaderboard", "board", "benchmark", "language", "languages", "the", "for", "in", "of"}
)
_LANGUAGE = "language "
ALSO = {"mteb-multilingual": ("MMTEB",)}
"""Names that people use and that no edition or title has: here that of the board's paper."""
_CHINESE_FILLER = re.compile(r"(?:排行榜|榜单|榜|基准)$")
_SHORTEST = 4
"""Least number of letters of a word in which a typo is forgiven; a Chinese word needs one less."""

Editions = tuple[EditionInfo, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A name as words without order."""

    topics: frozenset[str]
    """Words; one for a language is its ISO 639-3 code after ``_LANGUAGE``."""
    versions: frozenset[str]
    """Numbers of versions, and ``beta`` or ``published``."""


@dataclass(eq=False)
class BoardNames:
    """Everything that the boards of a catalog are called."""

    editions: Editions
    """In order of series and succession, the newest last."""
    main_slugs: frozenset[str]
    """Slugs of the editions that represent their board."""
    empty: frozenset[str]
    """Names of boards that the publisher names and that never had a row."""

    def __post_init__(self) -> None:
        self._answers: dict[str, Editions] = {}

    def named(self, name: str) -> Editions:
        """Editions that a name means, oldest first.

        Raises:
            NotFoundError: No board has that name, or several boards are meant equally.
            NoDataError: The publisher names such a board, but it has no row yet.
            UsageError: The name is not text.
        """
        check_type("board", name, str)
        if name not in self._answers:
            self._answers[name] = self._find(name)
        return self._answers[name]

    def _find(self, name: str) -> Editions:
        bare = bare_name(_folded(name))
        if found := self._in_language(bare) or self._spelled(name) or self._bare.get(bare, ()):
            return found
        if bare and any(bare == bare_name(empty) for empty in self.empty):
            raise NoDataError(f"{name}: the board lists no model yet")
        series = self._by_words(words_of(name)) or self._by_words(words_of(name, frozenset()))
        if not series and (series := self._corrected(bare, words_of(name))):
            chosen = _chosen(name, series)
            notice(f"no board is called {name!r}; this is {_shown(chosen)}")
            return chosen
        if len(series) > 1:
            chosen = _chosen(name, series)
            others = [other for other, editions in series.items() if editions is not chosen]
            notice(f"{name!r} is read as {_shown(chosen)}; it may also mean {_listed(others)}")
            return chosen
        if series:
            return next(iter(series.values()))
        known = [n for e in self._main for n in (e.series, e.name, e.slug)]
        raise NotFoundError(
            f"no board called {name!r}", remedy=did_you_mean(name, known, "see: tracker boards")
        )

    def _in_language(self, code: str) -> Editions:
        """Editions of the board in a language that is named by its code alone.

        ``en`` is also the folder of an archived board; who writes it means the board of today.
        """
        language = None if _is_spelled_out(code) else known_language(code)
        if language is None or code in self._series:
            return ()
        series = self._by_words(Words(frozenset({_LANGUAGE + language}), frozenset()))
        alive = {name: found for name, found in series.items() if any(e.current for e in found)}
        return next(iter(alive.values())) if len(alive) == 1 else ()

    def _spelled(self, name: str) -> Editions:
        """Editions by name, series, slug or folder, in any case."""
        folded = name.casefold().strip()
        steps: tuple[Callable[[EditionInfo], bool], ...] = (
            lambda e: name == e.name,
            # A series before a slug: LongEmbed is the slug longembed and in a series of that name.
            lambda e: folded == e.series and e.slug in self.main_slugs,
            lambda e: folded in (e.name.casefold(), e.slug, slugify(e.name)),
            lambda e: folded in _folders(e) and e.slug in self.main_slugs,
        )
        for called in steps:
            if found := tuple(filter(called, self.editions)):
                return found
        return ()

    @cached_property
    def _main(self) -> Editions:
        return tuple(e for e in self.editions if e.slug in self.main_slugs)

    @cached_property
    def _series(self) -> dict[str, Editions]:
        found: dict[str, list[EditionInfo]] = defaultdict(list)
        for edition in self._main:
            found[edition.series].append(edition)
        return {series: tuple(editions) for series, editions in found.items()}

    @cached_property
    def _bare(self) -> dict[str, Editions]:
        """Editions by their names and titles without case, blanks and punctuation."""
        found: dict[str, Editions] = {}
        for series, editions in self._series.items():
            for name in (series, *_both(editions[0].series_title)):
                found.setdefault(bare_name(_folded(name)), editions)
        titled: dict[str, list[EditionInfo]] = defaultdict(list)
        for edition in self.editions:
            names = (edition.name, edition.slug, *_both(edition.title), *_folders(edition))
            for bare in {bare_name(_folded(name)) for name in names}:
                titled[bare].append(edition)
        for bare, editions_ in titled.items():
            found.setdefault(bare, tuple(editions_))
        found.pop("", None)
        return found

    @cached_property
    def _texts(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """By series: its own names, and those of its editions."""
        return {
            series: (
                (series, *_both(editions[0].series_title), *ALSO.get(series, ())),
                tuple(n for e in editions for n in (e.name, *_titles(e))),
            )
            for series, editions in self._series.items()
        }

    @cached_property
    def _languages(self) -> dict[str, frozenset[str]]:
        """By series: the languages that its names spell out; the code ``fin`` alone is finance."""
        return {
            series: frozenset(
                language
                for name in (*own, *of_editions)
                for token in _tokens(name)
                if _is_spelled_out(token) and (language := known_language(token))
            )
            for series, (own, of_editions) in self._texts.items()
        }

    @cached_property
    def _topics(self) -> dict[str, tuple[frozenset[frozenset[str]], frozenset[frozenset[str]]]]:
        """By series: the topics of each of its own names, and of each name of its editions."""
        return {
            series: (
                frozenset(words_of(name, self._languages[series]).topics for name in own),
                frozenset(words_of(name, self._languages[series]).topics for name in of_editions),
            )
            for series, (own, of_editions) in self._texts.items()
        }

    @cached_property
    def _vocabulary(self) -> dict[str, str]:
        """What each word in the names of boards counts as."""
        return {
            token: _topic(token, self._languages[series])
            for series, names in self._texts.items()
            for name in chain(*names)
            for token in _tokens(name)
            if not _is_version(token)
        }

    def _by_words(self, words: Words) -> dict[str, Editions]:
        """The series that some words mean equally well, each with its editions.

        A name of a series comes before one of an edition, and that before words of several names.
        """
        steps: tuple[Callable[[str], bool], ...] = (
            lambda series: words.topics in self._topics[series][0],
            lambda series: words.topics in self._topics[series][1],
            lambda series: _covers(frozenset().union(*chain(*self._topics[series])), words),
        )
        for is_meant in steps if words.topics else ():
            found = {
                series: editions
                for series in filter(is_meant, self._series)
                if (editions := _of_version(self._series[series], words.versions))
            }
            if found:
                return found
        return {}

    def _corrected(self, bare: str, words: Words) -> dict[str, Editions]:
        """The series that are meant if a letter of a word is wrong; none if that is not clear."""
        topics = set()
        for topic in words.topics:
            if topic in self._vocabulary.values() or topic.startswith(_LANGUAGE):
                topics.add(topic)
                continue
            near = {counts for word, counts in self._vocabulary.items() if _is_typo(topic, word)}
            if len(near) > 1:
                return {}
            topics |= near or {topic}
        if found := self._by_words(Words(frozenset(topics), words.versions)):
            return found
        boards = {found for known, found in self._bare.items() if _is_typo(bare, known)}
        return {found[0].series: found for found in boards} if len(boards) == 1 else {}


def words_of(name: str, languages: frozenset[str] | None = None) -> Words:
    """Split a name into words without order.

    Args:
        name: Any text.
        languages: The codes that count as languages; by default all.
    """
    topics, versions = set(), set()
    for token in _tokens(name):
        if token in _STATES:
            versions.add(token)
        elif match := _VERSION.fullmatch(token):
            versions.add(match[1])
        else:
            topics.add(_topic(token, languages))
    return Words(frozenset(topics), frozenset(versions))


def _tokens(name: str) -> Iterator[str]:
    for token in _TOKEN.findall(_folded(name)):
        if token.endswith("旧榜"):
            yield _ARCHIVED
            token = token.removesuffix("旧榜")
        token = _CHINESE_FILLER.sub("", token)
        if token and token not in _FILLERS:
            yield token


def _topic(token: str, languages: frozenset[str] | None) -> str:
    language = known_language(token)
    if language is None:
        return token
    counts = _is_spelled_out(token) or languages is None or language in languages
    return _LANGUAGE + language if counts else token


def _is_spelled_out(token: str) -> bool:
    """Whether a word for a language is its name, not its code."""
    return len(token) > 3 or _is_chinese(token)


def _is_chinese(token: str) -> bool:
    return re.match(f"[{_CHINESE}]", token) is not None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _is_version(word: str) -> bool:
    return word in _STATES or _VERSION.fullmatch(word) is not None


def _is_typo(written: str, meant: str) -> bool:
    return len(meant) >= _SHORTEST - _is_chinese(meant) and one_letter_apart(written, meant)


def _covers(known: frozenset[str], words: Words) -> bool:
    """Whether all words are known; a Chinese word may be a part of a known one."""
    return all(
        topic in known
        or (_is_chinese(topic) and len(topic) > 1 and any(topic in word for word in known))
        for topic in words.topics
    )


def _of_version(editions: Editions, versions: frozenset[str]) -> Editions:
    """The editions with some versions in their names; all where no version is asked for."""
    if not versions:
        return editions
    own = {edition: words_of(edition.name).versions for edition in editions}
    exact = tuple(edition for edition in editions if own[edition] == versions)
    return exact or tuple(edition for edition in editions if versions <= own[edition])


def _both(title: Bilingual) -> tuple[str, str]:
    return title.en, title.zh


def _titles(edition: EditionInfo) -> tuple[str, ...]:
    """What the registry and the project call an edition, without its name."""
    return tuple(title.removesuffix(f" · {edition.name}") for title in _both(edition.title))


def _folders(edition: EditionInfo) -> tuple[str, ...]:
    """Names of a board by its place: the folder of a published table, or a private board's name."""
    if edition.source == PRIVATE.id:
        return (edition.name.removeprefix(PREFIX),)
    if edition.source != PUBLISHED.id:
        return ()
    board = "/".join(edition.name.split("/")[:2]).casefold()
    return board, board.removeprefix(f"{_ARCHIVED}/")


def _chosen(name: str, series: dict[str, Editions]) -> Editions:
    """The one series that is meant: the only one, or the first of the main ones.

    Raises:
        NotFoundError: There are several, and no main one.
    """
    if len(series) == 1:
        return next(iter(series.values()))
    for main in MAIN_SERIES:
        if main in series:
            return series[main]
    raise NotFoundError(
        f"{name!r} may mean {len(series)} boards", remedy="name one: " + ", ".join(series)
    )


def _listed(series: Sequence[str]) -> str:
    """Some series, the main ones first; many are cut."""
    names = [*(main for main in MAIN_SERIES if main in series)]
    names += [name for name in series if name not in names]
    return enumerated(names)


def _shown(editions: Sequence[EditionInfo]) -> str:
    """The series of some editions, or the name of the only one."""
    return editions[0].name if len(editions) == 1 else editions[0].series
