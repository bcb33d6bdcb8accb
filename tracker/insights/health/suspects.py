"""Suspect scores in the result files of a moment, read again from their raw bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from tracker.answers.health import SuspectScore
from tracker.catalog.models.originals import present_names
from tracker.catalog.results.queries import has_results, main_scores, present_score_files
from tracker.errors import NoDataError
from tracker.git.reading import BlobReader
from tracker.insights.models.names import find_model
from tracker.insights.reader import Reader
from tracker.insights.tasks.infos import find_info
from tracker.ranking.suspects import Suspect, suspects
from tracker.sources.result_files import HEADER


def read_suspects(
    reader: Reader, clone: Path, at: str, task: str | None = None, model: str | None = None
) -> Iterator[SuspectScore]:
    """Yield the suspect scores of the files that stood at a moment, by task and file.

    Args:
        reader: The open catalog.
        clone: Clone of the results repository.
        at: The moment.
        task: Only this task.
        model: Only this model, under any of its names.

    Raises:
        NotFoundError: There is no such task or model.
        NoDataError: The catalog has no result files.
        SourceError: The clone cannot be read.
    """
    if not has_results(reader.connection):
        raise NoDataError(
            "the catalog has no result files", remedy="run: tracker fetch result-files, then load"
        )
    wanted = None if model is None else find_model(reader, model).name
    name = None if task is None else find_info(reader, task).name
    present = present_names(reader.connection)
    files = [
        file
        for file in present_score_files(reader.connection, at, name)
        if wanted is None or present.get(file.model, file.model) == wanted
    ]
    metrics = main_scores(reader.connection)
    with BlobReader(HEADER.id, clone) as blobs:
        bodies = blobs.read([file.blob for file in files])
        for file, (_, body) in zip(files, bodies, strict=True):
            for found in suspects(file.task, metrics.get(file.task), _scores(body)):
                yield SuspectScore(
                    rule=found.rule,
                    task=file.task,
                    model=file.model,
                    split=found.split,
                    subset=found.subset,
                    value=found.value * 100,
                    expected=None if found.expected is None else found.expected * 100,
                    reason=_reason(found),
                    path=file.path,
                    mteb_version=file.mteb_version,
                    since=file.valid_from,
                    commit=file.commit,
                    url=file.url,
                )


def _scores(body: bytes | None) -> dict[str, list[object]]:
    """The scores in a file's bytes; none if it is missing, no JSON, or of the older format."""
    try:
        data = orjson.loads((body or b"").replace(b" NaN", b"null"))
    except orjson.JSONDecodeError:
        return {}
    scores = data.get("scores") if isinstance(data, dict) else None
    return scores if isinstance(scores, dict) else {}


def _reason(found: Suspect) -> str:
    value = f"{found.value * 100:.2f}"
    if found.rule == "out-of-range":
        return f"main score {value} is outside of the range of {found.metric}"
    if found.rule == "mrr-at-1":
        return f"MRR@1 is {value} and precision@1 is {(found.expected or 0) * 100:.2f}"
    other = f"; it equals {found.equals}" if found.equals else "; it equals no metric of the file"
    if found.expected is None:
        return f"main score {value}, but the file has no {found.metric}{other}"
    return f"main score {value}, but {found.metric} is {found.expected * 100:.2f}{other}"
