"""Search over models, papers, datasets, techniques and comparisons."""

from __future__ import annotations

from tracker.answers.common import Bilingual
from tracker.answers.methods import Hit
from tracker.catalog.search import queries as search_queries
from tracker.common.checks import check_type
from tracker.insights.reader import Reader


def read_hits(reader: Reader, question: str, limit: int) -> tuple[Hit, ...]:
    """Find what has all words of a text, the best first."""
    check_type("text", question, str)
    check_type("limit", limit, int)
    return tuple(
        Hit(
            kind=row.kind,
            key=row.key,
            title=Bilingual(row.title_en, row.title_zh),
            about=Bilingual(row.about_en, row.about_zh or row.about_en) if row.about_en else None,
        )
        for row in search_queries.find(reader.connection, question, limit)
    )
