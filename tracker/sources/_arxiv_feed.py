"""Read arXiv's Atom feed: the package ``arxiv`` parses, this module decides what is kept."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson

from tracker.common.arxiv_ids import canonical_id
from tracker.common.times import utc_text
from tracker.errors import SourceError, one_line
from tracker.sources.contracts import check

if TYPE_CHECKING:  # both are heavy, and reading archived bytes does without them
    import arxiv

    from tracker.io.http import Session

ID = "arxiv-papers"
_ENTRY_ID = re.compile(r"arxiv\.org/abs/(.+?)(?:v([0-9]+))?/?$")
_WITHDRAWN_COMMENT = re.compile(r"\bwithdrawn\b(?! from)", re.IGNORECASE)
_WITHDRAWN_ABSTRACT = re.compile(
    r"^\W*withdrawn\b|\b(?:this|the)\s+(?:paper|article|submission|manuscript|preprint|work)\b"
    r"[^.]{0,60}\bwithdrawn\b|\bwithdrawn\s+by\s+(?:the\s+)?(?:author|arxiv)",
    re.IGNORECASE,
)
Paper = tuple[dict[str, Any], bytes]
"""What is kept of a paper, and the same as canonical JSON."""
_ATOM = "{http://www.w3.org/2005/Atom}"
_UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError)
"""What the package raises for entries that are not as arXiv writes them."""


class Feed:
    """What the package takes for its :class:`requests.Session`: one page, fetched or given."""

    status_code = 200

    def __init__(self, session: Session | None, content: bytes = b"") -> None:
        self._session = session
        self.content = content
        self.unknown: dict[str, None] = {}
        """Fields of its entries that the recorded shape lacks."""

    def get(self, url: str, **_: object) -> Feed:
        """Return the feed at an address; failures of our session pass through the package."""
        if self._session is not None:
            self.content = self._session.get(url, expect="xml").body or b""
        return self


def read_page(
    feed: Feed, api_url: str, search: arxiv.Search, shown: str, *, offset: int, page_size: int
) -> tuple[list[Paper], dict[str, str]]:
    """Return the papers of one page, and why each entry that is left out cannot be read.

    Args:
        feed: Where the page comes from.
        api_url: Address of the query API.
        search: The query.
        shown: Name of the query for errors; the address of a hundred papers is no clear line.
        offset: Papers of the answer to leave out.
        page_size: Papers per page.

    Raises:
        SourceError: The page cannot be fetched, or nothing of it can be read.
    """
    try:
        papers = _papers(feed, api_url, search, offset, page_size)
        feed.unknown |= dict.fromkeys(check(ID, "feed", _entry_fields(feed.content)))
        return papers, {}
    except SourceError as error:
        raise error.at(shown) from None
    except _UNREADABLE as error:
        reason = one_line(error)[:200]
    # One wrong date fails the whole page in the package; so the entries are read one by one.
    found: list[Paper] = []
    unreadable: dict[str, str] = {}
    for entry_id, single in _single_entries(feed.content):
        try:
            found += _papers(Feed(None, single), api_url, _one_result(), 0, 1)
        except _UNREADABLE as error:
            unreadable[entry_id] = f"the entry cannot be read: {one_line(error)[:200]}"
    if not found:
        raise SourceError(ID, f"the feed cannot be read: {reason}", place=shown)
    return found, unreadable


def _papers(
    feed: Feed, api_url: str, search: arxiv.Search, offset: int, page_size: int
) -> list[Paper]:
    """Let the package parse one page."""
    import arxiv

    # Without a handler Python prints the package's warnings; what matters is reported by us.
    logging.getLogger("arxiv").addHandler(logging.NullHandler())
    client = arxiv.Client(page_size=page_size, delay_seconds=0, num_retries=0)
    client.query_url_format = api_url + "?{}"
    client._session = feed
    papers: list[dict[str, Any] | None] = []
    try:
        for result in client.results(search, offset):
            papers.append(_paper(result))  # noqa: PERF401 (what precedes an empty page is kept)
    except arxiv.UnexpectedEmptyPageError:
        pass  # the caller asks again for what is missing
    except arxiv.ArxivError as error:
        raise ValueError(str(error)) from None
    return [(p, orjson.dumps(p, option=orjson.OPT_SORT_KEYS)) for p in papers if p is not None]


def _one_result() -> arxiv.Search:
    import arxiv

    return arxiv.Search(query="", max_results=1)


def _single_entries(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Split a feed into feeds of one entry, each with the id of its paper."""
    from lxml import etree

    root, entries = _entries(content)
    for entry in entries:
        root.remove(entry)
    for number, entry in enumerate(entries, 1):
        match = _id_of(entry)
        arxiv_id = canonical_id(match[1]) if match else None
        root.append(entry)
        yield arxiv_id or f"entry {number}", etree.tostring(root)
        root.remove(entry)


def _entries(content: bytes) -> tuple[Any, list[Any]]:
    """Return the root of a feed and its entries; no entry where it is no XML at all."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        root = None  # not even the forgiving parser finds an element, as in an empty answer
    return root, [] if root is None else root.findall(f"{_ATOM}entry")


def _id_of(entry: Any) -> re.Match[str] | None:
    return _ENTRY_ID.search((entry.findtext(f"{_ATOM}id") or "").strip())


def _entry_fields(content: bytes) -> list[dict[str, None]]:
    """Return the names of the elements of each entry; an entry of an error has none."""
    from lxml import etree

    return [
        dict.fromkeys(
            etree.QName(child).localname for child in entry.iterchildren(tag=etree.Element)
        )
        for entry in _entries(content)[1]
        if _id_of(entry)
    ]


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
