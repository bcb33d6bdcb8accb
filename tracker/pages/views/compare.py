"""Contexts of comparisons: the model picker and the generated pairs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import combinations, pairwise

import orjson
import polars as pl

from tracker.answers.boards import MAIN_SERIES, EditionInfo, PairedDifference
from tracker.answers.coverage import Coverage
from tracker.answers.models import Model
from tracker.answers.tasks import TaskInfo
from tracker.common.text import short_hash
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.models.compare import rows_by_model
from tracker.pages.contexts import (
    ComparedCell,
    ComparedModel,
    ComparedRow,
    ComparedTask,
    ComparedTasks,
    ComparePage,
    Page,
    PairGroup,
    PairLink,
    PairPage,
)
from tracker.pages.language.filters import plain
from tracker.pages.language.texts import bilingual
from tracker.pages.views.boards import Boards, page
from tracker.pages.views.catalog_protocol import CatalogReader
from tracker.pages.views.facts import FACT_ORDER, fact_items

COMPARE = "compare/"
MODELS_FILE = f"{COMPARE}models.json"
"""Data file with the name and slug of every model, for the picker."""

FIRST_RANKS = 5
"""Neighbouring ranks down to this one become pairs."""

DECIDING = (
    "parameters", "memory_mb", "licence", "open_weights", "max_tokens", "embedding_dimensions",
    "pooling", "base_model",
)  # fmt: skip
"""Properties that decide whether a model can be used: they come first, equal or not."""

PROPERTIES = (
    *DECIDING, "active_parameters", "release_date", "languages",
    *(name for name in FACT_ORDER if name not in DECIDING),
)  # fmt: skip
"""Properties in row order; others follow by name."""

_LESS_IS_BETTER = frozenset({"parameters", "memory_mb", "embedding_dimensions"})
_MORE_IS_BETTER = frozenset({"max_tokens"})

TypeScores = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Means of task types in percent, by model, edition slug and task type."""

Measured = tuple[tuple[PairedDifference, ...], tuple[ComparedTasks, ...]]
"""Differences of the means of two models, and their scores of single tasks, by board."""

_REASONS = ("neighbour", "family", "seed")
_FAMILY = {"successor", "moved_to", "moved_from"}
_SEED = "seed"
_MOST_BYTES = 200
"""Longest folder name of a pair, in bytes."""


class PairReader:
    """Reads what pairs differ by on the present boards of the leading series."""

    def __init__(
        self,
        catalog: CatalogReader,
        boards: Boards,
        task_scores: Callable[[EditionInfo], pl.DataFrame],
    ) -> None:
        """Read the rows and scores of the boards.

        Args:
            catalog: Computes the differences.
            boards: All boards.
            task_scores: Reads the scores of single tasks, as ``CatalogReader.task_scores``.
        """
        found = [edition for series in MAIN_SERIES if (edition := boards.of_series(series))]
        self._editions = [edition for edition in found if edition.current]
        self._catalog = catalog
        self._rows = {
            edition.slug: rows_by_model(boards.states[edition.slug]) for edition in self._editions
        }
        self._scores: dict[str, dict[str, dict[str, float]]] = {
            edition.slug: defaultdict(dict) for edition in self._editions
        }
        for edition in self._editions:
            for label, task, score in task_scores(edition).iter_rows():
                self._scores[edition.slug][label][task] = score

    def read(self, first: str, second: str) -> Measured:
        """Read the differences of two models, by public id of today."""
        differences: list[PairedDifference] = []
        tasks: list[ComparedTasks] = []
        for edition in self._editions:
            rows = self._rows[edition.slug]
            if first in rows and second in rows:
                with suppress(NoDataError, NotFoundError):
                    differences.append(self._catalog.difference(first, second, edition))
                scores = self._scores[edition.slug]
                one, other = (scores.get(rows[name].label, {}) for name in (first, second))
                both = [ComparedTask(t, one[t], other[t]) for t in one.keys() & other.keys()]
                both.sort(key=lambda its: (its.second - its.first, its.task))
                if both:
                    tasks.append(ComparedTasks(edition.title, tuple(both)))
        return tuple(differences), tuple(tasks)


def type_scores(boards: Boards) -> TypeScores:
    """Return means of task types, in percent, on the current boards of the leading series."""
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    for series in MAIN_SERIES:
        edition = boards.of_series(series)
        if edition is None or edition.slug not in boards.states:
            continue
        for row in boards.states[edition.slug].rows:
            known = {kind: mean for kind, mean in row.task_types.items() if mean is not None}
            found[row.model].setdefault(edition.slug, known)
    return found


def models_file(models: Iterable[Model]) -> bytes:
    """Return the data file of the picker: a list of (name, slug)."""
    return orjson.dumps([(model.name, model.slug) for model in models])


def compare_pages(
    models: Sequence[Model],
    boards: Boards,
    coverage: Coverage,
    scores: TypeScores,
    measured: Callable[[str, str], Measured] = lambda *_: ((), ()),
    tasks: Iterable[TaskInfo] = (),
) -> Iterator[ComparePage | PairPage]:
    """Yield the picker page, then one page per pair.

    Args:
        models: All models.
        boards: All boards.
        coverage: Names the models of the first notes.
        scores: Means of task types.
        measured: Reads what two models differ by on the leading boards.
        tasks: All tasks.
    """
    by_name = {model.name: model for model in models}
    groups = pair_groups(by_name, boards, coverage)
    kinds = {kind for known in scores.values() for means in known.values() for kind in means}
    leading = [edition for series in MAIN_SERIES if (edition := boards.of_series(series))]
    current = [edition for edition in leading if edition.current]
    counted = {task for edition in current for task in edition.tasks}
    yield ComparePage(
        page("compare/", "compare"),
        PROPERTIES,
        tuple(sorted(kinds)),
        groups,
        tuple(edition.slug for edition in current),
        # The program needs names as they are, so marks of direction in them are escaped.
        json.dumps(
            {task.name: task.type for task in tasks if task.name in counted},
            separators=(",", ":"),
        ),
    )
    for group in groups:
        for pair in group.pairs:
            columns = by_name[pair.first.model], by_name[pair.second.model]
            found = measured(pair.first.model, pair.second.model)
            yield pair_page(columns, pair.path, scores, found)


def pair_groups(
    by_name: Mapping[str, Model], boards: Boards, coverage: Coverage
) -> tuple[PairGroup, ...]:
    """Return pairs worth comparing, each once, under the first reason that applies."""
    seen: set[frozenset[str]] = set()
    groups = []
    wanted = (_neighbours(boards), _family_pairs(by_name.values()), _seed_pairs(coverage))
    for reason, pairs in zip(_REASONS, wanted, strict=True):
        links = []
        for first, second in pairs:
            both = frozenset((first, second))
            if len(both) == 2 and both <= by_name.keys() and both not in seen:
                seen.add(both)
                links.append(_link(by_name[first], by_name[second]))
        if links:
            groups.append(PairGroup(reason, tuple(links)))
    return tuple(groups)


def _link(first: Model, second: Model) -> PairLink:
    slug = f"{first.slug}-vs-{second.slug}"
    if len(slug.encode("utf-8")) > _MOST_BYTES:
        slug = f"{first.slug[:40]}-vs-{short_hash(slug)}"
    return PairLink(_column(first), _column(second), f"{COMPARE}{slug}/")


def _column(model: Model) -> ComparedModel:
    return ComparedModel(model.name, model.slug)


def _seed_pairs(coverage: Coverage) -> Iterator[tuple[str, str]]:
    seeds = sorted({row.model for row in coverage.rows if _SEED in row.groups}, key=str.casefold)
    return combinations(seeds, 2)


def _family_pairs(models: Iterable[Model]) -> Iterator[tuple[str, str]]:
    for model in models:
        for related in model.related:
            if related.kind in _FAMILY and related.status == "curated":
                yield model.name, related.model


def _neighbours(boards: Boards) -> Iterator[tuple[str, str]]:
    for series in MAIN_SERIES:
        edition = boards.of_series(series)
        if edition is not None and edition.slug in boards.states:
            rows = (row for row in boards.states[edition.slug].rows if row.rank is not None)
            first = sorted(rows, key=lambda row: (row.rank or 0, row.model))[:FIRST_RANKS]
            yield from pairwise(row.model for row in first)


def pair_page(
    models: Sequence[Model],
    path: str,
    scores: TypeScores,
    measured_by: Measured = ((), ()),
) -> PairPage:
    """Build the page of a pair: what decides, scores, other differences, what they share.

    Args:
        models: The two.
        path: Address of the page.
        scores: Means of task types.
        measured_by: Differences of the first to the second model, and their scores of single
            tasks, on boards that list both.
    """
    deciding: list[ComparedRow] = []
    measured: list[ComparedRow] = []
    different: list[ComparedRow] = []
    shared: list[ComparedRow] = []
    for row, values in _rows(models, scores):
        if row.board is not None:
            measured.append(row)
        elif row.property in DECIDING:
            deciding.append(row)
        else:
            (different if len(set(values)) > 1 else shared).append(row)
    first, second = (plain(model.name) for model in models)
    names = {"first": first, "second": second}
    return PairPage(
        Page(path, bilingual("pair.title", **names), bilingual("pair.about", **names)),
        tuple(_column(model) for model in models),
        tuple(sorted(deciding, key=lambda row: DECIDING.index(row.property))),
        # Types before ranks.
        tuple(sorted(measured, key=lambda row: row.property == "rank")),
        tuple(different),
        tuple(shared),
        *measured_by,
    )


_Values = list[Hashable]
"""Values of a row's cells, to decide whether they differ."""


def _rows(models: Sequence[Model], scores: TypeScores) -> Iterator[tuple[ComparedRow, _Values]]:
    yield from _standing_rows(models, scores)
    names = {entry.property for model in models for entry in model.metadata}
    names |= {fact.property for model in models for fact in model.facts}
    order = {name: number for number, name in enumerate(PROPERTIES)}
    for name in sorted(names, key=lambda name: (order.get(name, len(order)), name)):
        cells, values = zip(*(_property_cell(model, name) for model in models), strict=True)
        yield ComparedRow(name, None, _better(name, cells)), list(values)


def _standing_rows(
    models: Sequence[Model], scores: TypeScores
) -> Iterator[tuple[ComparedRow, _Values]]:
    """Yield a row per board that lists all of the models, followed by its task types."""
    standings = [
        {entry.edition_slug: entry for entry in model.standings if entry.listed} for model in models
    ]
    for slug, first in standings[0].items():
        if not all(slug in known for known in standings):
            continue
        here = [known[slug] for known in standings]
        cells = _marked(
            [ComparedCell(standing=entry) for entry in here],
            [None if entry.rank is None else -entry.rank for entry in here],
        )
        yield ComparedRow("rank", first.title, cells), [(e.rank, e.mean_task) for e in here]
        by_model = [scores.get(model.name, {}).get(slug, {}) for model in models]
        for kind in sorted(set().union(*by_model)):
            values = [known.get(kind) for known in by_model]
            cells = _marked([ComparedCell(score=value) for value in values], values)
            yield ComparedRow(kind, first.title, cells), list(values)


def _better(name: str, cells: Sequence[ComparedCell]) -> tuple[ComparedCell, ...]:
    """Mark the better value of a property for which there is one."""
    sign = -1 if name in _LESS_IS_BETTER else 1 if name in _MORE_IS_BETTER else 0
    values = [cell.metadata.value if cell.metadata else None for cell in cells]
    known = [float(value) for value in values if isinstance(value, int | float) and value > 0]
    if not sign or len(known) < len(values):
        return tuple(cells)
    return _marked(cells, [sign * value for value in known])


def _marked(
    cells: Sequence[ComparedCell], values: Sequence[float | None]
) -> tuple[ComparedCell, ...]:
    """Mark the cells with the highest value, unless all have it or one is missing."""
    known = [value for value in values if value is not None]
    if len(known) < len(values) or len(set(known)) < 2:
        return tuple(cells)
    best = max(known)
    return tuple(
        replace(cell, better=value == best) for cell, value in zip(cells, values, strict=True)
    )


def _property_cell(model: Model, name: str) -> tuple[ComparedCell, Hashable]:
    metadata = next((entry for entry in model.metadata if entry.property == name), None)
    if metadata is not None:
        return ComparedCell(metadata=metadata), str(metadata.value)
    facts = [fact for fact in model.facts if fact.property == name]
    values = frozenset((fact.value, fact.qualifier) for fact in facts)
    return ComparedCell(facts=fact_items(facts)), values
