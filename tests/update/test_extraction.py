"""Extract candidates by several processes: the same lines for every engine, in the same order."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer
from tests.evidence.test_evidence_loading import FILES, KNOWN, put
from tests.support.catalogs import Loaded
from tracker.api import open_catalog
from tracker.catalog.engine import open_engine
from tracker.catalog.knowledge.candidates import cue_extractor
from tracker.catalog.knowledge.extraction import Extraction, Text, archived, extract
from tracker.snapshots.store import Archive
from tracker.update.extraction import BATCH, Job, _body, folder_texts, run

PAPER = (
    b'<article class="ltx_document"><section class="ltx_section"><h2 class="ltx_title">Method</h2>'
    b'<p class="ltx_p">Our model uses last-token pooling.</p></section></article>'
)
BROKEN = {"config.json": b"{", "1_Pooling/config.json": FILES["1_Pooling/config.json"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """More models than fill two batches, one with a paper, one with broken files."""
    files = {f"lab/m{n}/{name}": body for n in range(BATCH + 3) for name, body in FILES.items()}
    files |= {f"lab/broken/{name}": body for name, body in BROKEN.items()}
    files |= {"lab/m1/paper.html": PAPER, "lab/broken/paper.html": b"no paper"}
    for name, body in files.items():
        path = tmp_path / "texts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return tmp_path / "texts"


def prepared(folder: Path) -> tuple[list[Text], Job]:
    texts = sorted(folder_texts(folder, pytest.fail), key=lambda text: text.order)
    return texts, Job(partial(_body, folder), cue_extractor(KNOWN))


def one_by_one(texts: list[Text], job: Job) -> list[Extraction]:
    return [extract(text, job.read, job.extractor) for text in texts]


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_give_what_a_plain_loop_gives(folder: Path, workers: int) -> None:
    texts, job = prepared(folder)
    assert len(texts) > 2 * BATCH
    assert list(run(texts, job, "local", workers)) == one_by_one(texts, job)


def test_a_text_gives_the_same_in_any_order_of_texts(folder: Path) -> None:
    texts, job = prepared(folder)
    expected = dict(zip(texts, one_by_one(texts, job), strict=True))
    for seed in range(3):
        shuffled = random.Random(seed).sample(texts, len(texts))
        assert dict(zip(shuffled, one_by_one(shuffled, job), strict=True)) == expected
        assert sorted(shuffled, key=lambda text: text.order) == texts


def test_a_broken_file_costs_one_line_and_itself_only(folder: Path) -> None:
    texts, job = prepared(folder)
    (config, paper) = one_by_one([text for text in texts if text.model == "lab/broken"], job)
    assert [(row["property"], row["value"]) for row in config.rows] == [("pooling", "mean")]
    assert [line.partition(";")[0] for line in config.findings] == [
        "model-cards: lab/broken/config.json: not JSON: unexpected end of data: line 1 column 2"
        " (char 1)"
    ]
    assert paper.rows == []
    assert [line.partition(";")[0] for line in paper.findings] == [
        "arxiv-fulltext: lab/broken/paper.html: no document that LaTeXML made"
    ]


def test_a_file_that_is_gone_or_too_large_is_told(folder: Path) -> None:
    texts, job = prepared(folder)
    card = next(text for text in texts if text.kind == "card")
    path = folder / card.files[0].place
    path.write_bytes(b"x" * 4_000_001)
    assert extract(card, job.read, job.extractor).findings == [
        "model-cards: lab/m0/README.md: larger than 4,000,000 bytes"
    ]
    path.unlink()
    assert extract(card, job.read, job.extractor).findings == [
        "model-cards: lab/m0/README.md: No such file or directory"
    ]


def test_archived_texts_give_what_the_catalog_shows(tmp_path: Path, blank: Path) -> None:
    loaded = Loaded.fresh(tmp_path / "catalog", blank).knowing(KNOWN)
    put(loaded.archive, FILES)
    loaded.load()
    extractor, archive = cue_extractor(KNOWN), Archive(loaded.archive)
    engine = open_engine(loaded.url, read_only=True)
    with engine.connect() as connection:
        texts = list(archived(connection, archive, extractor, pytest.fail))
    engine.dispose()
    rows = [row for text in texts for row in extract(text, archive.read, extractor).rows]
    compared = ("property", "value", "kind", "confidence", "quote", "section", "source", "date")
    with open_catalog(loaded.url) as catalog:
        shown = catalog.evidence("lab/one").to_dicts()
    assert len(rows) == 3
    assert sorted([row[name] for name in compared] for row in rows) == sorted(
        [line[name] for name in compared] for line in shown if line["kind"] != "curated"
    )


@pytest.mark.usefixtures("seeded")
def test_the_command_prints_a_json_object_a_line(cli: Callable[..., Answer], folder: Path) -> None:
    texts = list(folder_texts(folder, pytest.fail))
    done = cli("evidence", "extract", str(folder), "--workers", "1")
    rows: list[dict[str, Any]] = [json.loads(line) for line in done.out.splitlines()]
    assert (done.code, len({row["model"] for row in rows})) == (0, BATCH + 4)
    assert [row["model"] for row in rows] == sorted(row["model"] for row in rows)
    *findings, last = done.err.splitlines()
    assert (len(findings), last) == (2, f"{len(texts)} texts, {len(rows)} statements, 2 findings")


def test_the_command_reads_the_archive_by_default(cli: Callable[..., Answer], seeded: Path) -> None:
    put(seeded / "db" / "snapshots", FILES)
    done = cli("evidence", "extract", "--workers", "1")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [(row["property"], row["value"], row["kind"]) for row in rows] == [
        ("licence", "mit", "card"),
        ("pooling", "mean", "card"),
        ("pooling", "mean", "config"),
    ]
    assert (done.code, done.err) == (0, "3 texts, 3 statements, 0 findings\n")


@pytest.mark.usefixtures("seeded")
def test_a_model_is_shown_without_naming_the_command(
    cli: Callable[..., Answer],
) -> None:
    shown = cli("evidence", "show", "BAAI/bge-m3", "--format", "json")
    assert shown.code == 0
    assert json.loads(shown.out) != []
    assert cli("evidence", "BAAI/bge-m3", "--format", "json") == shown
    assert cli("evidence", "--format", "json", "BAAI/bge-m3") == shown


@pytest.mark.usefixtures("seeded")
def test_a_folder_that_is_not_there_is_one_line(cli: Callable[..., Answer]) -> None:
    done = cli("evidence", "extract", "nowhere")
    assert (done.code, done.err) == (
        2,
        "error: no folder nowhere; name a folder with ORG/NAME/README.md\n",
    )


@pytest.mark.filterwarnings("ignore")  # of Ray itself
def test_ray_gives_what_a_plain_loop_gives(folder: Path) -> None:
    pytest.importorskip("ray.data", reason="ray is not installed")
    texts, job = prepared(folder)
    assert list(run(texts, job, "ray", 2)) == one_by_one(texts, job)
