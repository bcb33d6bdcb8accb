"""Files and papers that receipts cite at a fixed version: GitHub, the Hub, arXiv.

What an address with a version gives never changes, so each is asked for once. Nothing of the
bytes is shown; they decide whether a receipt holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tracker.common.addresses import parse_address
from tracker.errors import SourceError
from tracker.sources import FetchFailure
from tracker.sources.records import Fetched, SourceHeader, fetched, refusal

if TYPE_CHECKING:  # reading archived bytes does without the network
    from tracker.io.http import Session
    from tracker.settings import Settings
    from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id="cited-sources",
    title="Repositories, cards and papers that receipts cite",
    licence="each source its own: places of terms only",
    home="https://github.com",
    politeness="each fixed version once, three seconds between two requests, so many a run",
    refresh_hours=24 * 7,
)
GONE = "gone/"
SECONDS_BETWEEN_REQUESTS = 3.0
LARGEST_DOCUMENT = 20_000_000

_ID = HEADER.id


def open_session(settings: Settings, **waiting: Any) -> Session:
    """The session for this source; ``waiting`` replaces its clock and sleep in tests."""
    from tracker.io.http import Session

    return Session(
        settings,
        source=_ID,
        limit=LARGEST_DOCUMENT,
        pause=SECONDS_BETWEEN_REQUESTS,
        redirect_hosts=frozenset({"arxiv.org", "huggingface.co", "hf.co"}),
        **waiting,
    )


def is_cited_file(url: str) -> bool:
    """Whether an address is one that this source reads: a file or paper at a fixed version."""
    return parse_address(url).fixed


def fetch(session: Session, urls: Iterable[str]) -> Iterator[Fetched | FetchFailure]:
    """The bytes of sources, ``<address>`` each; of what its host does not have, ``gone/<address>``.

    Args:
        session: Made by :func:`open_session`.
        urls: Addresses as they are cited.
    """
    from tracker.io.http import HostUnavailableError

    closed: set[str] = set()
    for url in urls:
        address = parse_address(url)
        if address.host in closed:
            continue
        raw = address.raw or url
        try:
            answer = session.get(raw, expect="any")
        except SourceError as error:
            yield refusal(f"{GONE}{url}", raw, error) or FetchFailure(url, raw, error)
            if isinstance(error, HostUnavailableError):
                closed.add(address.host)
            continue
        yield fetched(url, answer)


def refresh(run: Run) -> FetchReport:
    """Archive the cited files and papers whose receipts are not verified."""
    run.require_no_days(HEADER)
    run.require_no_location(HEADER, "source")
    wanted = run.wanted.unverified_sources()
    for url in wanted[:1]:
        run.forbid_outside(HEADER, url)
    return run.keep_all(HEADER, fetch_due(run, wanted))


def fetch_due(run: Run, urls: Sequence[str]) -> Iterator[Fetched | FetchFailure]:
    """Fetch the files and papers that are not archived and were not refused lately.

    Args:
        run: The run.
        urls: Addresses with a fixed version.
    """
    from tracker.common.times import hours_ago
    from tracker.sources.runs import ABSENT_LONGER

    latest, seen = run.archive.latest(_ID), run.last_seen(HEADER)
    again = hours_ago(HEADER.refresh_hours * ABSENT_LONGER)
    due = [
        url
        for url in urls
        if not (url in latest and run.archive.holds(latest[url].sha256))
        and seen.get(f"{GONE}{url}", "") < again
    ][: run.settings.cited_requests]
    run.notify(f"{_ID}: {len(due)} sources")
    yield from fetch(open_session(run.settings), due)
