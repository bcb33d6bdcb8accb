"""Every table of the catalog. Moments are UTC text ``YYYY-MM-DDTHH:MM:SSZ``.

A row with ``valid_from`` and ``valid_to`` is an interval: true from the first snapshot that shows
it to the first one that does not (``valid_to`` null: to the last known snapshot).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


def _about(description: str, **options: Any) -> Any:
    """A column with its description, which becomes its comment and its line in the docs."""
    return Field(description=description, sa_column_kwargs={"comment": description}, **options)


def _first_shown() -> ForeignKeyConstraint:
    """Every interval begins at a snapshot: provenance is a foreign key."""
    return ForeignKeyConstraint(
        ["stream_id", "valid_from"],
        ["snapshot.stream_id", "snapshot.published_at"],
        # A load rearranges snapshots and intervals together; checked when it commits.
        deferrable=True,
        initially="DEFERRED",
    )


class Stream(SQLModel, table=True):
    """One document of a source that is seen again and again: a board's table, a model list."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    source: str = _about("Id of the source, for example published-boards.")
    name: str = _about("Path in the repository, or document of the API.")
    __table_args__ = (UniqueConstraint("source", "name"),)


class Snapshot(SQLModel, table=True):
    """One state of a stream that the tracker read; unchanged sightings only move last_seen_at."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    stream_id: int = _about("What was read.", foreign_key="stream.id")
    published_at: str = _about("When the source showed this state first, as far as is known.")
    last_seen_at: str = _about("When it was last seen unchanged.")
    url: str = _about("Where it was read.")
    commit: str | None = _about("Commit of a git source.", default=None)
    digest: str = _about("Git blob id, or SHA-256 of the raw bytes.")
    bundled: bool = _about("Whether it came with the starter, without raw bytes.", default=False)
    __table_args__ = (UniqueConstraint("stream_id", "published_at"),)


class Series(SQLModel, table=True):
    """A leaderboard through time: editions that follow one another."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    slug: str = _about("Public name, for example mteb-english.", unique=True)
    title_en: str = _about("Title in English.")
    title_zh: str = _about("Title in Chinese.")


class Edition(SQLModel, table=True):
    """A board with one exact task list."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    series_id: int = _about("The series it belongs to.", foreign_key="series.id")
    position: int = _about("Order of succession within the series; the highest is the newest.")
    source: str = _about("Id of the source that prints it.")
    name: str = _about("Name; editions of one name differ in their task list.", index=True)
    slug: str = _about("Part of its address on the site; unique.", unique=True)
    unit: str = _about("Unit of its stored values: percent or fraction.")
    n_tasks: int = _about("Number of tasks.")
    tasks: str = _about("JSON array of task names, sorted; empty where only counts are printed.")
    task_types: str = _about("JSON array of [task type, number of tasks or null].")
    task_type: str | None = _about("Set for a table that shows one task type.", default=None)
    speaks: bool = _about("Whether it speaks for its board: the overall table, or the chosen one.")
    digest: str = _about("Identity of the task list: SHA-256 over name, tasks and types.")
    __table_args__ = (UniqueConstraint("name", "digest"),)


class BoardAbout(SQLModel, table=True):
    """What the publisher says of a present board, without its prose."""

    __tablename__ = "board_about"
    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    name: str = _about("Edition name.", unique=True)
    display_name: str = _about("Title on the publisher's site.")
    reference: str | None = _about("Address of its paper or page.", default=None)
    citation: str | None = _about("BibTeX.", default=None)
    languages: str = _about("JSON array of languages.")
    domains: str = _about("JSON array of domains.")
    modalities: str = _about("JSON array of modalities.")
    aggregations: str = _about("JSON array: how the publisher aggregates scores.")
    successors: str = _about("JSON array of names of boards that replace it.")
    stream_id: int = _about("Where this was read; its newest snapshot.", foreign_key="stream.id")


class Task(SQLModel, table=True):
    """One task of the benchmarks."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    name: str = _about("Name.", unique=True)
    type: str = _about("Task type, for example Retrieval.")
    main_score: str | None = _about("Name of its main metric.", default=None)
    languages: str = _about("JSON array of languages.")
    domains: str = _about("JSON array of domains.")
    is_public: bool | None = _about("Whether its data is public.", default=None)
    source_dataset: str | None = _about("Dataset on the Hugging Face Hub.", default=None)
    reference: str | None = _about("Address of its paper or page.", default=None)
    citation: str | None = _about("BibTeX.", default=None)
    stream_id: int = _about("Where this was read; its newest snapshot.", foreign_key="stream.id")


class Model(SQLModel, table=True):
    """A text-embedding model under one public id."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    name: str = _about("Public id org/name.", unique=True)
    slug: str = _about("Part of its address on the site; unique.", unique=True)


class Listing(SQLModel, table=True):
    """How a source names a model: the printed label and link."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    model_id: int = _about("The model it stands for.", foreign_key="model.id", index=True)
    label: str = _about("Label as printed.")
    link: str = _about("Link as printed; empty where the source has none.")
    __table_args__ = (UniqueConstraint("model_id", "label", "link"),)


class BoardRow(SQLModel, table=True):
    """The values of one line of a board, for as long as they stood."""

    __tablename__ = "board_row"
    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    edition_id: int = _about("The board.", foreign_key="edition.id")
    listing_id: int = _about("The line.", foreign_key="listing.id", index=True)
    mean_task: float | None = _about("Mean over tasks, in the edition's unit.", default=None)
    mean_task_type: float | None = _about("Mean over task types.", default=None)
    mean_public: float | None = _about("Mean over public tasks.", default=None)
    mean_private: float | None = _about("Mean over private tasks.", default=None)
    task_types: str = _about("JSON object: mean by task type.")
    task_scores: str | None = _about(
        "JSON array of scores in the order of the edition's tasks.", default=None
    )
    n_tasks: int | None = _about("Tasks with a score; null where not told.", default=None)
    zero_shot_pct: int | None = _about(
        "Percent of tasks that the model was not trained on; -1: not declared.", default=None
    )
    trained_on: str | None = _about("JSON array of tasks it was trained on.", default=None)
    stream_id: int = _about("The stream that shows it.", foreign_key="stream.id")
    valid_from: str = _about("First snapshot that shows it.")
    valid_to: str | None = _about("First later snapshot that does not.", default=None)
    __table_args__ = (
        _first_shown(),
        CheckConstraint("valid_to is null or valid_to > valid_from"),
        # Covers the count of scored tasks over a board's type tables, asked with each board.
        Index(
            "ix_board_row_edition_valid",
            "edition_id",
            "valid_to",
            "valid_from",
            "listing_id",
            "n_tasks",
        ),
        Index("ix_board_row_stream", "stream_id"),
    )


class Standing(SQLModel, table=True):
    """The ranking of a board, for as long as it stood."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    edition_id: int = _about("The board.", foreign_key="edition.id")
    listing_ids: str = _about("JSON array of the ranked lines' listing ids, best first.")
    ranks: str | None = _about("JSON array of their ranks; null: 1, 2, 3 …", default=None)
    stream_id: int = _about("The stream that shows it.", foreign_key="stream.id")
    valid_from: str = _about("First snapshot that shows it.")
    valid_to: str | None = _about("First later snapshot that does not.", default=None)
    __table_args__ = (
        _first_shown(),
        Index("ix_standing_edition_valid", "edition_id", "valid_from"),
        Index("ix_standing_stream", "stream_id"),
    )


class ModelRecord(SQLModel, table=True):
    """What a source says of a model apart from scores, for as long as it said so."""

    __tablename__ = "model_record"
    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    listing_id: int = _about("The model, as listed.", foreign_key="listing.id", index=True)
    properties: str = _about("JSON object of properties under the source's own names.")
    stream_id: int = _about("The stream that shows it.", foreign_key="stream.id")
    valid_from: str = _about("First snapshot that shows it.")
    valid_to: str | None = _about("First later snapshot that does not.", default=None)
    __table_args__ = (_first_shown(), Index("ix_model_record_stream", "stream_id"))


class Relation(SQLModel, table=True):
    """One model is a copy, a former name or a relative of another."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    model_id: int = _about("The model.", foreign_key="model.id", index=True)
    other_id: int = _about("The model it relates to.", foreign_key="model.id", index=True)
    kind: str = _about("copy, moved, or distinct: equal figures, but no copy.")
    status: str = _about("curated: a person says so; proposed: a rule of ours does.")
    reason_en: str = _about("Why.")
    reason_zh: str = _about("The same in Chinese.")
    since: str | None = _about("From when on, where known.", default=None)
    source: str | None = _about("Receipt of a curated relation.", default=None)
    __table_args__ = (UniqueConstraint("model_id", "other_id", "kind"),)


class Paper(SQLModel, table=True):
    """A paper on arXiv."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    arxiv_id: str = _about("arXiv id without version.", unique=True)
    title: str | None = _about("Title.", default=None)
    authors: str = _about("JSON array of names.", default="[]")
    version: int | None = _about("Newest version seen.", default=None)
    published: str | None = _about("Day of the first version.", default=None)
    updated: str | None = _about("Day of the newest version.", default=None)
    abstract: str | None = _about("Abstract, from arXiv's metadata.", default=None)
    categories: str = _about("JSON array of categories.", default="[]")
    comment: str | None = _about("Authors' comment.", default=None)
    doi: str | None = _about("DOI.", default=None)
    venue: str | None = _about("Where it appeared.", default=None)
    withdrawn: bool = _about("Whether its authors withdrew it.", default=False)
    introduces_en: str | None = _about("What it brought, in our words.", default=None)
    introduces_zh: str | None = _about("The same in Chinese.", default=None)


class PaperLink(SQLModel, table=True):
    """Why a paper belongs to a model."""

    __tablename__ = "paper_link"
    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    model_id: int = _about("The model.", foreign_key="model.id", index=True)
    paper_id: int = _about("The paper.", foreign_key="paper.id", index=True)
    reason: str = _about("curated, or cited in the model's BibTeX.")
    role_en: str | None = _about("What the paper is to the model.", default=None)
    role_zh: str | None = _about("The same in Chinese.", default=None)
    __table_args__ = (UniqueConstraint("model_id", "paper_id", "reason"),)


class Term(SQLModel, table=True):
    """One entry of the controlled, bilingual vocabulary."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    group: str = _about("pooling, objective, technique and so on.")
    slug: str = _about("Key within its group.")
    label_en: str = _about("Name in English.")
    label_zh: str = _about("Name in Chinese.")
    definition_en: str = _about("Definition in English.")
    definition_zh: str = _about("Definition in Chinese.")
    paper: str | None = _about("arXiv id of the defining paper.", default=None)
    __table_args__ = (UniqueConstraint("group", "slug"),)


class Fact(SQLModel, table=True):
    """One statement about the method of a model."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    model_id: int = _about("The model.", foreign_key="model.id", index=True)
    position: int = _about("Order in which the curated file gives it.", default=0)
    property: str = _about("pooling, base_model, training_data and so on.")
    value: str = _about("Slug of the vocabulary or short text; not-documented for a known gap.")
    statement_en: str | None = _about("One sentence of our own.", default=None)
    statement_zh: str | None = _about("The same in Chinese.", default=None)
    qualifier: str | None = _about("What limits it, for example a stage.", default=None)


class Evidence(SQLModel, table=True):
    """One receipt of a fact."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    fact_id: int = _about("The fact.", foreign_key="fact.id", index=True)
    kind: str = _about("curated, config, card, paper or registry.")
    source: str = _about("Address of the receipt.")
    locator: str | None = _about("Section, line or key.", default=None)
    confidence: str = _about("high, medium or low.")
    date: str | None = _about("When it was checked.", default=None)
    note: str | None = _about("Remark.", default=None)


class BoardNote(SQLModel, table=True):
    """What a reader of a board must know for a time: a broken span, a withdrawn leader."""

    __tablename__ = "board_note"
    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    board: str = _about("Edition name it belongs to.", index=True)
    kind: str = _about("broken-span, disputed-leader or remark.")
    model: str | None = _about("The model it is about.", default=None)
    valid_from: str | None = _about("From when.", default=None)
    valid_to: str | None = _about("Until when.", default=None)
    text_en: str = _about("The note in English.")
    text_zh: str = _about("The note in Chinese.")
    source: str | None = _about("Receipt.", default=None)


class Correction(SQLModel, table=True):
    """A declared fix of a value that its source has wrong."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    model: str = _about("Public id of the model.")
    property: str = _about("Property under the source's own name.")
    wrong: str = _about("JSON of the source's value; the fix applies only while it is this.")
    right: str = _about("JSON of the right value.")
    reason_en: str = _about("Why.")
    reason_zh: str = _about("The same in Chinese.")
    source: str = _about("Receipt.")
    __table_args__ = (UniqueConstraint("model", "property"),)


class Finding(SQLModel, table=True):
    """Something that a load could not read or that a person should look at."""

    id: int | None = _about("Opaque id.", primary_key=True, default=None)
    source: str = _about("Id of the source.")
    place: str = _about("Where: path, commit, document.")
    severity: str = _about("error, warning or info.")
    message: str = _about("What.")
    remedy: str = _about("What to do.", default="")
    __table_args__ = (UniqueConstraint("source", "place", "message"),)


TABLES: tuple[type[SQLModel], ...] = (
    Stream,
    Snapshot,
    Series,
    Edition,
    BoardAbout,
    Task,
    Model,
    Listing,
    BoardRow,
    Standing,
    ModelRecord,
    Relation,
    Paper,
    PaperLink,
    Term,
    Fact,
    Evidence,
    BoardNote,
    Correction,
    Finding,
)
"""In an order in which each table comes after those it refers to."""
