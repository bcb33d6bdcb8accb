"""Add raw scores with their history, and the registries that define boards."""

import sqlalchemy as sa
from alembic import op

revision = "0002_raw_scores"
down_revision = "0001_initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "result_folder",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("path", sa.String(), nullable=False, comment="Path in the repository."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("path"),
    )
    op.create_table(
        "result_layout",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("digest", sa.String(), nullable=False, comment="SHA-256 of the cells."),
        sa.Column("cells", sa.String(), nullable=False, comment="JSON array of [split, subset]."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "result_task",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("name", sa.String(), nullable=False, comment="Name of the task."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "registry",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column(
            "mteb_version",
            sa.String(),
            nullable=False,
            comment="Version of the mteb package that it was exported from.",
        ),
        sa.Column("digest", sa.String(), nullable=False, comment="SHA-256 of the export."),
        sa.Column(
            "stream_id",
            sa.Integer(),
            nullable=False,
            comment="Its stream; the newest snapshot counts.",
        ),
        sa.ForeignKeyConstraint(
            ["stream_id"],
            ["stream.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "result_content",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("blob", sa.String(), nullable=False, comment="Git blob id."),
        sa.Column(
            "kind", sa.String(), nullable=False, comment="By its path: scores, metadata or other."
        ),
        sa.Column(
            "outcome",
            sa.String(),
            nullable=False,
            comment="read, unread (not a result file), untold (its metric is unknown), unavailable"
            " (not in the clone) or unreadable.",
        ),
        sa.Column("reason", sa.String(), nullable=True, comment="Why it could not be read."),
        sa.Column(
            "format",
            sa.String(),
            nullable=True,
            comment="1.11 for the present format, 1.0 for the older one.",
        ),
        sa.Column("task_id", sa.Integer(), nullable=True, comment="The task that it names."),
        sa.Column("mteb_version", sa.String(), nullable=True, comment="Version of the evaluator."),
        sa.Column(
            "dataset_revision",
            sa.String(),
            nullable=True,
            comment="Revision of the task's dataset.",
        ),
        sa.Column(
            "evaluation_time",
            sa.Float(),
            nullable=True,
            comment="Seconds that the evaluation took.",
        ),
        sa.Column("layout_id", sa.Integer(), nullable=True, comment="Its splits and subsets."),
        sa.Column(
            "scores",
            sa.String(),
            nullable=True,
            comment="JSON array of main scores, 0 to 1; null if the file has none.",
        ),
        sa.Column(
            "properties",
            sa.String(),
            nullable=True,
            comment="JSON object of a model_meta.json, without prose.",
        ),
        sa.ForeignKeyConstraint(
            ["layout_id"],
            ["result_layout.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["result_task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("blob", "kind"),
    )
    op.create_table(
        "result_file",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("folder_id", sa.Integer(), nullable=False, comment="The folder."),
        sa.Column("name", sa.String(), nullable=False, comment="File name."),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["result_folder.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("folder_id", "name"),
    )
    op.create_table(
        "result_identity",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("folder_id", sa.Integer(), nullable=False, comment="The folder."),
        sa.Column("model", sa.String(), nullable=False, comment="Public id org/name."),
        sa.Column("revision", sa.String(), nullable=True, comment="Revision of the model."),
        sa.Column(
            "experiment",
            sa.String(),
            nullable=False,
            comment="JSON object of the experiment's settings; empty: none.",
        ),
        sa.Column(
            "origin", sa.String(), nullable=False, comment="self-reported (folder external) or run."
        ),
        sa.Column("valid_from", sa.String(), nullable=False, comment="Start."),
        sa.Column("valid_to", sa.String(), nullable=True, comment="End; null: open."),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["result_folder.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("result_identity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_result_identity_folder_id"), ["folder_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_result_identity_model"), ["model"], unique=False)

    op.create_table(
        "board_definition",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("registry_id", sa.Integer(), nullable=False, comment="The registry."),
        sa.Column("edition_id", sa.Integer(), nullable=False, comment="The board."),
        sa.Column(
            "definition",
            sa.String(),
            nullable=False,
            comment="JSON object, see tracker.ranking.benchmark.",
        ),
        sa.Column(
            "properties",
            sa.String(),
            nullable=False,
            comment="JSON object of the benchmark's other properties.",
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
        ),
        sa.ForeignKeyConstraint(
            ["registry_id"],
            ["registry.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("registry_id", "edition_id"),
    )
    with op.batch_alter_table("board_definition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_board_definition_edition_id"), ["edition_id"], unique=False
        )

    op.create_table(
        "registry_model",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("registry_id", sa.Integer(), nullable=False, comment="The registry."),
        sa.Column("name", sa.String(), nullable=False, comment="Public id org/name."),
        sa.Column(
            "revision",
            sa.String(),
            nullable=True,
            comment="The revision whose results count.",
        ),
        sa.Column(
            "training_tasks",
            sa.String(),
            nullable=True,
            comment="JSON array of training tasks, including its base model's and similar ones;"
            " null: not declared.",
        ),
        sa.Column(
            "properties",
            sa.String(),
            nullable=False,
            comment="JSON object of its other properties.",
        ),
        sa.ForeignKeyConstraint(
            ["registry_id"],
            ["registry.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("registry_id", "name"),
    )
    op.create_table(
        "registry_task",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("registry_id", sa.Integer(), nullable=False, comment="The registry."),
        sa.Column("name", sa.String(), nullable=False, comment="Name."),
        sa.Column("type", sa.String(), nullable=False, comment="Task type."),
        sa.Column("main_score", sa.String(), nullable=False, comment="Name of its main metric."),
        sa.Column("is_public", sa.Boolean(), nullable=False, comment="Whether its data is public."),
        sa.Column(
            "properties",
            sa.String(),
            nullable=False,
            comment="JSON object of its other properties.",
        ),
        sa.ForeignKeyConstraint(
            ["registry_id"],
            ["registry.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("registry_id", "name"),
    )
    op.create_table(
        "result_version",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("file_id", sa.Integer(), nullable=False, comment="The path."),
        sa.Column("content_id", sa.Integer(), nullable=False, comment="The content."),
        sa.Column("task_id", sa.Integer(), nullable=True, comment="The task of the content."),
        sa.Column("stream_id", sa.Integer(), nullable=False, comment="The stream that shows it."),
        sa.Column("valid_from", sa.String(), nullable=False, comment="First commit that has it."),
        sa.Column(
            "valid_to", sa.String(), nullable=True, comment="First later commit that does not."
        ),
        sa.CheckConstraint("valid_to is null or valid_to > valid_from"),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["result_content.id"],
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["result_file.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stream_id", "valid_from"],
            ["snapshot.stream_id", "snapshot.published_at"],
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["stream_id"],
            ["stream.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["result_task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("result_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_result_version_content_id"), ["content_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_result_version_file_id"), ["file_id"], unique=False)
        batch_op.create_index("ix_result_version_task", ["task_id", "valid_from"], unique=False)

    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "message", sa.String(), nullable=True, comment="First line of a commit's message."
            )
        )
