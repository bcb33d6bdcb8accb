"""Bring the BibTeX entries of many models and tasks together: one description per arXiv paper.

An entry says that it is about a paper by the paper's arXiv id. One without an id, which is how
published versions are cited, belongs to the paper with the same title and an author in common.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from tracker.common.author_names import OTHERS, read_authors
from tracker.common.text import bare_name
from tracker.sources.citations import CitedWork

_T = TypeVar("_T", bound=Hashable)
_SHORTEST_TITLE = 16
"""Letters of a title that two works do not share by chance."""
_DAMAGED = re.compile(r"\s['`\"^~][a-z]")
"""An accent that lost its letter where an entry was copied: ``Po 'swiata``."""


def describe_papers(works: Iterable[CitedWork]) -> Mapping[str, CitedWork]:
    """Describe each paper by what most of its entries state.

    An entry with another title than most entries of its id cites the wrong id; it is ignored.

    Args:
        works: Entries, each as often as it is quoted.

    Returns:
        Descriptions by arXiv id; of a published paper with its venue.
    """
    by_id: dict[str, list[CitedWork]] = defaultdict(list)
    without_id: dict[str, list[CitedWork]] = defaultdict(list)
    for work in works:
        if work.arxiv_id is not None:
            by_id[work.arxiv_id].append(work)
        else:
            without_id[bare_name(work.title)].append(work)
    return {
        arxiv_id: _description(arxiv_id, entries, without_id)
        for arxiv_id, entries in sorted(by_id.items())
    }


def _description(
    arxiv_id: str, entries: list[CitedWork], without_id: Mapping[str, list[CitedWork]]
) -> CitedWork:
    folded = _most_frequent(bare_name(work.title) for work in entries) or ""
    agreeing = [work for work in entries if bare_name(work.title) == folded]
    if len(folded) >= _SHORTEST_TITLE:
        families = _families(agreeing)
        agreeing += [w for w in without_id.get(folded, ()) if families & _families([w])]
    authors = [work.authors for work in agreeing]
    authors = [a for a in authors if not _DAMAGED.search(" ".join(a))] or authors
    complete = [names for names in authors if OTHERS not in names]
    published = [work for work in agreeing if work.venue is not None]
    venue = _most_frequent(work.venue for work in published)
    at_venue = [work for work in published if work.venue == venue] or agreeing
    return CitedWork(
        arxiv_id=arxiv_id,
        title=_most_frequent(work.title for work in agreeing) or "",
        authors=_most_frequent(complete or authors) or (),
        date=_most_frequent(work.date for work in at_venue if work.date) if published else None,
        venue=venue,
        doi=_most_frequent(work.doi for work in at_venue if work.doi),
        url=f"https://arxiv.org/abs/{arxiv_id}",
        category=_most_frequent(work.category for work in agreeing if work.category),
    )


def _families(works: Iterable[CitedWork]) -> set[str]:
    return {name.family.casefold() for work in works for name in read_authors(work.authors)[0]}


def _most_frequent(values: Iterable[_T]) -> _T | None:
    """The most frequent value; of several the longest text, then the first in order."""
    counts = Counter(values)
    if not counts:
        return None
    return min(counts, key=lambda value: (-counts[value], -len(str(value)), str(value)))
