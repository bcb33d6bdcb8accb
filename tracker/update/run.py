"""The conductor: fetch from sources into the archive, load the archive into the catalog.

A source that fails costs its own news only: the others go on, what was archived stays, and the
run ends with one clear line for each failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from tracker.catalog.engine import explained, open_engine
from tracker.catalog.home import ensure_catalog
from tracker.catalog.load import LoadReport, load
from tracker.catalog.queries import last_ranking
from tracker.common.paths import resource
from tracker.common.progress import Progress, silent
from tracker.common.times import now_text
from tracker.curated import read_curated
from tracker.errors import SourceError, TrackerError, UsageError
from tracker.io.validators import Validators
from tracker.settings import Settings
from tracker.snapshots.heartbeat import Heartbeat
from tracker.snapshots.origin import Origin, Sighting
from tracker.snapshots.store import Archive
from tracker.sources import SOURCES, FetchFailure, header
from tracker.sources.records import Fetched, SourceHeader
from tracker.update import due as text_sources

_T = TypeVar("_T")
Notify = Callable[[str], None]


@dataclass
class FetchReport:
    """What a fetch brought."""

    source: str
    new: int = 0
    """New states."""
    unchanged: int = 0
    rejected: list[str] = field(default_factory=list)
    """Documents that the plausibility gate kept out while a good one is known, a line each."""
    withheld: list[str] = field(default_factory=list)
    """Documents that it kept out of which nothing better was ever seen."""
    failures: list[TrackerError] = field(default_factory=list)


ANOTHER_SERVER = "another server"
"""What is noted where nobody says which server an imported copy comes from."""


@dataclass(frozen=True)
class FetchOptions:
    """What a single fetch may be told."""

    location: str | None = None
    """URL or path, instead of the configured one."""
    since: str | None = None
    until: str | None = None
    observed_at: str | None = None
    """When the answers were published, for an archived copy that is imported."""
    everything: bool = False
    """All boards of the live leaderboard."""
    accepted: tuple[str, ...] = ()
    """Boards whose present state a person vouches for, whatever the plausibility gate says."""
    server: str | None = None
    """Who answered, where it was not the publisher's own server."""


def fetch(
    source: str, settings: Settings, options: FetchOptions, notify: Notify = lambda _: None
) -> FetchReport:
    """Fetch one source into the archive.

    Raises:
        SourceError: Nothing of the source could be fetched; noted in the heartbeat as well.
    """
    fetchers = {
        "published-boards": _fetch_published_boards,
        "leaderboard-api": _fetch_leaderboard_api,
        "benchmark-registry": _fetch_benchmark_registry,
        "result-files": _fetch_result_files,
        "arxiv-papers": _fetch_arxiv_papers,
        "arxiv-fulltext": _fetch_arxiv_fulltext,
        "model-cards": _fetch_model_cards,
        "web-pages": _fetch_web_pages,
        "cited-sources": _fetch_cited_sources,
        "language-model": _fetch_language_model,
    }
    header(source)  # an unknown id is told its nearest names
    heartbeat = Heartbeat(settings.archive)
    try:
        report = fetchers[source](settings, options, notify)
    except UsageError:
        raise  # says nothing of the source
    except TrackerError as error:
        if not settings.offline:  # being told to stay at home is no failure of the source
            heartbeat.failure(source, now_text(), str(error))
        raise
    if report.failures or report.rejected:
        first = str(report.failures[0]) if report.failures else report.rejected[0]
        heartbeat.failure(source, now_text(), first)
    else:
        heartbeat.success(source, now_text())
    return report


def _forbid_outside(settings: Settings, source: str, location: str) -> None:
    from tracker.sources.published_boards import is_outside

    if settings.offline and is_outside(location):
        raise SourceError(
            source,
            "offline: no outside connection is allowed",
            place=location,
            remedy="unset TRACKER_OFFLINE, or give a local copy with --from",
        )


def _present_only(source: SourceHeader, options: FetchOptions) -> None:
    if options.since or options.until:
        raise UsageError(f"{source.id}: it tells the present only; --since and --until do not fit")


def _git_times(source: SourceHeader, options: FetchOptions) -> None:
    if options.observed_at:
        raise UsageError(f"{source.id}: --observed-at makes no sense: git knows its times")


def _fetch_published_boards(
    settings: Settings, options: FetchOptions, notify: Notify
) -> FetchReport:
    from tracker.sources import published_boards

    source = published_boards.HEADER.id
    _git_times(published_boards.HEADER, options)
    location = options.location or settings.published_boards_url
    _forbid_outside(settings, source, location)
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
        _git_times(result_files.HEADER, options)
    _forbid_outside(settings, source, location)
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


def _fetch_leaderboard_api(
    settings: Settings, options: FetchOptions, notify: Notify
) -> FetchReport:
    from tracker.sources import leaderboard_api
    from tracker.sources.published_boards import is_outside

    source = leaderboard_api.HEADER
    _present_only(source, options)
    root = options.location or settings.leaderboard_api_url
    _forbid_outside(settings, source.id, root)
    # Another address may be another server, which the public never saw.
    elsewhere = root.rstrip("/") != settings.leaderboard_api_url.rstrip("/")
    server = options.server or (ANOTHER_SERVER if elsewhere else None)
    archive = Archive(settings.archive)
    seen_at = options.observed_at or now_text()
    # An older copy that is imported is compared with what was before it. What is damaged is as
    # good as not there, so that the source sends it again.
    last = {
        stream: origin
        for stream, origin in archive.latest(source.id, until=seen_at).items()
        if archive.holds(origin.sha256)
    }
    validators = {
        origin.url: Validators(origin.etag, origin.last_modified) for origin in last.values()
    }
    benchmarks = archive.read(last["benchmarks"].sha256) if "benchmarks" in last else None
    report = FetchReport(source.id)
    session = leaderboard_api.open_session(settings)
    for answer in leaderboard_api.fetch(
        session,
        root,
        boards=settings.leaderboard_api_boards,
        everything=options.everything,
        validators=validators,
        last_benchmarks=benchmarks,
    ):
        notify(f"{source.id}: {answer.stream}")
        if isinstance(answer, Fetched) and not is_outside(root):
            # A local copy is a copy of the public document; where it lay on a disk is nobody's.
            public = leaderboard_api.public_url(settings.leaderboard_api_url, answer.stream)
            answer = replace(answer, url=public)
        if isinstance(answer, Fetched) and server is not None:
            answer = replace(answer, server=server)
        if isinstance(answer, FetchFailure):
            report.failures.append(answer.error)
            continue
        reason = None
        known = last.get(answer.stream)
        listed: list[str] = []
        if answer.body is not None:
            if answer.stream == "benchmarks":
                benchmarks = answer.body
            if known is None:
                listed = _asked(
                    settings,
                    partial(last_ranking, source=source.id, stream=answer.stream, at=seen_at),
                )
            reason = leaderboard_api.judge(
                answer.stream,
                answer.body,
                archive.read(known.sha256) if known else None,
                _number_of_models(benchmarks, answer.stream),
                listed,
            )
            if answer.stream.removeprefix("scores/") in options.accepted:
                reason = None
        record = archive.add(
            source.id, source.licence, answer, observed_at=options.observed_at, reason=reason
        )
        _count(report, answer, record, reason, known_before=bool(known or listed))
    if (
        not (report.new or report.unchanged or report.rejected or report.withheld)
        and report.failures
    ):
        raise report.failures[0]
    return report


def _number_of_models(benchmarks: bytes | None, stream: str) -> int | None:
    """How many models the list of benchmarks counts on the board of a stream."""
    from tracker.sources.leaderboard_api import parse_benchmarks

    try:
        known = {b.name: b.num_models for b in parse_benchmarks(benchmarks)} if benchmarks else {}
    except SourceError:
        return None  # the gate rejects the broken list itself
    return known.get(stream.removeprefix("scores/"))


def _count(
    report: FetchReport,
    answer: Fetched,
    record: Origin | Sighting | None,
    reason: str | None,
    *,
    known_before: bool,
) -> None:
    if reason is not None:
        line = f"{report.source}: {answer.stream}: rejected: {reason}"
        if known_before:
            report.rejected.append(f"{line}; the last good snapshot stays (--accept overrules)")
        else:
            report.withheld.append(f"{line}; nothing is shown of it")
    elif isinstance(record, Origin):
        report.new += 1
    else:
        report.unchanged += 1  # also where a server without 304 sent the same bytes again


def _fetch_benchmark_registry(
    settings: Settings, options: FetchOptions, notify: Notify
) -> FetchReport:
    from tracker.sources import benchmark_registry

    source = benchmark_registry.HEADER
    _present_only(source, options)
    report = FetchReport(source.id)
    notify(f"{source.id}: reading {options.location or 'the installed mteb'}")
    answer = benchmark_registry.fetch(
        options.location, python=settings.registry_python, limit=settings.max_response_bytes
    )
    record = Archive(settings.archive).add(
        source.id, source.licence, answer, observed_at=options.observed_at
    )
    _count(report, answer, record, None, known_before=True)
    return report


def _fetch_arxiv_papers(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.rows import cited_ids
    from tracker.sources import arxiv_papers

    root = options.location or settings.arxiv_api_url
    _forbid_outside(settings, arxiv_papers.HEADER.id, root)
    wanted = _asked(settings, cited_ids)
    answers = text_sources.paper_answers(
        settings,
        Archive(settings.archive),
        root,
        wanted,
        (options.since, options.until),
        notify,
    )
    return _archived(settings, arxiv_papers.HEADER, options, answers)


def _fetch_arxiv_fulltext(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.evidence import papers_of_models
    from tracker.sources import arxiv_fulltext

    _present_only(arxiv_fulltext.HEADER, options)
    root = (options.location or settings.arxiv_html_url).rstrip("/")
    _forbid_outside(settings, arxiv_fulltext.HEADER.id, root)
    wanted = _asked(settings, papers_of_models)
    answers = text_sources.text_answers(settings, Archive(settings.archive), root, wanted, notify)
    return _archived(settings, arxiv_fulltext.HEADER, options, answers)


def _fetch_model_cards(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.evidence import models_by_weight
    from tracker.sources import model_cards

    _present_only(model_cards.HEADER, options)
    root = (options.location or settings.hub_url or model_cards.endpoint()).rstrip("/")
    _forbid_outside(settings, model_cards.HEADER.id, root)
    wanted = _asked(settings, models_by_weight)
    answers = text_sources.card_answers(settings, Archive(settings.archive), root, wanted, notify)
    return _archived(settings, model_cards.HEADER, options, answers)


def _fetch_web_pages(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.web_pages import cited_pages
    from tracker.sources import web_pages

    source = web_pages.HEADER
    _present_only(source, options)
    if options.location:
        raise UsageError(f"{source.id}: --from makes no sense: each page has its own address")
    wanted = _asked(settings, cited_pages)
    for url in wanted[:1]:
        _forbid_outside(settings, source.id, url)
    answers = text_sources.page_answers(settings, Archive(settings.archive), wanted, notify)
    return _archived(settings, source, options, answers)


def _fetch_cited_sources(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.receipts import unverified_sources
    from tracker.sources import cited_sources

    source = cited_sources.HEADER
    _present_only(source, options)
    if options.location:
        raise UsageError(f"{source.id}: --from makes no sense: each source has its own address")
    wanted = _asked(settings, unverified_sources)
    for url in wanted[:1]:
        _forbid_outside(settings, source.id, url)
    archive = Archive(settings.archive)
    answers = text_sources.cited_answers(settings, archive, wanted, notify)
    return _archived(settings, source, options, answers)


def _fetch_language_model(settings: Settings, options: FetchOptions, notify: Notify) -> FetchReport:
    from tracker.catalog.knowledge.evidence import readable_texts
    from tracker.sources import language_model

    source = language_model.HEADER
    _present_only(source, options)
    chosen = settings.model_copy(update={"llm_url": options.location or settings.llm_url})
    if chosen.llm_url:
        _forbid_outside(settings, source.id, chosen.llm_url)
    archive = Archive(settings.archive)
    texts = _asked(settings, lambda connection: list(readable_texts(connection, archive)))
    terms = read_curated(settings.curated).terms
    answers = text_sources.model_answers(chosen, archive, texts, terms, notify)
    return _archived(settings, source, options, answers)


def _asked(settings: Settings, question: Callable[[Any], _T]) -> _T:
    """What the catalog answers to a function that takes its connection."""
    ensure_catalog(settings, for_writing=True)
    engine = open_engine(settings.catalog_url, read_only=True)
    try:
        with explained(settings.catalog_url), engine.connect() as connection:
            return question(connection)
    finally:
        engine.dispose()


def _archived(
    settings: Settings, source: SourceHeader, options: FetchOptions, answers: text_sources.Answers
) -> FetchReport:
    """Archive answers as they come; what failed among them is told, and fails all if all did."""
    archive = Archive(settings.archive)
    known = set(archive.latest(source.id))
    report = FetchReport(source.id)
    for answer in answers:
        if isinstance(answer, FetchFailure):
            report.failures.append(answer.error)
            continue
        record = archive.add(source.id, source.licence, answer, observed_at=options.observed_at)
        _count(report, answer, record, None, known_before=answer.stream in known)
    if not (report.new or report.unchanged) and report.failures:
        raise report.failures[0]
    return report


def load_catalog(
    settings: Settings,
    sources: Iterable[str] = (),
    notify: Notify = lambda _: None,
    progress: Progress = silent,
) -> LoadReport:
    """Bring the catalog up to the archive, the clones and the curated files."""
    chosen = list(sources) or list(SOURCES)
    for source in chosen:
        header(source)
    curated = read_curated(settings.curated)
    ensure_catalog(settings, for_writing=True)
    engine = open_engine(settings.catalog_url, read_only=False)
    try:
        with explained(settings.catalog_url):
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
