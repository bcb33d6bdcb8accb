"""A private board: its description and result files as one document, and what that says.

The document is JSON with the text of the description and of every result file that counts, so that
the archive has the raw bytes and :func:`parse` is a pure function of them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
import orjson

from tracker.common.text import did_you_mean
from tracker.errors import SourceError
from tracker.ranking.benchmark import BenchmarkDefinition, TaskSelection
from tracker.ranking.metrics import lowest_score
from tracker.sources._result_formats import ResultScores, parse_scores
from tracker.sources.records import LONGEST_NAME, NAME_PATTERN, Edition, Listing, ModelRecord

ID = "private-boards"
PREFIX = "private/"
"""Begins the names of private boards, which no public board has."""
REMOVED = b'{"removed":true}'
"""The document of a board that was removed."""

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME, pattern=NAME_PATTERN)]
_PublicId = Annotated[str, msgspec.Meta(pattern=r"^[^/\s\0]+/[^/\s\0]+\Z", max_length=LONGEST_NAME)]
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_RULES = ("borda", "mean_task", "mean_task_type")


class _Closed(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Title(_Closed, kw_only=True):
    en: _Name
    zh: _Name


class _Task(_Closed, kw_only=True):
    name: _Name
    type: _Name
    metric: _Name
    splits: Annotated[list[_Name], msgspec.Meta(min_length=1)] = msgspec.field(
        default_factory=lambda: ["test"]
    )
    subsets: Annotated[list[_Name], msgspec.Meta(min_length=1)] = msgspec.field(
        default_factory=lambda: ["default"]
    )


class _Model(_Closed, kw_only=True):
    name: _PublicId
    revision: _Name | None = None
    own: bool = False
    parameters: Annotated[int, msgspec.Meta(gt=0, le=2**53)] | None = None
    embedding_dimensions: Annotated[int, msgspec.Meta(gt=0, le=2**53)] | None = None
    max_tokens: Annotated[int, msgspec.Meta(gt=0, le=2**53)] | None = None
    licence: _Name | None = None
    open_weights: bool | None = None
    release_date: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None


class _Description(_Closed, kw_only=True):
    name: Annotated[str, msgspec.Meta(pattern=_SLUG, max_length=80)]
    title: _Title
    results: _Name = "results"
    rank_by: str = "borda"
    allow_missing: bool = False
    tasks: Annotated[list[_Task], msgspec.Meta(min_length=1)]
    models: Annotated[list[_Model | _Name], msgspec.Meta(min_length=1)]


class _Document(msgspec.Struct):
    board: str
    files: dict[str, str]


class PrivateResult(NamedTuple):
    """The scores of one result file."""

    model: str
    revision: str
    scores: ResultScores


class PrivateBoard(NamedTuple):
    """A private board with everything that it is computed from."""

    title: tuple[str, str]
    """English and Chinese."""
    edition: Edition
    definition: BenchmarkDefinition
    revisions: dict[str, str | None]
    """The revision that counts, by model; ``None``: the newest evaluation."""
    results: tuple[PrivateResult, ...]
    own: tuple[ModelRecord, ...]
    """Models that the description declares, with their metadata."""

    @property
    def slug(self) -> str:
        """Name of the board in its description."""
        return self.edition.name.removeprefix(PREFIX)


def read_description(path: Path, limit: int) -> PrivateBoard:
    """Read a description without the result files.

    Raises:
        SourceError: It is missing, too large or wrong.
    """
    board = parse(orjson.dumps({"board": _text(path, limit), "files": {}}), str(path))
    assert board is not None
    return board


def read_document(path: Path, limit: int) -> bytes:
    """Read a description and the result files that it names.

    Args:
        path: The description, a YAML file.
        limit: Largest size of all files together, in bytes.

    Raises:
        SourceError: A file is missing, too large or wrong; the message names it.
    """
    text = _text(path, limit)
    description = _description(text, str(path))
    folder = path.parent / description.results
    if not folder.is_dir():
        raise _error(f"the folder {description.results!r} of results is missing", str(path))
    files: dict[str, str] = {}
    size = len(text)
    for model in _models(description):
        found = _model_files(folder, model, description)
        for file in found:
            content = _text(file, limit)
            size += len(content)
            if size > limit:
                remedy = "see TRACKER_MAX_RESPONSE_BYTES"
                raise _error(f"the results are larger than {limit:,} bytes", str(path), remedy)
            files[file.relative_to(folder).as_posix()] = content
    document = {"board": text, "files": files}
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def parse(body: bytes, place: str) -> PrivateBoard | None:
    """Parse an archived document.

    Args:
        body: The document.
        place: The description, for error messages.

    Returns:
        The board; ``None`` if it was removed.

    Raises:
        SourceError: The description or a result file is wrong.
    """
    if body == REMOVED:
        return None
    try:
        document = msgspec.json.decode(body, type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _error(f"not a private board: {error}", place) from None
    description = _description(document.board, place)
    selections = tuple(_selection(task) for task in description.tasks)
    name = PREFIX + description.name
    rule = () if description.rank_by == "borda" else (description.rank_by,)
    shown = ("mean_task", "mean_task_type", "task_types")
    definition = BenchmarkDefinition(name, selections, shown, (), rule, False, False)
    types = Counter(task.type for task in selections)
    tasks = tuple(sorted(task.task for task in selections))
    models = _models(description)
    return PrivateBoard(
        (description.title.en, description.title.zh),
        Edition(ID, name, "fraction", len(tasks), tasks, tuple(types.items())),
        definition,
        {model.name: model.revision for model in models},
        tuple(_result(path, text, description) for path, text in sorted(document.files.items())),
        tuple(_record(model) for model in models if model.own),
    )


def _error(cause: str, place: str, remedy: str = "") -> SourceError:
    return SourceError(ID, cause, place=place, remedy=remedy)


def _text(path: Path, limit: int) -> str:
    try:
        if path.stat().st_size > limit:
            raise _error(f"larger than {limit:,} bytes", str(path))
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise _error("not UTF-8", str(path), "save it as UTF-8") from None
    except OSError as error:
        raise _error(error.strerror or "cannot be read", str(path)) from None


def _description(text: str, place: str) -> _Description:
    """Read a description; scalars stay text until a field converts them, so ``no`` is a name."""
    import yaml  # every start of the tracker imports this module, and few read a description

    try:
        value = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506
        description = msgspec.convert(value, _Description, strict=False)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        cause = f"{line}not YAML: {getattr(error, 'problem', None) or error}"
        raise _error(cause, place, "check indentation and quotes") from None
    except msgspec.ValidationError as error:
        raise _error(str(error).replace("`$.", "`"), place) from None
    except RecursionError:
        raise _error("nested too deeply", place) from None
    if description.rank_by not in _RULES:
        remedy = did_you_mean(description.rank_by, _RULES)
        raise _error(f"unknown rank_by {description.rank_by!r}", place, remedy)
    for what, names in (
        ("task", [task.name for task in description.tasks]),
        ("model", [model.name for model in _models(description)]),
    ):
        name, times = Counter(names).most_common(1)[0]
        if times > 1:
            raise _error(f"the {what} {name!r} is listed twice", place)
    return description


def _models(description: _Description) -> list[_Model]:
    return [_Model(name=m) if isinstance(m, str) else m for m in description.models]


def _selection(task: _Task) -> TaskSelection:
    return TaskSelection(task.name, task.type, True, tuple(task.splits), tuple(task.subsets))


def _model_files(folder: Path, model: _Model, description: _Description) -> list[Path]:
    """Return the result files of a model on the board's tasks, of all its revisions.

    Raises:
        SourceError: A file is missing, and the description does not allow it.
    """
    own = folder / model.name.replace("/", "__")
    revisions = [p for p in sorted(own.glob("*")) if model.revision in (None, p.name)]
    found = []
    for task in description.tasks:
        files = [file for r in revisions if (file := r / f"{task.name}.json").is_file()]
        if not files and not description.allow_missing:
            revision = model.revision or "<revision>"
            raise _error(
                f"no result of {model.name} on {task.name}",
                f"{own / revision / task.name}.json",
                "add the file, or write allow_missing: true",
            )
        found += files
    return found


def _result(path: str, text: str, description: _Description) -> PrivateResult:
    """Parse one result file.

    Raises:
        SourceError: It is not a result file of its task, or a score is out of range.
    """
    folder, revision, file = path.split("/")
    name = file.removesuffix(".json")
    task = next((task for task in description.tasks if task.name == name), None)
    model = next(m for m in _models(description) if m.name.replace("/", "__") == folder)
    if task is None:
        raise _error(f"the board has no task {name!r}", path)
    try:
        scores = parse_scores(text.encode(), path, {name.lower(): (name, task.metric)})
    except SourceError as error:
        raise _error(error.cause, path) from None
    if scores.task != name:
        raise _error(f"the file is of the task {scores.task!r}, not {name!r}", path)
    lowest = lowest_score(task.metric)
    for (split, subset), score in zip(scores.cells, scores.scores, strict=True):
        if score is not None and not lowest <= score <= 1:
            raise _error(
                f"{task.metric} of {split}/{subset} is {score:g}, not from {lowest:g} to 1",
                path,
                "result files have fractions, not percent",
            )
    wanted = {(split, subset) for split in task.splits for subset in task.subsets}
    scored = {c for c, s in zip(scores.cells, scores.scores, strict=True) if s is not None}
    if missing := sorted(wanted - scored):
        raise _error("no score for split {} and subset {}".format(*missing[0]), path)
    return PrivateResult(model.name, revision, scores)


def _record(model: _Model) -> ModelRecord:
    """Return the metadata of a declared model, under the live leaderboard's property names."""
    values: dict[str, Any] = {
        "totalParamsB": model.parameters and model.parameters / 1e9,
        "embeddingDim": model.embedding_dimensions,
        "maxTokens": model.max_tokens,
        "license": model.licence,
        "openWeights": model.open_weights,
        "releaseDate": model.release_date,
    }
    stated = {name: value for name, value in values.items() if value is not None}
    properties = orjson.dumps(stated, option=orjson.OPT_SORT_KEYS).decode()
    return ModelRecord(Listing(model.name, model.name, ""), properties)
