"""Tables of what people wrote about methods at large, and of the index that finds it."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from tracker.catalog.columns import about


class Dataset(SQLModel, table=True):
    """A benchmark, or data that models are trained on."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    slug: str = about("Part of its address on the site; unique.", unique=True)
    name: str = about("Name.")
    aliases: str = about("JSON array of other names.")
    kind: str = about("benchmark, mixture, labelled and so on.")
    kind_en: str = about("The kind in English.")
    kind_zh: str = about("The same in Chinese.")
    what_en: str = about("What it is, in our words.")
    what_zh: str = about("The same in Chinese.")
    size_en: str | None = about("Size.", default=None)
    size_zh: str | None = about("The same in Chinese.", default=None)
    languages_en: str = about("Languages of its texts.")
    languages_zh: str = about("The same in Chinese.")
    note_en: str | None = about("Remark.", default=None)
    note_zh: str | None = about("The same in Chinese.", default=None)
    paper: str | None = about("arXiv id of its paper.", default=None)
    part_of: str = about("JSON array of slugs of the mixtures that contain it.")
    tasks: str = about("JSON array of benchmark tasks that are made of it, sorted.")
    source: str = about("Address of the receipt.")
    confidence: str = about("high, medium or low.")


class DatasetUse(SQLModel, table=True):
    """One declaration that a model was trained on a dataset."""

    __tablename__ = "dataset_use"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    dataset_id: int = about("The dataset.", foreign_key="dataset.id", index=True)
    model_id: int = about("The model.", foreign_key="model.id", index=True)
    declared: str = about("curated: people read it; registry: the model's entry says so.")
    qualifier: str | None = about("What limits it, for example a stage.", default=None)
    source: str = about("Address of the receipt, or name and version of the registry.")
    locator: str | None = about("Section or key; for a registry the tasks.", default=None)
    confidence: str = about("high, medium or low.")
    date: str | None = about("When it was checked.", default=None)


class NoPaper(SQLModel, table=True):
    """That no paper describes a model, as of a day."""

    __tablename__ = "no_paper"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model.", foreign_key="model.id", unique=True)
    text_en: str = about("What was found instead.")
    text_zh: str = about("The same in Chinese.")
    checked: str = about("When it was looked for.")
    source: str | None = about("Where it was looked for.", default=None)


class MethodComparison(SQLModel, table=True):
    """Models or methods side by side, as people wrote it."""

    __tablename__ = "method_comparison"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    slug: str = about("Part of its address on the site; unique.", unique=True)
    title_en: str = about("Title in English.")
    title_zh: str = about("Title in Chinese.")
    summary_en: str = about("Opening paragraph in English.")
    summary_zh: str = about("The same in Chinese.")
    subjects: str = about("JSON array of [slug, name, model or null, arXiv id or null].")


class ComparisonLine(SQLModel, table=True):
    """One statement of a comparison."""

    __tablename__ = "comparison_line"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    comparison_id: int = about("The comparison.", foreign_key="method_comparison.id")
    position: int = about("Order within the comparison.")
    kind: str = about("dimension, difference, connection or remark.")
    topic_en: str = about("What it is about.")
    topic_zh: str = about("The same in Chinese.")
    texts_en: str = about("JSON array: a dimension has a text for each subject, others have one.")
    texts_zh: str = about("The same in Chinese.")
    sources: str = about("JSON array of addresses.")
    confidence: str = about("high, medium or low.")
    __table_args__ = (UniqueConstraint("comparison_id", "position"),)


class SearchEntry(SQLModel, table=True):
    """Something that a search can find; SQLite has an index of words over these."""

    __tablename__ = "search_entry"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    kind: str = about("model, paper, dataset, technique or comparison.")
    key: str = about("Public id, arXiv id or slug.")
    title_en: str = about("Title in English.")
    title_zh: str = about("Title in Chinese.")
    about_en: str | None = about("One sentence about it.", default=None)
    about_zh: str | None = about("The same in Chinese.", default=None)
    words: str = about("Everything else that it can be found by.")
    __table_args__ = (UniqueConstraint("kind", "key"),)
