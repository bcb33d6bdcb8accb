"""The full-text index of PostgreSQL: one vector of tokens for each search entry.

SQLite cuts texts into tokens for both databases, so that both find the same entries: PostgreSQL
has other stems, leaves out words such as "not", and knows nothing of Chinese. The order is that of
SQLite, too: BM25, computed from the positions that PostgreSQL returns.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from math import log
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from tracker.catalog.search.fts5 import TOKENIZER, WEIGHTS
from tracker.catalog.search.words import HAN, IndexEntry

_PARTS = "ABC"
"""Labels that PostgreSQL gives to positions: title, description and further words."""
_WEIGHT = dict(zip(_PARTS, WEIGHTS, strict=True))
_LAST_POSITION = 16_383
"""PostgreSQL counts no further."""
_LONGEST_TOKEN = 250
"""Characters of a token; PostgreSQL takes up to 2046 bytes."""
_LONGEST_ENTRY = 200_000
"""Characters of all tokens of an entry; PostgreSQL takes up to a megabyte."""
_K1, _B, _LEAST = 1.2, 0.75, 1e-6
"""Constants of SQLite's BM25; the last one is the weight of a phrase that most entries have."""

_SCHEMA = (
    "create table if not exists search_index"
    " (id bigint primary key, tokens tsvector not null, n_tokens bigint not null)",
    "create index if not exists ix_search_index_tokens on search_index using gin (tokens)",
)
_FOUND = """
    select e.id, e.kind, e.key, e.title_en, e.title_zh, e.about_en, e.about_zh, i.n_tokens,
           i.tokens @@ cast(:named as tsquery) as in_title
      from search_index i join search_entry e on e.id = i.id
     where i.tokens @@ cast(:wanted as tsquery)
"""
_POSITIONS = """
    select i.id, t.lexeme, t.positions, t.weights
      from search_index i cross join lateral unnest(i.tokens) as t
     where i.tokens @@ cast(:wanted as tsquery)
       and (t.lexeme = any(:tokens) or starts_with(t.lexeme, :beginning))
"""


def tokens_of(entries: Sequence[IndexEntry]) -> dict[int, list[tuple[str, str]]]:
    """Cut entries into tokens, each with the label of its part; by id, in their order."""
    found: dict[int, list[tuple[str, str]]] = {entry.id: [] for entry in entries}
    with closing(sqlite3.connect(":memory:")) as memory:
        columns = "title, about, words"
        memory.execute(f"create virtual table texts using fts5({columns}, tokenize='{TOKENIZER}')")
        memory.execute("create virtual table cut using fts5vocab(texts, instance)")
        memory.executemany(
            "insert into texts (rowid, title, about, words) values (?, ?, ?, ?)", entries
        )
        labels = dict(zip(IndexEntry._fields[1:], _PARTS, strict=True))
        rows = memory.execute("select doc, col, offset, term from cut").fetchall()
    for doc, label, _, term in sorted((d, labels[c], offset, t) for d, c, offset, t in rows):
        found[doc].append((term[:_LONGEST_TOKEN], label))
    return found


def write_index(connection: Connection, entries: Sequence[IndexEntry]) -> None:
    """Write the index of all search entries again."""
    for statement in _SCHEMA:
        connection.execute(text(statement))
    connection.execute(text("delete from search_index"))
    rows = [
        {"id": id_, "tokens": _vector(tokens), "n_tokens": len(tokens)}
        for id_, tokens in tokens_of(entries).items()
    ]
    if rows:
        statement = "insert into search_index values (:id, cast(:tokens as tsvector), :n_tokens)"
        connection.execute(text(statement), rows)


def _vector(tokens: Iterable[tuple[str, str]]) -> str:
    places: dict[str, list[str]] = defaultdict(list)
    position, length, last = 0, 0, _PARTS[0]
    for token, label in tokens:
        position += 1 if label == last else 2  # no phrase goes from one part to the next
        length += 0 if token in places else len(token)
        if position > _LAST_POSITION or length > _LONGEST_ENTRY:
            break
        places[token].append(f"{position}{label}")
        last = label
    return " ".join(f"'{token}':{','.join(found)}" for token, found in places.items())


class _Phrase(NamedTuple):
    """Tokens that have to follow one another."""

    tokens: tuple[str, ...]
    is_open: bool
    """Whether the last token may go on."""

    def query(self, label: str = "") -> str:
        """Return the phrase for PostgreSQL, in all parts of an entry or in one."""
        marks = [label] * (len(self.tokens) - 1) + ["*" * self.is_open + label]
        words = (
            f"'{t}':{mark}" if mark else f"'{t}'"
            for t, mark in zip(self.tokens, marks, strict=True)
        )
        return " <-> ".join(words)

    def weight_in(self, places: dict[str, dict[int, str]]) -> float:
        """Return the summed weights of the places of the phrase in an entry."""
        *whole, last = self.tokens
        ends = dict(places.get(last, {}))
        if self.is_open:
            for token, positions in places.items():
                if token.startswith(last):
                    ends |= positions
        heads = [places.get(token, {}) for token in whole]
        return sum(
            _WEIGHT[label]
            for end, label in ends.items()
            if all(end - distance in head for distance, head in enumerate(reversed(heads), 1))
        )


def find(connection: Connection, phrases: Sequence[str], limit: int) -> list[Any]:
    """Return the search entries that contain all phrases, best first."""
    if connection.execute(text("select to_regclass('search_index')")).scalar() is None:
        return []  # never loaded
    wanted = _phrases(phrases)
    if not wanted:
        return []
    whole = " & ".join(f"({phrase.query()})" for phrase in wanted)
    named = " & ".join(f"({phrase.query(_PARTS[0])})" for phrase in wanted)
    found = connection.execute(text(_FOUND), {"wanted": whole, "named": named}).all()
    relevance = _relevance(connection, wanted, whole, {row.id: row.n_tokens for row in found})
    # First entries with all words in the title, among these entries with a description; then by
    # relevance, then by name.
    found = sorted(
        found,
        key=lambda row: (
            not row.in_title,
            row.about_en is None,
            -round(relevance[row.id], 6),
            row.kind,
            row.key,
        ),
    )
    return list(found[:limit])


def _phrases(phrases: Sequence[str]) -> list[_Phrase]:
    entries = [IndexEntry(number, phrase, "", "") for number, phrase in enumerate(phrases)]
    # The last word may be incomplete.
    may_go_on = -1 if HAN.search(phrases[-1]) else len(phrases) - 1
    return [
        _Phrase(tuple(token for token, _ in tokens), number == may_go_on)
        for number, tokens in tokens_of(entries).items()
        if tokens
    ]


def _relevance(
    connection: Connection, phrases: Sequence[_Phrase], wanted: str, lengths: dict[int, int]
) -> dict[int, float]:
    """Compute BM25 of the found entries, by id."""
    n_entries, mean = connection.execute(
        text("select count(*), cast(avg(n_tokens) as double precision) from search_index")
    ).one()
    places: dict[int, dict[str, dict[int, str]]] = defaultdict(dict)
    tokens = sorted({token for phrase in phrases for token in phrase.tokens})
    beginning = phrases[-1].tokens[-1] if phrases[-1].is_open else "\x01"
    asked = {"wanted": wanted, "tokens": tokens, "beginning": beginning}
    for id_, token, positions, labels in connection.execute(text(_POSITIONS), asked):
        places[id_][token] = dict(zip(positions, labels, strict=True))
    relevance = dict.fromkeys(lengths, 0.0)
    for phrase in phrases:
        count = "select count(*) from search_index where tokens @@ cast(:phrase as tsquery)"
        n_found = connection.execute(text(count), {"phrase": phrase.query()}).scalar_one()
        rarity = log((n_entries - n_found + 0.5) / (n_found + 0.5))
        rarity = rarity if rarity > 0 else _LEAST
        for id_, length in lengths.items():
            weight = phrase.weight_in(places[id_])
            damped = weight + _K1 * (1 - _B + _B * length / mean)
            relevance[id_] += rarity * weight * (_K1 + 1) / damped
    return relevance
