"""Full texts of papers, from the HTML that arXiv makes of their sources with LaTeXML.

They stay in the local archive and are never republished; what is shown of them is a short quote
with a link. Many papers have no HTML: that is remembered, not asked for again and again.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import orjson
from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString

from tracker.common.times import now_text
from tracker.errors import SourceError
from tracker.io.validators import Validators
from tracker.sources import PUBLISHER_MUST_FIX, FetchFailure
from tracker.sources._html import tame
from tracker.sources.records import Fetched, SourceHeader, fetched

if TYPE_CHECKING:  # reading archived bytes does without the network
    from tracker.io.http import Session
    from tracker.settings import Settings
    from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id="arxiv-fulltext",
    title="arXiv full texts (HTML)",
    licence="each paper its own: short quotes with a link only",
    home="https://arxiv.org",
    politeness="one request every three seconds over one connection, with a contact",
    refresh_hours=24 * 7,
)
TEXT, ABSENT = "text.html", "absent.json"
LARGEST_DOCUMENT = 30_000_000
"""Bytes; formulas take most of a long paper."""
LONGEST_FORMULA = 60
"""Characters of a formula's source that are kept as words; longer ones are left out."""

_ID = HEADER.id
_NOT_THERE = frozenset({404, 410})
_SECTION = re.compile(r"ltx_(?:chapter|section|subsection|subsubsection|paragraph|appendix)$")

BlockKind = Literal["paragraph", "item", "table", "caption", "reference"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, table, caption or reference, as plain words."""

    kind: BlockKind
    titles: tuple[str, ...]
    """Headings above it, outermost first, without numbers; ``Abstract`` for the abstract."""
    text: str


@dataclass(frozen=True, slots=True)
class PaperText:
    """A whole paper in the order of its pages."""

    title: str
    blocks: tuple[Block, ...]


def open_session(settings: Settings, **waiting: Any) -> Session:
    """The session for this source; ``waiting`` replaces its clock and sleep in tests."""
    from tracker.io.http import Session

    return Session(
        settings,
        source=_ID,
        limit=LARGEST_DOCUMENT,
        pause=settings.arxiv_seconds_between_requests,
        redirect_hosts=frozenset({"arxiv.org"}),
        **waiting,
    )


def fetch(
    session: Session, root: str, ids: Iterable[str], known: Mapping[str, Validators]
) -> Iterator[Fetched | FetchFailure]:
    """One document a paper: ``<id>/text.html``, or ``<id>/absent.json`` where it has no HTML.

    Args:
        session: Made by :func:`open_session`.
        root: Address below which papers stand under their ids.
        ids: arXiv ids without version.
        known: What the server said last time of each stream.
    """
    from tracker.io.http import HostUnavailableError

    for arxiv_id in ids:
        stream, url = f"{arxiv_id}/{TEXT}", f"{root}/{arxiv_id}"
        try:
            answer = session.get(url, validators=known.get(stream), expect="any")
        except SourceError as error:
            if error.status in _NOT_THERE:
                body = orjson.dumps({"status": error.status})
                yield Fetched(f"{arxiv_id}/{ABSENT}", url, body, now_text())
                continue
            yield FetchFailure(stream, url, error)
            if isinstance(error, HostUnavailableError):
                return
            continue
        yield fetched(stream, answer)


def refresh(run: Run) -> FetchReport:
    """Archive the full texts that are not archived in their newest version."""
    run.require_no_days(HEADER)
    root = (run.options.location or run.settings.arxiv_html_url).rstrip("/")
    run.forbid_outside(HEADER, root)
    return run.keep_all(HEADER, _fetch_due(run, root))


def _fetch_due(run: Run, root: str) -> Iterator[Fetched | FetchFailure]:
    from tracker.common.times import hours_ago
    from tracker.sources.runs import ABSENT_LONGER

    wanted = run.wanted.papers_of_models()
    seen, intact = run.last_seen(HEADER), run.validators(HEADER)
    again = hours_ago(HEADER.refresh_hours * ABSENT_LONGER)
    due, known = [], {}
    for arxiv_id, updated in wanted:
        stream = f"{arxiv_id}/{TEXT}"
        if stream in intact:
            known[stream] = intact[stream]
        # The end of the day, since a new version may appear after its text was fetched.
        is_read = stream in intact and (not updated or seen[stream] > f"{updated}T23:59:59Z")
        if not is_read and seen.get(f"{arxiv_id}/{ABSENT}", "") < again:
            due.append(arxiv_id)
    due = due[: run.settings.arxiv_html_requests]
    run.notify(f"{_ID}: {len(due)} papers")
    yield from fetch(open_session(run.settings), root, due, known)


def parse(place: str, body: bytes) -> PaperText:
    """A paper from its HTML, as words: nothing of its marks, scripts or links is left.

    Raises:
        SourceError: Not UTF-8, or no document that LaTeXML made.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise SourceError(_ID, "not UTF-8 text", place=place, remedy=PUBLISHER_MUST_FIX) from None
    with warnings.catch_warnings():
        # XHTML is as welcome; the parser only wonders whether a feed was meant.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(tame(text), "html.parser")
    article = soup.find(class_="ltx_document")
    if not isinstance(article, Tag):
        raise SourceError(
            _ID, "no document that LaTeXML made", place=place, remedy=PUBLISHER_MUST_FIX
        )
    for unwanted in article.find_all(
        ["script", "style", "noscript", "template", "iframe", "svg", "annotation"]
    ):
        unwanted.decompose()
    for aside in article.find_all(class_=["ltx_note", "ltx_tag"]):
        aside.decompose()  # footnotes, and the numbers of sections, items and references
    title = article.find(class_="ltx_title_document")
    blocks = [block for block in _blocks(article, ()) if block.text]
    if not blocks:
        raise SourceError(_ID, "a document without text", place=place, remedy=PUBLISHER_MUST_FIX)
    return PaperText(_words(title) if isinstance(title, Tag) else "", tuple(blocks))


def _blocks(top: Tag, above: tuple[str, ...]) -> Iterator[Block]:
    """The blocks below an element, by a walk of its own: deep nests are no recursion's end."""
    stack: list[tuple[Iterator[Any], tuple[str, ...], bool]] = [(iter(top.children), above, False)]
    while stack:
        children, titles, in_item = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            continue
        if not isinstance(child, Tag):
            continue
        classes = child.get_attribute_list("class")
        if kind := _leaf(classes, in_item=in_item):
            yield Block(kind, titles, _words(child))
        elif not any(str(c).startswith("ltx_title") for c in classes):
            below = titles
            if "ltx_abstract" in classes:
                below = ("Abstract",)
            elif any(_SECTION.match(str(c)) for c in classes):
                heading = child.find(class_="ltx_title", recursive=False)
                if isinstance(heading, Tag) and (words := _words(heading)):
                    below = (*titles, words)
            stack.append((iter(child.children), below, in_item or "ltx_item" in classes))


def _leaf(classes: list[Any], *, in_item: bool) -> BlockKind | None:
    if "ltx_p" in classes:
        return "item" if in_item else "paragraph"
    if "ltx_tabular" in classes:
        return "table"
    if "ltx_caption" in classes:
        return "caption"
    return "reference" if "ltx_bibitem" in classes else None


def _words(element: Tag) -> str:
    """The words of an element; short formulas as their source, long ones left out."""
    parts: list[str] = []
    stack: list[Any] = [iter([element])]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif isinstance(node, Tag):
            if node.name == "math":
                source = str(node.get("alttext") or "")
                parts.append(source if len(source) <= LONGEST_FORMULA else " … ")
            elif "ltx_ERROR" not in node.get_attribute_list("class"):
                if node.name in ("td", "th", "tr", "br", "div", "p"):
                    parts.append(" ")
                stack.append(iter(node.children))
        elif type(node) is NavigableString:  # comments and the like are kinds of their own
            parts.append(str(node))
    return " ".join("".join(parts).split())
