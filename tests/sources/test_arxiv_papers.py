"""arXiv: which ids a text mentions, how papers are asked for, and what is kept of them."""

from __future__ import annotations

import dataclasses
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.loopback import ArxivServer, Fault, Paper
from tracker.errors import SourceError
from tracker.io.http import HostUnavailableError, Session
from tracker.settings import Settings
from tracker.sources import FetchFailure
from tracker.sources import arxiv_papers as papers
from tracker.sources.arxiv_papers import PaperRecord, canonical_id, fetch, find_ids, parse_paper
from tracker.sources.records import Fetched

FULL = Paper(
    id="2405.17428",
    title="NV-Embed:  Improved\n  Techniques",
    version=3,
    authors=("Chankyu Lee", "Rajarshi  Roy"),
    updated="2025-02-25T01:02:03Z",
    abstract="Decoder-only & <large> language\nmodels.",
    categories=("cs.CL", "cs.AI"),
    comment="ICLR 2025\n(Spotlight)",
    doi="10.1000/182",
    journal_ref="ICLR 2025",
)
RECORD = PaperRecord(
    arxiv_id="2405.17428",
    version=3,
    title="NV-Embed: Improved Techniques",
    authors=("Chankyu Lee", "Rajarshi Roy"),
    published="2024-05-27T17:59:45Z",
    updated="2025-02-25T01:02:03Z",
    abstract="Decoder-only & <large> language models.",
    primary_category="cs.CL",
    categories=("cs.CL", "cs.AI"),
    comment="ICLR 2025 (Spotlight)",
    doi="10.1000/182",
    journal_ref="ICLR 2025",
    withdrawn=False,
    url="https://arxiv.org/abs/2405.17428",
)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def asked() -> Iterator[Session]:
    settings = Settings(arxiv_seconds_between_requests=0, retries=2, read_timeout=0.2)
    with papers.open_session(settings, sleep=lambda _: None) as session:
        yield session


def outline(answers: list[Fetched | FetchFailure]) -> list[str]:
    return [("! " if isinstance(one, FetchFailure) else "") + one.stream for one in answers]


# Which ids a text mentions


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("eprint = {2104.08663},\n title = {{BEIR}}", ("2104.08663",)),
        ("eprint={cs/0112017}, archivePrefix = {arXiv}", ("cs/0112017",)),
        ('eprint = "cs.CL/0112017v2"', ("cs/0112017",)),
        ("journal = {arXiv preprint arXiv:2212.09741}", ("2212.09741",)),
        ("journal={arXiv preprint 1301.3781}", ("1301.3781",)),
        ("arXiv e-prints, arXiv:1301.3781v3", ("1301.3781",)),
        ("volume = {abs/1911.02116}", ("1911.02116",)),
        ("DBLP:journals/corr/abs-1911-02116", ("1911.02116",)),
        ("https://arxiv.org/abs/2405.17428v2", ("2405.17428",)),
        ("http://arxiv.org/pdf/2405.17428v2.pdf", ("2405.17428",)),
        ("https://arxiv.org/html/2405.17428#S1", ("2405.17428",)),
        ("https://huggingface.co/papers/2405.17428", ("2405.17428",)),
        ("doi = {10.48550/arXiv.2405.17428}", ("2405.17428",)),
        ("https://doi.org/10.48550/ARXIV.2405.17428", ("2405.17428",)),
        ("see hep-th/9901001 and math.GT/0309136.", ("hep-th/9901001", "math/0309136")),
        ("NV-Embed (2405.17428), 论文2212.09741提出", ("2405.17428", "2212.09741")),
        ("2405.17428, again arXiv:2405.17428v3", ("2405.17428",)),
        ("2405.17428.", ("2405.17428",)),
    ],
)
def test_ids_are_found_where_papers_are_cited(text: str, ids: tuple[str, ...]) -> None:
    assert find_ids(text) == ids


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://doi.org/10.1145/3397271.3401075",
        "doi = {10.18653/v1/2024.12345}",
        "arXiv:2413.12345",  # there is no thirteenth month
        "arXiv:2400.12345",
        "arXiv:0703.1234",  # the scheme began a month later
        "arXiv:1501.1234",  # five digits by then
        "arXiv:1412.12345",  # and four until then
        "arXiv:2405.00000",
        "version 2405.17428.1",
        "v2405.17428",
        "12405.17428",
        "2405.174281",
        "about 1234.5678 tokens",
        "1205.4321 seconds",
        "cs/0113017",
        "cs/5012017",
        "docs/0112017",
        "and/or/0112017",
        "eprint = {PMC1234567}",
    ],
)
def test_other_numbers_are_no_ids(text: str) -> None:
    assert find_ids(text) == ()


MONTHS = st.tuples(st.integers(7, 40), st.integers(1, 12)).filter(lambda ym: ym >= (7, 4))


@st.composite
def new_ids(draw: st.DrawFn) -> str:
    year, month = draw(MONTHS)
    digits = 5 if year >= 15 else 4
    return f"{year:02}{month:02}.{draw(st.integers(1, 9999)):0{digits}}"


OLD_IDS = st.builds(
    lambda archive, month, number: f"{archive}/{month}{number:03}",
    st.sampled_from(["cs", "math", "hep-th", "cond-mat", "q-bio"]),
    st.sampled_from(["9107", "9912", "0001", "0703"]),
    st.integers(0, 999),
)


@given(
    st.lists(st.one_of(new_ids(), OLD_IDS), max_size=4, unique=True),
    st.sampled_from(
        ["https://arxiv.org/abs/{}", "arXiv:{}", "eprint = {{{}}},", "10.48550/arXiv.{}"]
    ),
    st.sampled_from(["", "v1", "v12"]),
)
def test_every_id_is_found_however_it_is_cited(ids: list[str], frame: str, version: str) -> None:
    text = "\n".join(frame.format(one + version) for one in ids)
    assert find_ids(text) == tuple(ids)
    assert tuple(canonical_id(one + version) for one in ids) == tuple(ids)


@given(st.text(alphabet="arXiv:/. eprint={}0123456789v-abscs", max_size=200))
def test_whatever_is_found_is_an_id(text: str) -> None:
    for arxiv_id in find_ids(text):
        assert canonical_id(arxiv_id) == arxiv_id


# How papers are asked for


def test_a_paper_is_one_document_of_its_metadata(asked: Session) -> None:
    with ArxivServer([FULL]) as server:
        (answer,) = fetch(asked, server.url, ["2405.17428v1"])
        (seen,) = server.log
    assert isinstance(answer, Fetched)
    assert (answer.stream, answer.url) == ("id/2405.17428", f"{server.url}?id_list=2405.17428")
    assert parse_paper(answer.body or b"") == RECORD
    assert "embedding-tracker/" in seen.headers["user-agent"]
    assert "(+http" in seen.headers["user-agent"]


def test_the_same_answer_gives_the_same_bytes(asked: Session) -> None:
    with ArxivServer([FULL]) as server:
        first, second = (next(iter(fetch(asked, server.url, [FULL.id]))) for _ in range(2))
    assert first.body == second.body


def test_a_new_version_is_a_new_state_of_the_same_stream(asked: Session) -> None:
    with ArxivServer([Paper("2405.17428", version=1)]) as server:
        (first,) = fetch(asked, server.url, ["2405.17428"])
        server.papers = [Paper("2405.17428", version=2, journal_ref="ICLR")]
        (second,) = fetch(asked, server.url, ["2405.17428"])
    assert first.stream == second.stream
    assert [parse_paper(one.body).version for one in (first, second)] == [1, 2]
    assert parse_paper(second.body).journal_ref == "ICLR"


@pytest.mark.parametrize(
    ("comment", "abstract", "withdrawn"),
    [
        ("This paper has been withdrawn by the author", "We study.", True),
        ("Withdrawn due to an error in Lemma 2", "We study.", True),
        (None, "This paper has been withdrawn.", True),
        (None, "Withdrawn", True),
        (None, "Withdrawn by arXiv administrators.", True),
        (None, "We study drugs withdrawn from the market.", False),
        ("Withdrawn from a workshop, now at ICLR", "We study.", False),
        (None, "We study.", False),
    ],
)
def test_a_withdrawn_paper_is_marked(
    asked: Session, comment: str | None, abstract: str, withdrawn: bool
) -> None:
    with ArxivServer([Paper("cs/0112017", comment=comment, abstract=abstract)]) as server:
        (answer,) = fetch(asked, server.url, ["cs.CL/0112017"])
    assert answer.stream == "id/cs/0112017"
    assert parse_paper(answer.body).withdrawn is withdrawn


def test_many_papers_are_asked_for_page_by_page(asked: Session) -> None:
    ids = [f"2405.{number:05}" for number in range(1, 251)]
    with ArxivServer([Paper(one) for one in ids]) as server:
        answers = list(fetch(asked, server.url, [*ids, *ids], page_size=100))
        assert len(server.log) == 3
    assert [one.stream for one in answers] == [f"id/{one}" for one in ids]


@pytest.mark.parametrize("times", [1, 2])
def test_short_and_empty_pages_are_asked_for_again(asked: Session, times: int) -> None:
    with ArxivServer([Paper("2405.00001"), Paper("2405.00002")]) as server:
        server.skip("2405.00002", times)
        answers = list(fetch(asked, server.url, ["2405.00001", "2405.00002"]))
        assert len(server.log) == 1 + times
    assert outline(answers) == ["id/2405.00001", "id/2405.00002"]


def test_what_stays_missing_is_reported_by_id(asked: Session) -> None:
    with ArxivServer([Paper("2405.00001")]) as server:
        answers = list(fetch(asked, server.url, ["2405.00009", "2405.00001", "nonsense"]))
    assert outline(answers) == ["! id/nonsense", "id/2405.00001", "! id/2405.00009"]
    assert str(answers[0].error) == f"arxiv-papers: {server.url}: 'nonsense' is no arXiv id"
    assert str(answers[2].error) == (
        f"arxiv-papers: {server.url}?id_list=2405.00009: "
        "arXiv gives no paper with this id, asked 3 times; correct the id where it is cited"
    )


@pytest.mark.parametrize(
    "fault", [Fault(status=503), Fault(status=429), Fault(drop=True), Fault(cut_off=True)]
)
def test_a_passing_failure_is_overcome(asked: Session, fault: Fault) -> None:
    with ArxivServer([FULL]) as server:
        server.fail(server.path, fault, times=2)
        answers = list(fetch(asked, server.url, [FULL.id]))
    assert outline(answers) == ["id/2405.17428"]


def test_a_failing_page_is_one_line_and_does_not_stop_the_others(asked: Session) -> None:
    ids = ["2405.00001", "2405.00002", "2405.00003", "2405.00004", "2405.00005"]
    with ArxivServer([Paper(one) for one in ids]) as server:
        server.fail(server.path, Fault(status=500), times=3)
        answers = list(fetch(asked, server.url, ids, page_size=4))
    assert outline(answers) == ["! 4 papers", "id/2405.00005"]
    assert str(answers[0].error) == (
        f"arxiv-papers: {server.url} (2405.00001, 2405.00002, 2405.00003, …): "
        "answered 500 Internal Server Error (3 attempts)"
    )


def test_arxiv_is_left_alone_when_it_says_so(asked: Session) -> None:
    with ArxivServer([FULL]) as server:
        server.fail(server.path, Fault(status=429, headers={"Retry-After": "600"}))
        answers = list(fetch(asked, server.url, [FULL.id, "2405.00001"], page_size=1))
        assert len(server.log) == 1
    (failure,) = answers
    assert isinstance(failure.error, HostUnavailableError)
    assert "asks to wait 600 s" in str(failure.error)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"<!doctype html><p>busy", "sent an HTML page where a feed was expected"),
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id>'
            b"<updated>yesterday</updated></entry></feed>",
            "the feed cannot be read",
        ),
    ],
)
def test_what_is_no_feed_is_one_clear_line(asked: Session, body: bytes, cause: str) -> None:
    with ArxivServer([]) as server:
        server.fail(server.path, Fault(body=body, headers={"Content-Type": "application/xml"}))
        (failure,) = fetch(asked, server.url, [FULL.id])
    assert isinstance(failure, FetchFailure)
    assert failure.error.cause.startswith(cause)


BAD_DATES = ["yesterday", "2024-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1717171717"]


@pytest.mark.parametrize("date", BAD_DATES)
def test_one_unreadable_entry_costs_itself_only(asked: Session, date: str) -> None:
    ids = [f"2405.{number:05}" for number in range(1, 51)]
    wrong = Paper(ids[7], updated=date)
    with ArxivServer([wrong if one == ids[7] else Paper(one) for one in ids]) as server:
        answers = list(fetch(asked, server.url, ids))
    failed = [one for one in answers if isinstance(one, FetchFailure)]
    assert [one.stream for one in failed] == [f"id/{ids[7]}"]
    assert [one.stream for one in answers if isinstance(one, Fetched)] == [
        f"id/{one}" for one in ids if one != ids[7]
    ]
    assert "\n" not in str(failed[0].error)


def test_an_unreadable_entry_does_not_end_a_discovery(asked: Session) -> None:
    found = [
        Paper(f"2405.{n:05}", title="Text embedding", published=f"2024-05-{n:02}T00:00:00Z")
        for n in range(1, 6)
    ]
    found[1] = dataclasses.replace(found[1], updated="yesterday")
    with ArxivServer(found) as server:
        answers = list(
            papers.discover(asked, server.url, "2024-05-01", "2024-05-30", limit=50, page_size=2)
        )
    *rest, mark = answers
    assert outline(rest) == [
        "! id/2405.00002",
        "id/2405.00001",
        "id/2405.00003",
        "id/2405.00004",
        "id/2405.00005",
    ]
    assert papers.parse_discovery(mark.body).complete


def test_an_error_entry_is_no_paper(asked: Session) -> None:
    feed = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry>
        <id>http://arxiv.org/api/errors#incorrect_id_format</id><title>Error</title>
        <published>2026-01-01T00:00:00Z</published><updated>2026-01-01T00:00:00Z</updated>
        </entry></feed>"""
    with ArxivServer([]) as server:
        server.fail(server.path, Fault(body=feed, headers={"Content-Type": "application/xml"}))
        answers = list(fetch(asked, server.url, [FULL.id]))
    assert outline(answers) == ["! id/2405.17428"]


def test_requests_keep_the_pause_that_arxiv_asks_for() -> None:
    settings = Settings(arxiv_seconds_between_requests=0.06)
    with ArxivServer([Paper("2405.00001")]) as server, papers.open_session(settings) as session:
        list(fetch(session, server.url, ["2405.00001", "2405.00002"]))
        times = [seen.at for seen in server.log]
    assert len(times) == 3
    assert all(later - earlier >= 0.06 for earlier, later in itertools.pairwise(times))


# What is kept


def test_archived_bytes_that_are_no_paper_are_refused() -> None:
    for body in (b"", b"[]", b"{}", b'{"arxiv_id": "2405.17428"}', b"null"):
        with pytest.raises(SourceError, match=r"^arxiv-papers: "):
            parse_paper(body)


def test_reading_archived_papers_loads_no_network_library() -> None:
    code = (
        "import sys, tracker.sources.arxiv_papers, tracker.sources.leaderboard_api;"
        "print(sorted({'requests', 'arxiv', 'urllib3', 'pydantic'} & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert shown.stdout.strip() == "[]"
