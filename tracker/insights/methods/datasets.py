"""Datasets: what they are, which models were trained on them and who says so, their tasks."""

from __future__ import annotations

from collections import defaultdict

import orjson

from tracker.answers.common import Bilingual
from tracker.answers.methods import Dataset, DatasetUse
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.common.checks import check_type
from tracker.common.text import bare_name, did_you_mean
from tracker.errors import NotFoundError
from tracker.insights.reader import Reader, memoised


@memoised
def read_datasets(reader: Reader) -> tuple[Dataset, ...]:
    """Read all datasets, by kind and name."""
    uses: dict[int, list[DatasetUse]] = defaultdict(list)
    for row in knowledge_queries.dataset_uses(reader.connection):
        uses[row.dataset_id].append(
            DatasetUse(
                model=row.model,
                slug=row.slug,
                declared=row.declared,
                qualifier=row.qualifier,
                source=row.source,
                locator=row.locator,
                confidence=row.confidence,
                date=row.date,
            )
        )
    rows = knowledge_queries.datasets(reader.connection)
    parts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for whole in orjson.loads(row.part_of):
            parts[whole].append(row.slug)
    return tuple(
        Dataset(
            slug=row.slug,
            name=row.name,
            aliases=tuple(orjson.loads(row.aliases)),
            kind=row.kind,
            kind_label=Bilingual(row.kind_en, row.kind_zh),
            what=Bilingual(row.what_en, row.what_zh),
            size=Bilingual(row.size_en, row.size_zh) if row.size_en else None,
            languages=Bilingual(row.languages_en, row.languages_zh),
            note=Bilingual(row.note_en, row.note_zh) if row.note_en else None,
            paper=row.paper,
            part_of=tuple(orjson.loads(row.part_of)),
            parts=tuple(parts[row.slug]),
            tasks=tuple(orjson.loads(row.tasks)),
            source=row.source,
            confidence=row.confidence,
            uses=tuple(uses[row.id]),
        )
        for row in rows
    )


def find_dataset(datasets: tuple[Dataset, ...], name: str) -> Dataset:
    """Find a dataset by slug, name or alias; case and punctuation do not matter.

    Raises:
        NotFoundError: There is none; the nearest names are suggested.
    """
    check_type("dataset", name, str)
    wanted = bare_name(name)
    for dataset in datasets:
        if wanted in {bare_name(own) for own in (dataset.slug, dataset.name, *dataset.aliases)}:
            return dataset
    known = [own for dataset in datasets for own in (dataset.name, dataset.slug)]
    raise NotFoundError(
        f"no dataset called {name!r}", remedy=did_you_mean(name, known, "see: tracker datasets")
    )


def trained_on(reader: Reader, name: str) -> set[int]:
    """Ids of the models that were trained on a dataset, by curated facts or the registry.

    Raises:
        NotFoundError: There is no such dataset.
    """
    dataset = find_dataset(read_datasets(reader), name)
    return {
        row.model_id
        for row in knowledge_queries.dataset_uses(reader.connection)
        if row.dataset == dataset.slug
    }
