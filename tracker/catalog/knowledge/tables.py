"""Tables of papers, terms, facts, datasets, written comparisons and search entries."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from tracker.catalog.columns import about


class PaperTable(SQLModel, table=True):
    """A paper on arXiv."""

    __tablename__ = "paper"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    arxiv_id: str = about("arXiv id without version.", unique=True)
    title: str | None = about("Title.", default=None)
    authors: str = about(
        "JSON array of names, groups in braces; ends with others if more exist.", default="[]"
    )
    version: int | None = about("Newest version seen.", default=None)
    published: str | None = about("Day of the first version, or its month YYYY-MM.", default=None)
    updated: str | None = about("Day of the newest version.", default=None)
    abstract: str | None = about("Abstract, from arXiv's metadata.", default=None)
    categories: str = about("JSON array of categories.", default="[]")
    comment: str | None = about("Authors' comment.", default=None)
    doi: str | None = about("DOI.", default=None)
    venue: str | None = about("Journal or conference.", default=None)
    withdrawn: bool = about("Whether its authors withdrew it.", default=False)
    introduces_en: str | None = about("What it introduced, in our words.", default=None)
    introduces_zh: str | None = about("The same in Chinese.", default=None)


class PaperLinkTable(SQLModel, table=True):
    """A link between a paper and a model, with its reason."""

    __tablename__ = "paper_link"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model.", foreign_key="model.id", index=True)
    paper_id: int = about("The paper.", foreign_key="paper.id", index=True)
    reason: str = about("curated, or the rule that found it, for example a citation in BibTeX.")
    strength: str = about("strong, medium, or weak (to be confirmed by a person).")
    role_en: str | None = about(
        "Role of the paper, for example that it describes it.", default=None
    )
    role_zh: str | None = about("The same in Chinese.", default=None)
    __table_args__ = (UniqueConstraint("model_id", "paper_id", "reason"),)


class TermTable(SQLModel, table=True):
    """One entry of the controlled, bilingual vocabulary."""

    __tablename__ = "term"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    group: str = about("pooling, objective, technique and so on.")
    slug: str = about("Key within its group.")
    label_en: str = about("Name in English.")
    label_zh: str = about("Name in Chinese.")
    definition_en: str = about("Definition in English.")
    definition_zh: str = about("Definition in Chinese.")
    paper: str | None = about("arXiv id of the defining paper.", default=None)
    cues: str | None = about("JSON array of phrases that indicate it.", default=None)
    __table_args__ = (UniqueConstraint("group", "slug"),)


class FactTable(SQLModel, table=True):
    """One statement about the method of a model."""

    __tablename__ = "fact"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model.", foreign_key="model.id", index=True)
    position: int = about("Order in the curated file.", default=0)
    property: str = about("pooling, base_model, training_data and so on.")
    value: str = about("Slug of a term or short text; not-documented for a known gap.")
    statement_en: str | None = about("One sentence in our words.", default=None)
    statement_zh: str | None = about("The same in Chinese.", default=None)
    qualifier: str | None = about("Limit of the statement, for example a stage.", default=None)


class EvidenceTable(SQLModel, table=True):
    """One piece of evidence for a fact."""

    __tablename__ = "evidence"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    fact_id: int = about("The fact.", foreign_key="fact.id", index=True)
    kind: str = about("primary, secondary, inherited or registry.")
    of_model: str | None = about("The model that an inherited receipt describes.", default=None)
    source: str = about("Address of the receipt.")
    locator: str | None = about("Heading, symbol, key, lines or page.", default=None)
    shows: str = about("JSON array of terms that occur together there.", default="[]")
    confidence: str = about("high, medium or low.")
    date: str | None = about("When a person checked it.", default=None)
    note: str | None = about("Remark.", default=None)
    state: str = about(
        "verified, moved, not-there, unreachable, source-changed or unchecked.", default="unchecked"
    )
    read_on: str | None = about("Day of the reading that decided the state.", default=None)
    position: str | None = about("Lines or page where the terms were found.", default=None)
    found_at: str | None = about("Locator of the place where they are instead.", default=None)
    reason: str | None = about("Why it is not verified.", default=None)
    copied_at: str | None = about("Address of the copy that was read instead.", default=None)


class DatasetTable(SQLModel, table=True):
    """A benchmark or training data set."""

    __tablename__ = "dataset"
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
    tasks: str = about("JSON array of benchmark tasks that are made from it, sorted.")
    source: str = about("Address of the source.")
    confidence: str = about("high, medium or low.")


class DatasetUseTable(SQLModel, table=True):
    """One declaration that a model was trained on a dataset."""

    __tablename__ = "dataset_use"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    dataset_id: int = about("The dataset.", foreign_key="dataset.id", index=True)
    model_id: int = about("The model.", foreign_key="model.id", index=True)
    declared: str = about("curated: read by a person; registry: in the model's registry entry.")
    qualifier: str | None = about("Limit of the statement, for example a stage.", default=None)
    source: str = about("Address of the source, or name and version of the registry.")
    locator: str | None = about("Section or key; for a registry the tasks.", default=None)
    confidence: str = about("high, medium or low.")
    date: str | None = about("When it was checked.", default=None)


class NoPaperTable(SQLModel, table=True):
    """A statement that no paper describes a model, as of a day."""

    __tablename__ = "no_paper"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model.", foreign_key="model.id", unique=True)
    text_en: str = about("What was found instead.")
    text_zh: str = about("The same in Chinese.")
    checked: str = about("Day of the check.")
    source: str | None = about("Address that was checked.", default=None)


class MethodComparisonTable(SQLModel, table=True):
    """A written comparison of models or methods."""

    __tablename__ = "method_comparison"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    slug: str = about("Part of its address on the site; unique.", unique=True)
    title_en: str = about("Title in English.")
    title_zh: str = about("Title in Chinese.")
    summary_en: str = about("Opening paragraph in English.")
    summary_zh: str = about("The same in Chinese.")
    subjects: str = about("JSON array of [slug, name, model or null, arXiv id or null].")


class ComparisonLineTable(SQLModel, table=True):
    """One statement of a comparison."""

    __tablename__ = "comparison_line"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    comparison_id: int = about("The comparison.", foreign_key="method_comparison.id")
    position: int = about("Order within the comparison.")
    kind: str = about("dimension, difference, connection or remark.")
    topic_en: str = about("Topic in English.")
    topic_zh: str = about("The same in Chinese.")
    texts_en: str = about("JSON array: one text per subject for a dimension, otherwise one text.")
    texts_zh: str = about("The same in Chinese.")
    sources: str = about("JSON array of addresses.")
    confidence: str = about("high, medium or low.")
    receipts: str = about("JSON array of receipts, each an object with the columns of evidence.")
    __table_args__ = (UniqueConstraint("comparison_id", "position"),)


class OrganisationTable(SQLModel, table=True):
    """A company, laboratory, university, team or community that publishes models."""

    __tablename__ = "organisation"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    slug: str = about("Public name; unique.", unique=True)
    name_en: str = about("Name in English.")
    name_zh: str = about("Name in Chinese; the English one where it has no other.")
    kind: str = about("company, lab, university, institute, team or community.")
    parent: str | None = about("Slug of the organisation that it belongs to.", default=None)
    owners: str = about("JSON array of accounts, or of account/name prefixes.")
    aliases: str = about("JSON array of other names that people write.")


class SearchEntryTable(SQLModel, table=True):
    """One result of the search; SQLite has a full-text index over these."""

    __tablename__ = "search_entry"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    kind: str = about("model, organisation, paper, dataset, technique or comparison.")
    key: str = about("Public id, arXiv id or slug.")
    title_en: str = about("Title in English.")
    title_zh: str = about("Title in Chinese.")
    about_en: str | None = about("One sentence about it.", default=None)
    about_zh: str | None = about("The same in Chinese.", default=None)
    words: str = about("Further words by which it is found.")
    __table_args__ = (UniqueConstraint("kind", "key"),)
