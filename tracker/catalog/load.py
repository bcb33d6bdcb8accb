"""Load archive, clones and curated files into the catalog.

The result does not depend on the order of loads, and a repeated load changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, Engine, delete

from tracker.catalog import tables
from tracker.catalog.boards.states import update_states
from tracker.catalog.dialects import writing_alone
from tracker.catalog.documents import one_document
from tracker.catalog.identity.copies import propose_copies
from tracker.catalog.identity.renames import write_moves
from tracker.catalog.ids import Ids, table_of
from tracker.catalog.knowledge.candidates import load_evidence
from tracker.catalog.knowledge.paper_matching import match_papers
from tracker.catalog.knowledge.rows import load_declared, load_knowledge
from tracker.catalog.knowledge.web_pages import load_pages
from tracker.catalog.loader import Loader, LoadReport, Stored
from tracker.catalog.search import index as search
from tracker.catalog.starter import add_registry, shipped_copies
from tracker.common.garbage_collection import collection_paused
from tracker.common.progress import Progress, silent
from tracker.curated import Curated
from tracker.errors import SourceError
from tracker.snapshots.store import Archive
from tracker.sources import SOURCES, arxiv_papers

Notify = Callable[[str], None]


def load(
    engine: Engine,
    *,
    archive: Archive,
    clones: Path,
    curated: Curated,
    sources: Iterable[str],
    shipped: Path | None = None,
    notify: Notify = lambda _: None,
    progress: Progress = silent,
) -> LoadReport:
    """Bring the catalog up to date with the archive, the clones and the curated files.

    Args:
        engine: The catalog, migrated.
        archive: Raw bytes of the document sources.
        clones: Folder with the clones of the git sources.
        curated: The curated records.
        sources: Ids of the sources to load.
        shipped: Folder of the starter, for its registry and its copies; ``None``: none.
        notify: Called with the name of each step.
        progress: Progress callback.

    Returns:
        What was loaded and what could not be read.

    Raises:
        TrackerError: The catalog cannot be written; the load is rolled back.
    """
    chosen = list(sources)
    with collection_paused(), writing_alone(engine) as connection:
        loader = Loader(connection, curated)
        if shipped is not None:
            add_registry(connection, loader.names, shipped)
        for source in chosen:
            notify(f"loading {source}")
            try:
                _load_source(loader, source, archive, clones, progress)
            except SourceError as error:
                loader.finding(error)  # an unreadable clone does not stop the other sources
        loader.finish()
        notify("loading curated knowledge")
        load_knowledge(connection, loader.names, curated, archive)
        load_pages(connection, archive, loader.finding)
        write_moves(connection, loader.names)
        propose_copies(connection, shipped_copies(shipped) if shipped else ())
        notify("computing the states of boards")
        loader.report.boards += update_states(connection, loader.names, progress)
        # All models are there now, also those that only computed boards list.
        notify("reading cards and papers")
        load_declared(connection, loader.names, curated, list(_papers(loader, archive)))
        loader.report.texts += load_evidence(
            connection, loader.names, curated, archive, loader.finding
        )
        match_papers(connection, archive)
        loader.names.delete_unused()
        search.rebuild(connection)
        loader.names.assign_slugs()
        _write_findings(connection, chosen, loader)
    return loader.report


def _load_source(
    loader: Loader, source: str, archive: Archive, clones: Path, progress: Progress
) -> None:
    """Load one source with a loader of its own; the others are read in later steps."""
    if name := SOURCES[source].loader:
        module, _, function = name.rpartition(".")
        load_own: Callable[[Loader, Stored], None] = getattr(import_module(module), function)
        load_own(loader, Stored(archive, clones / source, progress))


def _papers(loader: Loader, archive: Archive) -> Iterator[arxiv_papers.PaperRecord]:
    source = arxiv_papers.HEADER.id
    for stream, origin in sorted(archive.latest(source).items()):
        if stream != arxiv_papers.DISCOVERY:
            paper = None
            with one_document(source, stream, loader.finding):
                paper = arxiv_papers.parse_paper(archive.read(origin.sha256))
            if paper is not None:
                yield paper


def _write_findings(connection: Connection, chosen: list[str], loader: Loader) -> None:
    """Write what could not be read, and what was left out of documents that were read.

    A document is read once, so what was left out of it remains until a newer state is read.
    """
    table = table_of(tables.FindingTable)
    by_choice = {source for source, entry in SOURCES.items() if entry.loader}
    not_read = by_choice - set(chosen)
    is_kept = table.c.source.in_(not_read)
    connection.execute(delete(table).where(~is_kept, table.c.severity == "error"))
    for source, place in loader.omissions:
        connection.execute(delete(table).where(table.c.source == source, table.c.place == place))
    omissions = chain.from_iterable(loader.omissions.values())
    rows = {
        (finding.source, finding.place, finding.cause): {
            "source": finding.source,
            "place": finding.place,
            "severity": severity,
            "message": finding.cause,
            "remedy": finding.remedy,
        }
        for severity, findings in (("warning", omissions), ("error", loader.report.findings))
        for finding in findings
    }
    ids = Ids(connection, tables.FindingTable)
    for row in rows.values():
        ids.add(**row)
    ids.flush()
