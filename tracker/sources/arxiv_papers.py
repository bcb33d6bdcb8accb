"""Paper metadata from arXiv's query API, through the package ``arxiv``; never full texts.

arXiv asks for one request every three seconds, one connection, and an address to write to. The
package asks through our own polite session, so that pacing, retries and limits are the same as
everywhere; its parser turns the feed into results.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from tracker.common.times import now_text, utc_text
from tracker.errors import SourceError, one_line
from tracker.sources import FetchFailure
from tracker.sources.records import Fetched, SourceHeader

if TYPE_CHECKING:  # both are heavy, and reading archived bytes does without them
    import arxiv

    from tracker.io.http import Session
    from tracker.settings import Settings

HEADER = SourceHeader(
    id="arxiv-papers",
    title="arXiv metadata",
    licence="CC0-1.0 (metadata only)",
    home="https://arxiv.org",
    politeness="one request every three seconds over one connection, with a contact",
    refresh_hours=24 * 7,
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
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|"
    "cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|"
    "nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|stat|supr-con"
)
_NEW = r"[0-9]{4}\.[0-9]{4,5}"
_OLD = rf"(?:{_ARCHIVES})(?:\.[A-Z]{{2}})?/[0-9]{{7}}"
_SAID = (
    r"arxiv\.org/(?:abs|pdf|html|format|src|e-print)/|huggingface\.co/papers/|\babs/|"
    r"arxiv(?:\s+(?:e-?prints?|preprint|id))?[\s:.,{]{1,4}|\beprint\s*=\s*[\"{\s]{0,3}"
)
_MENTION = re.compile(
    # Four digits after the dot may as well be a decimal number, so those need to be announced.
    rf"(?:(?:{_SAID})({_NEW}|{_OLD})|(?<![\w./-])([0-9]{{4}}\.[0-9]{{5}}|{_OLD}))"
    r"(?:v[0-9]{1,3})?(?![A-Za-z0-9]|\.[0-9])"
    r"|corr/abs-([0-9]{4}-[0-9]{4,5})(?![0-9])",
    re.IGNORECASE | re.ASCII,
)
_ENTRY_ID = re.compile(r"arxiv\.org/abs/(.+?)(?:v([0-9]+))?/?$")
_WITHDRAWN_COMMENT = re.compile(r"\bwithdrawn\b(?! from)", re.IGNORECASE)
_WITHDRAWN_ABSTRACT = re.compile(
    r"^\W*withdrawn\b|\b(?:this|the)\s+(?:paper|article|submission|manuscript|preprint|work)\b"
    r"[^.]{0,60}\bwithdrawn\b|\bwithdrawn\s+by\s+(?:the\s+)?(?:author|arxiv)",
    re.IGNORECASE,
)


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


def find_ids(text: str) -> tuple[str, ...]:
    """The arXiv ids in BibTeX, addresses or prose, in order, once each and without version."""
    found: dict[str, None] = {}
    for match in _MENTION.finditer(text):
        raw = match[1] or match[2] or match[3].replace("-", ".")
        if (arxiv_id := canonical_id(raw)) is not None:
            found[arxiv_id] = None
    return tuple(found)


def canonical_id(text: str) -> str | None:
    """An id as arXiv writes it, without version; ``None`` where there can be no such paper."""
    bare = re.sub(r"v[0-9]{1,3}$", "", text.strip())
    if re.fullmatch(_NEW, bare, re.ASCII):
        month, number = bare.split(".")
        # Four digits until 2014-12, five since; the scheme began in 2007-04.
        long_enough = len(number) == (4 if month < "1501" else 5)
        good = "0704" <= month < "9000" and long_enough and number.strip("0") != ""
        return bare if good and "01" <= month[2:] <= "12" else None
    if re.fullmatch(_OLD, bare, re.ASCII | re.IGNORECASE):
        archive, _, number = bare.partition("/")
        began = number[:2] >= "91" or number[:2] <= "07"
        good = began and "01" <= number[2:4] <= "12"
        return f"{archive.partition('.')[0].lower()}/{number}" if good else None
    return None


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
                found = _ask(session, api_url, missing)
            except SourceError as error:
                stream = f"id/{missing[0]}" if len(missing) == 1 else f"{len(missing)} papers"
                yield FetchFailure(stream, api_url, error)
                if isinstance(error, HostUnavailableError):
                    return
                missing = []
                break
            for arxiv_id, body in found.items():
                yield Fetched(f"id/{arxiv_id}", _address(api_url, arxiv_id), body, now_text())
            missing = [arxiv_id for arxiv_id in missing if arxiv_id not in found]
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
    total: int | None = None
    empty = 0
    failure: SourceError | None = None
    while len(found) < limit and (total is None or len(found) < total):
        offset = len(found)
        try:
            page, total = _search(session, api_url, since, until, offset, page_size)
        except SourceError as error:
            failure = error
            break
        fresh = [(paper, body) for paper, body in page if paper["arxiv_id"] not in found]
        for paper, body in fresh:
            found[paper["arxiv_id"]] = paper["published"][:10]
            yield Fetched(
                f"id/{paper['arxiv_id']}", _address(api_url, paper["arxiv_id"]), body, now_text()
            )
        empty = 0 if fresh else empty + 1
        if empty > FURTHER_ASKING:
            if total:
                cause = f"gives {offset} of {total} papers, asked {1 + FURTHER_ASKING} times more"
                failure = SourceError(_ID, cause, place=_window(api_url, since, until))
            break
        if not fresh:
            total = total or None  # an empty page may be a mistake: ask again
    complete = failure is None and (total is None or len(found) >= total)
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
) -> tuple[list[tuple[dict[str, Any], bytes]], int]:
    """One page of a window from a place on, and how many papers the window has."""
    import arxiv

    search = arxiv.Search(
        query=_query(since, until),
        max_results=offset + page_size,
        sort_by=arxiv.SortCriterion.SubmittedDate,
        sort_order=arxiv.SortOrder.Ascending,
    )
    door = _Door(session)
    shown = _window(api_url, since, until)
    papers = _read(door, api_url, search, shown, offset=offset, page_size=page_size)
    total = _TOTAL.search(door.content)
    return papers, int(total[1]) if total else 0


def _address(api_url: str, arxiv_id: str) -> str:
    return f"{api_url}?id_list={quote(arxiv_id, safe='/')}"


class _Door:
    """What the package takes for its :class:`requests.Session`: ours, politer than its own."""

    status_code = 200

    def __init__(self, session: Session) -> None:
        self._session = session
        self.content = b""

    def get(self, url: str, **_: object) -> _Door:
        """The feed at an address; our session's failures go right through the package."""
        self.content = self._session.get(url, expect="xml").body or b""
        return self


def _ask(session: Session, api_url: str, ids: list[str]) -> dict[str, bytes]:
    """The papers that arXiv gives when asked for some ids, as canonical JSON by id."""
    import arxiv

    shown = f"{api_url} ({', '.join(ids[:3])}{', …' if len(ids) > 3 else ''})"
    search = arxiv.Search(id_list=ids, max_results=len(ids))
    found = _read(_Door(session), api_url, search, shown, offset=0, page_size=len(ids))
    return {paper["arxiv_id"]: body for paper, body in found if paper["arxiv_id"] in ids}


def _read(
    door: _Door, api_url: str, search: arxiv.Search, shown: str, *, offset: int, page_size: int
) -> list[tuple[dict[str, Any], bytes]]:
    """The papers of one page: what is kept of each, and the same as canonical JSON.

    Args:
        door: Our session.
        api_url: Address of the query API.
        search: What is asked.
        shown: How a failure names it; the address of a hundred papers is no clear line.
        offset: Papers of the answer to leave out.
        page_size: Papers a page.
    """
    import arxiv

    # Without a handler Python prints the package's warnings; what matters is reported by us.
    logging.getLogger("arxiv").addHandler(logging.NullHandler())
    client = arxiv.Client(page_size=page_size, delay_seconds=0, num_retries=0)
    client.query_url_format = api_url + "?{}"
    client._session = door
    found: list[tuple[dict[str, Any], bytes]] = []
    try:
        for result in client.results(search, offset):
            paper = _paper(result)
            if paper is not None:
                found.append((paper, orjson.dumps(paper, option=orjson.OPT_SORT_KEYS)))
    except arxiv.UnexpectedEmptyPageError:
        pass  # the caller asks again for what is missing
    except SourceError as error:
        raise error.at(shown) from None
    except (arxiv.ArxivError, ValueError, TypeError, AttributeError) as error:
        cause = f"the feed cannot be understood: {one_line(error)[:200]}"
        raise SourceError(_ID, cause, place=shown) from None
    return found


def _paper(result: arxiv.Result) -> dict[str, Any] | None:
    """The metadata that is kept; ``None`` for what is no paper, such as an error entry."""
    match = _ENTRY_ID.search(result.entry_id)
    arxiv_id = canonical_id(match[1]) if match else None
    if match is None or arxiv_id is None:
        return None
    abstract, comment = _line(result.summary), _line(result.comment) or None
    withdrawn = bool(
        _WITHDRAWN_COMMENT.search(comment or "") or _WITHDRAWN_ABSTRACT.search(abstract)
    )
    return {
        "arxiv_id": arxiv_id,
        "version": int(match[2] or 1),
        "title": _line(result.title),
        "authors": [_line(author.name) for author in result.authors],
        "published": utc_text(result.published),
        "updated": utc_text(result.updated),
        "abstract": abstract,
        "primary_category": result.primary_category,
        "categories": list(result.categories),
        "comment": comment,
        "doi": _line(result.doi) or None,
        "journal_ref": _line(result.journal_ref) or None,
        "withdrawn": withdrawn,
        "url": f"https://arxiv.org/abs/{arxiv_id}",
    }


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


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
