"""Metadata of models from all sources, under one set of names."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from tracker.answers.common import Bilingual
from tracker.catalog import queries
from tracker.common.addresses import public_address
from tracker.common.deferred_imports import deferred_imports
from tracker.common.licences import licence_id, licence_link
from tracker.insights.reader import Reader, memoised
from tracker.sources.leaderboard_api import HEADER as API
from tracker.sources.private_boards import HEADER as PRIVATE
from tracker.sources.published_boards import HEADER as PUBLISHED

with deferred_imports(globals()):
    from tracker.answers.models import MetadataValue


class Metadata(NamedTuple):
    """Properties of a model that boards show, under the names of a row's fields.

    ``None`` where no source says it.
    """

    parameters: int | None = None
    active_parameters: int | None = None
    embedding_dimensions: int | None = None
    max_tokens: int | None = None
    licence: str | None = None
    licence_link: str | None = None
    open_weights: bool | None = None
    release_date: str | None = None

    def with_licence(self, stated: str | None) -> Metadata:
        """The same with a licence as a source states it: an identifier or an address."""
        return self._replace(licence=licence_id(stated), licence_link=licence_link(stated))


def _billions(value: Any) -> int:
    return round(float(value) * 1e9)


def _millions(value: Any) -> int:
    return round(float(value) * 1e6)


# Property names of the sources, our names, and conversions, in the order of display.
_FROM_API: dict[str, tuple[str, Any]] = {
    "totalParamsB": ("parameters", _billions),
    "activeParamsB": ("active_parameters", _billions),
    "embeddingDim": ("embedding_dimensions", int),
    "maxTokens": ("max_tokens", int),
    "license": ("licence", str),
    "openWeights": ("open_weights", bool),
    "releaseDate": ("release_date", str),
    "modelType": ("model_type", str),
    "instructionTuned": ("instruction_tuned", bool),
    "memoryUsageMb": ("memory_mb", float),
    "modalities": ("modalities", list),
    "languages": ("languages", list),
    "adaptedFrom": ("base_model", str),
    "supersededBy": ("superseded_by", str),
    "trainingDatasets": ("training_datasets", list),
    "publicTrainingCode": ("public_training_code", str),
    "publicTrainingData": ("public_training_data", str),
    "url": ("url", str),
}
_FROM_BOARDS: dict[str, tuple[str, Any]] = {
    "Model Size (Million Parameters)": ("parameters", _millions),
    "Embedding Dimensions": ("embedding_dimensions", int),
    "Max Tokens": ("max_tokens", int),
    "Memory Usage (GB, fp32)": ("memory_mb", lambda gb: round(float(gb) * 1024, 2)),
}
_MILLION = 1_000_000
_NAMES = {API.id: _FROM_API, PUBLISHED.id: _FROM_BOARDS, PRIVATE.id: _FROM_API}
_SHOWN = set(Metadata._fields)


@dataclass(frozen=True, slots=True)
class Fix:
    """A declared correction of a value."""

    wrong: str
    right: str
    reason: Bilingual

    def fits(self, value: object) -> bool:
        """Whether the source still has the value that the correction replaces."""
        try:
            return float(str(value)) == float(self.wrong)
        except ValueError:
            return str(value) == self.wrong


@memoised
def read_fixes(reader: Reader) -> dict[str, dict[str, Fix]]:
    """Read declared corrections by model, then by the source's own property name."""
    found: dict[str, dict[str, Fix]] = {}
    for row in queries.corrections(reader.connection):
        fix = Fix(str(row.wrong), str(row.right), Bilingual(row.reason_en, row.reason_zh))
        found.setdefault(row.model, {})[row.property] = fix
    return found


def converted(
    source: str,
    properties: Mapping[str, Any],
    fixes: Mapping[str, Fix],
    wanted: Container[str] | None = None,
) -> Iterable[tuple[str, Any, Any, Bilingual | None]]:
    """Yield our name of each property, its value, the value before a correction, and its reason."""
    for key, (name, convert) in _NAMES[source].items():
        if key not in properties or (wanted is not None and name not in wanted):
            continue
        value = properties[key]
        fix = fixes.get(key)
        if fix is not None and fix.fits(value):
            right = convert(fix.right)
            yield name, right, convert(value), fix.reason
        else:
            yield name, convert(value), None, None


def corrected(known: Metadata, fixes: Mapping[str, Fix]) -> Metadata:
    """The same with the declared corrections of values that it still has.

    The registry has the values that the live leaderboard shows, some of them with more digits.
    """
    for key, fix in fixes.items():
        name, convert = _FROM_API.get(key, ("", str))
        if name in _SHOWN and getattr(known, name) == convert(fix.wrong):
            known = known._replace(**{name: convert(fix.right)})
    return known


def with_exact_sizes(shown: Metadata, registered: Metadata) -> Metadata:
    """Take numbers of parameters from the registry: the live leaderboard rounds them to millions.

    A number that does not round to the one that is shown is of another time, and is left out.
    """
    exact = {}
    for name in ("parameters", "active_parameters"):
        number, rounded = getattr(registered, name), getattr(shown, name)
        if number is not None and rounded is not None and abs(number - rounded) <= _MILLION / 2:
            exact[name] = number
    return shown._replace(**exact)


def _merged(published: str | None, live: str | None, fixes: Mapping[str, Fix]) -> Metadata:
    values: dict[str, Any] = {}
    for source, properties in ((PUBLISHED.id, published), (API.id, live)):
        if properties:
            known = converted(source, orjson.loads(properties), fixes, _SHOWN)
            values |= {name: value for name, value, *_ in known}
    return Metadata(**values).with_licence(values.get("licence"))


@lru_cache(maxsize=8192)
def _shown(published: str | None, live: str | None) -> Metadata:
    """Metadata that boards show; all boards share a few thousand records."""
    return _merged(published, live, {})


@lru_cache(maxsize=8192)
def registered_metadata(properties: str) -> Metadata:
    """Metadata of a model from its JSON properties in the registry."""
    known: dict[str, Any] = orjson.loads(properties)
    dimensions = known.get("embed_dim")
    tokens = known.get("max_tokens")
    return Metadata(
        parameters=known.get("n_parameters"),
        active_parameters=known.get("n_active_parameters"),
        embedding_dimensions=max(dimensions) if isinstance(dimensions, list) else dimensions,
        max_tokens=int(tokens) if tokens else None,
        open_weights=known.get("open_weights"),
        release_date=known.get("release_date"),
    ).with_licence(known.get("license"))


@memoised
def _live(reader: Reader) -> Mapping[int, str]:
    """Read the live leaderboard's records, the same for all boards."""
    return queries.live_records(reader.connection)


def read_board_metadata(
    reader: Reader, folder: str, at: str, names: Mapping[int, str]
) -> dict[int, Metadata]:
    """Read metadata of the models on a board, by model id.

    The live leaderboard's present values precede those of a published board: sizes on the archived
    boards are unreliable, and licences are missing there.

    Args:
        reader: The open catalog.
        folder: Folder of a published board's streams; empty for a board of the live leaderboard.
        at: The moment of the board's own metadata.
        names: Public ids by model id.
    """
    fixes = read_fixes(reader)
    published = queries.published_records(reader.connection, folder, at) if folder else {}
    live = _live(reader)
    found = {}
    for model, name in names.items():
        records = published.get(model), live.get(model)
        if any(records):
            own = fixes.get(name)
            found[model] = _merged(*records, own) if own else _shown(*records)
    return found


def newest_values(records: queries.Rows, fixes: Mapping[str, Fix]) -> tuple[MetadataValue, ...]:
    """Every property of one model with each source's last value, the live leaderboard first."""
    found: dict[tuple[str, str], MetadataValue] = {}
    for row in sorted(records, key=lambda row: (row.valid_to is None, row.valid_from)):
        for name, value, wrong, reason in converted(
            row.source, orjson.loads(row.properties), fixes
        ):
            found[row.source, name] = MetadataValue(
                name, value, row.source, row.valid_from, public_address(row.url), wrong, reason
            )
    order = [name for name, _ in _FROM_API.values()] + [n for n, _ in _FROM_BOARDS.values()]
    return tuple(
        sorted(found.values(), key=lambda v: (order.index(v.property), v.source != API.id))
    )
