"""Which file speaks for a model on a task, where several revisions have results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

import orjson
import polars as pl
from packaging.version import InvalidVersion, Version

_NO_REVISION = ("external", "no_revision_available")
_KEY = ("model", "experiment", "task")


def speaking_files(files: pl.DataFrame, revisions: Mapping[str, str | None]) -> pl.DataFrame:
    """Keep one file for every model, experiment and task, as mteb does.

    The revision that the registry names comes first; then files with an evaluator version that
    can be read over those without; then a revision over ``external`` and none; then the latest
    evaluator version. Among equals mteb takes whatever its file system lists first. Here the
    first by name of the revision speaks, and of one revision the file with the smallest id.

    Args:
        files: Files with scores: ``file_id``, ``model``, ``revision`` (null: untold),
            ``experiment`` (as its metadata have it; empty: none), ``task``, ``mteb_version``
            (null: untold), and any other columns.
        revisions: The revision that the registry names, by model.

    Returns:
        The files that speak, in the order of their ids.
    """
    if files.is_empty():
        return files
    alone = files.select(pl.len().over(_KEY) == 1).to_series()
    winners = (
        files.filter(~alone)
        .with_columns(_precedence=_precedence(files.filter(~alone), revisions))
        .sort("_precedence", "revision", "file_id", descending=[True, False, False])
        .unique(_KEY, keep="first", maintain_order=True)
        .drop("_precedence")
    )
    return pl.concat([files.filter(alone), winners]).sort("file_id")


def _precedence(files: pl.DataFrame, revisions: Mapping[str, str | None]) -> pl.Series:
    """A number for every file, the highest for the one that speaks."""
    known = pl.DataFrame(
        {"model": list(revisions), "_main": list(revisions.values())},
        schema={"model": pl.String, "_main": pl.String},
    )
    places = version_places(files["mteb_version"].unique().to_list())
    place = pl.col("mteb_version").replace_strict(places, default=-1, return_dtype=pl.Int64)
    is_main = (pl.col("revision") == pl.col("_main")).fill_null(False)
    is_real = ~pl.col("revision").is_in(_NO_REVISION).fill_null(True)
    # One digit for each question, the first one decides before the others.
    marks = is_main.cast(pl.Int64) * 4 + (place >= 0).cast(pl.Int64) * 2 + is_real.cast(pl.Int64)
    return (
        files.join(known, on="model", how="left", maintain_order="left")
        .select(marks * (len(places) + 1) + place)
        .to_series()
    )


def shown_experiments(files: pl.DataFrame) -> pl.DataFrame:
    """Name every experiment by what it really varies.

    An experiment whose settings are all empty, such as ``{"model_kwargs": {}}``, varies nothing:
    it is a run of the model itself. Where the model has a plain run of the same task too, the
    publisher shows the mean of both, so both files stay.

    Args:
        files: Any files with ``experiment``: a JSON object, or empty.

    Returns:
        The files with ``experiment`` without empty settings, with sorted keys; empty where nothing
        is left.
    """
    names = {text: shown_experiment(text) for text in files["experiment"].unique()}
    return files.with_columns(pl.col("experiment").replace_strict(names, return_dtype=pl.String))


def shown_experiment(text: str) -> str:
    """What an experiment really varies: JSON without empty settings; empty where nothing is."""
    settings = orjson.loads(text) if text else {}
    # Zero and false are settings, unlike nothing at all.
    left = {k: v for k, v in settings.items() if v is not None and v not in ("", [], {})}
    return orjson.dumps(left, option=orjson.OPT_SORT_KEYS).decode() if left else ""


class Run(Protocol):
    """What decides between files of one model, experiment and task."""

    @property
    def model(self) -> str:
        """Public id under which the registry knows the model."""

    @property
    def revision(self) -> str | None:
        """Revision of the model; ``None`` where it is not declared."""

    @property
    def mteb_version(self) -> str | None:
        """Version of the evaluator; ``None`` where it is not declared."""


def precedences(
    files: Sequence[Run], revisions: Mapping[str, str | None]
) -> list[tuple[int, int, int, int]]:
    """The same order of preference as :func:`speaking_files`, a tuple for each file.

    Args:
        files: Any files.
        revisions: The revision that the registry names, by model.

    Returns:
        Whether the file has the registry's revision, a readable evaluator version and a real
        revision, and the place of its evaluator version; the highest tuple counts.
    """
    places = version_places({file.mteb_version for file in files})
    found = []
    for file in files:
        main = revisions.get(file.model)
        place = places.get(file.mteb_version or "", -1)
        is_main = main is not None and file.revision == main
        is_real = file.revision is not None and file.revision not in _NO_REVISION
        found.append((int(is_main), int(place >= 0), int(is_real), place))
    return found


def version_places(versions: Iterable[str | None]) -> dict[str, int]:
    """The place of every evaluator version among them, from 0 for the oldest.

    Versions that cannot be read (``1.34.1-1.36``, free text) have no place; different spellings
    of one version share theirs.
    """
    read = {text: found for text in versions if text and (found := _version(text))}
    places = {version: place for place, version in enumerate(sorted(set(read.values())))}
    return {text: places[version] for text, version in read.items()}


@lru_cache(maxsize=4096)
def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
