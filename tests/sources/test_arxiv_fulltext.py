"""Full texts: which are asked for and remembered, and what of their HTML is read."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.test_contexts import EXTRACTOR
from tests.support.loopback import Answer, Fault, LoopbackServer
from tracker.errors import SourceError
from tracker.evidence.papers import paper_document
from tracker.io.http import Session
from tracker.io.validators import Validators
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import FetchFailure, arxiv_fulltext
from tracker.sources.arxiv_fulltext import Block, PaperText, parse
from tracker.sources.records import Fetched

PAPERS = Path(__file__).resolve().parents[1] / "papers"
HTML = (PAPERS / "traps.html").read_bytes()
TRAPS = PaperText(
    title="Nova-Embed: One Vector for a Text",
    blocks=(
        Block(
            "paragraph",
            ("Abstract",),
            "We present Nova-Embed, a text embedding model. We use last-token pooling and train "
            "with hard negatives.",
        ),
        Block(
            "paragraph",
            ("Introduction",),
            "Mean pooling is commonly used to obtain text embeddings. Our contributions are as "
            "follows:",
        ),
        Block(
            "item",
            ("Introduction",),
            "We propose a latent attention layer that no earlier model has.",
        ),
        Block("item", ("Introduction",), "We release the weights."),
        Block(
            "paragraph",
            ("Related Work",),
            "Gte-large applies mean pooling [1]. We use CLS pooling in earlier work.",
        ),
        Block(
            "paragraph",
            ("Method", "Architecture"),
            "Our model is fine-tuned from Mistral-7B. We remove the causal attention mask. The "
            "loss with temperature \\tau is",
        ),
        Block("paragraph", ("Method", "Architecture"), "and we train with the InfoNCE loss."),
        Block(
            "paragraph",
            ("Method", "Training Data"),
            "We fine-tune on MS MARCO and HotpotQA. We do not use in-batch negatives.",
        ),
        Block("caption", ("Experiments",), "We use mean pooling in all baselines."),
        Block(
            "table",
            ("Experiments",),
            "Model Pooling Score Gte-large mean pooling 1.0 Nova-Embed last-token pooling 2.0",
        ),
        Block(
            "paragraph",
            ("Experiments", "Ablation"),
            "We use mean pooling in this variant, which is worse.",
        ),
        Block("reference", (), "A. Li. Towards general embeddings with mean pooling. 2023."),
    ),
)


class HtmlServer(LoopbackServer):
    """arXiv's HTML for some papers, with ETags."""

    def __init__(self, papers: dict[str, bytes]) -> None:
        super().__init__()
        self.url = f"{self.origin}/html"
        self.papers = papers

    def good_answer(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        """The paper, or 404."""
        body = self.papers.get(path.removeprefix("/html/"))
        if body is None:
            return Answer(404, {"Content-Type": "text/html"}, b"<html>No HTML</html>")
        if headers.get("if-none-match") == '"1"':
            return Answer(304, {"ETag": '"1"'}, b"")
        return Answer(200, {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'}, body)


def session(pause: float = 0, **options: Any) -> Session:
    settings = Settings(arxiv_seconds_between_requests=pause, retries=0, read_timeout=2)
    options.setdefault("sleep", lambda _: None)
    return arxiv_fulltext.open_session(settings, **options)


def told(answers: list[Fetched | FetchFailure]) -> list[str]:
    return [
        f"! {one.error.cause}" if isinstance(one, FetchFailure) else one.stream for one in answers
    ]


# What is asked for


def test_a_paper_without_html_is_remembered_and_an_unchanged_one_not_sent_again() -> None:
    with HtmlServer({"2405.17428": HTML}) as server:
        ids = ["2405.17428", "cs/0112017", "2210.07316"]
        server.fail("/html/2210.07316", Fault(status=500))
        first = list(arxiv_fulltext.fetch(session(), server.url, ids, {}))
        assert told(first) == [
            "2405.17428/text.html",
            "cs/0112017/absent.json",
            "! answered 500 Internal Server Error",
        ]
        known = {"2405.17428/text.html": Validators('"1"', None)}
        (again,) = arxiv_fulltext.fetch(session(), server.url, ids[:1], known)
        assert isinstance(again, Fetched)
        assert again.body is None


def test_arxiv_that_turns_us_away_is_left_alone() -> None:
    with HtmlServer({}) as server:
        server.fail("/html/2405.17428", Fault(status=429, headers={"Retry-After": "9999"}))
        answers = list(
            arxiv_fulltext.fetch(session(), server.url, ["2405.17428", "2210.07316"], {})
        )
        assert len(answers) == len(server.log) == 1


def test_requests_keep_the_distance_that_arxiv_asks_for() -> None:
    with HtmlServer({}) as server:
        asked = session(0.05, sleep=sleep)
        list(arxiv_fulltext.fetch(asked, server.url, ["2405.17428", "2210.07316"], {}))
        times = [seen.at for seen in server.log]
        assert all(b - a >= 0.05 for a, b in pairwise(times))
        assert "embedding-tracker" in server.log[0].headers["user-agent"]


def test_a_run_asks_for_each_paper_once(
    cli: Callable[..., Any], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STARTER", "0")
    monkeypatch.setenv("TRACKER_ARXIV_SECONDS_BETWEEN_REQUESTS", "0")
    papers = [("2405.17428", "2024-05-27"), ("2210.07316", "")]
    monkeypatch.setattr(
        "tracker.catalog.knowledge.reading_order.papers_of_models", lambda _: papers
    )
    with HtmlServer({"2405.17428": HTML}) as server:
        for line in ("2 new, 0 unchanged", "0 new, 0 unchanged"):
            answer = cli("fetch", "arxiv-fulltext", "--from", server.url)
            assert (answer.code, answer.err.splitlines()[-1]) == (0, f"arxiv-fulltext: {line}")
        assert len(server.log) == 2
        # A version that is newer than the text is asked for.
        papers[0] = ("2405.17428", "2999-01-01")
        answer = cli("fetch", "arxiv-fulltext", "--from", server.url)
        assert answer.err.splitlines()[-1] == "arxiv-fulltext: 0 new, 1 unchanged"
    assert sorted(Archive(Settings().archive).latest("arxiv-fulltext")) == [
        "2210.07316/absent.json",
        "2405.17428/text.html",
    ]


# What is read


def test_a_paper_is_its_blocks_in_order_under_their_headings() -> None:
    assert parse("x", HTML) == TRAPS


@pytest.mark.skipif(shutil.which("latexml") is None, reason="latexml is not installed")
def test_the_recorded_html_is_what_latexml_makes(tmp_path: Path) -> None:
    shutil.copy(PAPERS / "traps.tex", tmp_path)
    for command in (
        ["latexml", "--quiet", "--dest=traps.xml", "traps.tex"],
        ["latexmlpost", "--quiet", "--nodefaultresources", "--dest=traps.html", "traps.xml"],
    ):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert parse("x", (tmp_path / "traps.html").read_bytes()) == TRAPS


def test_only_what_the_authors_say_of_their_own_model_is_extracted() -> None:
    document = paper_document("lab/Nova-Embed-7B", "https://x.example", TRAPS)
    found = [(one.property, one.value, one.section) for one in EXTRACTOR.extract(document)]
    assert found == [
        ("negatives", "hard-negatives", "Abstract"),
        ("pooling", "last-token", "Abstract"),
        ("innovation", "latent-attention", "Introduction"),
        ("pooling", "latent-attention", "Introduction"),
        ("base_model", "Mistral-7B", "Method / Architecture"),
        ("attention", "causal-to-bidirectional", "Method / Architecture"),
        ("objective", "infonce", "Method / Architecture"),
        ("training_data", "HotpotQA", "Method / Training Data"),
        ("training_data", "MS MARCO", "Method / Training Data"),
    ]


def html(body: str) -> bytes:
    return f'<html><body><article class="ltx_document">{body}</article></body></html>'.encode()


def test_scripts_styles_and_comments_are_no_words() -> None:
    found = parse(
        "x",
        html(
            '<h1 class="ltx_title ltx_title_document">A<script>alert(1)</script> title</h1>'
            '<section class="ltx_section"><h2 class="ltx_title">B<script>x</script></h2>'
            '<p class="ltx_p">We<!-- no --> <style>p{}</style>read &lt;b&gt; this.</p></section>'
        ),
    )
    assert found == PaperText("A title", (Block("paragraph", ("B",), "We read <b> this."),))


def test_deep_nests_are_walked_without_recursion() -> None:
    found = parse("x", html("<div>" * 3000 + '<p class="ltx_p">deep</p>' + "</div>" * 3000))
    assert found.blocks == (Block("paragraph", (), "deep"),)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "no document that LaTeXML made"),
        (b"<html><body>Not found</body></html>", "no document that LaTeXML made"),
        (html(""), "a document without text"),
        (b"\xff\xfe", "not UTF-8 text"),
    ],
)
def test_what_is_no_paper_is_one_clear_finding(body: bytes, cause: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse("2405.17428/text.html", body)
    assert (caught.value.cause, caught.value.place) == (cause, "2405.17428/text.html")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_paper_or_a_finding(noise: bytes) -> None:
    for body in (noise, html('<p class="ltx_p">x</p>') + noise):
        try:
            found = parse("x", body)
        except SourceError:
            continue
        assert found.blocks


def test_a_text_of_marks_that_are_never_closed_keeps_nobody_waiting() -> None:
    begin = b'<article class="ltx_document"><p class="ltx_p">Words.</p>'
    begun = perf_counter()
    assert parse("x", begin + b"<a " * 60_000).blocks[0].text == "Words."
    assert perf_counter() - begun < 10
