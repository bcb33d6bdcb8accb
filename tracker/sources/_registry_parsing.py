"""Parse an export of the mteb package: benchmarks, tasks and models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
import orjson
from packaging.version import InvalidVersion, Version

from tracker.errors import SourceError
from tracker.ranking.benchmark import (
    BenchmarkDefinition,
    CustomGroup,
    CustomGrouping,
    TaskSelection,
)
from tracker.sources.records import LONGEST_NAME, NAME_PATTERN, Edition

ID = "benchmark-registry"
STREAM = "registry"
_FORMAT = 1


class Benchmark(NamedTuple):
    """A benchmark: how it is computed, its edition, and its other properties."""

    definition: BenchmarkDefinition
    edition: Edition
    properties: str
    """Canonical JSON object of the declared properties: display_name, aliases and so on."""


class Task(NamedTuple):
    """A task."""

    name: str
    type: str
    main_score: str
    is_public: bool
    properties: str
    """Canonical JSON object of the declared properties: splits, subsets, languages and so on."""


class Model(NamedTuple):
    """A model."""

    name: str
    revision: str | None
    training_tasks: tuple[str, ...] | None
    """Including those of its base model, and similar tasks; ``None`` if nothing is declared."""
    properties: str
    """Canonical JSON object of the declared properties: sizes, languages and so on."""


class Registry(NamedTuple):
    """All definitions of one version of mteb."""

    mteb_version: str
    benchmarks: tuple[Benchmark, ...]
    tasks: tuple[Task, ...]
    models: tuple[Model, ...]


_Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME, pattern=NAME_PATTERN)]
_Whole = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""An integer that JSON, SQLite and a float represent exactly."""


class _Selection(msgspec.Struct):
    task: _Name
    splits: list[_Name] | None = None
    subsets: list[_Name] | None = None


_Selected = _Name | _Selection
"""A name alone is a task with all its splits and subsets."""


class _Entry(msgspec.Struct, omit_defaults=True):
    name: _Name


class _TaskEntry(_Entry, kw_only=True):
    type: _Name
    main_score: _Name
    is_public: bool
    splits: list[_Name]
    subsets: list[_Name]
    languages: list[_Name] = []
    subset_languages: dict[_Name, list[_Name]] = {}
    domains: list[_Name] = []
    modalities: list[str] = []
    dataset: dict[str, str] = {}
    reference: str | None = None
    citation: str | None = None
    parts: list[_Selected] = []
    adapted_from: list[str] = []
    superseded_by: str | None = None


class _Group(msgspec.Struct):
    label: str
    tasks: list[_Selected]


class _Grouping(msgspec.Struct):
    name: _Name
    groups: list[_Group]


class _BenchmarkEntry(_Entry, kw_only=True):
    tasks: list[_Selected]
    aggregations: list[
        Literal["mean_task", "mean_task_type", "task_types", "public_private", "mean_subset"]
    ]
    groupings: list[_Grouping] = []
    rank_by: list[
        Literal["mean_task", "mean_task_type", "mean_public", "mean_private", "mean_subset"]
    ] = []
    public_tasks_only: bool
    show_zero_shot: bool
    display_name: str | None = None
    aliases: list[_Name] = []
    reference: str | None = None
    citation: str | None = None
    language_view: list[str] = []
    superseded_by: list[str] = []
    on_leaderboard: bool


class _ModelEntry(_Entry, kw_only=True):
    revision: str | None = None
    training_tasks: list[_Name] | None = None
    former_names: list[_Name] = []
    release_date: str | None = None
    n_parameters: _Whole | None = None
    n_active_parameters: _Whole | None = None
    n_embedding_parameters: _Whole | None = None
    memory_usage_mb: float | None = None
    embed_dim: _Whole | list[_Whole] | None = None
    max_tokens: _Whole | None = None
    license: str | None = None
    open_weights: bool | None = None
    languages: list[_Name] = []
    framework: list[str] = []
    modalities: list[str] = []
    model_type: list[str] = []
    similarity: str | None = None
    use_instructions: bool | None = None
    reference: str | None = None
    public_training_code: str | None = None
    public_training_data: str | bool | None = None
    training_datasets: list[str] | None = None
    adapted_from: str | None = None
    superseded_by: str | None = None
    citation: str | None = None


class _Export(msgspec.Struct):
    format: int
    mteb_version: str
    benchmarks: list[_BenchmarkEntry]
    tasks: list[_TaskEntry]
    models: list[_ModelEntry]


_decoder = msgspec.json.Decoder(_Export)
_TASK_COLUMNS = {"name", "type", "main_score", "is_public"}
_MODEL_COLUMNS = {"name", "revision", "training_tasks"}
_DEFINING = {
    "name",
    "tasks",
    "aggregations",
    "groupings",
    "rank_by",
    "public_tasks_only",
    "show_zero_shot",
}


def parse(body: bytes, place: str = STREAM) -> Registry:
    """Parse an export.

    Args:
        body: The JSON document.
        place: Where it comes from, for error messages.

    Raises:
        SourceError: It is not an export, has an unknown format, or is inconsistent.
    """
    export = _read_export(body, place)
    whole = {
        task.name: TaskSelection(
            task.name, task.type, task.is_public, tuple(task.splits), tuple(task.subsets)
        )
        for task in export.tasks
    }
    try:
        benchmarks = tuple(_benchmark(benchmark, whole) for benchmark in export.benchmarks)
    except KeyError as error:
        cause = f"a benchmark names the unknown task {error.args[0]!r}"
        raise SourceError(ID, cause, place=place) from None
    return Registry(
        export.mteb_version,
        benchmarks,
        tuple(map(_task, export.tasks)),
        tuple(map(_model, export.models)),
    )


def _read_export(body: bytes, place: str) -> _Export:
    """Decode an export, and check its format, version and names."""

    def error(cause: str, remedy: str = "") -> SourceError:
        return SourceError(ID, cause, place=place, remedy=remedy)

    try:
        export = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as failure:
        raise error(f"not a registry: {failure}") from None
    if export.format != _FORMAT:
        raise error(f"a registry of format {export.format}, not {_FORMAT}", "update the tracker")
    try:
        Version(export.mteb_version)
    except InvalidVersion:
        raise error(f"{export.mteb_version!r} is not a version of mteb") from None
    lists: tuple[tuple[str, Sequence[_Entry]], ...] = (
        ("benchmark", export.benchmarks),
        ("task", export.tasks),
        ("model", export.models),
    )
    for what, entries in lists:
        if not entries:
            raise error(f"it has no {what}")
        name, times = Counter(entry.name for entry in entries).most_common(1)[0]
        if times > 1:
            raise error(f"the {what} {name!r} is listed twice")
    return export


def main_metrics(registry: Registry) -> dict[str, tuple[str, str]]:
    """Return name and main metric of every task, by name in lower case."""
    return metrics_by_folded_name((task.name, task.main_score) for task in registry.tasks)


def metrics_by_folded_name(tasks: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return names and main metrics by name in lower case, as old result files have it."""
    return {name.lower(): (name, metric) for name, metric in tasks}


def _benchmark(entry: _BenchmarkEntry, whole: Mapping[str, TaskSelection]) -> Benchmark:
    definition = BenchmarkDefinition(
        name=entry.name,
        tasks=tuple(_selection(task, whole) for task in entry.tasks),
        aggregations=tuple(entry.aggregations),
        groupings=tuple(
            CustomGrouping(grouping.name, tuple(_group(g, whole) for g in grouping.groups))
            for grouping in entry.groupings
        ),
        rank_by=tuple(entry.rank_by),
        public_tasks_only=entry.public_tasks_only,
        show_zero_shot=entry.show_zero_shot,
    )
    tasks = tuple(sorted({task.task for task in definition.tasks}))
    types = Counter(task.type for task in definition.tasks)
    # In the order of the live leaderboard, so that both give the same edition.
    edition = Edition(ID, entry.name, "fraction", len(tasks), tasks, tuple(types.items()))
    return Benchmark(definition, edition, _rest(entry, _DEFINING))


def _task(task: _TaskEntry) -> Task:
    properties = _rest(task, _TASK_COLUMNS)
    return Task(task.name, task.type, task.main_score, task.is_public, properties)


def _model(model: _ModelEntry) -> Model:
    trained_on = None if model.training_tasks is None else tuple(model.training_tasks)
    return Model(model.name, model.revision, trained_on, _rest(model, _MODEL_COLUMNS))


def _selection(entry: _Selected, whole: Mapping[str, TaskSelection]) -> TaskSelection:
    if isinstance(entry, str):
        return whole[entry]
    task = whole[entry.task]
    return task._replace(
        splits=task.splits if entry.splits is None else tuple(entry.splits),
        subsets=task.subsets if entry.subsets is None else tuple(entry.subsets),
    )


def _group(entry: _Group, whole: Mapping[str, TaskSelection]) -> CustomGroup:
    tasks = tuple(_selection(task, whole) for task in entry.tasks)
    return CustomGroup(entry.label, tasks, tuple(_is_whole(t, whole[t.task]) for t in tasks))


def _is_whole(task: TaskSelection, all_of_it: TaskSelection) -> bool:
    """Return whether all splits and subsets are chosen, in any order."""
    return set(task.splits) == set(all_of_it.splits) and set(task.subsets) == set(all_of_it.subsets)


def _rest(entry: _Entry, columns: set[str]) -> str:
    """Return the other fields of an entry as canonical JSON."""
    fields: dict[str, Any] = msgspec.to_builtins(entry)
    return orjson.dumps(
        {key: value for key, value in fields.items() if key not in columns},
        option=orjson.OPT_SORT_KEYS,
    ).decode()
