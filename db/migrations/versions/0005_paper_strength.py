"""Add the strength of links between papers and models."""

import sqlalchemy as sa
from alembic import op

revision = "0005_paper_strength"
down_revision = "0004_evidence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # All links so far were made by people or cite the paper; new ones have to say it themselves.
    with op.batch_alter_table("paper_link") as table:
        table.add_column(
            sa.Column(
                "strength",
                sa.String(),
                nullable=False,
                server_default="strong",
                comment="strong, medium, or weak: those wait for a person.",
            )
        )
    with op.batch_alter_table("paper_link") as table:
        table.alter_column("strength", server_default=None)
