"""Servers on 127.0.0.1 that imitate the real ones, and misbehave on demand.

Each is a context manager that listens on a free port in a thread of its own::

    with LeaderboardServer({"benchmarks": […], "scores": {"MTEB(eng, v2)": {…}}}) as server:
        server.fail("/v1/models", Fault(status=503), times=2)      # fails twice, then works
        server.fail_board("MTEB(eng, v2)", Fault(truncate=True))   # fails until server.heal()
        … ask server.url …
        assert [seen.path for seen in server.log] == […]

* :class:`LeaderboardServer` takes payloads, or a folder of recorded gzipped answers (the layout of
  ``benchmarks.json.gz``, ``models.json.gz``, ``tasks.json.gz``, ``scores/<quoted name>.json.gz``).
  It sends ETag, Last-Modified and Cache-Control, answers 304, gzips for those who accept it and
  understands percent-encoded names. ``server.serve(other)`` replaces what it serves, like a day
  that passes; the addresses stay the same. ``server.url`` is the root of the API (``…/v1``).
* :class:`ArxivServer` serves Atom feeds for its :class:`Paper` list; ``server.skip(id, times=2)``
  leaves a paper out (short and empty pages). ``server.url`` is the query address.

``server.log`` holds a :class:`Seen` for every request: path, query, headers, status, time. A
:class:`Fault` names a status with headers, a body, a hang, a truncated gzip or a dropped
connection. Set ``NO_PROXY=127.0.0.1`` where a proxy may be configured.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import threading
import time
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

HTML = b"<!DOCTYPE html><html><body><h1>Your Space is building</h1></body></html>"


@dataclass(frozen=True)
class Fault:
    """A fault of an answer; the first field that is set applies."""

    hang: float = 0.0
    """Seconds without any answer, then the connection is dropped."""
    drop: bool = False
    """Close the connection without an answer."""
    truncate: bool = False
    """Send the good answer gzipped, but only half of it, with a matching length."""
    cut_off: bool = False
    """Announce the whole length and send half of it."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Body instead of the good answer; HTML if only a status is given."""


@dataclass(frozen=True)
class Seen:
    """One request as the server saw it."""

    path: str
    """As sent: percent-encoded, without the query."""
    query: str
    headers: dict[str, str]
    """Lower-case names."""
    status: int
    """Status of the answer; 0 without an answer."""
    at: float
    """``time.monotonic()`` when it came in."""


@dataclass(frozen=True)
class Answer:
    """An answer to send."""

    status: int
    headers: dict[str, str]
    body: bytes


class LoopbackServer:
    """Base class: a thread, a log of requests, and faults by path."""

    def __init__(self) -> None:
        self.log: list[Seen] = []
        self.bodies: list[bytes] = []
        """Bodies of all POST requests."""
        self._faults: dict[str, list[tuple[Fault, int | None]]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._handle(self)

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                outer.bodies.append(self.rfile.read(length))
                outer._handle(self)

            def log_message(self, *_: object) -> None:
                """Do not log."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Ignore clients that disconnect."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def fail(self, path: str, fault: Fault, times: int | None = None) -> None:
        """Answer a path (as sent, without query) with a fault, some times or until healed."""
        with self._lock:
            self._faults.setdefault(path, []).append((fault, times))

    def heal(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()

    def good_answer(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        """The answer of a healthy server."""
        raise AssertionError("each server says what it serves")

    def _next_fault(self, path: str) -> Fault | None:
        with self._lock:
            queue = self._faults.get(path)
            if not queue:
                return None
            fault, times = queue[0]
            if times is not None:
                queue[0] = (fault, times - 1)
                if times <= 1:
                    queue.pop(0)
            return fault

    def _handle(self, request: BaseHTTPRequestHandler) -> None:
        at = time.monotonic()
        parts = urlsplit(request.path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        fault = self._next_fault(parts.path)
        good = self.good_answer(parts.path, parts.query, headers)
        silent = fault is not None and (fault.hang > 0 or fault.drop)
        answer, length = _spoil(good, fault)
        status = 0 if silent else answer.status
        with self._lock:
            self.log.append(Seen(parts.path, parts.query, headers, status, at))
        if fault is not None and fault.hang:
            self._closing.wait(fault.hang)
        if silent:
            request.close_connection = True
            return
        request.send_response(answer.status)
        for name, value in answer.headers.items():
            request.send_header(name, value)
        if answer.status != 304:
            request.send_header("Content-Length", str(length))
        request.end_headers()
        if answer.status != 304:
            request.wfile.write(answer.body)
        if length != len(answer.body):
            request.close_connection = True


def _spoil(good: Answer, fault: Fault | None) -> tuple[Answer, int]:
    """An answer with its fault, and the length that it claims to have."""
    if fault is None:
        return good, len(good.body)
    if fault.truncate:
        plain = good.headers.get("Content-Encoding") != "gzip"
        packed = gzip.compress(good.body) if plain else good.body
        half = replace(good, headers={**good.headers, "Content-Encoding": "gzip"})
        return replace(half, body=packed[: len(packed) // 2]), len(packed) // 2
    if fault.cut_off:
        return replace(good, body=good.body[: len(good.body) // 2]), len(good.body)
    headers = {"Content-Type": "text/html", **fault.headers}
    body = HTML if fault.body is None else fault.body
    return Answer(fault.status, headers, body), len(body)


class LeaderboardServer(LoopbackServer):
    """The leaderboard's REST API over recorded or invented answers."""

    def __init__(self, source: Path | dict[str, Any]) -> None:
        super().__init__()
        self.url = f"{self.origin}/v1"
        self.serve(source)

    def serve(self, source: Path | dict[str, Any]) -> None:
        """Serve another answer from now on, modified at the next whole second."""
        self._source = source
        self._modified = getattr(self, "_modified", 1_780_000_000.0) + 1

    def board_path(self, name: str) -> str:
        """The path of a board's scores as a client should send it."""
        return f"/v1/benchmarks/{quote(name, safe='')}/scores"

    def fail_board(self, name: str, fault: Fault, times: int | None = None) -> None:
        """Like :meth:`fail`, for a board."""
        self.fail(self.board_path(name), fault, times)

    def good_answer(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        """The answer of the real server, with its caching headers."""
        body = self._body(path, query)
        if body is None:
            return Answer(404, {"Content-Type": "application/json"}, b'{"detail":"Not Found"}')
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        caching = {
            "ETag": etag,
            "Last-Modified": formatdate(self._modified, usegmt=True),
            "Cache-Control": "public, max-age=14400",
        }
        if headers.get("if-none-match") == etag:
            return Answer(304, caching, b"")
        sent = {"Content-Type": "application/json", "Vary": "Accept-Encoding", **caching}
        if "gzip" in headers.get("accept-encoding", ""):
            return Answer(200, {**sent, "Content-Encoding": "gzip"}, gzip.compress(body, 1))
        return Answer(200, sent, body)

    def _body(self, path: str, query: str) -> bytes | None:
        parts = path.removeprefix("/v1/").split("/")
        if parts in (["benchmarks"], ["models"], ["tasks"]):
            body = self._stored(parts[0])
            if parts == ["benchmarks"] and body and "include_hidden=true" not in query:
                shown = [b for b in json.loads(body) if b.get("displayOnLeaderboard", True)]
                return json.dumps(shown).encode()
            return body
        if len(parts) == 3 and (parts[0], parts[2]) == ("benchmarks", "scores"):
            return self._stored("scores", unquote(parts[1]))
        return None

    def _stored(self, kind: str, name: str | None = None) -> bytes | None:
        if isinstance(self._source, Path):
            stem = kind if name is None else f"scores/{quote(name, safe='')}"
            path = self._source / f"{stem}.json.gz"
            return gzip.decompress(path.read_bytes()) if path.is_file() else None
        value = self._source.get(kind)
        if name is not None:
            value = (value or {}).get(name)
        if value is None or isinstance(value, bytes):
            return value
        return json.dumps(value, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Paper:
    """A paper on arXiv."""

    id: str
    title: str = "A title"
    version: int = 1
    authors: tuple[str, ...] = ("Ada Example", "Bo Example")
    published: str = "2024-05-27T17:59:45Z"
    updated: str = "2024-05-27T17:59:45Z"
    abstract: str = "An abstract."
    categories: tuple[str, ...] = ("cs.CL",)
    comment: str | None = None
    doi: str | None = None
    journal_ref: str | None = None


_ATOM = {"Content-Type": "application/atom+xml; charset=utf-8"}


class ArxivServer(LoopbackServer):
    """arXiv's query API over a list of papers; put another list into ``papers`` at any time."""

    def __init__(self, papers: list[Paper]) -> None:
        super().__init__()
        self.path = "/api/query"
        self.url = self.origin + self.path
        self.papers = papers
        self._skipped: dict[str, int] = {}
        self.page_sizes: list[int] = []
        """How many papers the next pages of a search have, whatever was asked for."""

    def skip(self, arxiv_id: str, times: int) -> None:
        """Leave a paper out of some answers, as arXiv sometimes does."""
        self._skipped[arxiv_id] = times

    def good_answer(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        """A page of the feed."""
        asked = parse_qs(query)
        ids = [one for text in asked.get("id_list", []) for one in text.split(",")]
        start = int(asked.get("start", ["0"])[0])
        count = int(asked.get("max_results", ["10"])[0])
        if "search_query" in asked:
            return self._searched(asked["search_query"][0], start, count)
        known = {paper.id: paper for paper in self.papers}
        found = []
        for arxiv_id in ids:
            left = self._skipped.get(arxiv_id, 0)
            if left:
                self._skipped[arxiv_id] = left - 1
            elif arxiv_id in known:
                found.append(known[arxiv_id])
        body = _feed(found[start : start + count], len(found), start, count)
        return Answer(200, _ATOM, body)

    def _searched(self, query: str, start: int, count: int) -> Answer:
        """Papers of a window of days with any of the phrases, the oldest first."""
        window = re.search(r"submittedDate:\[(\d{12}) TO (\d{12})\]", query)
        phrases = re.findall(r'(?:ti|abs):"([^"]+)"', query)
        categories = set(re.findall(r"cat:([\w.]+)", query))
        found = []
        for paper in sorted(self.papers, key=lambda its: its.published):
            at = re.sub(r"\D", "", paper.published)[:12]
            text = f"{paper.title} {paper.abstract}".casefold()
            if (
                (window is None or window[1] <= at <= window[2])
                and categories & set(paper.categories)
                and any(phrase in text for phrase in phrases)
            ):
                found.append(paper)
        size = self.page_sizes.pop(0) if self.page_sizes else count
        body = _feed(found[start : start + size], len(found), start, count)
        return Answer(200, _ATOM, body)


def _feed(papers: list[Paper], total: int, start: int, count: int) -> bytes:
    entries = "".join(map(_entry, papers))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"
      xmlns:arxiv="http://arxiv.org/schemas/atom"
      xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
  <id>https://arxiv.org/api/loopback</id>
  <title>arXiv Query</title>
  <updated>2026-06-01T00:00:00Z</updated>
  <opensearch:itemsPerPage>{count}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
{entries}</feed>
""".encode()


def _entry(paper: Paper) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
    categories = "".join(f'<category term="{escape(term)}"/>' for term in paper.categories)
    extra = "".join(
        f"<arxiv:{name}>{escape(value)}</arxiv:{name}>"
        for name, value in (
            ("comment", paper.comment),
            ("doi", paper.doi),
            ("journal_ref", paper.journal_ref),
        )
        if value is not None
    )
    address = f"http://arxiv.org/abs/{paper.id}v{paper.version}"
    return f"""  <entry>
    <id>{address}</id>
    <title>{escape(paper.title)}</title>
    <updated>{paper.updated}</updated>
    <published>{paper.published}</published>
    <summary>  {escape(paper.abstract)}
</summary>
    <link href="{address}" rel="alternate" type="text/html"/>
    <link href="{address.replace("abs", "pdf")}" rel="related" title="pdf"/>
    {categories}<arxiv:primary_category term="{escape(paper.categories[0])}"/>
    {authors}{extra}
  </entry>
"""
