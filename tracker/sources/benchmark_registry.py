"""The registry of the mteb package: what benchmarks, tasks and models are, as its makers say.

mteb and the torch that it needs stay in a process of their own (:mod:`_registry_export`), which
prints one JSON document; this module runs it and understands what it printed.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import msgspec
import orjson
import zstandard
from packaging.version import InvalidVersion, Version

from tracker.common.times import now_text
from tracker.errors import SourceError
from tracker.ranking.benchmark import (
    BenchmarkDefinition,
    CustomGroup,
    CustomGrouping,
    TaskSelection,
)
from tracker.sources.records import LONGEST_NAME, Edition, Fetched, SourceHeader

if TYPE_CHECKING:
    from tracker.sources.runs import FetchReport, Run

HEADER = SourceHeader(
    id="benchmark-registry",
    title="MTEB benchmark registry",
    licence="Apache-2.0",
    home="https://github.com/embeddings-benchmark/mteb",
    politeness="no request at all: an installed package is read",
    refresh_hours=24 * 90,
)
STREAM = "registry"
TIME_LIMIT = 300.0
"""Seconds. On a cold disk most of them go into reading torch."""

_ID = HEADER.id
_FORMAT = 1
_NO_MTEB = 3
"""Exit code of the export where there is no mteb."""
_PROGRAM = Path(__file__).with_name("_registry_export.py")
_INSTALL = "pip install 'embedding-tracker[registry]', or give an export with --from"
_AT_HOME = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "MTEB_AUTO_INSTALL_EXTRAS": "0",
}
_GZIP = b"\x1f\x8b"


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


# --- asking ----------------------------------------------------------------------------------


def fetch(
    location: str | None, *, python: Path | None, limit: int, seconds: float = TIME_LIMIT
) -> Fetched:
    """The registry of the installed mteb, or an export that somebody made before.

    Args:
        location: Path of an export, see :func:`read_export`; ``None`` to run mteb.
        python: The interpreter that has mteb; ``None`` for this one.
        limit: Bytes of the largest export that is read.
        seconds: How long mteb may take.

    Raises:
        SourceError: There is no mteb, or what it printed is no registry.
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
    """What the export prints; mteb's own words go to standard error and are not kept."""
    try:
        done = subprocess.run(
            [python, "-P", str(_PROGRAM)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            env={**os.environ, **_AT_HOME},
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
        words = done.stderr.decode(errors="replace").strip().splitlines()
        cause = f"mteb printed no registry: {words[-1] if words else 'it said nothing'}"
        raise SourceError(_ID, cause, place=python, remedy=_INSTALL)
    return done.stdout


def read_export(path: Path, limit: int) -> bytes:
    """An export from a file, plain, gzipped or packed with zstd like the one that is bundled.

    Args:
        path: The file.
        limit: Bytes; one more is read at most, which tells that it is too large.

    Raises:
        SourceError: The file cannot be read or is damaged.
    """
    try:
        with path.open("rb") as file:
            begins = file.peek(4)
            if begins.startswith(_GZIP):
                with gzip.open(file) as unpacked:
                    return unpacked.read(limit + 1)
            if begins.startswith(zstandard.FRAME_HEADER):
                with zstandard.ZstdDecompressor().stream_reader(file) as reader:
                    return reader.read(limit + 1)
            return file.read(limit + 1)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        cause = getattr(error, "strerror", None) or str(error) or "cannot be read"
        raise SourceError(_ID, cause, place=str(path)) from None


# --- understanding ---------------------------------------------------------------------------


_Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
_Whole = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""A whole number that JSON, SQLite and a float all hold."""


class _Selection(msgspec.Struct):
    task: _Name
    splits: list[_Name] | None = None
    subsets: list[_Name] | None = None


_Selected = _Name | _Selection
"""A bare name is a task with all its splits and subsets."""


class _Told(msgspec.Struct, omit_defaults=True):
    name: _Name


class _TaskTold(_Told, kw_only=True):
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


class _GroupTold(msgspec.Struct):
    label: str
    tasks: list[_Selected]


class _GroupingTold(msgspec.Struct):
    name: _Name
    groups: list[_GroupTold]


class _BenchmarkTold(_Told, kw_only=True):
    tasks: list[_Selected]
    aggregations: list[
        Literal["mean_task", "mean_task_type", "task_types", "public_private", "mean_subset"]
    ]
    groupings: list[_GroupingTold] = []
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


class _ModelTold(_Told, kw_only=True):
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
    benchmarks: list[_BenchmarkTold]
    tasks: list[_TaskTold]
    models: list[_ModelTold]


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

    def stop(cause: str, remedy: str = "") -> SourceError:
        return SourceError(_ID, cause, place=place, remedy=remedy)

    try:
        told = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise stop(f"not a registry: {error}") from None
    if told.format != _FORMAT:
        raise stop(f"a registry of format {told.format}, not {_FORMAT}", "update the tracker")
    try:
        Version(told.mteb_version)
    except InvalidVersion:
        raise stop(f"{told.mteb_version!r} is no version of mteb") from None
    lists: tuple[tuple[str, Sequence[_Told]], ...] = (
        ("benchmark", told.benchmarks),
        ("task", told.tasks),
        ("model", told.models),
    )
    for what, entries in lists:
        if not entries:
            raise stop(f"no {what} at all")
        name, times = Counter(entry.name for entry in entries).most_common(1)[0]
        if times > 1:
            raise stop(f"the {what} {name!r} is listed twice")
    whole = {
        task.name: TaskSelection(
            task.name, task.type, task.is_public, tuple(task.splits), tuple(task.subsets)
        )
        for task in told.tasks
    }
    try:
        benchmarks = tuple(_benchmark(benchmark, whole) for benchmark in told.benchmarks)
    except KeyError as error:
        raise stop(f"a benchmark names the unknown task {error.args[0]!r}") from None
    return Registry(
        told.mteb_version,
        benchmarks,
        tuple(
            Task(t.name, t.type, t.main_score, t.is_public, _rest(t, _TASK_COLUMNS))
            for t in told.tasks
        ),
        tuple(
            Model(
                m.name,
                m.revision,
                None if m.training_tasks is None else tuple(m.training_tasks),
                _rest(m, _MODEL_COLUMNS),
            )
            for m in told.models
        ),
    )


def main_metrics(registry: Registry) -> dict[str, tuple[str, str]]:
    """Every task's name and main metric, by its name in lower case."""
    return metrics_by_folded_name((task.name, task.main_score) for task in registry.tasks)


def metrics_by_folded_name(tasks: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Names and main metrics of tasks by the name in lower case, as old result files write it."""
    return {name.lower(): (name, metric) for name, metric in tasks}


def _benchmark(told: _BenchmarkTold, whole: Mapping[str, TaskSelection]) -> Benchmark:
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
    edition = Edition(_ID, told.name, "fraction", len(tasks), tasks, tuple(types.items()))
    return Benchmark(definition, edition, _rest(told, _DEFINING))


def _selection(told: _Selected, whole: Mapping[str, TaskSelection]) -> TaskSelection:
    if isinstance(told, str):
        return whole[told]
    task = whole[told.task]
    return task._replace(
        splits=task.splits if told.splits is None else tuple(told.splits),
        subsets=task.subsets if told.subsets is None else tuple(told.subsets),
    )


def _group(told: _GroupTold, whole: Mapping[str, TaskSelection]) -> CustomGroup:
    tasks = tuple(_selection(task, whole) for task in told.tasks)
    return CustomGroup(told.label, tasks, tuple(_is_whole(t, whole[t.task]) for t in tasks))


def _is_whole(task: TaskSelection, all_of_it: TaskSelection) -> bool:
    """Whether all splits and subsets are chosen, in whatever order."""
    return set(task.splits) == set(all_of_it.splits) and set(task.subsets) == set(all_of_it.subsets)


def _rest(told: _Told, columns: set[str]) -> str:
    """What else is told, as canonical JSON."""
    fields: dict[str, Any] = msgspec.to_builtins(told)
    return orjson.dumps(
        {key: value for key, value in fields.items() if key not in columns},
        option=orjson.OPT_SORT_KEYS,
    ).decode()
