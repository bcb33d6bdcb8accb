"""Receipts of the statements of written comparisons."""

import sqlalchemy as sa
from alembic import op

revision = "0009_essay_receipts"
down_revision = "0008_organisations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Every load writes the statements again.
    with op.batch_alter_table("comparison_line") as table:
        table.add_column(
            sa.Column(
                "receipts",
                sa.String(),
                nullable=False,
                server_default="[]",
                comment="JSON array of receipts, each an object with the columns of evidence.",
            )
        )
    with op.batch_alter_table("comparison_line") as table:
        table.alter_column("receipts", existing_type=sa.String(), server_default=None)
