"""Datasets: what they are, who was trained on them by whose word, which tasks they overlap."""

from __future__ import annotations

from collections import defaultdict

import orjson
import polars as pl
from sqlalchemy import Connection

from tracker.answers.boards import Bilingual
from tracker.answers.methods import Dataset, DatasetUse
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.common.text import bare_name, did_you_mean
from tracker.errors import NotFoundError
from tracker.insights.memo import once


@once
def read_datasets(connection: Connection) -> tuple[Dataset, ...]:
    """All datasets, by kind and name."""
    uses: dict[int, list[DatasetUse]] = defaultdict(list)
    for row in knowledge_queries.dataset_uses(connection):
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
    rows = knowledge_queries.datasets(connection)
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
    """A dataset by slug, name or alias, whatever its case and marks.

    Raises:
        NotFoundError: There is none; the nearest names are suggested.
    """
    wanted = bare_name(name)
    for dataset in datasets:
        if wanted in {bare_name(its) for its in (dataset.slug, dataset.name, *dataset.aliases)}:
            return dataset
    known = [its for dataset in datasets for its in (dataset.name, dataset.slug)]
    raise NotFoundError(
        f"no dataset called {name!r}", remedy=did_you_mean(name, known, "see: tracker datasets")
    )


def trained_on(connection: Connection, name: str) -> set[int]:
    """Ids of the models that were trained on a dataset, by anyone's word.

    Raises:
        NotFoundError: There is no such dataset.
    """
    dataset = find_dataset(read_datasets(connection), name)
    return {
        row.model_id
        for row in knowledge_queries.dataset_uses(connection)
        if row.dataset == dataset.slug
    }


def datasets_frame(datasets: tuple[Dataset, ...]) -> pl.DataFrame:
    """Datasets with how many models declare them, one line a dataset."""
    records = [
        {
            "slug": dataset.slug,
            "name": dataset.name,
            "kind": dataset.kind,
            "what": dataset.what.en,
            "what_zh": dataset.what.zh,
            "size": dataset.size.en if dataset.size else None,
            "languages": dataset.languages.en,
            "paper": dataset.paper,
            "n_models": len({use.model for use in dataset.uses}),
            "n_curated": len({use.model for use in dataset.uses if use.declared == "curated"}),
            "n_tasks": len(dataset.tasks),
            "source": dataset.source,
            "confidence": dataset.confidence,
        }
        for dataset in datasets
    ]
    texts = ("slug", "name", "kind", "what", "what_zh", "size", "languages", "paper")
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(texts, pl.String)
    schema |= dict.fromkeys(("n_models", "n_curated", "n_tasks"), pl.Int64)
    schema |= {"source": pl.String, "confidence": pl.String}
    return pl.DataFrame(records, schema=schema)
