"""Tables of raw scores and of the registry that says which of them make a board."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from tracker.catalog.columns import about, first_shown


class ResultFolder(SQLModel, table=True):
    """One folder of the results repository: a model at one revision, or one experiment with it."""

    __tablename__ = "result_folder"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    path: str = about("Path in the repository.", unique=True)


class ResultFile(SQLModel, table=True):
    """One path of the results repository that ever existed."""

    __tablename__ = "result_file"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    folder_id: int = about("The folder.", foreign_key="result_folder.id")
    name: str = about("File name.")
    __table_args__ = (UniqueConstraint("folder_id", "name"),)


class ResultTask(SQLModel, table=True):
    """One task as result files name it."""

    __tablename__ = "result_task"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    name: str = about("Name of the task.", unique=True)


class ResultLayout(SQLModel, table=True):
    """Which splits and subsets a file tells, in its order; thousands of files share one."""

    __tablename__ = "result_layout"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    digest: str = about("SHA-256 of the cells.", unique=True)
    cells: str = about("JSON array of [split, subset].")


class ResultContent(SQLModel, table=True):
    """What one blob of the results repository says; read once, whatever paths and commits have it.

    The scores are those of ``result_layout.cells``, in the same order.
    """

    __tablename__ = "result_content"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    blob: str = about("Git blob id.")
    kind: str = about("By its path: scores, metadata or other.")
    outcome: str = about("read, unread (no result file), untold, unavailable or unreadable.")
    reason: str | None = about("Why it could not be read.", default=None)
    format: str | None = about("1.11 for the present format, 1.0 for the older one.", default=None)
    task_id: int | None = about(
        "The task that it names.", foreign_key="result_task.id", default=None
    )
    mteb_version: str | None = about("Version of the evaluator.", default=None)
    dataset_revision: str | None = about("Revision of the task's dataset.", default=None)
    evaluation_time: float | None = about("Seconds that the evaluation took.", default=None)
    layout_id: int | None = about(
        "Which splits and subsets.", foreign_key="result_layout.id", default=None
    )
    scores: str | None = about(
        "JSON array of main scores, 0 to 1; null where the file has none.", default=None
    )
    properties: str | None = about("JSON object of a model_meta.json, without prose.", default=None)
    __table_args__ = (UniqueConstraint("blob", "kind"),)


class ResultVersion(SQLModel, table=True):
    """Which content a path had, for as long as it had it."""

    __tablename__ = "result_version"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    file_id: int = about("The path.", foreign_key="result_file.id", index=True)
    content_id: int = about("What stood there.", foreign_key="result_content.id", index=True)
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


class ResultIdentity(SQLModel, table=True):
    """Whose results a folder holds, for as long as its model_meta.json or its path says so."""

    __tablename__ = "result_identity"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    folder_id: int = about("The folder.", foreign_key="result_folder.id", index=True)
    model: str = about("Public id org/name.", index=True)
    revision: str | None = about("Revision of the model.", default=None)
    experiment: str = about("JSON object of what the experiment varies; empty: nothing.")
    origin: str = about("self-reported (folder external) or run.")
    valid_from: str = about("From when.")
    valid_to: str | None = about("Until when.", default=None)


class Registry(SQLModel, table=True):
    """One version of the benchmark registry: what boards, tasks and models are."""

    id: int | None = about("Opaque id.", primary_key=True, default=None)
    mteb_version: str = about("Version of the mteb package that it was exported from.")
    digest: str = about("SHA-256 of the export.", unique=True)
    stream_id: int = about("Where this was read; its newest snapshot.", foreign_key="stream.id")


class BoardDefinition(SQLModel, table=True):
    """How a registry computes a board: exact tasks, splits, subsets and rule."""

    __tablename__ = "board_definition"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    registry_id: int = about("The registry.", foreign_key="registry.id")
    edition_id: int = about("The board.", foreign_key="edition.id", index=True)
    definition: str = about("JSON object, see tracker.ranking.benchmark.")
    properties: str = about("JSON object of what else is told of the benchmark.")
    __table_args__ = (UniqueConstraint("registry_id", "edition_id"),)


class BoardState(SQLModel, table=True):
    """Until when the computed states of a board are known, and from what they were computed."""

    __tablename__ = "board_state"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    edition_id: int = about("The board.", foreign_key="edition.id", unique=True)
    registry_id: int = about("What defines it.", foreign_key="registry.id")
    until: str = about("Last commit that was read.")
    inputs: str = about("Digest of all that went in until then.")
    unattributed: str = about(
        "JSON array of models with results that no registry model claims: each an array of its"
        " name, since when and until when it had results on the board (null while it has)."
    )
    unavailable: str = about("JSON object: by task, how many result files the clone lacks.")


class ModelMove(SQLModel, table=True):
    """A commit in which all result files of a model went to another name."""

    __tablename__ = "model_move"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    model_id: int = about("The model under its former name.", foreign_key="model.id")
    other_id: int = about("The name that it got.", foreign_key="model.id")
    at: str = about("Moment of the commit.")
    n_files: int = about("Files whose contents went along.")
    __table_args__ = (UniqueConstraint("model_id", "other_id"),)


class RegistryTask(SQLModel, table=True):
    """What a registry says of a task."""

    __tablename__ = "registry_task"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    registry_id: int = about("The registry.", foreign_key="registry.id")
    name: str = about("Name.")
    type: str = about("Task type.")
    main_score: str = about("Name of its main metric.")
    is_public: bool = about("Whether its data is public.")
    properties: str = about("JSON object of what else is told.")
    __table_args__ = (UniqueConstraint("registry_id", "name"),)


class RegistryModel(SQLModel, table=True):
    """What a registry says of a model."""

    __tablename__ = "registry_model"
    id: int | None = about("Opaque id.", primary_key=True, default=None)
    registry_id: int = about("The registry.", foreign_key="registry.id")
    name: str = about("Public id org/name.")
    revision: str | None = about("The revision that speaks for the model.", default=None)
    training_tasks: str | None = about(
        "JSON array of training tasks, its base's and similar ones too; null: untold.",
        default=None,
    )
    properties: str = about("JSON object of what else is told.")
    __table_args__ = (UniqueConstraint("registry_id", "name"),)
