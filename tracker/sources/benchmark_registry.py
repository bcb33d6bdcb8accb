"""Source of the mteb package's registry: definitions of benchmarks, tasks and models.

mteb needs torch, so it is imported in a separate process (:mod:`_registry_export`) that prints one
JSON document. This module runs that process; :mod:`_registry_parsing` parses the document.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard

from tracker.common.times import now_text
from tracker.errors import SourceError
from tracker.sources._registry_parsing import (
    ID,
    STREAM,
    Benchmark,
    Model,
    Registry,
    Task,
    main_metrics,
    metrics_by_folded_name,
    parse,
)
from tracker.sources.records import Fetched, SourceHeader

__all__ = [
    "HEADER",
    "STREAM",
    "Benchmark",
    "Model",
    "Registry",
    "Task",
    "fetch",
    "main_metrics",
    "metrics_by_folded_name",
    "parse",
    "read_export",
    "refresh",
]

if TYPE_CHECKING:
    from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id=ID,
    title="MTEB benchmark registry",
    licence="Apache-2.0",
    home="https://github.com/embeddings-benchmark/mteb",
    politeness="no request at all: an installed package is read",
    refresh_hours=24 * 90,
)
TIME_LIMIT = 300.0
"""Seconds. On a cold disk, loading torch takes most of them."""

_ID = HEADER.id
_NO_MTEB = 3
"""Exit code of the export if mteb is not installed."""
_PROGRAM = Path(__file__).with_name("_registry_export.py")
_INSTALL = "pip install 'embedding-tracker[registry]', or give an export with --from"
_NO_NETWORK = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "MTEB_AUTO_INSTALL_EXTRAS": "0",
}
_GZIP = b"\x1f\x8b"


def fetch(
    location: str | None, *, python: Path | None, limit: int, seconds: float = TIME_LIMIT
) -> Fetched:
    """Return the registry of the installed mteb, or an export from a file.

    Args:
        location: Path of an export, see :func:`read_export`; ``None``: run mteb.
        python: Interpreter with mteb; ``None``: this one.
        limit: Largest export, in bytes.
        seconds: Time limit of the export.

    Raises:
        SourceError: mteb is not installed, or its output is not a registry.
    """
    if location is None:
        place = str(python or sys.executable)
        body = _printed(place, seconds)
    else:
        place = location
        body = read_export(Path(location), limit)
    if len(body) > limit:
        remedy = "see TRACKER_MAX_RESPONSE_BYTES"
        raise SourceError(_ID, f"larger than {limit:,} bytes", place=place, remedy=remedy)
    version = parse(body, place).mteb_version
    return Fetched(STREAM, url=f"{HEADER.home}/tree/{version}", body=body, fetched_at=now_text())


def refresh(run: Run) -> FetchReport:
    """Archive the registry of the installed mteb, or an export that the options name."""
    run.require_no_days(HEADER)
    location, settings = run.options.location, run.settings
    run.notify(f"{_ID}: reading {location or 'the installed mteb'}")
    answer = fetch(location, python=settings.registry_python, limit=settings.max_response_bytes)
    return run.keep_all(HEADER, [answer])


def _printed(python: str, seconds: float) -> bytes:
    """Return the output of the export; messages of mteb on standard error are discarded."""
    try:
        done = subprocess.run(
            [python, "-P", str(_PROGRAM)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            env={**os.environ, **_NO_NETWORK},
            check=False,
        )
    except subprocess.TimeoutExpired:
        cause = f"mteb took longer than {seconds:g} seconds"
        raise SourceError(_ID, cause, place=python, remedy="run it again") from None
    except OSError as error:
        cause = error.strerror or "cannot be started"
        remedy = "see TRACKER_REGISTRY_PYTHON"
        raise SourceError(_ID, cause, place=python, remedy=remedy) from None
    if done.returncode == _NO_MTEB:
        raise SourceError(_ID, "mteb is not installed", place=python, remedy=_INSTALL)
    if done.returncode or not done.stdout:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        cause = f"mteb printed no registry: {lines[-1] if lines else 'no error message'}"
        raise SourceError(_ID, cause, place=python, remedy=_INSTALL)
    return done.stdout


def read_export(path: Path, limit: int) -> bytes:
    """Read an export from a file: plain, or compressed with gzip or zstd.

    Args:
        path: The file.
        limit: Bytes; at most one more is read, which shows that the file is too large.

    Raises:
        SourceError: The file cannot be read or is damaged.
    """
    try:
        with path.open("rb") as file:
            start = file.peek(4)
            if start.startswith(_GZIP):
                with gzip.open(file) as unpacked:
                    return unpacked.read(limit + 1)
            if start.startswith(zstandard.FRAME_HEADER):
                with zstandard.ZstdDecompressor().stream_reader(file) as reader:
                    return reader.read(limit + 1)
            return file.read(limit + 1)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        cause = getattr(error, "strerror", None) or str(error) or "cannot be read"
        raise SourceError(_ID, cause, place=str(path)) from None
