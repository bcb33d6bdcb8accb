"""Add datasets with their uses, comparisons, missing papers and search entries."""

import sqlalchemy as sa
from alembic import op

revision = "0003_method_atlas"
down_revision = "0002_raw_scores"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dataset",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column(
            "slug", sa.String(), nullable=False, comment="Part of its address on the site; unique."
        ),
        sa.Column("name", sa.String(), nullable=False, comment="Name."),
        sa.Column("aliases", sa.String(), nullable=False, comment="JSON array of other names."),
        sa.Column(
            "kind", sa.String(), nullable=False, comment="benchmark, mixture, labelled and so on."
        ),
        sa.Column("kind_en", sa.String(), nullable=False, comment="The kind in English."),
        sa.Column("kind_zh", sa.String(), nullable=False, comment="The same in Chinese."),
        sa.Column("what_en", sa.String(), nullable=False, comment="What it is, in our words."),
        sa.Column("what_zh", sa.String(), nullable=False, comment="The same in Chinese."),
        sa.Column("size_en", sa.String(), nullable=True, comment="Size."),
        sa.Column("size_zh", sa.String(), nullable=True, comment="The same in Chinese."),
        sa.Column("languages_en", sa.String(), nullable=False, comment="Languages of its texts."),
        sa.Column("languages_zh", sa.String(), nullable=False, comment="The same in Chinese."),
        sa.Column("note_en", sa.String(), nullable=True, comment="Remark."),
        sa.Column("note_zh", sa.String(), nullable=True, comment="The same in Chinese."),
        sa.Column("paper", sa.String(), nullable=True, comment="arXiv id of its paper."),
        sa.Column(
            "part_of",
            sa.String(),
            nullable=False,
            comment="JSON array of slugs of the mixtures that contain it.",
        ),
        sa.Column(
            "tasks",
            sa.String(),
            nullable=False,
            comment="JSON array of benchmark tasks that are made from it, sorted.",
        ),
        sa.Column("source", sa.String(), nullable=False, comment="Address of the source."),
        sa.Column("confidence", sa.String(), nullable=False, comment="high, medium or low."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "method_comparison",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column(
            "slug", sa.String(), nullable=False, comment="Part of its address on the site; unique."
        ),
        sa.Column("title_en", sa.String(), nullable=False, comment="Title in English."),
        sa.Column("title_zh", sa.String(), nullable=False, comment="Title in Chinese."),
        sa.Column(
            "summary_en", sa.String(), nullable=False, comment="Opening paragraph in English."
        ),
        sa.Column("summary_zh", sa.String(), nullable=False, comment="The same in Chinese."),
        sa.Column(
            "subjects",
            sa.String(),
            nullable=False,
            comment="JSON array of [slug, name, model or null, arXiv id or null].",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column(
            "kind",
            sa.String(),
            nullable=False,
            comment="model, paper, dataset, technique or comparison.",
        ),
        sa.Column("key", sa.String(), nullable=False, comment="Public id, arXiv id or slug."),
        sa.Column("title_en", sa.String(), nullable=False, comment="Title in English."),
        sa.Column("title_zh", sa.String(), nullable=False, comment="Title in Chinese."),
        sa.Column("about_en", sa.String(), nullable=True, comment="One sentence about it."),
        sa.Column("about_zh", sa.String(), nullable=True, comment="The same in Chinese."),
        sa.Column(
            "words", sa.String(), nullable=False, comment="Further words by which it is found."
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "key"),
    )
    op.create_table(
        "comparison_line",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("comparison_id", sa.Integer(), nullable=False, comment="The comparison."),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order within the comparison."),
        sa.Column(
            "kind",
            sa.String(),
            nullable=False,
            comment="dimension, difference, connection or remark.",
        ),
        sa.Column("topic_en", sa.String(), nullable=False, comment="Topic in English."),
        sa.Column("topic_zh", sa.String(), nullable=False, comment="The same in Chinese."),
        sa.Column(
            "texts_en",
            sa.String(),
            nullable=False,
            comment="JSON array: one text per subject for a dimension, otherwise one text.",
        ),
        sa.Column("texts_zh", sa.String(), nullable=False, comment="The same in Chinese."),
        sa.Column("sources", sa.String(), nullable=False, comment="JSON array of addresses."),
        sa.Column("confidence", sa.String(), nullable=False, comment="high, medium or low."),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["method_comparison.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("comparison_id", "position"),
    )
    op.create_table(
        "dataset_use",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("dataset_id", sa.Integer(), nullable=False, comment="The dataset."),
        sa.Column("model_id", sa.Integer(), nullable=False, comment="The model."),
        sa.Column(
            "declared",
            sa.String(),
            nullable=False,
            comment="curated: read by a person; registry: in the model's registry entry.",
        ),
        sa.Column(
            "qualifier",
            sa.String(),
            nullable=True,
            comment="Limit of the statement, for example a stage.",
        ),
        sa.Column(
            "source",
            sa.String(),
            nullable=False,
            comment="Address of the source, or name and version of the registry.",
        ),
        sa.Column(
            "locator",
            sa.String(),
            nullable=True,
            comment="Section or key; for a registry the tasks.",
        ),
        sa.Column("confidence", sa.String(), nullable=False, comment="high, medium or low."),
        sa.Column("date", sa.String(), nullable=True, comment="When it was checked."),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["dataset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["model.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("dataset_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dataset_use_dataset_id"), ["dataset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dataset_use_model_id"), ["model_id"], unique=False)

    op.create_table(
        "no_paper",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("model_id", sa.Integer(), nullable=False, comment="The model."),
        sa.Column("text_en", sa.String(), nullable=False, comment="What was found instead."),
        sa.Column("text_zh", sa.String(), nullable=False, comment="The same in Chinese."),
        sa.Column("checked", sa.String(), nullable=False, comment="Day of the check."),
        sa.Column("source", sa.String(), nullable=True, comment="Address that was checked."),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["model.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("model_id"),
    )
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "cues",
                sa.String(),
                nullable=True,
                comment="JSON array of phrases that point to it.",
            )
        )
