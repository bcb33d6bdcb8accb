"""The page that helps to choose a model, and its data file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from tracker.answers.boards import MAIN_SERIES
from tracker.answers.methods import Term
from tracker.common.languages import language_name
from tracker.insights.boards.choice_words import page_words
from tracker.insights.boards.conditions import CONDITIONS
from tracker.insights.boards.model_choice import ChoiceBoard, ChoiceRow, TypeMeans, board_types
from tracker.insights.boards.score_table import row_name
from tracker.pages.contexts import BoardLink, ChoosePage, NamedValue
from tracker.pages.views.boards import board_path, page
from tracker.ranking.model_choice import BYTES_PER_DIMENSION, SCALE, VECTORS

CHOOSE = "choose/"
CHOICES_FILE = f"{CHOOSE}choices.json"
"""All that the page computes with, for all present boards."""

_FIELDS = (
    "label", "model", "slug", "parameters", "memory_mb", "max_tokens", "open_weights", "licence",
    "commercial", "organisation", "use_instructions", "pooling", "base", "released",
    "release_date", "embedding_dimensions",
)  # fmt: skip
"""What the file says of a model, one list for each."""


def in_page_order(boards: Sequence[ChoiceBoard]) -> list[ChoiceBoard]:
    """Boards with rows: the leading series first, then the others in their order."""
    shown = [found for found in boards if found.rows]
    order = {series: place for place, series in enumerate(MAIN_SERIES)}
    return sorted(shown, key=lambda found: order.get(found.board.edition.series, len(order)))


def choose_page(boards: Sequence[ChoiceBoard], terms: Sequence[Term]) -> ChoosePage:
    """Build the page from the boards in its order."""
    links = [BoardLink(its.board.edition, board_path(its.board.edition)) for its in boards]
    types = dict.fromkeys(name for its in boards for name in board_types(its.board))
    used = {slug for its in boards for row in its.rows for slug in row.properties.pooling}
    return ChoosePage(
        page(CHOOSE, "choose"),
        CHOICES_FILE,
        tuple(link for link in links if link.edition.series in MAIN_SERIES),
        tuple(link for link in links if link.edition.series not in MAIN_SERIES),
        tuple(types),
        tuple(NamedValue(term.slug, term.label) for term in terms if term.slug in used),
        tuple(NamedValue(name, text) for name, text in page_words().items()),
    )


def choices_file(boards: Sequence[ChoiceBoard]) -> bytes:
    """Write all boards and their models as JSON.

    ``models`` has a list for each field of ``fields``; ``boards`` refer to models by position and
    have scores in thousandths of a percent, one list for each type.
    """
    models: dict[bytes, int] = {}
    entries: list[tuple[Any, ...]] = []
    documents = [_board(found, models, entries) for found in boards]
    document = {
        "scale": SCALE,
        "bytes_per_dimension": BYTES_PER_DIMENSION,
        "vectors": VECTORS,
        "conditions": CONDITIONS,
        "models": dict(zip(_FIELDS, zip(*entries, strict=True), strict=True)) if entries else {},
        "boards": documents,
    }
    return orjson.dumps(document)


def _board(
    found: ChoiceBoard, models: dict[bytes, int], entries: list[tuple[Any, ...]]
) -> dict[str, Any]:
    """One board; its models are added to the list of all models."""
    places = []
    for row in found.rows:
        entry = tuple(_entry(row))
        key = orjson.dumps(entry)
        if key not in models:
            models[key] = len(entries)
            entries.append(entry)
        places.append(models[key])
    edition = found.board.edition
    parts = {code or "": _part(found, part) for code, part in found.parts.items()}
    return {
        "series": edition.series,
        "slug": edition.slug,
        "title": edition.title,
        "day": found.board.as_of[:10],
        "types": board_types(found.board),
        "models": places,
        "ranks": [row.row.rank for row in found.rows],
        "untrained": [row.properties.zero_shot_pct for row in found.rows],
        "parts": parts,
    }


def _entry(entry: ChoiceRow) -> Iterator[Any]:
    row, properties = entry
    values: Mapping[str, Any] = {
        "label": row.label,
        "model": row.model_now or row.model,
        "slug": row.slug,
        "release_date": row.release_date,
        "embedding_dimensions": row.embedding_dimensions,
    } | properties._asdict()
    for name in _FIELDS:
        value = values[name]
        yield int(value) if isinstance(value, bool) else value


def _part(found: ChoiceBoard, part: TypeMeans) -> dict[str, Any]:
    """Scores of whole tasks, or of those in one language."""
    names = [row_name(row.row) for row in found.rows]
    document: dict[str, Any] = {
        "total": part.n_total,
        "types": part.types,
        "tasks": [part.n_tasks.get(name, 0 if part.language else None) for name in names],
        "means": [[part.means.get(name, {}).get(kind) for name in names] for kind in part.types],
    }
    if part.language is not None:
        locales = ("en", "zh")
        document["name"] = {locale: language_name(part.language, locale) for locale in locales}
    return document
