"""Load cited web pages: their titles and days, and which are gone."""

from __future__ import annotations

import orjson
from sqlalchemy import Connection, delete

from tracker.catalog.documents import Report, one_document
from tracker.catalog.ids import Ids, table_of
from tracker.catalog.knowledge import candidate_tables
from tracker.catalog.queries import all_rows
from tracker.errors import SourceError
from tracker.snapshots.store import Archive
from tracker.sources import web_pages


def cited_pages(connection: Connection) -> list[str]:
    """Return sorted addresses that curated entries cite and no other source reads."""
    single = all_rows(
        connection,
        """
        select source from evidence
         union select source from no_paper where source is not null
         union select source from dataset_use where declared = 'curated'
        """,
    )
    several = all_rows(connection, "select sources from comparison_line")
    cited = {row.source for row in single}.union(*(orjson.loads(row.sources) for row in several))
    return sorted(url for url in cited if web_pages.is_page(url))


def load_pages(connection: Connection, archive: Archive, report: Report) -> None:
    """Write the newest state of each cited page.

    Args:
        connection: The transaction of the load, with the curated facts.
        archive: The raw bytes.
        report: Called with each page that is gone or cannot be read.
    """
    source = web_pages.HEADER.id
    connection.execute(delete(table_of(candidate_tables.WebPageTable)))
    latest = archive.latest(source)
    seen = {o.stream: o.seen_at for o in archive.observations(source)}
    pages = Ids(connection, candidate_tables.WebPageTable)
    for url in cited_pages(connection):
        page, gone = f"{web_pages.PAGE}{url}", f"{web_pages.GONE}{url}"
        found_at, gone_at = seen.get(page, ""), seen.get(gone, "")
        if not (found_at or gone_at):
            continue
        known, status = web_pages.WebPage(None, None), 200
        with one_document(source, url, report):
            if page in latest:
                known = web_pages.parse(archive.read(latest[page].sha256))
        if gone_at > found_at:
            status = 404
            with one_document(source, url, report):
                status = web_pages.status_when_gone(archive.read(latest[gone].sha256)) or status
            cause = f"a cited page is gone: it answers {status}"
            report(SourceError(source, cause, place=url, remedy="cite an archived copy"))
        pages.add(
            url=url,
            title=known.title,
            published=known.published,
            status=status,
            seen_at=max(found_at, gone_at),
        )
    pages.flush()
