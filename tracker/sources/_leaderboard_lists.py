"""The leaderboard's lists of benchmarks, tasks and models: pure functions from bytes to records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from tracker.errors import SourceError
from tracker.sources._leaderboard_fields import (
    DAY,
    FLAG,
    ID,
    NAME,
    NAME_OR_NAMES,
    NAMES,
    TEXT,
    TEXT_OR_FLAG,
    FieldChecks,
    Kind,
    Report,
    ignore,
    load_json,
    number,
    whole,
)
from tracker.sources.records import Listing, ModelRecord

_BENCHMARK_NEEDS = (
    "displayName", "languages", "taskTypes", "tasks", "aggregations", "numModels", "showZeroShot",
)  # fmt: skip
_BENCHMARK_FIELDS = {
    "displayName": NAME,
    "reference": TEXT,
    "citation": TEXT,
    "languages": NAME_OR_NAMES,
    "taskTypes": NAME_OR_NAMES,
    "tasks": NAME_OR_NAMES,
    "domains": NAME_OR_NAMES,
    "modalities": NAME_OR_NAMES,
    "aggregations": NAME_OR_NAMES,
    "newVersion": NAME_OR_NAMES,
    "showZeroShot": FLAG,
    "displayOnLeaderboard": FLAG,
}
_TASK_NEEDS = ("type", "mainScore", "languages", "isPublic")
_TASK_FIELDS = {
    "type": NAME,
    "mainScore": NAME,
    "languages": NAME_OR_NAMES,
    "domains": NAME_OR_NAMES,
    "isPublic": FLAG,
    "sourceDataset": NAME,
    "reference": TEXT,
    "citation": TEXT,
}
_MODEL_NEEDS = (
    "url", "releaseDate", "openWeights", "license", "embeddingDim", "totalParamsB", "maxTokens",
)  # fmt: skip
_MODEL_FIELDS = {
    "url": TEXT,
    "releaseDate": DAY,
    "openWeights": FLAG,
    "license": NAME,
    "embeddingDim": whole(1, 100_000_000),
    "totalParamsB": number(0, 1_000_000),
    "maxTokens": number(0, 10_000_000_000),
    "activeParamsB": number(0, 1_000_000),
    "modelType": NAME,
    "instructionTuned": FLAG,
    "opennessScore": whole(0, 1000),
    "memoryUsageMb": number(0, 1_000_000_000_000),
    "modalities": NAMES,
    "languages": NAMES,
    "publicTrainingCode": TEXT_OR_FLAG,
    "publicTrainingData": TEXT_OR_FLAG,
    "adaptedFrom": NAME,
    "supersededBy": NAME,
    "trainingDatasets": NAMES,
    "citation": TEXT,
}


class BenchmarkInfo(NamedTuple):
    """What the API says of a benchmark, apart from its scores."""

    name: str
    display_name: str
    reference: str | None
    citation: str | None
    """BibTeX."""
    languages: tuple[str, ...]
    task_types: tuple[str, ...]
    tasks: tuple[str, ...]
    """All tasks that belong to it; its board shows those that have results."""
    domains: tuple[str, ...]
    modalities: tuple[str, ...]
    aggregations: tuple[str, ...]
    show_zero_shot: bool
    num_models: int
    """Models with a result on every task."""
    new_version: tuple[str, ...]
    """Its successors."""
    displayed: bool
    """Whether the leaderboard's menu shows it."""


class TaskInfo(NamedTuple):
    """What the API says of a task."""

    name: str
    type: str
    main_score: str
    languages: tuple[str, ...]
    domains: tuple[str, ...]
    is_public: bool
    source_dataset: str | None
    reference: str | None
    citation: str | None


def _entries(body: bytes, what: str, needs: Sequence[str]) -> list[dict[str, Any]]:
    """A list of objects that all have a name and the fields that are needed."""
    entries = load_json(body, what)
    if not isinstance(entries, list):
        raise SourceError(ID, "not a list", place=what)
    for entry in entries:
        if not isinstance(entry, dict):
            raise SourceError(ID, "an entry is not an object", place=what)
        name = entry.get("name")
        if not isinstance(name, str) or not name:
            raise SourceError(ID, "the required field 'name' is missing", place=what)
        for field in needs:
            if field not in entry:
                cause = f"the required field {field!r} of {name} is missing"
                raise SourceError(ID, cause, place=what)
    names = Counter(entry["name"] for entry in entries)
    if len(names) != len(entries):
        raise SourceError(ID, f"{names.most_common(1)[0][0]} is listed twice", place=what)
    return entries


def _cleaned(
    entries: list[dict[str, Any]], what: str, fields: Mapping[str, Kind], report: Report
) -> list[dict[str, Any]]:
    """Return the entries with those fields only, without values that they cannot have."""
    checks = FieldChecks(what)
    found = []
    for entry in entries:
        name = entry["name"]
        if checks.value(name, "name", name, NAME) is None:
            continue
        kept = {
            field: value
            for field, kind in fields.items()
            if (value := checks.value(name, field, entry.get(field), kind)) is not None
        }
        found.append({"name": name, **kept})
    checks.finish(report)
    return found


def _texts(entry: dict[str, Any], field: str) -> tuple[str, ...]:
    value = entry.get(field, ())
    return (value,) if isinstance(value, str) else tuple(value)


def parse_benchmarks(body: bytes, report: Report = ignore) -> tuple[BenchmarkInfo, ...]:
    """Read the list of benchmarks, in the source's order.

    Args:
        body: The answer.
        report: Receives what was left out.

    Raises:
        SourceError: The answer is not such a list.
    """
    what = "benchmarks"
    entries = _entries(body, what, _BENCHMARK_NEEDS)
    count = whole(0, 10_000_000)
    for entry in entries:
        if not count.holds(entry["numModels"]):
            raise SourceError(ID, f"'numModels' of {entry['name']} is not a count", place=what)
    return tuple(
        BenchmarkInfo(
            name=entry["name"],
            display_name=entry.get("displayName") or entry["name"],
            reference=entry.get("reference"),
            citation=entry.get("citation"),
            languages=_texts(entry, "languages"),
            task_types=_texts(entry, "taskTypes"),
            tasks=_texts(entry, "tasks"),
            domains=_texts(entry, "domains"),
            modalities=_texts(entry, "modalities"),
            aggregations=_texts(entry, "aggregations"),
            show_zero_shot=entry.get("showZeroShot", False),
            num_models=entry["numModels"],
            new_version=_texts(entry, "newVersion"),
            displayed=entry.get("displayOnLeaderboard", True),
        )
        for entry in _cleaned(entries, what, {**_BENCHMARK_FIELDS, "numModels": count}, report)
    )


def parse_tasks(body: bytes, report: Report = ignore) -> tuple[TaskInfo, ...]:
    """Read the list of tasks, in the source's order.

    Args:
        body: The answer.
        report: Receives what was left out.

    Raises:
        SourceError: The answer is not such a list.
    """
    what = "tasks"
    return tuple(
        TaskInfo(
            name=entry["name"],
            type=entry.get("type", ""),
            main_score=entry.get("mainScore", ""),
            languages=_texts(entry, "languages"),
            domains=_texts(entry, "domains"),
            is_public=entry.get("isPublic", False),
            source_dataset=entry.get("sourceDataset"),
            reference=entry.get("reference"),
            citation=entry.get("citation"),
        )
        for entry in _cleaned(_entries(body, what, _TASK_NEEDS), what, _TASK_FIELDS, report)
    )


def parse_models(body: bytes, report: Report = ignore) -> tuple[ModelRecord, ...]:
    """Read the list of models with the properties that are kept, in the source's order.

    Args:
        body: The answer.
        report: Receives what was left out.

    Raises:
        SourceError: The answer is not such a list.
    """
    what = "models"
    records = []
    for entry in _cleaned(_entries(body, what, _MODEL_NEEDS), what, _MODEL_FIELDS, report):
        name = entry.pop("name")
        properties = orjson.dumps(entry, option=orjson.OPT_SORT_KEYS).decode()
        records.append(ModelRecord(Listing(name, name, ""), properties))
    return tuple(records)
