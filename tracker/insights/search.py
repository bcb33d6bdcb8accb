"""Search over models, papers, datasets, techniques and comparisons."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection

from tracker.answers.boards import Bilingual
from tracker.answers.methods import Hit
from tracker.catalog.search import queries as search_queries


def read_hits(connection: Connection, question: str, limit: int) -> tuple[Hit, ...]:
    """What has all words of a question, the best first."""
    return tuple(
        Hit(
            kind=row.kind,
            key=row.key,
            title=Bilingual(row.title_en, row.title_zh),
            about=Bilingual(row.about_en, row.about_zh or row.about_en) if row.about_en else None,
        )
        for row in search_queries.find(connection, question, limit)
    )


def hits_frame(hits: tuple[Hit, ...]) -> pl.DataFrame:
    """Hits in their order, one a line."""
    records = [
        {
            "kind": hit.kind,
            "key": hit.key,
            "title": hit.title.en,
            "title_zh": hit.title.zh,
            "about": hit.about.en if hit.about else None,
            "about_zh": hit.about.zh if hit.about else None,
        }
        for hit in hits
    ]
    columns = ("kind", "key", "title", "title_zh", "about", "about_zh")
    return pl.DataFrame(records, schema=dict.fromkeys(columns, pl.String))
