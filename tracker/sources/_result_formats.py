"""One result file of the results repository, in its present and in its older format.

Both say for some splits and subsets of one task what a model scored. A file of the older format
(before version 1.11 of the evaluator) may lack the name of its main metric; what that is for a
task, the benchmark registry knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from math import isfinite
from typing import Annotated, Any, NamedTuple

import msgspec

from tracker.errors import SourceError
from tracker.sources.records import LONGEST_NAME, are_names

SOURCE = "result-files"


class ResultScores(NamedTuple):
    """What one result file says."""

    format: str
    """``1.11``, or ``1.0`` for the older format."""
    task: str
    mteb_version: str | None
    dataset_revision: str | None
    evaluation_time: float | None
    """Seconds."""
    cells: tuple[tuple[str, str], ...]
    """Split and subset, in the order of the file."""
    scores: tuple[float | None, ...]
    """Main scores of the cells, 0 to 1; ``None`` where the file has none."""


class UnknownMetricError(SourceError):
    """A file of the older format whose main metric nobody has told yet."""

    def __init__(self, task: str, place: str) -> None:
        super().__init__(
            SOURCE,
            f"the main metric of the task {task} is not known",
            place=place,
            remedy="fetch benchmark-registry, then load again",
        )
        self.task = task


_Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]


class _Cell(msgspec.Struct, gc=False):
    hf_subset: _Name
    main_score: float | None


class _File(msgspec.Struct, gc=False):
    task_name: _Name
    scores: dict[_Name, list[_Cell]]
    mteb_version: _Name | None = None
    dataset_revision: _Name | None = None
    evaluation_time: float | None = None


_decode = msgspec.json.Decoder(_File).decode

MainMetrics = Mapping[str, tuple[str, str]]
"""By a task's name in lower case: its name and its main metric."""

# What the evaluator of that time called things, from the history of its package.
_RENAMED_TASKS = {
    "norwegianparliament": "NorwegianParliamentClassification",
    "cmedqav2": "CMedQAv2-reranking",
    "cmedqav1": "CMedQAv1-reranking",
    "8tagsclustering": "EightTagsClustering",
    "ppc": "PpcPC",
}
_FORMER_TASKS = {
    name.lower(): (name, "accuracy")
    for name in (
        "ScalaDaClassification",
        "ScalaNbClassification",
        "ScalaNnClassification",
        "ScalaSvClassification",
    )
}
_GROUPS = {
    "cos_sim": "cosine",
    "manhattan": "manhattan",
    "euclidean": "euclidean",
    "dot": "dot",
    "max": "max",
    "similarity": "similarity",
}
"""Groups of metrics in the older format, with the prefix that their members have today."""
_NOT_SUBSETS = {"v_measures", "cos_sim", "euclidean", "manhattan", "dot", "max"}
_ONLY_FRENCH = {"MLSUMClusteringP2P", "MLSUMClusteringS2S"}
_ONLY_FRENCH_VERSIONS = {"1.1.2.dev0", "1.1.3.dev0"}


def read_json(body: bytes, place: str, parse_int: Callable[[str], Any] | None = None) -> Any:
    """Read a file that Python's json wrote.

    JSON knows no NaN and no Infinity, Python's json does; they mean that there is no value.

    Raises:
        SourceError: It is not JSON, or nested too deeply.
    """
    try:
        return json.loads(body, parse_constant=lambda _: None, parse_int=parse_int)
    except ValueError as error:
        raise SourceError(SOURCE, f"not JSON: {error}", place=place) from None
    except RecursionError:
        raise SourceError(SOURCE, "nested too deeply", place=place) from None


def parse_scores(body: bytes, place: str, main_metrics: MainMetrics) -> ResultScores:
    """Read one result file.

    Args:
        body: Its bytes.
        place: What to name in a message.
        main_metrics: What the main metric of a task is, for files that do not tell.

    Raises:
        UnknownMetricError: The registry does not know the task, so its score cannot be told.
        SourceError: It is no result file.
    """
    file = _read_quickly(body)
    if file is not None:
        found = _present(file)
        if b"\\u0000" in body:  # nothing else that JSON may hold means NUL
            require_names(_texts(found), place)
        return found
    data = read_json(body, place)
    if isinstance(data, dict) and isinstance(data.get("mteb_dataset_name"), str):
        return _parse_older(data, place, main_metrics)
    try:
        found = _present(msgspec.convert(data, _File))
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        raise SourceError(SOURCE, f"not a result file: {error}", place=place) from None
    require_names(_texts(found), place)
    return found._replace(
        evaluation_time=_number(found.evaluation_time), scores=tuple(map(_number, found.scores))
    )


def _read_quickly(body: bytes) -> _File | None:
    """A file of the present format as Python writes it; ``None`` for whatever else it may be."""
    with suppress(ValueError, RecursionError):
        return _decode(body)
    with suppress(ValueError, RecursionError):
        # Many times as fast as Python's json, the more so as no byte moves. A name that has this
        # word in it shows afterwards.
        file = _decode(body.replace(b" NaN", b"null"))
        if not any("null" in text for text in _texts(_present(file))):
            return file
    return None


def _present(file: _File) -> ResultScores:
    cells = []
    scores = []
    for split, subsets in file.scores.items():
        for cell in subsets:
            cells.append((split, cell.hf_subset))
            scores.append(cell.main_score)
    return ResultScores(
        "1.11",
        file.task_name,
        file.mteb_version,
        file.dataset_revision,
        file.evaluation_time,
        tuple(cells),
        tuple(scores),
    )


def _texts(found: ResultScores) -> list[str]:
    """All strings that are kept."""
    named = [found.task, found.mteb_version or "", found.dataset_revision or ""]
    return [*named, *(text for cell in found.cells for text in cell)]


def require_names(texts: list[str], place: str) -> None:
    """Reject names that cannot be stored: lone surrogates, NUL, and more than 500 characters.

    Raises:
        SourceError: One of the texts is no name.
    """
    if not are_names(texts):
        cause = f"a name has NUL or more than {LONGEST_NAME} characters"
        raise SourceError(SOURCE, cause, place=place)
    try:
        "".join(texts).encode()
    except UnicodeEncodeError as error:
        raise SourceError(SOURCE, f"a name is not text: {error.reason}", place=place) from None


def _number(value: object) -> float | None:
    """A number as a file tells it; ``None`` for what is none, or none that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def _parse_older(data: dict[str, Any], place: str, main_metrics: MainMetrics) -> ResultScores:
    named = data["mteb_dataset_name"]
    require_names([named], place)
    version = data.get("mteb_version")
    splits = {name: dict(told) for name, told in data.items() if isinstance(told, dict)}
    times = [_number(told.pop("evaluation_time", None)) for told in splits.values()]
    seconds = [time for time in times if time is not None]
    has_subsets = any(
        isinstance(value, dict) and name not in _NOT_SUBSETS
        for told in splits.values()
        for name, value in told.items()
    )
    if not has_subsets:
        splits = {split: {"default": told} for split, told in splits.items()}
    renamed = _RENAMED_TASKS.get(named.lower(), named)
    folded = renamed.lower()
    task, metric = main_metrics.get(folded) or _FORMER_TASKS.get(folded) or (renamed, None)
    cells: list[tuple[str, str]] = []
    scores: list[float | None] = []
    for split, subsets in splits.items():
        for subset, told in subsets.items():
            if isinstance(told, dict):
                cells.append((split, _present_subset(task, version, split, subset)))
                scores.append(_main_score(told, metric, task, place))
    revision = data.get("dataset_revision")
    found = ResultScores(
        "1.0",
        task,
        version if isinstance(version, str) else None,
        revision if isinstance(revision, str) else None,
        sum(seconds) if seconds else None,
        tuple(cells),
        tuple(scores),
    )
    require_names(_texts(found), place)
    return found


def _main_score(told: Mapping[str, Any], metric: str | None, task: str, place: str) -> float | None:
    if "main_score" in told:
        value = told["main_score"]
    elif metric is None:
        raise UnknownMetricError(task, place)
    else:
        flat = dict(told)
        for group, prefix in _GROUPS.items():
            members = flat.pop(group, None)
            if isinstance(members, dict):
                flat.update({f"{prefix}_{name}": value for name, value in members.items()})
        value = flat.get(metric)
    return _number(value)


def _present_subset(task: str, version: object, split: str, subset: str) -> str:
    """The subset's name today: some were given one, or another one, later."""
    if (
        task in _ONLY_FRENCH
        and version in _ONLY_FRENCH_VERSIONS
        and (split, subset) == ("test", "default")
    ):
        return "fr"
    if task == "XPQARetrieval" and (split, subset) == ("test", "fr"):
        return "fra-fra"
    return subset
