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
from tracker.sources.records import LONGEST_NAME, Edition

ID = "benchmark-registry"
STREAM = "registry"
_FORMAT = 1


class Benchmark(NamedTuple):
    """One board: how it is computed, the edition that it is, and what else is told of it."""

    definition: BenchmarkDefinition
    edition: Edition
    properties: str
    """Canonical JSON object: display_name, aliases, citation and so on, where told."""


class Task(NamedTuple):
    """One task."""

    name: str
    type: str
    main_score: str
    is_public: bool
    properties: str
    """Canonical JSON object: splits, subsets, languages, dataset and so on, where told."""


class Model(NamedTuple):
    """One model."""

    name: str
    revision: str | None
    training_tasks: tuple[str, ...] | None
    """With those of its base and with similar tasks; ``None`` where nothing is declared."""
    properties: str
    """Canonical JSON object: sizes, languages, training_datasets and so on, where told."""


class Registry(NamedTuple):
    """All that one version of mteb says."""

    mteb_version: str
    benchmarks: tuple[Benchmark, ...]
    tasks: tuple[Task, ...]
    models: tuple[Model, ...]


_Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
_Whole = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""A whole number that JSON, SQLite and a float all hold."""


class _Selection(msgspec.Struct):
    task: _Name
    splits: list[_Name] | None = None
    subsets: list[_Name] | None = None


_Selected = _Name | _Selection
"""A bare name is a task with all its splits and subsets."""


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
    """An export, understood.

    Args:
        body: The JSON document.
        place: Where it stood, for the error's line.

    Raises:
        SourceError: It is no export, of a format that is not known, or contradicts itself.
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
        raise error(f"{export.mteb_version!r} is no version of mteb") from None
    lists: tuple[tuple[str, Sequence[_Entry]], ...] = (
        ("benchmark", export.benchmarks),
        ("task", export.tasks),
        ("model", export.models),
    )
    for what, entries in lists:
        if not entries:
            raise error(f"no {what} at all")
        name, times = Counter(entry.name for entry in entries).most_common(1)[0]
        if times > 1:
            raise error(f"the {what} {name!r} is listed twice")
    return export


def main_metrics(registry: Registry) -> dict[str, tuple[str, str]]:
    """Every task's name and main metric, by its name in lower case."""
    return metrics_by_folded_name((task.name, task.main_score) for task in registry.tasks)


def metrics_by_folded_name(tasks: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Names and main metrics of tasks by the name in lower case, as old result files write it."""
    return {name.lower(): (name, metric) for name, metric in tasks}


def _benchmark(told: _BenchmarkEntry, whole: Mapping[str, TaskSelection]) -> Benchmark:
    definition = BenchmarkDefinition(
        name=told.name,
        tasks=tuple(_selection(task, whole) for task in told.tasks),
        aggregations=tuple(told.aggregations),
        groupings=tuple(
            CustomGrouping(one.name, tuple(_group(group, whole) for group in one.groups))
            for one in told.groupings
        ),
        rank_by=tuple(told.rank_by),
        public_tasks_only=told.public_tasks_only,
        show_zero_shot=told.show_zero_shot,
    )
    tasks = tuple(sorted({task.task for task in definition.tasks}))
    types = Counter(task.type for task in definition.tasks)
    # The same order as the leaderboard's own answers have, so that both mean one edition.
    edition = Edition(ID, told.name, "fraction", len(tasks), tasks, tuple(types.items()))
    return Benchmark(definition, edition, _rest(told, _DEFINING))


def _task(task: _TaskEntry) -> Task:
    properties = _rest(task, _TASK_COLUMNS)
    return Task(task.name, task.type, task.main_score, task.is_public, properties)


def _model(model: _ModelEntry) -> Model:
    trained_on = None if model.training_tasks is None else tuple(model.training_tasks)
    return Model(model.name, model.revision, trained_on, _rest(model, _MODEL_COLUMNS))


def _selection(told: _Selected, whole: Mapping[str, TaskSelection]) -> TaskSelection:
    if isinstance(told, str):
        return whole[told]
    task = whole[told.task]
    return task._replace(
        splits=task.splits if told.splits is None else tuple(told.splits),
        subsets=task.subsets if told.subsets is None else tuple(told.subsets),
    )


def _group(told: _Group, whole: Mapping[str, TaskSelection]) -> CustomGroup:
    tasks = tuple(_selection(task, whole) for task in told.tasks)
    return CustomGroup(told.label, tasks, tuple(_is_whole(t, whole[t.task]) for t in tasks))


def _is_whole(task: TaskSelection, all_of_it: TaskSelection) -> bool:
    """Whether all splits and subsets are chosen, in whatever order."""
    return set(task.splits) == set(all_of_it.splits) and set(task.subsets) == set(all_of_it.subsets)


def _rest(told: _Entry, columns: set[str]) -> str:
    """What else is told, as canonical JSON."""
    fields: dict[str, Any] = msgspec.to_builtins(told)
    return orjson.dumps(
        {key: value for key, value in fields.items() if key not in columns},
        option=orjson.OPT_SORT_KEYS,
    ).decode()
