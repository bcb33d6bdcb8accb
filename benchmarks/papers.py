"""Measure loading, searching and extracting with 10,000 papers and 2,000 model cards.

``python -m benchmarks.papers`` generates them with a fixed seed and archives them like the sources
do. Floors: for a load in a new process, reading and parsing the same archive; for a search, the
bare full-text query; for extraction, splitting the same texts into passages. A page is 3,000
characters.
"""

from __future__ import annotations

import random
import re
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import orjson

from benchmarks.common import ROUNDS, Result, in_fresh_process, report
from tracker.catalog.engine import migrate, open_engine
from tracker.catalog.knowledge.candidates import cue_extractor
from tracker.catalog.load import load
from tracker.common.paths import resource as shipped
from tracker.curated import Curated, ModelEntry, read_curated
from tracker.evidence.markdown import card_document
from tracker.settings import Settings
from tracker.snapshots.store import Archive
from tracker.sources import arxiv_papers, model_cards
from tracker.sources.records import Fetched

PAPERS, CARDS = 10_000, 2_000
PAGE = 3_000
AT = "2026-11-01T00:00:00Z"
SECONDS, MEGABYTES, SEARCH_SECONDS, PAGES_A_SECOND = 60, 500, 0.05, 200
QUERIES = ("hard negatives", "池化", "contrastive pre-training", "难负例", "colder vectors 77")

_PROSE = """we train a text embedding model with contrastive learning over pairs and hard negatives
from search logs the results on retrieval and clustering show that vectors of smaller size keep most
of their quality when pooling is chosen well and the batch is large"""
_WORDS = re.findall(r"\w+", _PROSE)
_SAYINGS = (
    "We use mean pooling over the last hidden states.",
    "Unlike models with last-token pooling, we keep the CLS token.",
    "Training data includes MS MARCO, Natural Questions and HotpotQA.",
    "The model is fine-tuned from Qwen/Qwen3-0.6B with hard negatives.",
    "本模型采用均值池化，并使用难负例训练。",
    "In an ablation we replace attention pooling by mean pooling.",
)


def _prose(chance: random.Random, words: int) -> str:
    told = [" ".join(chance.choices(_WORDS, k=14)).capitalize() + "." for _ in range(words // 14)]
    return " ".join(told)


def model_names() -> list[str]:
    """Return the names of the models."""
    return [f"lab{number % 40}/Kestrel{number}-embed-v{number % 3 + 1}" for number in range(CARDS)]


def knowledge() -> Curated:
    """Return the shipped curated records with the generated models."""
    known = read_curated(shipped("db/curated"))
    new = tuple(ModelEntry(name=name, organisation="Lab", facts=()) for name in model_names())
    return replace(known, models=known.models + new)


def cards() -> Iterator[tuple[str, str]]:
    """Generate name and card of each model, about three pages each."""
    for number, name in enumerate(model_names()):
        chance = random.Random(number)
        parts = [f"---\nlicense: mit\ntags: [arxiv:2601.{number + 1:05}]\n---\n# {name}\n"]
        for section in ("Method", "Training", "Usage", "Results"):
            said = " ".join(chance.sample(_SAYINGS, 2))
            parts.append(f"## {section}\n\n{_prose(chance, 170)} {said}\n\n{_prose(chance, 170)}\n")
        yield name, "\n".join(parts)


def fill(folder: Path) -> None:
    """Archive all documents like a fetch does."""
    archive = Archive(folder)
    for number in range(PAPERS):
        chance = random.Random(number)
        arxiv_id = f"2601.{number + 1:05}"
        title = f"Kestrel{number % CARDS}-Embed: Colder Vectors {number}"
        paper = {
            "arxiv_id": arxiv_id,
            "version": 1,
            "title": title if number % 5 == 0 else f"Colder Vectors {number}",
            "authors": [f"Author {chance.randrange(999)}" for _ in range(6)],
            "published": "2026-01-01T00:00:00Z",
            "updated": "2026-01-01T00:00:00Z",
            "abstract": _prose(chance, 190),
            "primary_category": "cs.CL",
            "categories": ["cs.CL"],
            "comment": None,
            "doi": None,
            "journal_ref": None,
            "withdrawn": False,
            "url": f"https://arxiv.org/abs/{arxiv_id}",
        }
        header = arxiv_papers.HEADER
        url = f"https://export.example/{arxiv_id}"
        archive.add(
            header.id, header.licence, Fetched(f"id/{arxiv_id}", url, orjson.dumps(paper), AT)
        )
    header = model_cards.HEADER
    for name, text in cards():
        pooling = b'{"pooling_mode_mean_tokens": true, "word_embedding_dimension": 1024}'
        files = {model_cards.CARD: text.encode(), "1_Pooling/config.json": pooling}
        info = {"id": name, "sha": "a" * 40, "siblings": [{"rfilename": f} for f in files]}
        for document, body in (*files.items(), (model_cards.INFO, orjson.dumps(info))):
            url = f"https://hub.example/{name}/resolve/{'a' * 40}/{document}"
            archive.add(header.id, header.licence, Fetched(f"{name}/{document}", url, body, AT))


def load_all(home: str) -> tuple[float, int]:
    """Return seconds and peak bytes of a load into a new catalog, in its own process."""
    place = Path(home)
    url = f"sqlite:///{place / 'catalog.db'}"
    place.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    engine = open_engine(url, read_only=False)
    migrate(engine)
    done = load(
        engine, archive=Archive(place / "snapshots"), clones=place, curated=knowledge(), sources=[]
    )
    engine.dispose()
    if done.texts < 2 * CARDS:
        sys.exit(f"only {done.texts} texts were read")
    return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def parse_all(home: str) -> tuple[float, int]:
    """Measure the floor of a load: read and parse each archived document."""
    archive = Archive(Path(home) / "snapshots")
    started = time.perf_counter()
    for origin in archive.latest(arxiv_papers.HEADER.id).values():
        arxiv_papers.parse_paper(archive.read(origin.sha256))
    for stream, origin in archive.latest(model_cards.HEADER.id).items():
        body = archive.read(origin.sha256)
        if stream.endswith(model_cards.CARD):
            model_cards.parse_card(stream, body)
    return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _times(work: Callable[[str], object]) -> list[float]:
    """Return the median seconds of each query."""
    found = []
    for query in QUERIES:
        rounds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            work(query)
            rounds.append(time.perf_counter() - started)
        found.append(median(rounds))
    return found


def search(home: str) -> tuple[list[float], list[float], float]:
    """Return the seconds of each search, of its bare query, and of the unmatched papers."""
    from tracker.api import Catalog

    path = Path(home) / "catalog.db"
    with Catalog(f"sqlite:///{path}", Settings(home=Path(home))) as catalog:
        catalog.search("warm")
        ours = _times(catalog.search)
        started = time.perf_counter()
        catalog.unmatched()
        unmatched = time.perf_counter() - started
    with sqlite3.connect(path) as connection:
        name = connection.execute(
            "select name from sqlite_master where sql like '%fts5%' and type = 'table'"
        ).fetchone()[0]
        query = f'select rowid from "{name}" where "{name}" match ? order by rank limit 20'
        floor = _times(lambda text: connection.execute(query, (f'"{text}"',)).fetchall())
    return ours, floor, unmatched


def read_cards() -> tuple[float, float, float]:
    """Return pages, seconds to extract from them, and seconds to split them into passages."""
    extractor = cue_extractor(knowledge())
    texts = list(cards())[:400]
    pages = sum(len(text) for _, text in texts) / PAGE
    started = time.perf_counter()
    documents = [card_document(name, "https://hub.example", text) for name, text in texts]
    split = time.perf_counter() - started
    started = time.perf_counter()
    for document in documents:
        extractor.extract(document)
    return pages, split + time.perf_counter() - started, split


def measure(home: Path) -> list[Result]:
    """Measure all limits for papers and cards."""
    in_fresh_process(fill, home / "snapshots")
    floor, _ = in_fresh_process(parse_all, str(home))
    seconds, peak = in_fresh_process(load_all, str(home))
    ours, bare, unmatched = in_fresh_process(search, str(home))
    pages, extracted, split = in_fresh_process(read_cards)
    slowest = max(range(len(QUERIES)), key=lambda number: ours[number])
    rate = pages / extracted
    return [
        Result(
            f"{PAPERS:,} papers and {CARDS:,} cards into the catalog, read, to parsing them",
            f"{seconds / floor:.1f}× ({seconds:.1f} s to {floor:.1f} s)",
            f"{SECONDS} s",
            seconds < SECONDS,
        ),
        Result("… peak memory", f"{peak / 1e6:.0f} MB", f"{MEGABYTES} MB", peak < MEGABYTES * 1e6),
        Result(
            f"search among them, the slowest ({QUERIES[slowest]}), to the bare query",
            f"{ours[slowest] / bare[slowest]:.1f}× ({ours[slowest] * 1e3:.1f} ms to"
            f" {bare[slowest] * 1e3:.1f} ms)",
            f"{SEARCH_SECONDS * 1e3:.0f} ms",
            max(ours) < SEARCH_SECONDS,
        ),
        Result(
            "papers that wait for a person, all of them",
            f"{unmatched / median(ours):.0f}× of a search ({unmatched * 1e3:.0f} ms)",
            "",
            None,
        ),
        Result(
            f"extraction from {pages:.0f} pages, to splitting them into passages",
            f"{extracted / split:.1f}× ({rate:.0f} pages a second)",
            f"{PAGES_A_SECOND} pages a second",
            rate >= PAGES_A_SECOND,
        ),
    ]


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        results = measure(Path(folder))
    print(report(results))
    sys.exit(any(result.met is False for result in results))
