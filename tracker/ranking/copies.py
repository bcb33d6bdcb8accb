"""Collapse copies: one line a model, and the ranks that follow from it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """One line of a board in printed order."""

    key: int
    model: int
    rank: int | None


class Collapsed(NamedTuple):
    """A line that stays, with its new rank and the lines that it stands for."""

    line: Line
    rank: int | None
    hidden: tuple[Line, ...]


def _precedence(original: int, former: Container[int], line: Line) -> tuple[bool, bool, bool, int]:
    return (line.rank is None, line.model != original, line.model not in former, line.rank or 0)


def collapse(
    lines: Sequence[Line], originals: Mapping[int, int], former: Container[int] = ()
) -> list[Collapsed]:
    """Keep one line of every family of copies.

    The original speaks where it is ranked, or where nobody of its family is; otherwise the
    best-ranked copy does. The same holds for a model that stands in two lines.

    Args:
        lines: Ranked lines first, best first, then the others.
        originals: Model id of a copy, or of a former name, to the model id of its original.
        former: Those of them that are the original itself under a former name.

    Returns:
        The lines that stay, in the given order. Where nothing was hidden above a line its rank
        stays as printed, gaps and shared ranks included; hidden lines take their place away.
    """
    families: dict[int, list[Line]] = {}
    for line in lines:
        families.setdefault(originals.get(line.model, line.model), []).append(line)
    speakers: dict[int, tuple[Line, ...]] = {}
    for original, family in families.items():
        own = {original, *(line.model for line in family if line.model in former)}
        best = min(family, key=lambda x: (x.rank is None, x.model not in own, x.rank or 0))
        speakers[best.key] = tuple(x for x in family if x.key != best.key)
    kept = []
    hidden_ranks: list[int] = [
        x.rank for hidden in speakers.values() for x in hidden if x.rank is not None
    ]
    hidden_ranks.sort()
    above = 0
    for line in lines:
        if line.key not in speakers:
            continue
        rank = line.rank
        if rank is not None:
            while above < len(hidden_ranks) and hidden_ranks[above] < rank:
                above += 1
            rank -= above
        kept.append(Collapsed(line, rank, speakers[line.key]))
    return kept
