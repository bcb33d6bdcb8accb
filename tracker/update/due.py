"""Choose what is due to be fetched from the sources of texts, and fetch it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from tracker.catalog.knowledge.archived_texts import Readable
from tracker.common.times import utc_text
from tracker.curated import TermEntry
from tracker.errors import SourceError
from tracker.evidence import language_model as asking
from tracker.io.validators import Validators
from tracker.settings import Settings
from tracker.snapshots.origin import Origin
from tracker.snapshots.store import Archive
from tracker.sources import FetchFailure, language_model
from tracker.sources.records import Fetched

Answers = Iterator[Fetched | FetchFailure]
Notify = Callable[[str], None]

ABSENT_LONGER = 4
"""Absent documents are requested again after this many refresh periods of the source."""


def paper_answers(
    settings: Settings,
    archive: Archive,
    root: str,
    ids: Sequence[str],
    window: tuple[str | None, str | None],
    notify: Notify,
) -> Answers:
    """Fetch the metadata of cited papers, and discover new papers.

    Args:
        settings: Settings of this run.
        archive: Has the day until which new papers were discovered.
        root: Address of the query API.
        ids: arXiv ids that the catalog refers to.
        window: First and last day of submission, instead of all days since the last run.
        notify: Called with the name of each step.
    """
    from tracker.sources import arxiv_papers

    source = arxiv_papers.HEADER
    session = arxiv_papers.open_session(settings)
    notify(f"{source.id}: {len(ids)} papers")
    yield from arxiv_papers.fetch(session, root, ids)
    since, until = window[0] or _discover_from(settings, archive), window[1] or _ago(0)[:10]
    notify(f"{source.id}: new papers, submitted {since} to {until}")
    limit = settings.arxiv_discovery_papers
    for answer in arxiv_papers.discover(session, root, since, until, limit=limit):
        # A chosen window does not extend to the present day, so its mark is not archived.
        is_mark = isinstance(answer, Fetched) and answer.stream == arxiv_papers.DISCOVERY
        if not (is_mark and any(window)):
            yield answer


def _discover_from(settings: Settings, archive: Archive) -> str:
    """Return the first day that may have undiscovered papers."""
    from tracker.sources import arxiv_papers

    first = _ago(24 * settings.arxiv_discovery_days)[:10]
    last = archive.latest(arxiv_papers.HEADER.id).get(arxiv_papers.DISCOVERY)
    if last is None or not archive.holds(last.sha256):
        return first
    try:
        reached = arxiv_papers.parse_discovery(archive.read(last.sha256))
    except SourceError:
        return first
    days = -arxiv_papers.LATE_DAYS if reached.complete else 1
    return (date.fromisoformat(reached.until) + timedelta(days=days)).isoformat()


def card_answers(
    settings: Settings, archive: Archive, root: str, models: Sequence[str], notify: Notify
) -> Answers:
    """Fetch the cards and configuration files of models that are due.

    Args:
        settings: Settings of this run.
        archive: Raw bytes of earlier fetches.
        root: Root address of the Hub.
        models: Public ids, most important first.
        notify: Called with the name of each step.
    """
    from tracker.sources import model_cards

    source = model_cards.HEADER
    latest = archive.latest(source.id)
    seen = {o.stream: o.seen_at for o in archive.observations(source.id)}
    due = [
        model
        for model in models
        if model_cards.is_hub_name(model)
        and seen.get(f"{model}/{model_cards.INFO}", "") < _ago(source.refresh_hours)
        and seen.get(f"{model}/{model_cards.ABSENT}", "")
        < _ago(source.refresh_hours * ABSENT_LONGER)
    ]
    # Damaged documents count as missing, so that the source sends them again.
    known = {
        stream: Validators(origin.etag, origin.last_modified)
        for stream, origin in latest.items()
        if archive.holds(origin.sha256)
    }
    revisions = {}
    for model in due:
        if (stream := f"{model}/{model_cards.INFO}") in known:
            try:
                info = model_cards.parse_info(model, archive.read(latest[stream].sha256))
            except SourceError:
                del known[stream]  # what cannot be read is sent again
                continue
            if all(f"{model}/{name}" in known for name in info.documents):
                revisions[model] = info.revision
            else:
                del known[stream]  # after a 304 the missing files would stay missing
    notify(f"{source.id}: {len(due)} models, at most {settings.hub_requests} requests")
    yield from model_cards.fetch(
        model_cards.open_session(settings),
        root,
        due,
        known,
        revisions,
        budget=settings.hub_requests,
    )


def text_answers(
    settings: Settings,
    archive: Archive,
    root: str,
    papers: Sequence[tuple[str, str]],
    notify: Notify,
) -> Answers:
    """Fetch the full texts of papers that are not archived in their newest version.

    Args:
        settings: Settings of this run.
        archive: Raw bytes of earlier fetches.
        root: Root address of full texts.
        papers: Pairs of arXiv id and day of the newest version, or an empty text.
        notify: Called with the name of each step.
    """
    from tracker.sources import arxiv_fulltext

    source = arxiv_fulltext.HEADER
    latest = archive.latest(source.id)
    seen = {o.stream: o.seen_at for o in archive.observations(source.id)}
    known: dict[str, Validators] = {}
    due = []
    for arxiv_id, updated in papers:
        stream = f"{arxiv_id}/{arxiv_fulltext.TEXT}"
        absent_at = seen.get(f"{arxiv_id}/{arxiv_fulltext.ABSENT}", "")
        whole = stream in latest and archive.holds(latest[stream].sha256)
        if whole:
            known[stream] = Validators(latest[stream].etag, latest[stream].last_modified)
        # The end of the day, since a new version may appear after its text was fetched.
        read = whole and (not updated or seen[stream] > f"{updated}T23:59:59Z")
        if not read and absent_at < _ago(source.refresh_hours * ABSENT_LONGER):
            due.append(arxiv_id)
    due = due[: settings.arxiv_html_requests]
    notify(f"{source.id}: {len(due)} papers")
    session = arxiv_fulltext.open_session(settings)
    yield from arxiv_fulltext.fetch(session, root, due, known)


def model_answers(
    settings: Settings,
    archive: Archive,
    texts: Sequence[Readable],
    terms: Sequence[TermEntry],
    notify: Notify,
) -> Answers:
    """Ask a language model about texts that changed since its last answer.

    Args:
        settings: Settings of this run.
        archive: Raw bytes of earlier fetches.
        texts: Most important first.
        terms: The vocabulary.
        notify: Called with each step, and the number of statements that are supported.
    """
    source = language_model.HEADER
    latest = archive.latest(source.id)
    by_stream = {text.stream: text for text in texts}
    asked_by = f"{asking.EXTRACTOR} {asking.VERSION}"
    due = [
        text
        for text in texts
        if not _is_answered(archive, latest.get(text.stream), text, asked_by, settings.llm_model)
    ]
    notify(f"{source.id}: {len(due)} texts, at most {settings.llm_requests} questions")

    def questions() -> Iterator[language_model.Question]:
        for text in due[: settings.llm_requests]:
            try:
                document = text.read(archive.read(text.origin.sha256))
            except SourceError:
                continue  # a load reports it
            yield language_model.Question(
                text.stream,
                text.origin.sha256,
                asked_by,
                asking.instructions(document, terms),
                asking.shown_text(document),
            )

    for answer in language_model.fetch(settings, questions()):
        if isinstance(answer, Fetched) and answer.body is not None:
            text = by_stream[answer.stream]
            parsed = language_model.parse(answer.stream, answer.body)
            reader = asking.LanguageModelExtractor(terms, parsed.asked_of, lambda _: parsed.content)  # noqa: B023
            held = len(reader.extract(text.read(archive.read(text.origin.sha256))))
            n = len(asking.statements(parsed.content))
            notify(f"{source.id}: {text.stream}: {held} of {n} statements are in the text")
        yield answer


def _is_answered(
    archive: Archive, origin: Origin | None, text: Readable, asked_by: str, asked_of: str | None
) -> bool:
    if origin is None or not archive.holds(origin.sha256):
        return False
    try:
        last = language_model.parse(text.stream, archive.read(origin.sha256))
    except SourceError:
        return False
    return (last.digest, last.asked_by, last.asked_of) == (text.origin.sha256, asked_by, asked_of)


def page_answers(
    settings: Settings, archive: Archive, urls: Sequence[str], notify: Notify
) -> Answers:
    """Fetch the cited web pages that are due.

    Args:
        settings: Settings of this run.
        archive: Raw bytes of earlier fetches.
        urls: Addresses.
        notify: Called with the name of each step.
    """
    from tracker.sources import web_pages

    source = web_pages.HEADER
    seen = {o.stream: o.seen_at for o in archive.observations(source.id)}
    known = {
        stream: Validators(origin.etag, origin.last_modified)
        for stream, origin in archive.latest(source.id).items()
        if archive.holds(origin.sha256)
    }
    due = [
        url
        for url in urls
        if max(seen.get(f"{web_pages.PAGE}{url}", ""), seen.get(f"{web_pages.GONE}{url}", ""))
        < _ago(source.refresh_hours)
    ]
    notify(f"{source.id}: {len(due)} pages")
    yield from web_pages.fetch(web_pages.open_session(settings), due, known)


def cited_answers(
    settings: Settings, archive: Archive, urls: Sequence[str], notify: Notify
) -> Answers:
    """The cited files and papers that are not archived and were not refused lately.

    Args:
        settings: Of this run.
        archive: What is known already.
        urls: Addresses with a fixed version.
        notify: Told what is being done.
    """
    from tracker.sources import cited_sources

    source = cited_sources.HEADER
    latest = archive.latest(source.id)
    seen = {o.stream: o.seen_at for o in archive.observations(source.id)}
    again = _ago(source.refresh_hours * ABSENT_LONGER)
    due = [
        url
        for url in urls
        if not (url in latest and archive.holds(latest[url].sha256))
        and seen.get(f"{cited_sources.GONE}{url}", "") < again
    ][: settings.cited_requests]
    notify(f"{source.id}: {len(due)} sources")
    yield from cited_sources.fetch(cited_sources.open_session(settings), due)


def _ago(hours: int) -> str:
    return utc_text(datetime.now(UTC) - timedelta(hours=hours))
