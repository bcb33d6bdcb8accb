"""Tables of raw scores, of registries, and of the boards computed from both."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from tracker.catalog.columns import about, first_shown


class ResultFolderTable(SQLModel, table=True):
    """One folder of the results repository: a model at a revision, or one experiment with it."""

    __tablename__ = "result_folder"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    path: str = about("Path in the repository.", unique=True)


class ResultFileTable(SQLModel, table=True):
    """One path that exists or existed in the results repository."""

    __tablename__ = "result_file"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    folder_id: int = about("The folder.", foreign_key="result_folder.id")
    name: str = about("File name.")
    __table_args__ = (UniqueConstraint("folder_id", "name"),)


class ResultTaskTable(SQLModel, table=True):
    """One task name of result files."""

    __tablename__ = "result_task"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    name: str = about("Name of the task.", unique=True)


class ResultLayoutTable(SQLModel, table=True):
    """An ordered list of splits and subsets with scores; thousands of files share one."""

    __tablename__ = "result_layout"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    digest: str = about("SHA-256 of the cells.", unique=True)
    cells: str = about("JSON array of [split, subset].")


class ResultContentTable(SQLModel, table=True):
    """The parsed content of one blob of the results repository, whatever paths and commits have it.

    The scores are in the order of ``result_layout.cells``.
    """

    __tablename__ = "result_content"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    blob: str = about("Git blob id.")
    kind: str = about("By its path: scores, metadata or other.")
    outcome: str = about(
        "read, unread (not a result file), untold (its metric is unknown), unavailable (not in the"
        " clone) or unreadable."
    )
    reason: str | None = about("Why it could not be read.", default=None)
    format: str | None = about("1.11 for the present format, 1.0 for the older one.", default=None)
    task_id: int | None = about(
        "The task that it names.", foreign_key="result_task.id", default=None
    )
    mteb_version: str | None = about("Version of the evaluator.", default=None)
    dataset_revision: str | None = about("Revision of the task's dataset.", default=None)
    evaluation_time: float | None = about("Seconds that the evaluation took.", default=None)
    layout_id: int | None = about(
        "Its splits and subsets.", foreign_key="result_layout.id", default=None
    )
    scores: str | None = about(
        "JSON array of main scores, 0 to 1; null if the file has none.", default=None
    )
    properties: str | None = about("JSON object of a model_meta.json, without prose.", default=None)
    __table_args__ = (UniqueConstraint("blob", "kind"),)


class ResultVersionTable(SQLModel, table=True):
    """The content of a path, with the interval in which it had it."""

    __tablename__ = "result_version"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    file_id: int = about("The path.", foreign_key="result_file.id", index=True)
    content_id: int = about("The content.", foreign_key="result_content.id", index=True)
    task_id: int | None = about(
        "The task of the content.", foreign_key="result_task.id", default=None
    )
    stream_id: int = about("The stream that shows it.", foreign_key="stream.id")
    valid_from: str = about("First commit that has it.")
    valid_to: str | None = about("First later commit that does not.", default=None)
    __table_args__ = (
        first_shown(),
        CheckConstraint("valid_to is null or valid_to > valid_from"),
        Index("ix_result_version_task", "task_id", "valid_from"),
    )


class ResultIdentityTable(SQLModel, table=True):
    """The model of a folder according to its model_meta.json or its path, with the interval."""

    __tablename__ = "result_identity"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    folder_id: int = about("The folder.", foreign_key="result_folder.id", index=True)
    model: str = about("Public id org/name.", index=True)
    revision: str | None = about("Revision of the model.", default=None)
    experiment: str = about("JSON object of the experiment's settings; empty: none.")
    origin: str = about("self-reported (folder external) or run.")
    valid_from: str = about("Start.")
    valid_to: str | None = about("End; null: open.", default=None)


class RegistryTable(SQLModel, table=True):
    """One version of the benchmark registry, which defines boards, tasks and models."""

    __tablename__ = "registry"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    mteb_version: str = about("Version of the mteb package that it was exported from.")
    digest: str = about("SHA-256 of the export.", unique=True)
    stream_id: int = about("Its stream; the newest snapshot counts.", foreign_key="stream.id")


class BoardDefinitionTable(SQLModel, table=True):
    """The definition of a board in a registry: exact tasks, splits, subsets and rule."""

    __tablename__ = "board_definition"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    registry_id: int = about("The registry.", foreign_key="registry.id")
    edition_id: int = about("The board.", foreign_key="edition.id", index=True)
    definition: str = about("JSON object, see tracker.ranking.benchmark.")
    properties: str = about("JSON object of the benchmark's other properties.")
    __table_args__ = (UniqueConstraint("registry_id", "edition_id"),)


class BoardStateTable(SQLModel, table=True):
    """End and inputs of the computed states of a board."""

    __tablename__ = "board_state"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    edition_id: int = about("The board.", foreign_key="edition.id", unique=True)
    registry_id: int = about("The registry that defines it.", foreign_key="registry.id")
    until: str = about("Moment of the last commit that was read.")
    inputs: str = about("Digest of all inputs until then.")
    unattributed: str = about(
        "JSON array of [model, start, end or null] of models with results on the board that no"
        " registry model matches."
    )
    unavailable: str = about("JSON object: number of result files missing in the clone, by task.")


class ModelMoveTable(SQLModel, table=True):
    """A commit that moved all result files of a model to another name."""

    __tablename__ = "model_move"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model under its former name.", foreign_key="model.id")
    other_id: int = about("The model under its new name.", foreign_key="model.id")
    at: str = about("Moment of the commit.")
    n_files: int = about("Number of files that were moved with the same content.")
    __table_args__ = (UniqueConstraint("model_id", "other_id"),)


class ResultEventTable(SQLModel, table=True):
    """Events of a model's result files with one cause in one commit; only the starter has them.

    A catalog with result files finds them there.
    """

    __tablename__ = "result_event"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    at: str = about("Moment of the commit.", index=True)
    model: str = about("Public id org/name in the results at that moment.")
    cause: str = about("Cause, see tracker.insights.history.causes.")
    tasks: str = about("JSON array of the tasks of the files, one name for each file.")


class ResultSpanTable(SQLModel, table=True):
    """Tasks for which a model has result files in one time span; only the starter has them.

    A catalog with result files finds them there.
    """

    __tablename__ = "result_span"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model: str = about("Public id org/name in the results at that time.")
    valid_from: str = about("First commit with the files.")
    valid_to: str | None = about("First later commit without them.", default=None)
    tasks: str = about("JSON array of the names of the tasks.")


class RegistryTaskTable(SQLModel, table=True):
    """One task of a registry."""

    __tablename__ = "registry_task"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    registry_id: int = about("The registry.", foreign_key="registry.id")
    name: str = about("Name.")
    type: str = about("Task type.")
    main_score: str = about("Name of its main metric.")
    is_public: bool = about("Whether its data is public.")
    properties: str = about("JSON object of its other properties.")
    __table_args__ = (UniqueConstraint("registry_id", "name"),)


class RegistryModelTable(SQLModel, table=True):
    """One model of a registry."""

    __tablename__ = "registry_model"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    registry_id: int = about("The registry.", foreign_key="registry.id")
    name: str = about("Public id org/name.")
    revision: str | None = about("The revision whose results count.", default=None)
    training_tasks: str | None = about(
        "JSON array of training tasks, including its base model's and similar ones; null: not"
        " declared.",
        default=None,
    )
    properties: str = about("JSON object of its other properties.")
    __table_args__ = (UniqueConstraint("registry_id", "name"),)
