"""Every table of the catalog. Moments are UTC text ``YYYY-MM-DDTHH:MM:SSZ``.

A row with ``valid_from`` and ``valid_to`` is an interval: true from the first snapshot that shows
it to the first one that does not (``valid_to`` null: to the last known snapshot).
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from tracker.catalog.columns import about, first_shown
from tracker.catalog.knowledge.evidence_tables import Candidate, ReadText, WebPage
from tracker.catalog.knowledge.tables import (
    ComparisonLine,
    Dataset,
    DatasetUse,
    MethodComparison,
    NoPaper,
    SearchEntry,
)
from tracker.catalog.results.tables import (
    BoardDefinition,
    BoardState,
    ModelMove,
    Registry,
    RegistryModel,
    RegistryTask,
    ResultContent,
    ResultFile,
    ResultFolder,
    ResultIdentity,
    ResultLayout,
    ResultTask,
    ResultVersion,
)


class Stream(SQLModel, table=True):
    """One document of a source that is seen again and again: a board's table, a model list."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    source: str = about("Id of the source, for example published-boards.")
    name: str = about("Path in the repository, or document of the API.")
    __table_args__ = (UniqueConstraint("source", "name"),)


class Snapshot(SQLModel, table=True):
    """One state of a stream that the tracker read; unchanged sightings only move last_seen_at."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    stream_id: int = about("What was read.", foreign_key="stream.id")
    published_at: str = about("When the source showed this state first, as far as is known.")
    last_seen_at: str = about("When it was last seen unchanged.")
    url: str = about("Where it was read.")
    commit: str | None = about("Commit of a git source.", default=None)
    digest: str = about("Git blob id, or SHA-256 of the raw bytes.")
    bundled: bool = about("Whether it came with the starter, without raw bytes.", default=False)
    message: str | None = about("First line of a commit's message.", default=None)
    server: str | None = about(
        "Who answered instead of the publisher's own server; null: that server.", default=None
    )
    __table_args__ = (UniqueConstraint("stream_id", "published_at"),)


class Series(SQLModel, table=True):
    """A leaderboard through time: editions that follow one another."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    slug: str = about("Public name, for example mteb-english.", unique=True)
    title_en: str = about("Title in English.")
    title_zh: str = about("Title in Chinese.")


class Edition(SQLModel, table=True):
    """A board with one exact task list."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    series_id: int = about("The series it belongs to.", foreign_key="series.id")
    position: int = about("Order of succession within the series; the highest is the newest.")
    source: str = about("Id of the source that prints it.")
    name: str = about("Name; editions of one name differ in their task list.", index=True)
    slug: str = about("Part of its address on the site; unique.", unique=True)
    unit: str = about("Unit of its stored values: percent or fraction.")
    n_tasks: int = about("Number of tasks.")
    tasks: str = about("JSON array of task names, sorted; empty where only counts are printed.")
    task_types: str = about("JSON array of [task type, number of tasks or null].")
    task_type: str | None = about("Set for a table that shows one task type.", default=None)
    speaks: bool = about("Whether it speaks for its board: the overall table, or the chosen one.")
    digest: str = about("Identity of the task list: SHA-256 over name, tasks and types.")
    __table_args__ = (UniqueConstraint("name", "digest"),)


class BoardAbout(SQLModel, table=True):
    """What the publisher says of a present board, without its prose."""

    __tablename__ = "board_about"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    name: str = about("Edition name.", unique=True)
    display_name: str = about("Title on the publisher's site.")
    reference: str | None = about("Address of its paper or page.", default=None)
    citation: str | None = about("BibTeX.", default=None)
    languages: str = about("JSON array of languages.")
    domains: str = about("JSON array of domains.")
    modalities: str = about("JSON array of modalities.")
    aggregations: str = about("JSON array: how the publisher aggregates scores.")
    successors: str = about("JSON array of names of boards that replace it.")
    stream_id: int = about("Where this was read; its newest snapshot.", foreign_key="stream.id")


class Task(SQLModel, table=True):
    """One task of the benchmarks."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    name: str = about("Name.", unique=True)
    type: str = about("Task type, for example Retrieval.")
    main_score: str | None = about("Name of its main metric.", default=None)
    languages: str = about("JSON array of languages.")
    domains: str = about("JSON array of domains.")
    is_public: bool | None = about("Whether its data is public.", default=None)
    source_dataset: str | None = about("Dataset on the Hugging Face Hub.", default=None)
    reference: str | None = about("Address of its paper or page.", default=None)
    citation: str | None = about("BibTeX.", default=None)
    stream_id: int = about("Where this was read; its newest snapshot.", foreign_key="stream.id")


class Model(SQLModel, table=True):
    """A text-embedding model under one public id."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    name: str = about("Public id org/name.", unique=True)
    slug: str = about("Part of its address on the site; unique.", unique=True)


class Listing(SQLModel, table=True):
    """How a source names a model: the printed label and link."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model it stands for.", foreign_key="model.id", index=True)
    label: str = about("Label as printed.")
    link: str = about("Link as printed; empty where the source has none.")
    __table_args__ = (UniqueConstraint("model_id", "label", "link"),)


class BoardRow(SQLModel, table=True):
    """The values of one line of a board, for as long as they stood."""

    __tablename__ = "board_row"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    edition_id: int = about("The board.", foreign_key="edition.id")
    listing_id: int = about("The line.", foreign_key="listing.id", index=True)
    mean_task: float | None = about("Mean over tasks, in the edition's unit.", default=None)
    mean_task_type: float | None = about("Mean over task types.", default=None)
    mean_public: float | None = about("Mean over public tasks.", default=None)
    mean_private: float | None = about("Mean over private tasks.", default=None)
    task_types: str = about("JSON object: mean by task type.")
    task_scores: str | None = about(
        "JSON array of scores in the order of the edition's tasks.", default=None
    )
    n_tasks: int | None = about("Tasks with a score; null where not told.", default=None)
    zero_shot_pct: int | None = about(
        "Percent of tasks that the model was not trained on; -1: not declared.", default=None
    )
    trained_on: str | None = about("JSON array of tasks it was trained on.", default=None)
    stream_id: int = about("The stream that shows it.", foreign_key="stream.id")
    valid_from: str = about("First snapshot that shows it.")
    valid_to: str | None = about("First later snapshot that does not.", default=None)
    __table_args__ = (
        first_shown(),
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
    """The ranking of a board, for as long as it held."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    edition_id: int = about("The board.", foreign_key="edition.id")
    listing_ids: str = about("JSON array of the ranked lines' listing ids, best first.")
    ranks: str | None = about("JSON array of their ranks; null: 1, 2, 3 …", default=None)
    points: str | None = about(
        "JSON array of the lines' Borda points; null where the source has none.", default=None
    )
    n_tasks: int | None = about("Tasks that counted; null: the edition's.", default=None)
    common: str | None = about(
        "JSON object: tasks that one of the first lines lacks, and means without them.",
        default=None,
    )
    stream_id: int = about("The stream that shows it.", foreign_key="stream.id")
    valid_from: str = about("First snapshot that shows it.")
    valid_to: str | None = about("First later snapshot that does not.", default=None)
    __table_args__ = (
        first_shown(),
        Index("ix_standing_edition_valid", "edition_id", "valid_from"),
        Index("ix_standing_stream", "stream_id"),
    )


class ModelRecord(SQLModel, table=True):
    """What a source says of a model apart from scores, for as long as it said so."""

    __tablename__ = "model_record"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    listing_id: int = about("The model, as listed.", foreign_key="listing.id", index=True)
    properties: str = about("JSON object of properties under the source's own names.")
    stream_id: int = about("The stream that shows it.", foreign_key="stream.id")
    valid_from: str = about("First snapshot that shows it.")
    valid_to: str | None = about("First later snapshot that does not.", default=None)
    __table_args__ = (first_shown(), Index("ix_model_record_stream", "stream_id"))


class Relation(SQLModel, table=True):
    """One model is a copy, a former name or a relative of another."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model.", foreign_key="model.id", index=True)
    other_id: int = about("The model it relates to.", foreign_key="model.id", index=True)
    kind: str = about("copy, moved, or distinct: equal figures, but no copy.")
    status: str = about("curated: a person says so; proposed: a rule of ours does.")
    reason_en: str = about("Why.")
    reason_zh: str = about("The same in Chinese.")
    since: str | None = about("From when on, where known.", default=None)
    source: str | None = about("Receipt of a curated relation.", default=None)
    __table_args__ = (UniqueConstraint("model_id", "other_id", "kind"),)


class Paper(SQLModel, table=True):
    """A paper on arXiv."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    arxiv_id: str = about("arXiv id without version.", unique=True)
    title: str | None = about("Title.", default=None)
    authors: str = about("JSON array of names.", default="[]")
    version: int | None = about("Newest version seen.", default=None)
    published: str | None = about("Day of the first version.", default=None)
    updated: str | None = about("Day of the newest version.", default=None)
    abstract: str | None = about("Abstract, from arXiv's metadata.", default=None)
    categories: str = about("JSON array of categories.", default="[]")
    comment: str | None = about("Authors' comment.", default=None)
    doi: str | None = about("DOI.", default=None)
    venue: str | None = about("Where it appeared.", default=None)
    withdrawn: bool = about("Whether its authors withdrew it.", default=False)
    introduces_en: str | None = about("What it brought, in our words.", default=None)
    introduces_zh: str | None = about("The same in Chinese.", default=None)


class PaperLink(SQLModel, table=True):
    """Why a paper belongs to a model."""

    __tablename__ = "paper_link"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model.", foreign_key="model.id", index=True)
    paper_id: int = about("The paper.", foreign_key="paper.id", index=True)
    reason: str = about("curated, or what a program saw, for example a citation in BibTeX.")
    strength: str = about("strong, medium, or weak: those wait for a person.")
    role_en: str | None = about("What the paper is to the model.", default=None)
    role_zh: str | None = about("The same in Chinese.", default=None)
    __table_args__ = (UniqueConstraint("model_id", "paper_id", "reason"),)


class Term(SQLModel, table=True):
    """One entry of the controlled, bilingual vocabulary."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    group: str = about("pooling, objective, technique and so on.")
    slug: str = about("Key within its group.")
    label_en: str = about("Name in English.")
    label_zh: str = about("Name in Chinese.")
    definition_en: str = about("Definition in English.")
    definition_zh: str = about("Definition in Chinese.")
    paper: str | None = about("arXiv id of the defining paper.", default=None)
    cues: str | None = about("JSON array of phrases that point to it.", default=None)
    __table_args__ = (UniqueConstraint("group", "slug"),)


class Fact(SQLModel, table=True):
    """One statement about the method of a model."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model.", foreign_key="model.id", index=True)
    position: int = about("Order in which the curated file gives it.", default=0)
    property: str = about("pooling, base_model, training_data and so on.")
    value: str = about("Slug of the vocabulary or short text; not-documented for a known gap.")
    statement_en: str | None = about("One sentence of our own.", default=None)
    statement_zh: str | None = about("The same in Chinese.", default=None)
    qualifier: str | None = about("What limits it, for example a stage.", default=None)


class Evidence(SQLModel, table=True):
    """One receipt of a fact."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    fact_id: int = about("The fact.", foreign_key="fact.id", index=True)
    kind: str = about("primary, secondary, inherited or registry.")
    of_model: str | None = about("The model that an inherited receipt speaks of.", default=None)
    source: str = about("Address of the receipt.")
    locator: str | None = about("Heading, symbol, key, lines or page.", default=None)
    shows: str = about("JSON array of terms that stand together there.", default="[]")
    confidence: str = about("high, medium or low.")
    date: str | None = about("When a person checked it.", default=None)
    note: str | None = about("Remark.", default=None)
    state: str = about(
        "verified, moved, not-there, unreachable, source-changed or unchecked.", default="unchecked"
    )
    read_on: str | None = about("Day on which the source was read that decided.", default=None)
    position: str | None = about("Lines or page where the terms were found.", default=None)
    found_at: str | None = about("Locator of the place where they are instead.", default=None)
    reason: str | None = about("Why it does not hold.", default=None)
    copied_at: str | None = about("Address of the copy that was read instead.", default=None)


class BoardNote(SQLModel, table=True):
    """What a reader of a board must know for a time: a broken span, a withdrawn leader."""

    __tablename__ = "board_note"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    board: str = about("Edition name it belongs to.", index=True)
    kind: str = about("broken-span, disputed-leader or remark.")
    model: str | None = about("The model it is about.", default=None)
    valid_from: str | None = about("From when.", default=None)
    valid_to: str | None = about("Until when.", default=None)
    text_en: str = about("The note in English.")
    text_zh: str = about("The note in Chinese.")
    source: str | None = about("Receipt.", default=None)


class Correction(SQLModel, table=True):
    """A declared fix of a value that its source has wrong."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model: str = about("Public id of the model.")
    property: str = about("Property under the source's own name.")
    wrong: str = about("JSON of the source's value; the fix applies only while it is this.")
    right: str = about("JSON of the right value.")
    reason_en: str = about("Why.")
    reason_zh: str = about("The same in Chinese.")
    source: str = about("Receipt.")
    __table_args__ = (UniqueConstraint("model", "property"),)


class Finding(SQLModel, table=True):
    """Something that a load could not read or that a person should look at."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    source: str = about("Id of the source.")
    place: str = about("Where: path, commit, document.")
    severity: str = about("error, warning or info.")
    message: str = about("What.")
    remedy: str = about("What to do.", default="")
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
    ResultFolder,
    ResultFile,
    ResultTask,
    ResultLayout,
    ResultContent,
    ResultVersion,
    ResultIdentity,
    Registry,
    BoardDefinition,
    BoardState,
    ModelMove,
    RegistryTask,
    RegistryModel,
    Dataset,
    DatasetUse,
    NoPaper,
    MethodComparison,
    ComparisonLine,
    SearchEntry,
    ReadText,
    Candidate,
    WebPage,
)
"""In an order in which each table comes after those it refers to."""
