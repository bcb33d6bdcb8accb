"""Search: the thing that has the name, then what a misspelt name means, then texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

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
        The things, the best first; with a wrong letter only where no name begins like ``name``.
    """
    bare = compared_name(name)
    if not bare:
        return []
    own = [thing for thing in things if bare in map(compared_name, thing.names)]
    own += [
        thing for thing in things if bare in map(compared_name, thing.aliases) and thing not in own
    ]
    shortest = _SHORTEST if bare.isascii() else _SHORTEST_CHINESE
    if own or len(bare) < shortest:
        return own
    if any(known.startswith(bare) for thing in things for known in _all_bare(thing)):
        return []

    def is_meant(names: Iterable[str]) -> bool:
        known = map(compared_name, names)
        return any(len(name) >= shortest and one_letter_apart(bare, name) for name in known)

    near = [thing for thing in things if is_meant(thing.names)]
    return near + [thing for thing in things if is_meant(thing.aliases) and thing not in near]


def _all_bare(thing: NamedThing) -> Iterator[str]:
    return map(compared_name, (*thing.names, *thing.aliases))


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
