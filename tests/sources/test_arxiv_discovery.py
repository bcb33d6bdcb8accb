"""arXiv: new papers that nobody cites yet, found day by day, none of them lost."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.campaigns import examples
from tests.support.loopback import ArxivServer, Fault, Paper
from tracker.errors import SourceError
from tracker.io.http import Session
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import FetchFailure
from tracker.sources import arxiv_papers as source
from tracker.sources.arxiv_papers import Discovery, discover, parse_discovery, parse_paper
from tracker.sources.records import Fetched

SINCE, UNTIL = "2026-05-01", "2026-05-31"


def paper(number: int, day: int, **told: Any) -> Paper:
    at = f"2026-05-{day:02}T10:00:00Z"
    known = {"title": f"A text embedding model, part {number}", "published": at, "updated": at}
    return Paper(f"2605.{number:05}", **known | told)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def asked() -> Iterator[Session]:
    options = Settings(arxiv_seconds_between_requests=0, retries=1, read_timeout=0.5)
    with source.open_session(options, sleep=lambda _: None) as session:
        yield session


def run(
    session: Session, server: ArxivServer, *, limit: int = 500, page_size: int = 3
) -> tuple[list[str], Discovery | None, list[str]]:
    """Ids in the order of arrival, how far it came, and what failed."""
    answers = discover(session, server.url, SINCE, UNTIL, limit=limit, page_size=page_size)
    ids, reached, failed = [], None, []
    for answer in answers:
        if isinstance(answer, FetchFailure):
            failed.append(str(answer.error))
        elif answer.stream == source.DISCOVERY:
            reached = parse_discovery(answer.body or b"")
        else:
            ids.append(parse_paper(answer.body or b"").arxiv_id)
    return ids, reached, failed


def test_a_window_is_read_page_by_page_the_oldest_first(asked: Session) -> None:
    papers = [paper(n, 1 + n) for n in range(1, 8)]
    others = [
        paper(20, 5, title="On graphs", abstract="No word of it."),
        paper(21, 5, categories=("math.CO",)),
        Paper("2604.00001", title="Text embeddings", published="2026-04-30T23:59:00Z"),
    ]
    with ArxivServer([*reversed(papers), *others]) as server:
        ids, reached, failed = run(asked, server)
        assert len(server.log) == 3
    assert ids == [one.id for one in papers]
    assert reached == Discovery(SINCE, UNTIL, tuple(ids), complete=True)
    assert failed == []


def test_a_window_without_papers_is_seen_whole(asked: Session) -> None:
    with ArxivServer([]) as server:
        assert run(asked, server) == ([], Discovery(SINCE, UNTIL, (), complete=True), [])
        assert len(server.log) == 1 + source.FURTHER_ASKING


@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 28), max_size=9),
    st.lists(st.sampled_from([0, 1, 2, 3]), max_size=6).filter(
        lambda sizes: "000" not in "".join(map(str, sizes))
    ),
)
def test_short_and_empty_pages_lose_nothing(
    asked: Session, days: list[int], sizes: list[int]
) -> None:
    papers = [paper(n, day) for n, day in enumerate(days, start=1)]
    with ArxivServer(papers) as server:
        server.page_sizes = sizes
        ids, reached, failed = run(asked, server)
    assert sorted(ids) == [one.id for one in papers]
    assert (reached and reached.complete, failed) == (True, [])


@pytest.mark.parametrize("status", [429, 503, 500])
def test_an_interrupted_window_goes_on_after_its_last_whole_day(
    asked: Session, status: int
) -> None:
    papers = [paper(1, 2), paper(2, 4), paper(3, 6), paper(4, 6), paper(5, 9)]
    with ArxivServer(papers) as server:
        answers = discover(asked, server.url, SINCE, UNTIL, limit=500, page_size=3)
        got = [next(answers) for _ in range(3)]
        server.fail(server.path, Fault(status=status, headers={"Retry-After": "600"}), times=9)
        reached, failure = list(answers)
    assert [one.stream for one in got] == [f"id/{one.id}" for one in papers[:3]]
    assert isinstance(reached, Fetched)
    assert parse_discovery(reached.body or b"") == Discovery(
        SINCE, "2026-05-05", ("2605.00001", "2605.00002", "2605.00003"), complete=False
    )
    assert isinstance(failure, FetchFailure)
    assert failure.stream == source.DISCOVERY
    assert f"submitted {SINCE} to {UNTIL}" in str(failure.error)


def test_pages_that_stay_empty_are_told(asked: Session) -> None:
    with ArxivServer([paper(1, 2), paper(2, 3)]) as server:
        server.page_sizes = [1, *[0] * 9]
        ids, reached, failed = run(asked, server)
    assert ids == ["2605.00001"]
    assert reached == Discovery(SINCE, "2026-05-01", ("2605.00001",), complete=False)
    assert failed == [
        f"arxiv-papers: {server.url} (submitted {SINCE} to {UNTIL}): "
        "gives 1 of 2 papers, asked 3 times more"
    ]


def test_a_run_takes_so_many_papers_and_no_more(asked: Session) -> None:
    with ArxivServer([paper(n, n) for n in range(1, 10)]) as server:
        ids, reached, failed = run(asked, server, limit=5)
        assert len(server.log) == 2
    assert (ids[-1], failed) == ("2605.00006", [])
    assert reached == Discovery(SINCE, "2026-05-05", tuple(ids), complete=False)


def test_pages_keep_the_pause_that_arxiv_asks_for() -> None:
    options = Settings(arxiv_seconds_between_requests=0.06)
    papers = [paper(n, n) for n in range(1, 8)]
    with ArxivServer(papers) as server, source.open_session(options) as session:
        run(session, server)
        times = [seen.at for seen in server.log]
    assert len(times) == 3
    assert all(later - earlier >= 0.06 for earlier, later in itertools.pairwise(times))


def test_what_was_archived_as_discovered_is_checked() -> None:
    for body in (b"", b"[]", b"{}", b'{"since": 1, "until": 2}'):
        with pytest.raises(SourceError, match=r"^arxiv-papers: what was discovered"):
            parse_discovery(body)


def test_the_next_run_looks_again_at_the_days_that_may_still_fill(
    cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STARTER", "0")
    monkeypatch.setenv("TRACKER_ARXIV_SECONDS_BETWEEN_REQUESTS", "0")
    monkeypatch.setenv("TRACKER_RETRIES", "0")
    today, late_days = datetime.now(UTC), source.LATE_DAYS

    def at(days_ago: int) -> str:
        return (today - timedelta(days=days_ago)).strftime("%Y-%m-%dT00:00:00Z")

    first = paper(1, 1, title="Sentence embeddings", published=at(9), updated=at(9))
    late = paper(2, 1, title="Dense retrieval", published=at(3), updated=at(3))
    second = paper(1, 1, title="Sentence embeddings", version=2, published=at(9), updated=at(1))
    with ArxivServer([first]) as server:
        monkeypatch.setenv("TRACKER_ARXIV_API_URL", server.url)
        assert cli("fetch", "arxiv-papers").code == 0
        server.papers = [second, late]
        assert cli("fetch", "arxiv-papers").code == 0
        assert cli("fetch", "arxiv-papers", "--since", at(20)[:10]).code == 0
        assert cli("fetch", "arxiv-papers").code == 0
        windows = [seen.query for seen in server.log if "search_query" in seen.query]
    asked_from = [query.partition("submittedDate%3A%5B")[2][:8] for query in windows]
    days = [at(days)[:10].replace("-", "") for days in (30, late_days, 20, late_days)]
    assert asked_from == days
    archive = Archive(Settings().archive)
    latest = archive.latest("arxiv-papers")
    known = [
        parse_paper(archive.read(origin.sha256))
        for stream, origin in sorted(latest.items())
        if stream != source.DISCOVERY
    ]
    assert [(one.arxiv_id, one.version) for one in known] == [("2605.00001", 2), ("2605.00002", 1)]
    assert cli("load").code == 0
    told = orjson.loads(cli("papers", "--unmatched", "--format", "json").out)
    assert [(row["arxiv_id"], row["title"], row["model"]) for row in told] == [
        ("2605.00002", "Dense retrieval", None),
        ("2605.00001", "Sentence embeddings", None),
    ]
    assert cli("papers", "words", "--unmatched").code == 2
