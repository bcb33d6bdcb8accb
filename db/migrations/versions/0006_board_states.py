"""Add computed board states, and the server of a snapshot."""

import sqlalchemy as sa
from alembic import op

revision = "0006_board_states"
down_revision = "0005_paper_strength"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "snapshot",
        sa.Column(
            "server",
            sa.String(),
            comment="Server that answered instead of the publisher's own; null: the publisher's.",
        ),
    )
    op.add_column(
        "standing",
        sa.Column(
            "points",
            sa.String(),
            comment="JSON array of their Borda points; null if the source has none.",
        ),
    )
    op.add_column(
        "standing",
        sa.Column(
            "n_tasks", sa.Integer(), comment="Tasks that counted; null: those of the edition."
        ),
    )
    op.add_column(
        "standing",
        sa.Column(
            "common",
            sa.String(),
            comment="JSON object: tasks that one of the leading rows lacks, and means without"
            " them.",
        ),
    )
    op.create_table(
        "board_state",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("edition_id", sa.Integer(), nullable=False, comment="The board."),
        sa.Column(
            "registry_id", sa.Integer(), nullable=False, comment="The registry that defines it."
        ),
        sa.Column(
            "until", sa.String(), nullable=False, comment="Moment of the last commit that was read."
        ),
        sa.Column(
            "inputs", sa.String(), nullable=False, comment="Digest of all inputs until then."
        ),
        sa.Column(
            "unattributed",
            sa.String(),
            nullable=False,
            comment="JSON array of models with results that no registry model matches.",
        ),
        sa.Column(
            "unavailable",
            sa.String(),
            nullable=False,
            comment="JSON object: number of result files missing in the clone, by task.",
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"]),
        sa.ForeignKeyConstraint(["registry_id"], ["registry.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("edition_id"),
    )
    op.create_table(
        "model_move",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column(
            "model_id", sa.Integer(), nullable=False, comment="The model under its former name."
        ),
        sa.Column(
            "other_id", sa.Integer(), nullable=False, comment="The model under its new name."
        ),
        sa.Column("at", sa.String(), nullable=False, comment="Moment of the commit."),
        sa.Column(
            "n_files",
            sa.Integer(),
            nullable=False,
            comment="Number of files that were moved with the same content.",
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["model.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("model_id", "other_id"),
    )
