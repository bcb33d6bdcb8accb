"""Reference of frames: columns with types, units and an example row.

The example rows were answered by a catalog with all data and lie in a file, since the reference is
written where no catalog is. ``python -m tracker.cli.reference --examples`` asks the present home
again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import polars as pl

from tracker.answers.frames import TABLES, frame_of
from tracker.answers.meanings import meaning
from tracker.api import Catalog
from tracker.common.paths import resource
from tracker.errors import TrackerError

CALLS: Mapping[str, str] = {
    "boards": "catalog.boards()",
    "leaderboard": 'catalog.leaderboard("c-mteb", as_of="2026-08-20")',
    "choose": 'catalog.choose("mteb-english", type="Retrieval", max_parameters="1B")',
    "difference": 'frame_of("difference", [catalog.difference("bge-m3", "Qwen3-Embedding-8B",'
    ' "mteb-multilingual")])',
    "history": 'catalog.history("mteb-multilingual", "Qwen3-Embedding-8B")',
    "frontier": 'catalog.frontier("mteb-english")',
    "catch_up": 'catalog.catch_up("mteb-english")',
    "leaders": 'catalog.leaders("mteb-english")',
    "changes": 'catalog.changes("mteb-english", since="2026-08-01", until="2026-08-20")',
    "why": 'catalog.why("voyage-3-large", "mteb-multilingual").to_polars()',
    "check": 'catalog.check("On 2025-06-10, Qwen3-Embedding-8B led MTEB(Multilingual, v2).")'
    ".to_polars()",
    "models": "catalog.models()",
    "organisations": "catalog.organisations()",
    "lineage": 'catalog.lineage("bge-m3").to_polars()',
    "inherited": 'catalog.lineage("Qwen3-Embedding-8B").inherited_data()',
    "evidence": 'catalog.evidence("bge-m3")',
    "claims": 'catalog.claims("bge-m3")',
    "papers": "catalog.papers()",
    "unmatched": "catalog.unmatched()",
    "datasets": "catalog.datasets()",
    "techniques": "catalog.techniques()",
    "bases": "catalog.bases()",
    "tasks": 'catalog.tasks(type="Retrieval")',
    "task": 'catalog.task("T2Retrieval").to_polars()',
    "contamination": 'catalog.contamination("c-mteb")',
    "contamination --cells": 'catalog.contamination_report("c-mteb").cells_to_polars()',
    "search": 'catalog.search("matryoshka")',
    "coverage": "catalog.coverage()",
    "proposals": "catalog.proposals()",
    "status": 'frame_of("status", catalog.status())',
    "runs": "catalog.runs()",
    "gaps": "catalog.gaps()",
    "doctor": 'frame_of("doctor", catalog.doctor())',
    "lint": 'catalog.lint(task="T2Retrieval")',
    "curate verify": "tracker curate verify --format json",
}
"""The call that gives each frame."""

_PERCENT = (
    "mean_task mean_task_type mean_common mean_public mean_private task_types mean_low mean_high"
    " score mean from_value to_value self_reported measured mean_untrained untrained_share"
    " zero_shot_pct documented_pct answered_pct"
)
UNITS: Mapping[str, str] = {
    **dict.fromkeys(_PERCENT.split(), "percent"),
    **dict.fromkeys(("difference", "low", "high", "mean_by"), "percent points"),
    **dict.fromkeys(("next_difference", "next_low", "next_high"), "percent points"),
    **dict.fromkeys(("parameters", "active_parameters"), "parameters"),
    "by": "percent points or Borda points",
    "days": "days",
    "distance": "steps",
    "embedding_dimensions": "numbers a vector",
    "end": "characters",
    "expected": "as published",
    "max_tokens": "tokens",
    "memory_mb": "MB",
    "missed_days": "days",
    "points": "Borda points",
    "start": "characters",
    "storage_gb": "GB a million vectors",
    "value": "as published",
}
"""Units of numbers by column; other numbers are ranks and counts."""


def frame_sections() -> Iterator[str]:
    """Heading, example and columns of every frame, as Markdown."""
    examples = read_examples()
    for name, table in TABLES.items():
        rows = ["| column | type | unit | example | meaning |", "| --- | --- | --- | --- | --- |"]
        example = examples.get(name, {})
        for column, kind in table.schema.items():
            unit = UNITS.get(column, "") if _has_number(kind) else ""
            rows.append(
                f"| `{column}` | {type_name(kind)} | {unit} | {_cell(example.get(column))}"
                f" | {meaning(table, column)} |"
            )
        yield f"### Columns of {name}"
        yield f"```python\n{CALLS[name]}\n```"
        yield "\n".join(rows)


def type_name(kind: Any) -> str:
    """Name of a column's type, for example ``Datetime, UTC``."""
    if isinstance(kind, pl.Datetime):
        return "Datetime, UTC"
    if isinstance(kind, pl.List):
        return f"List of {type_name(kind.inner)}"
    if isinstance(kind, pl.Struct):
        return "Struct of Float64"
    return str(kind)


def read_examples() -> dict[str, dict[str, Any]]:
    """Example rows by frame, as the JSON of the command line has them."""
    found: dict[str, dict[str, Any]] = orjson.loads(EXAMPLES.read_bytes())
    return found


EXAMPLES = resource("site") / "docs" / "reference" / "frames.json"
"""Example rows by frame."""
_WIDEST = 60


def _has_number(kind: Any) -> bool:
    return bool(kind.is_numeric()) or isinstance(kind, pl.Struct)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        value = round(value, 2)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    if len(text) > _WIDEST:
        text = text[:_WIDEST] + "…"
    return "`" + text.replace("|", "\\|").replace("`", "'") + "`"


def _example(frame: pl.DataFrame) -> dict[str, Any]:
    """The row with the most values; of lists and objects the first three items."""
    from tracker.exports.frames import frame_json

    rows = orjson.loads(frame_json(frame.head(500)))
    row: dict[str, Any] = max(rows, key=lambda row: sum(bool(value) for value in row.values()))
    for name, value in row.items():
        if isinstance(value, list):
            row[name] = value[:3]
        elif isinstance(value, dict):
            row[name] = dict(list(value.items())[:3])
    return row


def examples_of(catalog: Catalog) -> bytes:
    """The file of example rows as a catalog answers them; those without an answer stay."""
    found = read_examples() if EXAMPLES.exists() else {}
    for name, call in CALLS.items():
        if call.startswith("tracker "):
            continue
        try:
            # The texts above are the code of this module, not input.
            frame = eval(call, {"catalog": catalog, "frame_of": frame_of})  # noqa: S307
        except TrackerError as error:
            sys.stderr.write(f"{name}: {error}\n")
            continue
        if frame.height:
            found[name] = _example(frame)
    rows = (b'"%b":\n%b' % (name.encode(), orjson.dumps(row)) for name, row in found.items())
    return b"{\n" + b",\n".join(rows) + b"\n}\n"
