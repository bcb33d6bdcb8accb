"""Every parser of fetched bytes with hostile input: no error but the declared ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import orjson
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.support import loopback
from tests.support.boards import overall, tasks
from tests.support.leaderboard_payloads import TASK, benchmark, board, dumped, model, row
from tests.support.registry_exports import export
from tests.support.result_repository import result
from tracker.errors import ArchiveError, SourceError
from tracker.evidence.bibliography import describe_papers
from tracker.evidence.configs import config_candidates
from tracker.evidence.markdown import card_document
from tracker.evidence.papers import paper_document
from tracker.snapshots.origin import from_line
from tracker.sources import (
    _leaderboard_boards,
    _leaderboard_lists,
    _registry_parsing,
    _result_formats,
    arxiv_fulltext,
    arxiv_papers,
    language_model,
    model_cards,
    result_files,
    web_pages,
)
from tracker.sources._arxiv_feed import Feed, read_page
from tracker.sources.citations import read_citations
from tracker.sources.published_boards import TableReader

ROOT = Path(__file__).resolve().parents[1]
Parse = Callable[[bytes], object]
DECLARED = (SourceError, ArchiveError)
CARD = (
    b"---\nlicense: mit\nbase_model: lab/base\ntags: [a, b]\ndatasets:\n- x/y\n---\n# Model\n"
    b"Uses mean pooling, trained from [lab/base](https://huggingface.co/lab/base).\n\n"
    b"| a | b |\n|---|---|\n| 1 | 2 |\n\n```bibtex\n@article{a, title={T}, author={A and B},"
    b" eprint={2401.00001}}\n```\n"
)
PAPER = dict.fromkeys(arxiv_papers._FIELDS, "text") | {"authors": ["A"], "categories": ["cs.CL"]}
DISCOVERED = {"ids": ["2401.00001"], "since": "2024-01-01", "until": "2024-01-02", "complete": True}
ANSWER = dict.fromkeys(language_model.Answer.__dataclass_fields__, "text")


def _card(body: bytes) -> object:
    card = model_cards.parse_card("card", body)
    card_document("lab/one", "card", card.text)
    return describe_papers(read_citations(card.text))


def _config(body: bytes) -> object:
    found = model_cards.parse_config("config", body)
    names = ("config.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json")
    return [list(config_candidates("lab/one", {name: (name, found)})) for name in names]


def _feed(body: bytes) -> object:
    import arxiv

    search = arxiv.Search(query="x", max_results=5)
    return read_page(Feed(None, body), "http://a", search, "x", offset=0, page_size=5)


def _fulltext(body: bytes) -> object:
    return paper_document("lab/one", "paper", arxiv_fulltext.parse("2401.00001", body))


def _line(body: bytes) -> object:
    try:
        return from_line(body)
    except ValueError:  # which the log takes for a damaged line
        return None


def parsers() -> dict[str, tuple[Parse, bytes]]:
    """Each parser with a good input."""
    rows = [row("lab/one", 1, {"T1": 0.5, "T2": 0.25})]
    older = {"mteb_dataset_name": "T1", "mteb_version": "1.0", "dataset_revision": "d",
             "test": {"en": {"cos_sim": {"spearman": 0.5}}, "evaluation_time": 1}}  # fmt: skip
    origin = b'{"source":"s","stream":"m","url":"u","published_at":"x","fetched_at":"x",' \
             b'"etag":null,"last_modified":null,"sha256":"0","size":1,"licence":"c"}'  # fmt: skip
    boards = [benchmark(name, 1) for name in "BCD"]
    models = [model(f"lab/{n}", embeddingDim=n) for n in range(4)]
    metrics = {"t1": ("T1", "cosine_spearman")}
    info = {"id": "lab/one", "sha": "0" * 40, "siblings": [], "tags": ["a"]}
    feed = loopback._feed([loopback.Paper("2401.00001", "T", "abstract")], 1, 0, 5)
    return {
        "published overall": (lambda b: TableReader("en", None).read(b, "p"), overall(
            [("lab/one", 60.0), ("lab/two", "")])),
        "published tasks": (lambda b: TableReader("en", "STS").read(b, "p"), tasks(
            [("lab/one", {"A": 1.0, "B": 2})])),
        "live scores": (_leaderboard_boards.parse_scores, dumped(board("B", rows))),
        "live boards": (_leaderboard_lists.parse_benchmarks, dumped(boards)),
        "live models": (_leaderboard_lists.parse_models, dumped(models)),
        "live tasks": (_leaderboard_lists.parse_tasks, dumped([TASK, TASK | {"name": "T2"}])),
        "results": (lambda b: _result_formats.parse_scores(b, "p", {}),
                    orjson.dumps(result("A", {"en": 0.5, "de": None}))),
        "older results": (lambda b: _result_formats.parse_scores(b, "p", metrics),
                          orjson.dumps(older)),
        "model_meta": (lambda b: result_files.parse_metadata(b, "p"),
                       orjson.dumps({"name": "a/b", "revision": "r", "experiment_kwargs": {}})),
        "registry": (_registry_parsing.parse, export()),
        "arXiv feed": (_feed, feed),
        "arXiv paper": (arxiv_papers.parse_paper, orjson.dumps(PAPER)),
        "arXiv discovery": (arxiv_papers.parse_discovery, orjson.dumps(DISCOVERED)),
        "arXiv full text": (_fulltext, (ROOT / "papers" / "traps.html").read_bytes()[:6000]),
        "Hub info": (lambda b: model_cards.parse_info("lab/one", b),
                     orjson.dumps(info)),
        "card": (_card, CARD),
        "configuration": (_config, orjson.dumps(
            {"hidden_size": 4, "word_embedding_dimension": 4, "pooling_mode_mean_tokens": True})),
        "web page": (web_pages.parse, b"<html><head><title>T</title></head><body>x</body></html>"),
        "model's answer": (lambda b: language_model.parse("p", b), orjson.dumps(ANSWER)),
        "origin log": (_line, origin),
    }  # fmt: skip


JUNK = st.sampled_from(
    [b"\0", b"\xff", b"\xed\xa0\x80", b"[" * 3000, b"{\"a\":" * 2000, b"1e999", b"NaN", b"-0",
     b"null", b"9" * 400, b"\"\\ud800\"", b"<", b"&x;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"---\n",
     b"*a &a [*a]", b"!!python/object:x", "\u202e".encode(), b"\x1b[31m", b"{}", b"[]", b"\"\"",
     b"true", b"\r\n", b"@article{", b"}" * 50, b"2024-99-99", b"1" + b"0" * 30, b"a" * 10_000]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def spoiled(draw: st.DrawFn, good: bytes) -> bytes:
    """A good input with bytes or values replaced, or any bytes at all."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(st.binary(max_size=200))
    document = None
    if kind <= 5:
        try:
            document = orjson.loads(good)
        except ValueError:
            document = None
    if document is not None:
        for _ in range(draw(st.integers(1, 3))):
            document = _replaced(draw, document)
        try:
            return orjson.dumps(document)
        except TypeError:  # half a character, or a number that is too large
            return good
    content = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from([0, 1, 1, 5, 100, len(content)]))
        content[at : at + length] = draw(JUNK | st.binary(max_size=8))
    return bytes(content)


def _replaced(draw: st.DrawFn, value: Any) -> Any:
    """The value with one of its parts replaced, wherever it is."""
    if isinstance(value, dict) and value and draw(st.integers(0, 5)):
        key = draw(st.sampled_from(sorted(value)))
        if not draw(st.integers(0, 5)):
            return {k: v for k, v in value.items() if k != key}
        return value | {key: _replaced(draw, value[key])}
    if isinstance(value, list) and value and draw(st.integers(0, 5)):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], _replaced(draw, value[at]), *value[at + 1 :]]
    return draw(VALUES)


def search(parse: Parse, good: bytes, number: int, inputs: int) -> int:
    """Parse so many inputs; returns how many were refused with a declared error.

    Raises:
        Exception: What the parser did not declare, with the smallest input.
    """
    refused = 0

    @seed(number)
    @settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(spoiled(good))
    def hold(body: bytes) -> None:
        nonlocal refused
        try:
            parse(body)
        except DECLARED as error:
            assert str(error).isprintable()
            refused += 1

    hold()
    return refused


def campaign(folder: Path, drawn: Random, rounds: int) -> Iterator[str]:
    """Search each parser with so many inputs."""
    failures = []
    for name, (parse, good) in parsers().items():
        number = drawn.getrandbits(32)
        try:
            parse(good)
            refused = search(parse, good, number, rounds)
            yield f"{name}: {rounds} inputs, {refused} refused"
        except Exception as error:
            failures.append(f"{name}: {type(error).__name__}: {error}")
            notes = " ".join(getattr(error, "__notes__", []))
            yield f"{name}: FAILED (seed {number}): {error!r} {notes[:600]}"
    assert not failures, "; ".join(failures)
