"""Paper metadata from arXiv's query API, through the package ``arxiv``; never full texts.

arXiv asks for one request every three seconds, one connection, and an address to write to. The
package asks through our own polite session, so that pacing, retries and limits are the same as
everywhere; its parser turns the feed into results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from tracker.common.arxiv_ids import canonical_id, find_ids
from tracker.common.times import now_text
from tracker.errors import SourceError
from tracker.sources import PUBLISHER_MUST_FIX, FetchFailure
from tracker.sources._arxiv_feed import Feed, Paper, read_page
from tracker.sources.records import Fetched, SourceHeader

__all__ = [
    "HEADER",
    "Discovery",
    "PaperRecord",
    "canonical_id",
    "discover",
    "fetch",
    "find_ids",
    "open_session",
    "parse_discovery",
    "parse_paper",
    "refresh",
]

if TYPE_CHECKING:  # both are heavy, and reading archived bytes does without them
    from tracker.io.http import Session
    from tracker.settings import Settings
    from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id="arxiv-papers",
    title="arXiv metadata",
    licence="CC0-1.0 (metadata only)",
    home="https://arxiv.org",
    politeness="one request every three seconds over one connection, with a contact",
    refresh_hours=24 * 7,
    keeps_history=True,
)
FURTHER_ASKING = 2
"""arXiv sometimes leaves out papers it has; a page is asked again for those so many times."""
DISCOVERY = "discovery"
"""The stream that says up to which day new papers have been looked for."""
CATEGORIES = ("cs.CL", "cs.IR", "cs.LG")
PHRASES = (
    "text embedding",
    "text embeddings",
    "sentence embedding",
    "sentence embeddings",
    "embedding model",
    "embedding models",
    "dense retrieval",
    "dense retriever",
    "contrastive pre-training",
)
"""What a new paper has in its title or abstract to be looked at; arXiv knows no word stems."""
LATE_DAYS = 7
"""arXiv announces a paper some days after its submission, so the last days are asked for again."""

_ID = HEADER.id


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """What arXiv says of a paper in its newest version."""

    arxiv_id: str
    """Without version: ``2405.17428`` or ``cs/0112017``."""
    version: int
    title: str
    authors: tuple[str, ...]
    published: str
    """When the first version appeared."""
    updated: str
    """When this version appeared."""
    abstract: str
    primary_category: str
    categories: tuple[str, ...]
    comment: str | None
    doi: str | None
    journal_ref: str | None
    withdrawn: bool
    url: str


_TOTAL = re.compile(rb"totalResults[^>]*>\s*([0-9]+)\s*<")
_FIELDS = tuple(PaperRecord.__dataclass_fields__)


def open_session(settings: Settings, **waiting: Any) -> Session:
    """The session for this source; ``waiting`` replaces its clock and sleep in tests."""
    from tracker.io.http import Session

    return Session(
        settings,
        source=_ID,
        pause=settings.arxiv_seconds_between_requests,
        redirect_hosts=frozenset({"arxiv.org"}),
        **waiting,
    )


def fetch(
    session: Session, api_url: str, ids: Sequence[str], *, page_size: int = 100
) -> Iterator[Fetched | FetchFailure]:
    """One document a paper, ``id/<arxiv id>``, with its metadata as canonical JSON.

    A newer version of a paper is a newer state of the same stream. What fails is yielded as a
    :class:`FetchFailure` and the rest goes on, unless arXiv as a whole cannot be asked.
    """
    from tracker.io.http import HostUnavailableError

    wanted: dict[str, None] = {}
    for text in ids:
        if (arxiv_id := canonical_id(text)) is not None:
            wanted[arxiv_id] = None
        else:
            error = SourceError(_ID, f"{text!r} is no arXiv id", place=api_url)
            yield FetchFailure(f"id/{text}", api_url, error)
    everything = list(wanted)
    for start in range(0, len(everything), page_size):
        missing = everything[start : start + page_size]
        for _ in range(1 + FURTHER_ASKING):
            try:
                found, unreadable, unknown = _ask(session, api_url, missing)
            except SourceError as error:
                stream = f"id/{missing[0]}" if len(missing) == 1 else f"{len(missing)} papers"
                yield FetchFailure(stream, api_url, error)
                if isinstance(error, HostUnavailableError):
                    return
                missing = []
                break
            for arxiv_id, body in found.items():
                address = _address(api_url, arxiv_id)
                yield Fetched(f"id/{arxiv_id}", address, body, now_text(), unknown=unknown)
            yield from _failures(api_url, unreadable)
            seen = found.keys() | unreadable.keys()
            missing = [arxiv_id for arxiv_id in missing if arxiv_id not in seen]
            if not missing:
                break
        for arxiv_id in missing:
            url = _address(api_url, arxiv_id)
            cause = f"arXiv gives no paper with this id, asked {1 + FURTHER_ASKING} times"
            absent = SourceError(_ID, cause, place=url, remedy="correct the id where it is cited")
            yield FetchFailure(f"id/{arxiv_id}", url, absent)


@dataclass(frozen=True, slots=True)
class Discovery:
    """Up to which day new papers have been looked for."""

    since: str
    """First day of submission that was asked for, ``YYYY-MM-DD``."""
    until: str
    """Last day of which all papers were seen."""
    ids: tuple[str, ...]
    """What was found, in the order of submission."""
    complete: bool
    """Whether the whole window was seen; the next run goes on where this one had to stop."""


def discover(
    session: Session, api_url: str, since: str, until: str, *, limit: int, page_size: int = 100
) -> Iterator[Fetched | FetchFailure]:
    """Papers on embeddings that were submitted in some days, the oldest first.

    Every paper is a document like those of :func:`fetch`. At the end stands a :class:`Discovery`
    as a document of its own, also where the window could not be seen whole.

    Args:
        session: Made by :func:`open_session`.
        api_url: Address of the query API.
        since: First day of submission, ``YYYY-MM-DD``.
        until: Last day.
        limit: Papers at most; the rest is for the next run.
        page_size: Papers a request.
    """
    found: dict[str, str] = {}
    left_out: dict[str, str] = {}
    total: int | None = None
    empty = 0
    failure: SourceError | None = None
    while len(found) < limit and (total is None or len(found) + len(left_out) < total):
        offset = len(found) + len(left_out)
        try:
            page, unreadable, total, unknown = _search(
                session, api_url, since, until, offset, page_size
            )
        except SourceError as error:
            failure = error
            break
        new = {entry: cause for entry, cause in unreadable.items() if entry not in left_out}
        left_out |= new
        yield from _failures(api_url, new)
        fresh = [(paper, body) for paper, body in page if paper["arxiv_id"] not in found]
        for paper, body in fresh:
            found[paper["arxiv_id"]] = paper["published"][:10]
            address = _address(api_url, paper["arxiv_id"])
            yield Fetched(f"id/{paper['arxiv_id']}", address, body, now_text(), unknown=unknown)
        empty = 0 if fresh or new else empty + 1
        if empty > FURTHER_ASKING:
            if total:
                cause = f"gives {offset} of {total} papers, asked {1 + FURTHER_ASKING} times more"
                failure = SourceError(_ID, cause, place=_window(api_url, since, until))
            break
        if not (fresh or new):
            total = total or None  # an empty page may be a mistake: ask again
    complete = failure is None and (total is None or len(found) + len(left_out) >= total)
    yield _reached(api_url, since, until, found, complete=complete)
    if failure is not None:
        yield FetchFailure(DISCOVERY, api_url, failure)


def _reached(
    api_url: str, since: str, until: str, found: dict[str, str], *, complete: bool
) -> Fetched:
    """How far a window was seen: of the last day with a paper there may be more to come."""
    if not complete:
        last = max(found.values(), default=since)
        until = (date.fromisoformat(last) - timedelta(days=1)).isoformat()
    document = {"since": since, "until": until, "ids": list(found), "complete": complete}
    return Fetched(DISCOVERY, _window(api_url, since, until), orjson.dumps(document), now_text())


def parse_discovery(body: bytes) -> Discovery:
    """How far the last discovery came.

    Raises:
        SourceError: The bytes are not what :func:`discover` yields.
    """
    try:
        told = orjson.loads(body)
        ids = tuple(map(str, told["ids"]))
        since, until = (date.fromisoformat(told[name]).isoformat() for name in ("since", "until"))
        return Discovery(since, until, ids, bool(told["complete"]))
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(_ID, f"what was discovered cannot be understood: {error}") from None


def _query(since: str, until: str) -> str:
    """The question in arXiv's own language; days are whole days of UTC."""
    categories = " OR ".join(f"cat:{category}" for category in CATEGORIES)
    phrases = " OR ".join(f'{field}:"{phrase}"' for phrase in PHRASES for field in ("ti", "abs"))
    days = f"{since.replace('-', '')}0000 TO {until.replace('-', '')}2359"
    return f"({categories}) AND ({phrases}) AND submittedDate:[{days}]"


def _window(api_url: str, since: str, until: str) -> str:
    """A short name of a long question."""
    return f"{api_url} (submitted {since} to {until})"


def _search(
    session: Session, api_url: str, since: str, until: str, offset: int, page_size: int
) -> tuple[list[Paper], dict[str, str], int, tuple[str, ...]]:
    """Return one page of a window: papers, unreadable entries, the total, and unknown fields."""
    import arxiv

    search = arxiv.Search(
        query=_query(since, until),
        max_results=offset + page_size,
        sort_by=arxiv.SortCriterion.SubmittedDate,
        sort_order=arxiv.SortOrder.Ascending,
    )
    feed = Feed(session)
    shown = _window(api_url, since, until)
    papers, unreadable = read_page(feed, api_url, search, shown, offset=offset, page_size=page_size)
    total = _TOTAL.search(feed.content)
    return papers, unreadable, int(total[1][:9]) if total else 0, tuple(feed.unknown)


def _address(api_url: str, arxiv_id: str) -> str:
    return f"{api_url}?id_list={quote(arxiv_id, safe='/')}"


def _failures(api_url: str, unreadable: Mapping[str, str]) -> Iterator[FetchFailure]:
    for entry, cause in unreadable.items():
        url = _address(api_url, entry)
        error = SourceError(_ID, cause, place=url, remedy=PUBLISHER_MUST_FIX)
        yield FetchFailure(f"id/{entry}", url, error)


def _ask(
    session: Session, api_url: str, ids: list[str]
) -> tuple[dict[str, bytes], dict[str, str], tuple[str, ...]]:
    """Return the papers that arXiv gives for some ids, unreadable entries, and unknown fields."""
    import arxiv

    shown = f"{api_url} ({', '.join(ids[:3])}{', …' if len(ids) > 3 else ''})"
    search = arxiv.Search(id_list=ids, max_results=len(ids))
    feed = Feed(session)
    found, unreadable = read_page(feed, api_url, search, shown, offset=0, page_size=len(ids))
    papers = {paper["arxiv_id"]: body for paper, body in found if paper["arxiv_id"] in ids}
    return papers, unreadable, tuple(feed.unknown)


def parse_paper(body: bytes) -> PaperRecord:
    """A paper from its archived metadata.

    Raises:
        SourceError: The bytes are not what :func:`fetch` yields.
    """
    try:
        paper = orjson.loads(body)
        values = {field: paper[field] for field in _FIELDS}
        values["authors"], values["categories"] = (
            tuple(values["authors"]),
            tuple(values["categories"]),
        )
        return PaperRecord(**values)
    except KeyError as error:
        raise SourceError(_ID, f"the required field {error} is missing") from None
    except (orjson.JSONDecodeError, TypeError) as error:
        raise SourceError(_ID, f"archived metadata cannot be understood: {error}") from None


def refresh(run: Run) -> FetchReport:
    """Archive the metadata of cited papers, and discover new papers.

    Days of the options choose the days of submission, instead of all since the last run.
    """
    root = run.options.location or run.settings.arxiv_api_url
    run.forbid_outside(HEADER, root)
    return run.keep_all(HEADER, _fetch_and_discover(run, root))


def _fetch_and_discover(run: Run, root: str) -> Iterator[Fetched | FetchFailure]:
    from tracker.common.times import hours_ago

    ids = run.wanted.cited_papers()
    session = open_session(run.settings)
    run.notify(f"{_ID}: {len(ids)} papers")
    yield from fetch(session, root, ids)
    since = run.options.since or _discover_from(run)
    until = run.options.until or hours_ago(0)[:10]
    run.notify(f"{_ID}: new papers, submitted {since} to {until}")
    limit = run.settings.arxiv_discovery_papers
    is_chosen = bool(run.options.since or run.options.until)
    for answer in discover(session, root, since, until, limit=limit):
        # A chosen window does not extend to the present day, so its mark is not archived.
        is_mark = isinstance(answer, Fetched) and answer.stream == DISCOVERY
        if not (is_mark and is_chosen):
            yield answer


def _discover_from(run: Run) -> str:
    """Return the first day that may have undiscovered papers."""
    from tracker.common.times import hours_ago

    first = hours_ago(24 * run.settings.arxiv_discovery_days)[:10]
    last = run.archive.latest(_ID).get(DISCOVERY)
    if last is None or not run.archive.holds(last.sha256):
        return first
    try:
        reached = parse_discovery(run.archive.read(last.sha256))
    except SourceError:
        return first
    days = -LATE_DAYS if reached.complete else 1
    return (date.fromisoformat(reached.until) + timedelta(days=days)).isoformat()
