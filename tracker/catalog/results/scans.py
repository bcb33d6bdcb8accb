"""Cache of the findings in result files, by the blob that was read.

A blob never changes, so each is searched once. The cache lies beside the catalog and may be deleted
at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import orjson
import polars as pl

from tracker.catalog.results.queries import ScoreFile
from tracker.git.reading import BlobReader
from tracker.io.files import replacing
from tracker.ranking.suspects import FileScan, Suspect
from tracker.sources.result_files import HEADER

_VERSION = 2
"""To be raised where a rule changes what it finds in a file."""
_SCHEMA = {"blob": pl.String, "metric": pl.String, "version": pl.Int64, "found": pl.String}
_Key = tuple[str, str | None]


def scan_files(
    files: Iterable[ScoreFile], metrics: Mapping[str, str], clone: Path, cache: Path
) -> list[list[Suspect]]:
    """Return the findings in each file, in the same order.

    Args:
        files: Result files.
        metrics: Main metric of each task.
        clone: Clone of the results repository.
        cache: File with earlier findings; it is brought up to date if it can be written.

    Raises:
        SourceError: The clone cannot be read.
    """
    wanted = [(file.blob, metrics.get(file.task)) for file in files]
    known = _read(cache)
    new = {key: file.task for key, file in zip(wanted, files, strict=True) if key not in known}
    if new:
        scan = FileScan(metrics)
        with BlobReader(HEADER.id, clone) as blobs:
            bodies = blobs.read([blob for blob, _ in new])
            for (key, task), (_, body) in zip(new.items(), bodies, strict=True):
                found = scan(task, body)
                known[key] = orjson.dumps([tuple(one) for one in found]).decode() if found else None
        with suppress(OSError):  # a home that cannot be written is searched again
            _write(cache, known)
    return [_suspects(known[key]) for key in wanted]


def _suspects(found: str | None) -> list[Suspect]:
    return [Suspect(*values) for values in orjson.loads(found)] if found else []


def _read(path: Path) -> dict[_Key, str | None]:
    """The stored findings; none if the file is missing, damaged or of another version."""
    with suppress(OSError, pl.exceptions.PolarsError):
        stored = pl.read_parquet(path)
        if stored.schema == _SCHEMA:
            fresh = stored.filter(pl.col("version") == _VERSION)
            return {(blob, metric): found for blob, metric, _, found in fresh.iter_rows()}
    return {}


def _write(path: Path, known: Mapping[_Key, str | None]) -> None:
    rows = [(blob, metric, _VERSION, found) for (blob, metric), found in known.items()]
    with replacing(path) as new:
        pl.DataFrame(rows, schema=_SCHEMA, orient="row").write_parquet(new)
