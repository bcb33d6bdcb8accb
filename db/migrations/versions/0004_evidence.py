"""Add statements extracted from cards, configuration files and papers."""

import sqlalchemy as sa
from alembic import op

revision = "0004_evidence"
down_revision = "0003_method_atlas"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_page",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("url", sa.String(), nullable=False, comment="Address, as cited."),
        sa.Column(
            "title", sa.String(), nullable=True, comment="Its title, when it was last available."
        ),
        sa.Column(
            "published",
            sa.String(),
            nullable=True,
            comment="Day of publication according to the page.",
        ),
        sa.Column(
            "status",
            sa.Integer(),
            nullable=False,
            comment="200, or the status with which its server last refused it.",
        ),
        sa.Column("seen_at", sa.String(), nullable=False, comment="When it was last requested."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("url"),
    )
    op.create_table(
        "read_text",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column(
            "model_id", sa.Integer(), nullable=False, comment="The model that it was read for."
        ),
        sa.Column("source", sa.String(), nullable=False, comment="Id of the source."),
        sa.Column(
            "document",
            sa.String(),
            nullable=False,
            comment="Document of the source, for example org/name/README.md.",
        ),
        sa.Column("kind", sa.String(), nullable=False, comment="config, card or paper."),
        sa.Column("url", sa.String(), nullable=False, comment="Address."),
        sa.Column("digest", sa.String(), nullable=False, comment="SHA-256 of the archived bytes."),
        sa.Column(
            "fetched_at", sa.String(), nullable=False, comment="When the bytes were fetched."
        ),
        sa.Column(
            "extractor", sa.String(), nullable=False, comment="Name and version of the extractor."
        ),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["model.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "document", "model_id"),
    )
    with op.batch_alter_table("read_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_read_text_model_id"), ["model_id"], unique=False)

    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("text_id", sa.Integer(), nullable=False, comment="The text."),
        sa.Column(
            "property",
            sa.String(),
            nullable=False,
            comment="pooling, base_model, training_data and so on.",
        ),
        sa.Column(
            "value", sa.String(), nullable=False, comment="Slug of the vocabulary, number or name."
        ),
        sa.Column("quote", sa.String(), nullable=False, comment="Verbatim, at most 25 words."),
        sa.Column(
            "start",
            sa.Integer(),
            nullable=False,
            comment="Offset of the quote in the text, in characters.",
        ),
        sa.Column(
            "section",
            sa.String(),
            nullable=False,
            comment="Headings above it, or key of a configuration file.",
        ),
        sa.Column("rule", sa.String(), nullable=False, comment="Name of the rule that found it."),
        sa.Column("confidence", sa.String(), nullable=False, comment="high, medium or low."),
        sa.ForeignKeyConstraint(
            ["text_id"],
            ["read_text.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_text_id"), ["text_id"], unique=False)
