"""Search: the thing that has the name, then what a misspelt name means, then texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

from tracker.answers.common import Bilingual
from tracker.answers.methods import Hit
from tracker.answers.search import NamedThing
from tracker.catalog.search import queries as search_queries
from tracker.common.arxiv_ids import parse_id
from tracker.common.checks import check_type
from tracker.common.text import compared_name, one_letter_apart
from tracker.insights.reader import Reader
from tracker.insights.search_names import read_named

_SHORTEST = 5
"""Least number of letters of a name in which a wrong one is forgiven."""
_SHORTEST_CHINESE = 3
_FEW = 5
"""Things whose names begin with what was written come first, if they are not more than this."""


def read_hits(reader: Reader, question: str, limit: int) -> tuple[Hit, ...]:
    """Find what has a name, and what has all words of a text, the best first."""
    check_type("text", question, str)
    check_type("limit", limit, int)
    arxiv_id = parse_id(question)
    things = read_named(reader)
    by_name = find_named(things, arxiv_id.id if arxiv_id else question)
    found = {(thing.kind, thing.key): _hit(thing) for thing in by_name}
    for hit in (*_in_texts(reader, question, limit), *_in_titles(things, question)):
        found.setdefault((hit.kind, hit.key), hit)
    return tuple(found.values())[:limit]


def find_named(things: Sequence[NamedThing], name: str) -> list[NamedThing]:
    """Find what has a name: by its own name, by another one, or with one letter wrong.

    Args:
        things: In the order in which equal names count.
        name: What somebody wrote; case, blanks and punctuation make no difference.

    Returns:
        The things, the best first: those with this name, else the few whose names begin with it,
        else, where none does, those with a name that is one letter apart.
    """
    bare = compared_name(name)
    if not bare:
        return []
    own = _matching(things, lambda known: known == bare)
    shortest = _SHORTEST if bare.isascii() else _SHORTEST_CHINESE
    if own or len(bare) < shortest:
        return own
    begun = _matching(things, lambda known: known.startswith(bare))
    if begun:
        return begun if len(begun) <= _FEW else []
    return _matching(things, lambda known: len(known) >= shortest and one_letter_apart(bare, known))


def _matching(things: Sequence[NamedThing], is_meant: Callable[[str], bool]) -> list[NamedThing]:
    """Things of which a name is meant: first those that it is the own name of."""
    own = [thing for thing in things if any(map(is_meant, map(compared_name, thing.names)))]
    other = [thing for thing in things if any(map(is_meant, map(compared_name, thing.aliases)))]
    return own + [thing for thing in other if thing not in own]


def _hit(thing: NamedThing) -> Hit:
    return Hit(kind=thing.kind, key=thing.key, title=thing.title, about=thing.about)


def _in_texts(reader: Reader, question: str, limit: int) -> Iterator[Hit]:
    for row in search_queries.find(reader.connection, question, limit):
        about = Bilingual(row.about_en, row.about_zh or row.about_en) if row.about_en else None
        yield Hit(row.kind, row.key, Bilingual(row.title_en, row.title_zh), about)


def _in_titles(things: Iterable[NamedThing], question: str) -> Iterator[Hit]:
    """Boards and tasks, which have no text of their own, with all words in a name."""
    words = unicodedata.normalize("NFKC", question).casefold().split()
    for thing in things:
        if words and thing.kind in ("board", "task"):
            names = "\n".join(thing.names).casefold()
            if all(word in names for word in words):
                yield _hit(thing)
