"""What the sources of texts are asked for: which models and papers, and what is known of each."""

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
"""What a source does not have is asked for again after so many of its usual periods."""


def paper_answers(
    settings: Settings,
    archive: Archive,
    root: str,
    ids: Sequence[str],
    window: tuple[str | None, str | None],
    notify: Notify,
) -> Answers:
    """The metadata of cited papers, and of new ones that nobody cites yet.

    Args:
        settings: Of this run.
        archive: Says up to which day new papers were looked for.
        root: Address of the query API.
        ids: arXiv ids that the catalog refers to.
        window: First and last day of submission to look at, instead of all since the last run.
        notify: Told what is being done.
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
        # A window that a person chose says nothing of the days up to today.
        is_mark = isinstance(answer, Fetched) and answer.stream == arxiv_papers.DISCOVERY
        if not (is_mark and any(window)):
            yield answer


def _discover_from(settings: Settings, archive: Archive) -> str:
    """The first day of which there may be papers that no run saw."""
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
    """The cards and configurations of the models that were not asked for lately.

    Args:
        settings: Of this run.
        archive: What is known already.
        root: Root address of the Hub.
        models: In the order in which they matter.
        notify: Told what is being done.
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
    # What is damaged is as good as not there, so that the source sends it again.
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
                del known[stream]  # a 304 would tell nothing of the files that are missing
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
    """The full texts of papers that are not archived in their newest version.

    Args:
        settings: Of this run.
        archive: What is known already.
        root: Address below which full texts stand.
        papers: arXiv ids, each with the day of its newest version, or an empty text.
        notify: Told what is being done.
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
        # A day's end: the new version of a day may come after its text was fetched.
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
    """What a language model says of the texts about which it was not asked as they are now.

    Args:
        settings: Of this run.
        archive: What is known already.
        texts: In the order in which they matter.
        terms: The vocabulary.
        notify: Told what is being done, and how many statements of an answer hold.
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
            told = language_model.parse(answer.stream, answer.body)
            reader = asking.LanguageModelExtractor(terms, told.asked_of, lambda _: told.content)  # noqa: B023
            held = len(reader.extract(text.read(archive.read(text.origin.sha256))))
            stated = len(asking.statements(told.content))
            notify(f"{source.id}: {text.stream}: {held} of {stated} statements are in the text")
        yield answer


def _is_answered(
    archive: Archive, origin: Origin | None, text: Readable, asked_by: str, asked_of: str | None
) -> bool:
    if origin is None or not archive.holds(origin.sha256):
        return False
    try:
        told = language_model.parse(text.stream, archive.read(origin.sha256))
    except SourceError:
        return False
    return (told.digest, told.asked_by, told.asked_of) == (text.origin.sha256, asked_by, asked_of)


def page_answers(
    settings: Settings, archive: Archive, urls: Sequence[str], notify: Notify
) -> Answers:
    """The cited pages that were not asked for lately.

    Args:
        settings: Of this run.
        archive: What is known already.
        urls: Addresses.
        notify: Told what is being done.
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


def _ago(hours: int) -> str:
    return utc_text(datetime.now(UTC) - timedelta(hours=hours))
