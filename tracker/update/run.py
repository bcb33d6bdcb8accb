"""Fetch sources into the archive, load the archive into the catalog, and verify both.

A failing source does not stop the others: what was archived stays, and the run reports one line
per failure.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracker.catalog.engine import explained, open_engine, sqlite_path
from tracker.catalog.home import ensure_catalog
from tracker.catalog.load import load
from tracker.catalog.loader import LoadReport
from tracker.catalog.sqlite_file import written
from tracker.common.paths import resource
from tracker.common.progress import Progress, silent
from tracker.common.times import now_text
from tracker.curated import read_curated
from tracker.errors import TrackerError, UsageError
from tracker.settings import Settings
from tracker.snapshots.heartbeat import Heartbeat
from tracker.snapshots.store import Archive
from tracker.sources import SOURCES, header
from tracker.update import due
from tracker.update.fetching import (
    FetchOptions,
    FetchReport,
    Notify,
    archive_answers,
    count_answer,
    forbid_outside,
    git_times,
    present_only,
    query_catalog,
)
from tracker.update.leaderboard import fetch_leaderboard

__all__ = ["FetchOptions", "FetchReport", "fetch", "load_catalog"]


def fetch(
    source: str, settings: Settings, options: FetchOptions, notify: Notify = lambda _: None
) -> FetchReport:
    """Fetch one source into the archive.

    Raises:
        SourceError: Nothing could be fetched; the heartbeat records it, too.
    """
    fetchers = {
        "published-boards": _fetch_published_boards,
        "leaderboard-api": fetch_leaderboard,
        "benchmark-registry": _fetch_benchmark_registry,
        "result-files": _fetch_result_files,
        "arxiv-papers": _fetch_arxiv_papers,
        "arxiv-fulltext": _fetch_arxiv_fulltext,
        "model-cards": _fetch_model_cards,
        "web-pages": _fetch_web_pages,
        "cited-sources": _fetch_cited_sources,
        "language-model": _fetch_language_model,
    }
    header(source)  # raises an error with similar names for an unknown id
    heartbeat = Heartbeat(settings.archive)
    try:
        report = fetchers[source](settings, options, notify)
    except UsageError:
        raise  # not a failure of the source
    except TrackerError as error:
        if not settings.offline:  # offline mode is not a source failure
            heartbeat.failure(source, now_text(), str(error))
        raise
    if report.failures or report.rejected:
        first = str(report.failures[0]) if report.failures else report.rejected[0]
        heartbeat.failure(source, now_text(), first)
    else:
        heartbeat.success(source, now_text())
    return report


def _fetch_published_boards(
    settings: Settings, options: FetchOptions, notify: Notify
) -> FetchReport:
    from tracker.sources import published_boards

    source = published_boards.HEADER.id
    git_times(published_boards.HEADER, options)
    location = options.location or settings.published_boards_url
    forbid_outside(settings, source, location)
    clone = settings.clones / source
    before = {v.blob for v in published_boards.known_versions(clone)}
    notify(f"{source}: updating the clone from {location}")
    published_boards.update(location, clone, since=options.since, until=options.until)
    versions = published_boards.versions(clone)
    new = sum(v.blob not in before for v in versions)
    return FetchReport(source, new=new, unchanged=len(versions) - new)


def _fetch_result_files(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.sources import result_files

    source = result_files.HEADER.id
    location = options.location or settings.result_files_url
    if not result_files.is_plain_folder(location):
        git_times(result_files.HEADER, options)
    forbid_outside(settings, source, location)
    clone = settings.clones / source
    before = set(result_files.all_moments(clone))
    notify(f"{source}: updating the clone from {location}")
    result_files.update(
        location,
        clone,
        seen_at=options.observed_at or now_text(),
        since=options.since,
        until=options.until,
    )
    moments = set(result_files.all_moments(clone))
    return FetchReport(source, new=len(moments - before), unchanged=len(moments & before))


def _fetch_benchmark_registry(
    settings: Settings, options: FetchOptions, notify: Notify
) -> FetchReport:
    from tracker.sources import benchmark_registry

    source = benchmark_registry.HEADER
    present_only(source, options)
    report = FetchReport(source.id)
    notify(f"{source.id}: reading {options.location or 'the installed mteb'}")
    answer = benchmark_registry.fetch(
        options.location, python=settings.registry_python, limit=settings.max_response_bytes
    )
    record = Archive(settings.archive).add(
        source.id, source.licence, answer, observed_at=options.observed_at
    )
    count_answer(report, answer, record, None, known_before=True)
    return report


def _fetch_arxiv_papers(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.rows import cited_ids
    from tracker.sources import arxiv_papers

    root = options.location or settings.arxiv_api_url
    forbid_outside(settings, arxiv_papers.HEADER.id, root)
    wanted = query_catalog(settings, cited_ids)
    answers = due.paper_answers(
        settings,
        Archive(settings.archive),
        root,
        wanted,
        (options.since, options.until),
        notify,
    )
    return archive_answers(settings, arxiv_papers.HEADER, options, answers)


def _fetch_arxiv_fulltext(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.reading_order import papers_of_models
    from tracker.sources import arxiv_fulltext

    present_only(arxiv_fulltext.HEADER, options)
    root = (options.location or settings.arxiv_html_url).rstrip("/")
    forbid_outside(settings, arxiv_fulltext.HEADER.id, root)
    wanted = query_catalog(settings, papers_of_models)
    answers = due.text_answers(settings, Archive(settings.archive), root, wanted, notify)
    return archive_answers(settings, arxiv_fulltext.HEADER, options, answers)


def _fetch_model_cards(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.reading_order import models_by_weight
    from tracker.sources import model_cards

    present_only(model_cards.HEADER, options)
    root = (options.location or settings.hub_url or model_cards.endpoint()).rstrip("/")
    forbid_outside(settings, model_cards.HEADER.id, root)
    wanted = query_catalog(settings, models_by_weight)
    answers = due.card_answers(settings, Archive(settings.archive), root, wanted, notify)
    return archive_answers(settings, model_cards.HEADER, options, answers)


def _fetch_web_pages(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.web_pages import cited_pages
    from tracker.sources import web_pages

    source = web_pages.HEADER
    present_only(source, options)
    if options.location:
        raise UsageError(f"{source.id}: --from is not supported: each page has its own address")
    wanted = query_catalog(settings, cited_pages)
    for url in wanted[:1]:
        forbid_outside(settings, source.id, url)
    answers = due.page_answers(settings, Archive(settings.archive), wanted, notify)
    return archive_answers(settings, source, options, answers)


def _fetch_cited_sources(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.receipts import unverified_sources
    from tracker.sources import cited_sources

    source = cited_sources.HEADER
    present_only(source, options)
    if options.location:
        raise UsageError(f"{source.id}: --from is not supported: each source has its own address")
    wanted = query_catalog(settings, unverified_sources)
    for url in wanted[:1]:
        forbid_outside(settings, source.id, url)
    archive = Archive(settings.archive)
    answers = due.cited_answers(settings, archive, wanted, notify)
    return archive_answers(settings, source, options, answers)


def _fetch_language_model(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.archived_texts import readable_texts
    from tracker.sources import language_model

    source = language_model.HEADER
    present_only(source, options)
    chosen = settings.model_copy(update={"llm_url": options.location or settings.llm_url})
    if chosen.llm_url:
        forbid_outside(settings, source.id, chosen.llm_url)
    archive = Archive(settings.archive)
    texts = query_catalog(settings, lambda connection: list(readable_texts(connection, archive)))
    terms = read_curated(settings.curated).terms
    answers = due.model_answers(chosen, archive, texts, terms, notify)
    return archive_answers(settings, source, options, answers)


def load_catalog(
    settings: Settings,
    sources: Iterable[str] = (),
    notify: Notify = lambda _: None,
    progress: Progress = silent,
) -> LoadReport:
    """Load archive, clones and curated files into the catalog.

    Args:
        settings: Settings of this run.
        sources: Ids of the sources to load; all by default.
        notify: Called with the name of each step.
        progress: Progress callback.
    """
    chosen = list(sources) or list(SOURCES)
    for source in chosen:
        header(source)
    curated = read_curated(settings.curated)
    ensure_catalog(settings, for_writing=True)
    engine = open_engine(settings.catalog_url, read_only=False)
    try:
        with explained(settings.catalog_url), written(sqlite_path(settings.catalog_url)):
            return load(
                engine,
                archive=Archive(settings.archive),
                clones=settings.clones,
                curated=curated,
                sources=chosen,
                shipped=resource("db/starter") if settings.starter else None,
                notify=notify,
                progress=progress,
            )
    finally:
        engine.dispose()
