"""Contracts of live sources: which fields their answers must have, and which are known.

The shapes were recorded from real answers. A missing field that the tracker needs stops the source,
whose last good state stays; a field that nobody knows yet is noted and shown by ``tracker doctor``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import orjson

from tracker.errors import SourceError, cut, one_line
from tracker.sources import PUBLISHER_MUST_FIX

MOST_NAMED = 10
"""Unknown fields of a document that are named."""


class Keys(NamedTuple):
    """Fields of the objects at one place of a document."""

    needed: frozenset[str]
    known: frozenset[str]
    """Other fields that were recorded."""


Shape = Mapping[str, Keys]
"""Fields by place: ``""`` is the document, ``rows[]`` each entry of the list in its ``rows``."""


def _keys(needed: str, known: str = "") -> Keys:
    return Keys(frozenset(needed.split()), frozenset(known.split()))


_TASK = _keys(
    "name type",
    "mainScore languages isPublic annotationsCreators citation dateFrom dateTo description dialect"
    " domains license modalities numModels reference sampleCreation simplifiedType sourceDataset",
)
_MODEL = (
    " activeParamsB adaptedFrom citation extraRequirementsGroups instructionTuned languages"
    " memoryUsageMb modalities modelType openness opennessScore publicTrainingCode"
    " publicTrainingData sentenceTransformersCompatible supersededBy trainingDatasets zeroShotPct"
)
_MODEL_NEEDS = "url releaseDate openWeights license embeddingDim totalParamsB maxTokens"
SHAPES: dict[str, dict[str, Shape]] = {
    "leaderboard-api": {
        "benchmarks": {
            "[]": _keys(
                "name displayName languages taskTypes tasks aggregations numModels showZeroShot",
                "citation customGroupings description displayOnLeaderboard domains icon"
                " languageView modalities newVersion reference simplifiedTaskTypes",
            )
        },
        "tasks": {
            "[]": _TASK._replace(needed=_TASK.needed | {"mainScore", "languages", "isPublic"})
        },
        "models": {"[]": _keys(f"name {_MODEL_NEEDS}", _MODEL)},
        "scores/*": {
            "": _keys(
                "benchmarkName tasks tasksMeta rows",
                "aggregations customGroupings showZeroShot taskTypes",
            ),
            "tasksMeta[]": _TASK,
            "rows[]": _keys(
                "rank model meanTask meanTaskType meanPublic meanPrivate scoresByTaskType"
                " scoresByTask zeroShotPct trainedOnTasks",
                "activeParamsB embeddingDim experiments maxTokens scoresByCustomGroup totalParamsB",
            ),
            "rows[].model": _keys("name", _MODEL_NEEDS + _MODEL),
        },
    },
    "result-files": {
        "*": {
            "": _keys(
                "task_name scores",
                "dataset_revision date evaluation_time kg_co2_emissions mteb_version is_cached",
            )
        }
    },
    "arxiv-papers": {
        "feed": {
            "[]": _keys(
                "id title summary published updated author",
                "link category comment journal_ref doi primary_category affiliation",
            )
        }
    },
    "model-cards": {
        "*/info.json": {
            "": _keys(
                "sha siblings",
                "_id id tags baseModels cardData createdAt lastModified gated private disabled",
            ),
            "siblings[]": _keys("rfilename", "size blobId lfs"),
        }
    },
}
"""Shapes by source and pattern of the document's name."""


def check_bytes(source: str, stream: str, body: bytes | None) -> tuple[str, ...]:
    """Check an answer in JSON; see :func:`check`. What is not JSON is left to its parser."""
    if body is None or _shape(source, stream) is None:
        return ()
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ()
    return check(source, stream, value)


def check(source: str, stream: str, value: object) -> tuple[str, ...]:
    """Check a document against its recorded shape.

    Args:
        source: Id of the source.
        stream: Name of the document; documents without a shape are not checked.
        value: The document.

    Returns:
        Places of unknown fields, for example ``rows[].colour``.

    Raises:
        SourceError: A needed field is missing.
    """
    unknown: dict[str, None] = {}
    for place, keys in (_shape(source, stream) or {}).items():
        for element in _elements(value, place):
            if missing := sorted(keys.needed - element.keys()):
                cause = f"the required field {_at(place, missing[0])!r} is missing"
                raise SourceError(source, cause, place=stream, remedy=PUBLISHER_MUST_FIX)
            for field in element.keys() - keys.needed - keys.known:
                unknown[_at(place, cut(one_line(field), 60))] = None
    return tuple(sorted(unknown)[:MOST_NAMED])


def _shape(source: str, stream: str) -> Shape | None:
    shapes = SHAPES.get(source, {})
    return next((shape for name, shape in shapes.items() if fnmatchcase(stream, name)), None)


def _at(place: str, field: str) -> str:
    return f"{place}.{field}" if place else field


def _elements(value: object, place: str) -> Iterator[dict[str, Any]]:
    """Yield the objects at a place; other values are left to the parser."""
    found: Sequence[object] = [value]
    for step in filter(None, place.split(".")):
        name, is_list = step.removesuffix("[]"), step.endswith("[]")
        if name:
            found = [outer.get(name) for outer in found if isinstance(outer, dict)]
        if is_list:
            found = [inner for outer in found if isinstance(outer, list) for inner in outer]
    return (element for element in found if isinstance(element, dict))
