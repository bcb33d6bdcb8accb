"""Organisations that publish models."""

import sqlalchemy as sa
from alembic import op

revision = "0008_organisations"
down_revision = "0007_receipts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Opaque id."),
        *(
            sa.Column(name, sa.String(), nullable=nullable, comment=comment)
            for name, comment, nullable in (
                ("slug", "Public name; unique.", False),
                ("name_en", "Name in English.", False),
                ("name_zh", "Name in Chinese; the English one where it has no other.", False),
                ("kind", "company, lab, university, institute, team or community.", False),
                ("parent", "Slug of the organisation that it belongs to.", True),
                ("owners", "JSON array of accounts, or of account/name prefixes.", False),
                ("aliases", "JSON array of other names that people write.", False),
            )
        ),
        sa.UniqueConstraint("slug"),
    )
