"""Cited pages: which are looked after, what they say of themselves, and dead ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogs import CURATED, Loaded
from tests.support.loopback import Answer, Fault, LoopbackServer
from tracker.catalog.engine import open_engine
from tracker.catalog.knowledge.web_pages import cited_pages
from tracker.catalog.queries import all_rows
from tracker.curated import EvidenceEntry, FactEntry, ModelEntry
from tracker.errors import SourceError
from tracker.io.http import Session
from tracker.io.validators import Validators
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import FetchFailure, web_pages
from tracker.sources.records import Fetched
from tracker.sources.web_pages import WebPage, parse

POST = b"""<!doctype html><html><head><title>Blog | New embeddings</title>
<meta property="og:title" content="New  embeddings &amp; more">
<meta property="article:published_time" content="2024-01-25T08:00:00Z"></head>
<body><script>document.title = "x"</script></body></html>"""
AT = "2026-01-02T03:04:05Z"
DAY = "2023-05-06"


class Pages(LoopbackServer):
    """Some pages with an ETag."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        super().__init__()
        self.pages = pages

    def good_answer(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        """The page, or 404."""
        if path not in self.pages:
            return Answer(404, {"Content-Type": "text/html"}, b"gone")
        if headers.get("if-none-match") == '"1"':
            return Answer(304, {"ETag": '"1"'}, b"")
        return Answer(200, {"Content-Type": "text/html", "ETag": '"1"'}, self.pages[path])


def session() -> Session:
    return web_pages.open_session(Settings(retries=0, read_timeout=2), sleep=lambda _: None)


def test_the_address_that_a_redirect_led_to_is_archived(tmp_path: Path) -> None:
    with Pages({"/post": POST}) as server:
        server.fail("/old", Fault(status=301, headers={"Location": "/post"}))
        old, new = f"{server.origin}/old", f"{server.origin}/post"
        (answer,) = web_pages.fetch(session(), [old], {})
    assert isinstance(answer, Fetched)
    Archive(tmp_path).add("web-pages", "CC0", answer)
    origin = Archive(tmp_path).latest("web-pages")[f"page/{old}"]
    assert (origin.url, origin.final_url) == (old, new)


def test_a_refused_redirect_does_not_mean_that_a_page_is_gone() -> None:
    with Pages({}) as server:
        server.fail("/old", Fault(status=301, headers={"Location": "ftp://a.org/x"}))
        (answer,) = web_pages.fetch(session(), [f"{server.origin}/old"], {})
    assert isinstance(answer, FetchFailure)
    assert (answer.error.status, answer.error.final) == (301, True)


def test_a_page_is_fetched_and_one_that_is_gone_is_remembered() -> None:
    with Pages({"/post": POST}) as server:
        server.fail("/busy", Fault(status=503))
        urls = [f"{server.origin}/{name}" for name in ("post", "old", "busy")]
        found = list(web_pages.fetch(session(), urls, {}))
        assert [one.stream for one in found] == [
            f"page/{urls[0]}",
            f"gone/{urls[1]}",
            f"page/{urls[2]}",
        ]
        assert isinstance(found[2], FetchFailure)  # may be there again tomorrow
        known = {f"page/{urls[0]}": Validators('"1"', None)}
        (again,) = web_pages.fetch(session(), urls[:1], known)
        assert isinstance(again, Fetched)
        assert again.body is None


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (POST, WebPage("New embeddings & more", "2024-01-25")),
        (b"<title> One\n two </title><time datetime='2023-05-06'>", WebPage("One two", DAY)),
        (b"<title>Only</title><meta name=date content=soon>", WebPage("Only", None)),
        (b"<title>" + b"x" * 999 + b"</title>", WebPage("x" * 300, None)),
        (b"%PDF-1.7 <title>no</title>", WebPage(None, None)),
        (b"plain", WebPage(None, None)),
    ],
)  # fmt: skip
def test_title_and_day_are_what_the_page_says_of_itself(body: bytes, page: WebPage) -> None:
    assert parse(body) == page


@given(st.binary(max_size=200))
def test_any_bytes_are_a_page(noise: bytes) -> None:
    parse(noise)
    parse(b"<html><head><title>" + noise)


@pytest.mark.parametrize(
    ("url", "looked_after"),
    [
        ("https://openai.com/index/new-embedding-models/", True),
        ("https://arxiv.org/abs/2405.17428", False),
        ("https://www.github.com/a/b", False),
        ("https://notgithub.com/a", True),
        ("no address", False),
    ],
)
def test_pages_that_other_sources_read_are_left_to_them(url: str, looked_after: bool) -> None:
    assert web_pages.is_page(url) is looked_after


def knowing(*urls: str) -> Any:
    facts = tuple(
        FactEntry(
            property="released",
            value=f"2024-01-0{number}",
            evidence=(EvidenceEntry(source=url, confidence="high"),),
        )
        for number, url in enumerate(urls, 1)
    )
    return replace(CURATED, models=(ModelEntry(name="lab/one", organisation="Lab", facts=facts),))


def test_dead_links_are_findings_and_titles_outlive_their_pages(
    tmp_path: Path, blank: Path
) -> None:
    urls = [f"https://example.org/{name}" for name in ("a", "b", "c")]
    loaded = Loaded.fresh(tmp_path / "catalog", blank).knowing(
        knowing(*urls, "https://arxiv.org/abs/2405.17428")
    )
    store = Archive(loaded.archive)

    def put(stream: str, body: bytes, at: str) -> None:
        store.add("web-pages", "own", Fetched(stream, stream.partition("/")[2], body, at))

    put(f"page/{urls[0]}", POST, AT)
    put(f"page/{urls[1]}", POST, AT)
    put(f"gone/{urls[1]}", b'{"status":410}', "2026-03-02T03:04:05Z")
    report = loaded.load()
    assert [(one.place, one.cause) for one in report.findings] == [
        (urls[1], "a cited page is gone: it answers 410")
    ]
    engine = open_engine(loaded.url, read_only=True)
    with engine.connect() as connection:
        assert cited_pages(connection) == urls
        rows = all_rows(connection, "select url, title, published, status, seen_at from web_page")
        assert [tuple(row) for row in rows] == [
            (urls[0], "New embeddings & more", "2024-01-25", 200, AT),
            (urls[1], "New embeddings & more", "2024-01-25", 410, "2026-03-02T03:04:05Z"),
        ]
    engine.dispose()


def test_a_run_asks_each_page_once_a_month(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STARTER", "0")
    monkeypatch.setattr(web_pages, "SECONDS_BETWEEN_REQUESTS", 0)
    with Pages({"/post": POST}) as server:
        urls = [f"{server.origin}/post", f"{server.origin}/old"]
        monkeypatch.setattr("tracker.catalog.knowledge.web_pages.cited_pages", lambda _: urls)
        for told in ("2 new, 0 unchanged", "0 new, 0 unchanged"):
            answer = cli("fetch", "web-pages")
            assert (answer.code, answer.err.splitlines()[-1]) == (0, f"web-pages: {told}")
        assert len(server.log) == 2
    assert cli("fetch", "web-pages", "--from", "https://example.org").code == 2


def test_what_a_gone_page_holds_is_a_status_or_nothing() -> None:
    assert web_pages.status_when_gone(b'{"status":404}') == 404
    assert [web_pages.status_when_gone(b) for b in (b"", b"[]", b'{"status":"x"}')] == [None] * 3


def test_an_outage_fails_the_source_only_where_nothing_came() -> None:
    with Pages({}) as server:
        server.fail("/busy", Fault(status=500))
        (one,) = web_pages.fetch(session(), [f"{server.origin}/busy"], {})
        assert isinstance(one, FetchFailure)
        assert isinstance(one.error, SourceError)


@pytest.mark.parametrize("piece", ["<!--", "<!-- >", "<!", "<a ", "</", "<?", "<![CDATA["])
def test_a_page_of_marks_that_are_never_closed_keeps_nobody_waiting(piece: str) -> None:
    noise = (piece * (200_000 // len(piece))).encode()
    begun = perf_counter()
    assert parse(b"<title>A title</title>" + noise).title == "A title"
    assert perf_counter() - begun < 10
