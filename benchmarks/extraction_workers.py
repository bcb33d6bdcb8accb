"""Texts a second that are extracted by a plain loop, by processes and by Ray, with 1 and 2 workers.

``python -m benchmarks.extraction_workers [--models N] [--rounds N]`` writes N models (1,500 by
default) with the cards and configuration files of ``tests/evidence/cards`` under new names, and
reads them in turns (3 rounds by default). The floor is the plain loop in one process. A start
lasts until the first batch; texts a second are those after it. Every engine must give the rows of
the plain loop. Ray is left out where the extra ``ray`` is not installed; it lowers the priority of
its workers, so set ``RAY_worker_niceness=0`` on a machine that others use.
"""

from __future__ import annotations

import importlib.util
import sys
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import msgspec

from benchmarks.cards import written_cards
from tracker.catalog.knowledge.extraction import Extraction, Text, extract
from tracker.settings import load_settings
from tracker.update.extraction import BATCH, Engine, Job, prepare, run

_WORKERS = (1, 2)


def write_corpus(folder: Path, n_models: int) -> None:
    """Write the files of so many models; each has a name of its own in all of them."""
    cards = [card for part in ("seen", "held_out") for card in written_cards(part)]
    for number, card in enumerate(islice(cycle(cards), n_models)):
        organisation, _, name = card.model.partition("/")
        for file, body in card.files.items():
            path = folder / f"{organisation}-{number}" / f"{name}-{number}" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body.replace(name.encode(), f"{name}-{number}".encode()))


def digest(found: list[Extraction]) -> str:
    """Digest of everything that was found."""
    return sha256(msgspec.json.encode(found)).hexdigest()[:12]


def timed(
    texts: list[Text], job: Job, engine: Engine | None, workers: int
) -> tuple[float, float, str]:
    """Seconds until an engine's first batch and to its end, and the digest.

    Without an engine, it is a plain loop.
    """
    begin = perf_counter()
    plain = (extract(text, job.read, job.extractor) for text in texts)
    results = plain if engine is None else run(texts, job, engine, workers)
    found = list(islice(results, BATCH))
    first = perf_counter() - begin
    found += results
    return first, perf_counter() - begin, digest(found)


def main() -> None:
    """Measure in turns, and print medians."""
    n_models, rounds = _number("--models", 1500), _number("--rounds", 3)
    engines: list[Engine] = ["local"]
    if importlib.util.find_spec("ray"):
        engines.append("ray")
    ways: list[tuple[Engine | None, int]] = [(None, 1)]
    ways += [(engine, workers) for engine in engines for workers in _WORKERS]
    with TemporaryDirectory() as folder:
        write_corpus(Path(folder), n_models)
        texts, job = prepare(load_settings(), Path(folder), print)
        files = [Path(folder) / file.place for text in texts for file in text.files]
        size = sum(path.stat().st_size for path in files)
        print(f"{len(texts)} texts of {n_models} models, {len(files)} files, {size / 1e6:.1f} MB")
        seconds: dict[tuple[Engine | None, int], list[tuple[float, float]]]
        seconds = {way: [] for way in ways}
        digests = set()
        for _ in range(rounds):
            for way in ways:
                first, took, found = timed(texts, job, *way)
                seconds[way].append((first, took - first))
                digests.add(found)
    if len(digests) != 1:
        sys.exit("error: engines differ in what they find")
    names = ("engine", "workers", "start, s", "rest, s", "texts/s", "of the loop")
    print(" ".join(f"{name:>11}" for name in names))
    floor = median(rest for _, rest in seconds[None, 1])
    for way, measured in seconds.items():
        start, rest = (median(column) for column in zip(*measured, strict=True))
        speed = f"{(len(texts) - BATCH) / rest:.0f}"
        cells = (way[0] or "plain loop", way[1], f"{start:.1f}", f"{rest:.1f}", speed)
        print(" ".join(f"{cell:>11}" for cell in (*cells, f"{floor / rest:.2f}")))


def _number(option: str, default: int) -> int:
    """The number behind an option."""
    words = sys.argv[1:]
    return int(words[words.index(option) + 1]) if option in words else default


if __name__ == "__main__":
    main()
