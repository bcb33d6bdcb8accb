"""Tables of the catalog. Moments are UTC text ``YYYY-MM-DDTHH:MM:SSZ``.

A row with ``valid_from`` and ``valid_to`` is an interval: it holds from the first snapshot that
shows it until the first one that does not. An open interval (``valid_to`` null) holds until the
last known snapshot. Classes define columns only; loads write tuples and queries are SQL.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from tracker.catalog.columns import about, first_shown
from tracker.catalog.knowledge.candidate_tables import CandidateTable, ReadTextTable, WebPageTable
from tracker.catalog.knowledge.tables import (
    ComparisonLineTable,
    DatasetTable,
    DatasetUseTable,
    EvidenceTable,
    FactTable,
    MethodComparisonTable,
    NoPaperTable,
    OrganisationTable,
    PaperLinkTable,
    PaperTable,
    SearchEntryTable,
    TermTable,
)
from tracker.catalog.results.tables import (
    BoardDefinitionTable,
    BoardStateTable,
    ModelMoveTable,
    RegistryModelTable,
    RegistryTable,
    RegistryTaskTable,
    ResultContentTable,
    ResultEventTable,
    ResultFileTable,
    ResultFolderTable,
    ResultIdentityTable,
    ResultLayoutTable,
    ResultSpanTable,
    ResultTaskTable,
    ResultVersionTable,
)


class StreamTable(SQLModel, table=True):
    """One document that a source publishes repeatedly, such as a board's table or a model list."""

    __tablename__ = "stream"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    source: str = about("Id of the source, for example published-boards.")
    name: str = about("Path in the repository, or document of the API.")
    __table_args__ = (UniqueConstraint("source", "name"),)


class SnapshotTable(SQLModel, table=True):
    """One state of a stream; a later sighting of the same state only moves last_seen_at."""

    __tablename__ = "snapshot"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    stream_id: int = about("The stream.", foreign_key="stream.id")
    published_at: str = about("When the state was first seen, or the time of its commit.")
    last_seen_at: str = about("When it was last seen unchanged.")
    url: str = about("Address from which it was read.")
    commit: str | None = about("Commit of a git source.", default=None)
    digest: str = about("Git blob id, or SHA-256 of the raw bytes.")
    bundled: bool = about("Whether it came with the starter, without raw bytes.", default=False)
    message: str | None = about("First line of the commit message.", default=None)
    server: str | None = about(
        "Server that answered instead of the publisher's own; null: the publisher's.", default=None
    )
    __table_args__ = (UniqueConstraint("stream_id", "published_at"),)


class SeriesTable(SQLModel, table=True):
    """A leaderboard with its successive editions."""

    __tablename__ = "series"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    slug: str = about("Public name, for example mteb-english.", unique=True)
    title_en: str = about("Title in English.")
    title_zh: str = about("Title in Chinese.")


class EditionTable(SQLModel, table=True):
    """A board with one exact task list."""

    __tablename__ = "edition"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    series_id: int = about("The series it belongs to.", foreign_key="series.id")
    position: int = about("Order within the series; the highest is the newest.")
    source: str = about("Id of the source that publishes it.")
    name: str = about("Name; editions of one name differ in their task list.", index=True)
    slug: str = about("Part of its address on the site; unique.", unique=True)
    unit: str = about("Unit of its stored values: percent or fraction.")
    n_tasks: int = about("Number of tasks.")
    tasks: str = about("JSON array of task names, sorted; empty if only counts are published.")
    task_types: str = about("JSON array of [task type, number of tasks or null].")
    task_type: str | None = about("Set for a table that shows one task type.", default=None)
    speaks: bool = about("Whether it is the main table of its board: overall, or the chosen one.")
    digest: str = about("Identity of the task list: SHA-256 over name, tasks and types.")
    __table_args__ = (UniqueConstraint("name", "digest"),)


class BoardAboutTable(SQLModel, table=True):
    """Description of a present board by its publisher, without prose."""

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
    stream_id: int = about("Its stream; the newest snapshot counts.", foreign_key="stream.id")


class TaskTable(SQLModel, table=True):
    """One task of the benchmarks."""

    __tablename__ = "task"
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
    stream_id: int = about("Its stream; the newest snapshot counts.", foreign_key="stream.id")


class ModelTable(SQLModel, table=True):
    """A text-embedding model with one public id."""

    __tablename__ = "model"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    name: str = about("Public id org/name.", unique=True)
    slug: str = about("Part of its address on the site; unique.", unique=True)


class ListingTable(SQLModel, table=True):
    """The label and link of a model in a source."""

    __tablename__ = "listing"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model.", foreign_key="model.id", index=True)
    label: str = about("Label as published.")
    link: str = about("Link as published; empty if the source has none.")
    __table_args__ = (UniqueConstraint("model_id", "label", "link"),)


class BoardRowTable(SQLModel, table=True):
    """The values of one row of a board, with the interval in which they held."""

    __tablename__ = "board_row"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    edition_id: int = about("The board.", foreign_key="edition.id")
    listing_id: int = about("The model, as listed.", foreign_key="listing.id", index=True)
    mean_task: float | None = about("Mean over tasks, in the edition's unit.", default=None)
    mean_task_type: float | None = about("Mean over task types.", default=None)
    mean_public: float | None = about("Mean over public tasks.", default=None)
    mean_private: float | None = about("Mean over private tasks.", default=None)
    task_types: str = about("JSON object: mean by task type.")
    task_scores: str | None = about(
        "JSON array of scores in the order of the edition's tasks.", default=None
    )
    n_tasks: int | None = about("Tasks with a score; null if not published.", default=None)
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
        # Covers the count of scored tasks over a board's type tables, a query of every board.
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


class StandingTable(SQLModel, table=True):
    """The ranking of a board, with the interval in which it held."""

    __tablename__ = "standing"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    edition_id: int = about("The board.", foreign_key="edition.id")
    listing_ids: str = about("JSON array of the listing ids of the ranked rows, best first.")
    ranks: str | None = about("JSON array of their ranks; null: 1, 2, 3 …", default=None)
    points: str | None = about(
        "JSON array of their Borda points; null if the source has none.", default=None
    )
    n_tasks: int | None = about("Tasks that counted; null: those of the edition.", default=None)
    common: str | None = about(
        "JSON object: tasks that one of the leading rows lacks, and means without them.",
        default=None,
    )
    stream_id: int = about("The stream that shows it.", foreign_key="stream.id")
    valid_from: str = about("First snapshot that shows it.")
    valid_to: str | None = about("First later snapshot that does not.", default=None)
    __table_args__ = (
        first_shown(),
        # Both cover the spans of rankings, which most questions ask for: a ranking is a long row.
        Index("ix_standing_edition_valid", "edition_id", "valid_from", "valid_to", "stream_id"),
        Index("ix_standing_stream", "stream_id", "edition_id", "valid_from", "valid_to"),
    )


class ModelRecordTable(SQLModel, table=True):
    """Metadata of a model in a source, with the interval in which it held."""

    __tablename__ = "model_record"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    listing_id: int = about("The model, as listed.", foreign_key="listing.id", index=True)
    properties: str = about("JSON object of properties under the source's own names.")
    stream_id: int = about("The stream that shows it.", foreign_key="stream.id")
    valid_from: str = about("First snapshot that shows it.")
    valid_to: str | None = about("First later snapshot that does not.", default=None)
    __table_args__ = (first_shown(), Index("ix_model_record_stream", "stream_id"))


class RelationTable(SQLModel, table=True):
    """One model is a copy or a former name of another, or is declared distinct from it."""

    __tablename__ = "relation"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model.", foreign_key="model.id", index=True)
    other_id: int = about("The model it relates to.", foreign_key="model.id", index=True)
    kind: str = about("copy, moved, or distinct (equal scores, but not a copy).")
    status: str = about(
        "curated: stated by a person; observed: seen in the results; proposed: by a rule."
    )
    reason_en: str = about("Reason in English.")
    reason_zh: str = about("Reason in Chinese.")
    since: str | None = about("Day from which it holds, if known.", default=None)
    source: str | None = about("Address of the evidence.", default=None)
    __table_args__ = (UniqueConstraint("model_id", "other_id", "kind"),)


class BoardNoteTable(SQLModel, table=True):
    """A note about a board for an interval, for example a broken span or a disputed leader."""

    __tablename__ = "board_note"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    board: str = about("Edition name it belongs to.", index=True)
    kind: str = about("broken-span, disputed-leader or remark.")
    model: str | None = about("The model it is about.", default=None)
    valid_from: str | None = about("Start; null: always.", default=None)
    valid_to: str | None = about("End; null: open.", default=None)
    text_en: str = about("The note in English.")
    text_zh: str = about("The note in Chinese.")
    source: str | None = about("Address of the evidence.", default=None)


class CorrectionTable(SQLModel, table=True):
    """A correction of a wrong value in a source."""

    __tablename__ = "correction"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model: str = about("Public id of the model.")
    property: str = about("Property under the source's own name.")
    wrong: str = about("The source's value; the correction applies only while it is this.")
    right: str = about("The right value.")
    reason_en: str = about("Reason in English.")
    reason_zh: str = about("Reason in Chinese.")
    source: str = about("Address of the evidence.")
    __table_args__ = (UniqueConstraint("model", "property"),)


class FindingTable(SQLModel, table=True):
    """Something that a load could not read or that a person should check."""

    __tablename__ = "finding"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    source: str = about("Id of the source.")
    place: str = about("Path, commit or document.")
    severity: str = about("error, warning or info.")
    message: str = about("What is wrong.")
    remedy: str = about("What to do about it.", default="")
    __table_args__ = (UniqueConstraint("source", "place", "message"),)


TABLES: tuple[type[SQLModel], ...] = (
    StreamTable,
    SnapshotTable,
    SeriesTable,
    EditionTable,
    BoardAboutTable,
    TaskTable,
    ModelTable,
    ListingTable,
    BoardRowTable,
    StandingTable,
    ModelRecordTable,
    RelationTable,
    PaperTable,
    PaperLinkTable,
    TermTable,
    FactTable,
    EvidenceTable,
    BoardNoteTable,
    CorrectionTable,
    FindingTable,
    ResultFolderTable,
    ResultFileTable,
    ResultTaskTable,
    ResultLayoutTable,
    ResultContentTable,
    ResultVersionTable,
    ResultIdentityTable,
    RegistryTable,
    BoardDefinitionTable,
    BoardStateTable,
    ModelMoveTable,
    ResultEventTable,
    ResultSpanTable,
    RegistryTaskTable,
    RegistryModelTable,
    DatasetTable,
    DatasetUseTable,
    NoPaperTable,
    MethodComparisonTable,
    ComparisonLineTable,
    OrganisationTable,
    SearchEntryTable,
    ReadTextTable,
    CandidateTable,
    WebPageTable,
)
"""All tables, each after those that it refers to."""
