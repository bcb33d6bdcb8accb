"""Announcements and project pages that curated entries cite: title, date, and whether they stand.

Only the pages are asked for that people named as a receipt; nothing is followed from them, and
nothing of them is shown but the title and the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
from bs4 import BeautifulSoup, Tag, UnicodeDammit

from tracker.errors import SourceError
from tracker.io.validators import Validators
from tracker.sources import FetchFailure
from tracker.sources._html import tame
from tracker.sources.records import Fetched, SourceHeader, fetched, refusal

if TYPE_CHECKING:  # reading archived bytes does without the network
    from tracker.io.http import Session
    from tracker.settings import Settings
    from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id="web-pages",
    title="Announcements and project pages that are cited",
    licence="each page its own: title and date only",
    home="https://www.w3.org/Provider/Style/URI",
    politeness="each cited page once a month, two seconds between two pages of a host",
    refresh_hours=24 * 30,
)
PAGE, GONE = "page/", "gone/"
SECONDS_BETWEEN_REQUESTS = 2.0
LARGEST_DOCUMENT = 10_000_000
LONGEST_TITLE = 300
MOST_READ = 500_000
"""Characters; title and day stand in the head of a page."""

_ID = HEADER.id
_ELSEWHERE = ("arxiv.org", "huggingface.co", "github.com")
"""Hosts whose pages other sources read, or whose addresses name a fixed revision."""
_DAY = re.compile(r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]")
_DATES = ("article:published_time", "datePublished", "date", "dc.date", "pubdate", "citation_date")


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a page says of itself."""

    title: str | None
    published: str | None
    """Day ``YYYY-MM-DD``."""


def open_session(settings: Settings, **waiting: Any) -> Session:
    """The session for this source; ``waiting`` replaces its clock and sleep in tests."""
    from tracker.io.http import Session

    return Session(
        settings,
        source=_ID,
        limit=LARGEST_DOCUMENT,
        pause=SECONDS_BETWEEN_REQUESTS,
        redirect_hosts=frozenset({"*"}),
        **waiting,
    )


def is_page(url: str) -> bool:
    """Whether a cited address is a page that this source should look after."""
    host = (urlsplit(url).hostname or "") if "://" in url else ""
    return bool(host) and not any(host == h or host.endswith(f".{h}") for h in _ELSEWHERE)


def fetch(
    session: Session, urls: Iterable[str], known: Mapping[str, Validators]
) -> Iterator[Fetched | FetchFailure]:
    """One document an address: ``page/<url>``, or ``gone/<url>`` where the server refuses it.

    Args:
        session: Made by :func:`open_session`.
        urls: Addresses.
        known: What the server said last time of each stream.
    """
    for url in urls:
        stream = f"{PAGE}{url}"
        try:
            answer = session.get(url, validators=known.get(stream), expect="any")
        except SourceError as error:
            yield refusal(f"{GONE}{url}", url, error) or FetchFailure(stream, url, error)
            continue
        yield fetched(stream, answer)


def refresh(run: Run) -> FetchReport:
    """Archive the cited pages that are due."""
    run.require_no_days(HEADER)
    run.require_no_location(HEADER, "page")
    wanted = run.wanted.cited_pages()
    for url in wanted[:1]:
        run.forbid_outside(HEADER, url)
    return run.keep_all(HEADER, fetch_due(run, wanted))


def fetch_due(run: Run, urls: Sequence[str]) -> Iterator[Fetched | FetchFailure]:
    """Fetch the pages that were not seen for a refresh period.

    Args:
        run: The run.
        urls: Addresses.
    """
    from tracker.common.times import hours_ago

    seen = run.last_seen(HEADER)
    due = [
        url
        for url in urls
        if max(seen.get(f"{PAGE}{url}", ""), seen.get(f"{GONE}{url}", ""))
        < hours_ago(HEADER.refresh_hours)
    ]
    run.notify(f"{_ID}: {len(due)} pages")
    yield from fetch(open_session(run.settings), due, run.validators(HEADER))


def parse(body: bytes) -> WebPage:
    """Title and day of a page; ``None`` for what it does not say, and for what is no HTML."""
    if body[:5] == b"%PDF-" or b"<" not in body[:4096]:
        return WebPage(None, None)
    soup = BeautifulSoup(tame(_text(body)[:MOST_READ]), "html.parser")
    said = {
        str(tag.get("property") or tag.get("name") or tag.get("itemprop")): str(tag.get("content"))
        for tag in soup.find_all("meta")
        if isinstance(tag, Tag) and tag.get("content")
    }
    title = said.get("og:title") or (soup.title.get_text() if soup.title else "")
    days = [said[name] for name in _DATES if name in said]
    days += [str(tag.get("datetime")) for tag in soup.find_all("time", datetime=True)[:1]]
    day = next((match[0] for text in days if (match := _DAY.match(text))), None)
    return WebPage(" ".join(title.split())[:LONGEST_TITLE] or None, day)


def read_page(settings: Settings, url: str) -> str:
    """Ask for one page that a user named, and return its text with its markup.

    Raises:
        SourceError: The page cannot be read.
    """
    answer = open_session(settings).get(url, expect="any")
    return _text(answer.body or b"")


def _text(body: bytes) -> str:
    """A page in the encoding that it says or that fits."""
    found = UnicodeDammit(body, is_html=True)
    return found.unicode_markup or body.decode("utf-8", "replace")


def status_when_gone(body: bytes) -> int | None:
    """The status that a ``gone/`` document holds; ``None`` where it holds none."""
    try:
        status = orjson.loads(body).get("status")
    except (orjson.JSONDecodeError, AttributeError):
        return None
    return status if isinstance(status, int) else None
