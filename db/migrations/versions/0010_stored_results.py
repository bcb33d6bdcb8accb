"""Add the events and time spans of result files that the starter has."""

import sqlalchemy as sa
from alembic import op

revision = "0010_stored_results"
down_revision = "0009_essay_receipts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "result_event",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("at", sa.String(), nullable=False, comment="Moment of the commit."),
        sa.Column(
            "model",
            sa.String(),
            nullable=False,
            comment="Public id org/name in the results at that moment.",
        ),
        sa.Column(
            "cause",
            sa.String(),
            nullable=False,
            comment="Cause, see tracker.insights.history.causes.",
        ),
        sa.Column(
            "tasks",
            sa.String(),
            nullable=False,
            comment="JSON array of the tasks of the files, one name for each file.",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_result_event_at", "result_event", ["at"])
    op.create_table(
        "result_span",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column(
            "model",
            sa.String(),
            nullable=False,
            comment="Public id org/name in the results at that time.",
        ),
        sa.Column(
            "valid_from", sa.String(), nullable=False, comment="First commit with the files."
        ),
        sa.Column("valid_to", sa.String(), comment="First later commit without them."),
        sa.Column(
            "tasks", sa.String(), nullable=False, comment="JSON array of the names of the tasks."
        ),
        sa.PrimaryKeyConstraint("id"),
    )
