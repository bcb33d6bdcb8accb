"""Written comparisons and cited web pages, as typed answers."""

from __future__ import annotations

from collections import defaultdict

import orjson

from tracker.answers.common import Bilingual
from tracker.answers.methods import CitedPage, Subject, WrittenComparison, WrittenLine
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.insights.reader import Reader, memoised
from tracker.insights.receipts import evidence_of


def read_cited_pages(reader: Reader) -> tuple[CitedPage, ...]:
    """Read the cited web pages that were fetched, by address."""
    return tuple(CitedPage(*row) for row in knowledge_queries.cited_pages(reader.connection))


@memoised
def read_written(reader: Reader) -> tuple[WrittenComparison, ...]:
    """Read all written comparisons with their statements."""
    lines: dict[int, list[WrittenLine]] = defaultdict(list)
    for row in knowledge_queries.comparison_lines(reader.connection):
        receipts = tuple(map(evidence_of, orjson.loads(row.receipts)))
        cited = {receipt.source for receipt in receipts}
        texts = zip(orjson.loads(row.texts_en), orjson.loads(row.texts_zh), strict=True)
        lines[row.comparison_id].append(
            WrittenLine(
                kind=row.kind,
                topic=Bilingual(row.topic_en, row.topic_zh),
                texts=tuple(Bilingual(en, zh) for en, zh in texts),
                sources=tuple(url for url in orjson.loads(row.sources) if url not in cited),
                confidence=row.confidence,
                receipts=receipts,
            )
        )
    return tuple(
        WrittenComparison(
            slug=row.slug,
            title=Bilingual(row.title_en, row.title_zh),
            summary=Bilingual(row.summary_en, row.summary_zh),
            subjects=tuple(Subject(*subject) for subject in orjson.loads(row.subjects)),
            lines=tuple(lines[row.id]),
        )
        for row in knowledge_queries.comparisons(reader.connection)
    )
