"""Collapse copies of a model into one row, and derive the ranks of the rows that remain."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple


class RankedRow(NamedTuple):
    """One row of a board, in published order."""

    key: int
    """Identifies the row within its board."""
    model: int
    """Model id."""
    rank: int | None
    """Published rank; ``None`` where the board does not rank the row."""


class CollapsedRow(NamedTuple):
    """A row that remains, with its new rank and the rows that it replaces."""

    row: RankedRow
    rank: int | None
    hidden: tuple[RankedRow, ...]


def collapse(
    rows: Sequence[RankedRow], originals: Mapping[int, int], former: Container[int] = ()
) -> list[CollapsedRow]:
    """Keep one row of each family of copies.

    The original represents its family if it is ranked, or if no member is. Otherwise the
    best-ranked copy does. A model with two rows is a family of its own.

    Args:
        rows: Ranked rows first, best first, then the rows without a rank.
        originals: Model id of the original, by model id of its copies and former names.
        former: Those keys of ``originals`` that are the original itself under a former name.

    Returns:
        The rows that remain, in the given order. Each hidden row above a row improves its rank by
        one, so gaps and shared ranks of the publisher remain.
    """
    hidden_by_key = _representatives(rows, originals, former)
    hidden_ranks = sorted(
        row.rank for hidden in hidden_by_key.values() for row in hidden if row.rank is not None
    )
    kept = []
    n_above = 0
    for row in rows:
        if row.key not in hidden_by_key:
            continue
        rank = row.rank
        if rank is not None:
            while n_above < len(hidden_ranks) and hidden_ranks[n_above] < rank:
                n_above += 1
            rank -= n_above
        kept.append(CollapsedRow(row, rank, hidden_by_key[row.key]))
    return kept


def _representatives(
    rows: Sequence[RankedRow], originals: Mapping[int, int], former: Container[int]
) -> dict[int, tuple[RankedRow, ...]]:
    """Choose the row that represents each family: by its key, the other rows of the family."""
    families: dict[int, list[RankedRow]] = {}
    for row in rows:
        families.setdefault(originals.get(row.model, row.model), []).append(row)
    hidden_by_key: dict[int, tuple[RankedRow, ...]] = {}
    for original, family in families.items():
        own = {original, *(row.model for row in family if row.model in former)}
        best = min(family, key=lambda x: (x.rank is None, x.model not in own, x.rank or 0))
        hidden_by_key[best.key] = tuple(row for row in family if row.key != best.key)
    return hidden_by_key
