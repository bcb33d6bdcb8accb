"""Computed states of boards beside published ones, and who answered for a snapshot."""

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
            comment="Who answered instead of the publisher's own server; null: that server.",
        ),
    )
    op.add_column(
        "standing",
        sa.Column(
            "points",
            sa.String(),
            comment="JSON array of the lines' Borda points; null where the source has none.",
        ),
    )
    op.add_column(
        "standing",
        sa.Column("n_tasks", sa.Integer(), comment="Tasks that counted; null: the edition's."),
    )
    op.add_column(
        "standing",
        sa.Column(
            "common",
            sa.String(),
            comment="JSON object: tasks that one of the first lines lacks, and means without them.",
        ),
    )
    op.create_table(
        "board_state",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("edition_id", sa.Integer(), nullable=False, comment="The board."),
        sa.Column("registry_id", sa.Integer(), nullable=False, comment="What defines it."),
        sa.Column("until", sa.String(), nullable=False, comment="Last commit that was read."),
        sa.Column(
            "inputs", sa.String(), nullable=False, comment="Digest of all that went in until then."
        ),
        sa.Column(
            "unattributed",
            sa.String(),
            nullable=False,
            comment="JSON array of models with results then that no registry model claims.",
        ),
        sa.Column(
            "unavailable",
            sa.String(),
            nullable=False,
            comment="JSON object: by task, how many result files the clone lacks.",
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
        sa.Column("other_id", sa.Integer(), nullable=False, comment="The name that it got."),
        sa.Column("at", sa.String(), nullable=False, comment="Moment of the commit."),
        sa.Column(
            "n_files", sa.Integer(), nullable=False, comment="Files whose contents went along."
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["model.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("model_id", "other_id"),
    )
