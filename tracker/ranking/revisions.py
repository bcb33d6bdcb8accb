"""Choose the result file that counts where several revisions of a model have one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

import orjson
import polars as pl
from packaging.version import InvalidVersion, Version

_NO_REVISION = ("external", "no_revision_available")
_KEY = ("model", "experiment", "task")


def preferred_files(files: pl.DataFrame, revisions: Mapping[str, str | None]) -> pl.DataFrame:
    """Keep one file for each model, experiment and task, as mteb does.

    Preferred are, in this order: the revision that the registry names; a readable evaluator
    version; a revision other than ``external`` or none; the latest evaluator version. Among
    equals mteb takes whatever its file system lists first; here the first revision by name
    counts, and within one revision the file with the smallest id.

    Args:
        files: Files with scores: ``file_id``, ``model``, ``revision`` (null: not declared),
            ``experiment`` (as in its metadata; empty: none), ``task``, ``mteb_version`` (null:
            not declared), and any other columns.
        revisions: The revision that the registry names, by model.

    Returns:
        The files that count, in the order of their ids.
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
    """Number the files, with the highest number for the preferred one."""
    known = pl.DataFrame(
        {"model": list(revisions), "_main": list(revisions.values())},
        schema={"model": pl.String, "_main": pl.String},
    )
    places = version_order(files["mteb_version"].unique().to_list())
    place = pl.col("mteb_version").replace_strict(places, default=-1, return_dtype=pl.Int64)
    is_main = (pl.col("revision") == pl.col("_main")).fill_null(False)
    is_real = ~pl.col("revision").is_in(_NO_REVISION).fill_null(True)
    # One bit for each criterion, the most significant first.
    marks = is_main.cast(pl.Int64) * 4 + (place >= 0).cast(pl.Int64) * 2 + is_real.cast(pl.Int64)
    return (
        files.join(known, on="model", how="left", maintain_order="left")
        .select(marks * (len(places) + 1) + place)
        .to_series()
    )


def normalized_experiments(files: pl.DataFrame) -> pl.DataFrame:
    """Remove empty settings from the names of experiments.

    An experiment whose settings are all empty, such as ``{"model_kwargs": {}}``, is a run of the
    model itself. If the model also has a plain run of the task, the publisher shows the mean of
    both, so both files stay.

    Args:
        files: Any files with ``experiment``: a JSON object, or empty.

    Returns:
        The files with a normalised ``experiment``, see :func:`normalized_experiment`.
    """
    names = {text: normalized_experiment(text) for text in files["experiment"].unique()}
    return files.with_columns(pl.col("experiment").replace_strict(names, return_dtype=pl.String))


def normalized_experiment(text: str) -> str:
    """Encode the settings of an experiment as JSON with sorted keys, without empty settings.

    Returns:
        The empty string if no setting remains.
    """
    settings = orjson.loads(text) if text else {}
    # Zero and false are settings; null, "", [] and {} are not.
    kept = {k: v for k, v in settings.items() if v is not None and v not in ("", [], {})}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode() if kept else ""


class RunMetadata(Protocol):
    """What decides between files of one model, experiment and task."""

    @property
    def model(self) -> str:
        """Public id under which the registry knows the model."""

    @property
    def revision(self) -> str | None:
        """Revision of the model; ``None`` if not declared."""

    @property
    def mteb_version(self) -> str | None:
        """Version of the evaluator; ``None`` if not declared."""


def precedences(
    files: Sequence[RunMetadata], revisions: Mapping[str, str | None]
) -> list[tuple[int, int, int, int]]:
    """Return a sort key for each file, in the order of preference of :func:`preferred_files`.

    Args:
        files: Any files.
        revisions: The revision that the registry names, by model.

    Returns:
        One tuple per file: whether it has the registry's revision, a readable evaluator version
        and a real revision, and the rank of its evaluator version. The highest tuple counts.
    """
    places = version_order({file.mteb_version for file in files})
    found = []
    for file in files:
        main = revisions.get(file.model)
        place = places.get(file.mteb_version or "", -1)
        is_main = main is not None and file.revision == main
        is_real = file.revision is not None and file.revision not in _NO_REVISION
        found.append((int(is_main), int(place >= 0), int(is_real), place))
    return found


def version_order(versions: Iterable[str | None]) -> dict[str, int]:
    """Rank evaluator versions among themselves, from 0 for the oldest.

    Versions that cannot be parsed (``1.34.1-1.36``, free text) are left out; different spellings
    of one version share a rank.
    """
    parsed = {text: version for text in versions if text and (version := _version(text))}
    places = {version: place for place, version in enumerate(sorted(set(parsed.values())))}
    return {text: places[version] for text, version in parsed.items()}


@lru_cache(maxsize=4096)
def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
