"""Create the tables of boards, models, methods and their provenance."""

import sqlalchemy as sa
from alembic import op

revision = "0001_initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "board_note",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("board", sa.String(), nullable=False, comment="Edition name it belongs to."),
        sa.Column(
            "kind", sa.String(), nullable=False, comment="broken-span, disputed-leader or remark."
        ),
        sa.Column("model", sa.String(), nullable=True, comment="The model it is about."),
        sa.Column("valid_from", sa.String(), nullable=True, comment="Start; null: always."),
        sa.Column("valid_to", sa.String(), nullable=True, comment="End; null: open."),
        sa.Column("text_en", sa.String(), nullable=False, comment="The note in English."),
        sa.Column("text_zh", sa.String(), nullable=False, comment="The note in Chinese."),
        sa.Column("source", sa.String(), nullable=True, comment="Address of the evidence."),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_board_note_board"), "board_note", ["board"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("model", sa.String(), nullable=False, comment="Public id of the model."),
        sa.Column(
            "property", sa.String(), nullable=False, comment="Property under the source's own name."
        ),
        sa.Column(
            "wrong",
            sa.String(),
            nullable=False,
            comment="The source's value; the correction applies only while it is this.",
        ),
        sa.Column("right", sa.String(), nullable=False, comment="The right value."),
        sa.Column("reason_en", sa.String(), nullable=False, comment="Reason in English."),
        sa.Column("reason_zh", sa.String(), nullable=False, comment="Reason in Chinese."),
        sa.Column("source", sa.String(), nullable=False, comment="Address of the evidence."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("model", "property"),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("source", sa.String(), nullable=False, comment="Id of the source."),
        sa.Column("place", sa.String(), nullable=False, comment="Path, commit or document."),
        sa.Column("severity", sa.String(), nullable=False, comment="error, warning or info."),
        sa.Column("message", sa.String(), nullable=False, comment="What is wrong."),
        sa.Column("remedy", sa.String(), nullable=False, comment="What to do about it."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "place", "message"),
    )
    op.create_table(
        "model",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("name", sa.String(), nullable=False, comment="Public id org/name."),
        sa.Column(
            "slug", sa.String(), nullable=False, comment="Part of its address on the site; unique."
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("arxiv_id", sa.String(), nullable=False, comment="arXiv id without version."),
        sa.Column("title", sa.String(), nullable=True, comment="Title."),
        sa.Column("authors", sa.String(), nullable=False, comment="JSON array of names."),
        sa.Column("version", sa.Integer(), nullable=True, comment="Newest version seen."),
        sa.Column("published", sa.String(), nullable=True, comment="Day of the first version."),
        sa.Column("updated", sa.String(), nullable=True, comment="Day of the newest version."),
        sa.Column(
            "abstract", sa.String(), nullable=True, comment="Abstract, from arXiv's metadata."
        ),
        sa.Column("categories", sa.String(), nullable=False, comment="JSON array of categories."),
        sa.Column("comment", sa.String(), nullable=True, comment="Authors' comment."),
        sa.Column("doi", sa.String(), nullable=True, comment="DOI."),
        sa.Column("venue", sa.String(), nullable=True, comment="Journal or conference."),
        sa.Column(
            "withdrawn", sa.Boolean(), nullable=False, comment="Whether its authors withdrew it."
        ),
        sa.Column(
            "introduces_en", sa.String(), nullable=True, comment="What it introduced, in our words."
        ),
        sa.Column("introduces_zh", sa.String(), nullable=True, comment="The same in Chinese."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("arxiv_id"),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column(
            "slug", sa.String(), nullable=False, comment="Public name, for example mteb-english."
        ),
        sa.Column("title_en", sa.String(), nullable=False, comment="Title in English."),
        sa.Column("title_zh", sa.String(), nullable=False, comment="Title in Chinese."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "stream",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column(
            "source",
            sa.String(),
            nullable=False,
            comment="Id of the source, for example published-boards.",
        ),
        sa.Column(
            "name",
            sa.String(),
            nullable=False,
            comment="Path in the repository, or document of the API.",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "name"),
    )
    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column(
            "group", sa.String(), nullable=False, comment="pooling, objective, technique and so on."
        ),
        sa.Column("slug", sa.String(), nullable=False, comment="Key within its group."),
        sa.Column("label_en", sa.String(), nullable=False, comment="Name in English."),
        sa.Column("label_zh", sa.String(), nullable=False, comment="Name in Chinese."),
        sa.Column("definition_en", sa.String(), nullable=False, comment="Definition in English."),
        sa.Column("definition_zh", sa.String(), nullable=False, comment="Definition in Chinese."),
        sa.Column("paper", sa.String(), nullable=True, comment="arXiv id of the defining paper."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("group", "slug"),
    )
    op.create_table(
        "board_about",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("name", sa.String(), nullable=False, comment="Edition name."),
        sa.Column(
            "display_name", sa.String(), nullable=False, comment="Title on the publisher's site."
        ),
        sa.Column("reference", sa.String(), nullable=True, comment="Address of its paper or page."),
        sa.Column("citation", sa.String(), nullable=True, comment="BibTeX."),
        sa.Column("languages", sa.String(), nullable=False, comment="JSON array of languages."),
        sa.Column("domains", sa.String(), nullable=False, comment="JSON array of domains."),
        sa.Column("modalities", sa.String(), nullable=False, comment="JSON array of modalities."),
        sa.Column(
            "aggregations",
            sa.String(),
            nullable=False,
            comment="JSON array: how the publisher aggregates scores.",
        ),
        sa.Column(
            "successors",
            sa.String(),
            nullable=False,
            comment="JSON array of names of boards that replace it.",
        ),
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
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("series_id", sa.Integer(), nullable=False, comment="The series it belongs to."),
        sa.Column(
            "position",
            sa.Integer(),
            nullable=False,
            comment="Order within the series; the highest is the newest.",
        ),
        sa.Column(
            "source", sa.String(), nullable=False, comment="Id of the source that publishes it."
        ),
        sa.Column(
            "name",
            sa.String(),
            nullable=False,
            comment="Name; editions of one name differ in their task list.",
        ),
        sa.Column(
            "slug", sa.String(), nullable=False, comment="Part of its address on the site; unique."
        ),
        sa.Column(
            "unit",
            sa.String(),
            nullable=False,
            comment="Unit of its stored values: percent or fraction.",
        ),
        sa.Column("n_tasks", sa.Integer(), nullable=False, comment="Number of tasks."),
        sa.Column(
            "tasks",
            sa.String(),
            nullable=False,
            comment="JSON array of task names, sorted; empty if only counts are published.",
        ),
        sa.Column(
            "task_types",
            sa.String(),
            nullable=False,
            comment="JSON array of [task type, number of tasks or null].",
        ),
        sa.Column(
            "task_type",
            sa.String(),
            nullable=True,
            comment="Set for a table that shows one task type.",
        ),
        sa.Column(
            "speaks",
            sa.Boolean(),
            nullable=False,
            comment="Whether it is the main table of its board: overall, or the chosen one.",
        ),
        sa.Column(
            "digest",
            sa.String(),
            nullable=False,
            comment="Identity of the task list: SHA-256 over name, tasks and types.",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "digest"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index(op.f("ix_edition_name"), "edition", ["name"], unique=False)
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("model_id", sa.Integer(), nullable=False, comment="The model."),
        sa.Column(
            "position",
            sa.Integer(),
            nullable=False,
            comment="Order in the curated file.",
        ),
        sa.Column(
            "property",
            sa.String(),
            nullable=False,
            comment="pooling, base_model, training_data and so on.",
        ),
        sa.Column(
            "value",
            sa.String(),
            nullable=False,
            comment="Slug of a term or short text; not-documented for a known gap.",
        ),
        sa.Column("statement_en", sa.String(), nullable=True, comment="One sentence in our words."),
        sa.Column("statement_zh", sa.String(), nullable=True, comment="The same in Chinese."),
        sa.Column(
            "qualifier",
            sa.String(),
            nullable=True,
            comment="Limit of the statement, for example a stage.",
        ),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["model.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_fact_model_id"), "fact", ["model_id"], unique=False)
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("model_id", sa.Integer(), nullable=False, comment="The model."),
        sa.Column("label", sa.String(), nullable=False, comment="Label as published."),
        sa.Column(
            "link",
            sa.String(),
            nullable=False,
            comment="Link as published; empty if the source has none.",
        ),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["model.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("model_id", "label", "link"),
    )
    op.create_index(op.f("ix_listing_model_id"), "listing", ["model_id"], unique=False)
    op.create_table(
        "paper_link",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("model_id", sa.Integer(), nullable=False, comment="The model."),
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="The paper."),
        sa.Column(
            "reason",
            sa.String(),
            nullable=False,
            comment="curated, or the rule that found it, for example a citation in BibTeX.",
        ),
        sa.Column(
            "role_en",
            sa.String(),
            nullable=True,
            comment="Role of the paper, for example that it describes it.",
        ),
        sa.Column("role_zh", sa.String(), nullable=True, comment="The same in Chinese."),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["model.id"],
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["paper.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("model_id", "paper_id", "reason"),
    )
    op.create_index(op.f("ix_paper_link_model_id"), "paper_link", ["model_id"], unique=False)
    op.create_index(op.f("ix_paper_link_paper_id"), "paper_link", ["paper_id"], unique=False)
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("model_id", sa.Integer(), nullable=False, comment="The model."),
        sa.Column("other_id", sa.Integer(), nullable=False, comment="The model it relates to."),
        sa.Column(
            "kind",
            sa.String(),
            nullable=False,
            comment="copy, moved, or distinct (equal scores, but not a copy).",
        ),
        sa.Column(
            "status",
            sa.String(),
            nullable=False,
            comment="curated: stated by a person; observed: seen in the results; proposed: by a"
            " rule.",
        ),
        sa.Column("reason_en", sa.String(), nullable=False, comment="Reason in English."),
        sa.Column("reason_zh", sa.String(), nullable=False, comment="Reason in Chinese."),
        sa.Column(
            "since", sa.String(), nullable=True, comment="Day from which it holds, if known."
        ),
        sa.Column("source", sa.String(), nullable=True, comment="Address of the evidence."),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["model.id"],
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["model.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("model_id", "other_id", "kind"),
    )
    op.create_index(op.f("ix_relation_model_id"), "relation", ["model_id"], unique=False)
    op.create_index(op.f("ix_relation_other_id"), "relation", ["other_id"], unique=False)
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("stream_id", sa.Integer(), nullable=False, comment="The stream."),
        sa.Column(
            "published_at",
            sa.String(),
            nullable=False,
            comment="When the state was first seen, or the time of its commit.",
        ),
        sa.Column(
            "last_seen_at", sa.String(), nullable=False, comment="When it was last seen unchanged."
        ),
        sa.Column("url", sa.String(), nullable=False, comment="Address from which it was read."),
        sa.Column("commit", sa.String(), nullable=True, comment="Commit of a git source."),
        sa.Column(
            "digest",
            sa.String(),
            nullable=False,
            comment="Git blob id, or SHA-256 of the raw bytes.",
        ),
        sa.Column(
            "bundled",
            sa.Boolean(),
            nullable=False,
            comment="Whether it came with the starter, without raw bytes.",
        ),
        sa.ForeignKeyConstraint(
            ["stream_id"],
            ["stream.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream_id", "published_at"),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("name", sa.String(), nullable=False, comment="Name."),
        sa.Column("type", sa.String(), nullable=False, comment="Task type, for example Retrieval."),
        sa.Column("main_score", sa.String(), nullable=True, comment="Name of its main metric."),
        sa.Column("languages", sa.String(), nullable=False, comment="JSON array of languages."),
        sa.Column("domains", sa.String(), nullable=False, comment="JSON array of domains."),
        sa.Column("is_public", sa.Boolean(), nullable=True, comment="Whether its data is public."),
        sa.Column(
            "source_dataset", sa.String(), nullable=True, comment="Dataset on the Hugging Face Hub."
        ),
        sa.Column("reference", sa.String(), nullable=True, comment="Address of its paper or page."),
        sa.Column("citation", sa.String(), nullable=True, comment="BibTeX."),
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
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "board_row",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("edition_id", sa.Integer(), nullable=False, comment="The board."),
        sa.Column("listing_id", sa.Integer(), nullable=False, comment="The model, as listed."),
        sa.Column(
            "mean_task",
            sa.Float(),
            nullable=True,
            comment="Mean over tasks, in the edition's unit.",
        ),
        sa.Column("mean_task_type", sa.Float(), nullable=True, comment="Mean over task types."),
        sa.Column("mean_public", sa.Float(), nullable=True, comment="Mean over public tasks."),
        sa.Column("mean_private", sa.Float(), nullable=True, comment="Mean over private tasks."),
        sa.Column(
            "task_types", sa.String(), nullable=False, comment="JSON object: mean by task type."
        ),
        sa.Column(
            "task_scores",
            sa.String(),
            nullable=True,
            comment="JSON array of scores in the order of the edition's tasks.",
        ),
        sa.Column(
            "n_tasks",
            sa.Integer(),
            nullable=True,
            comment="Tasks with a score; null if not published.",
        ),
        sa.Column(
            "zero_shot_pct",
            sa.Integer(),
            nullable=True,
            comment="Percent of tasks that the model was not trained on; -1: not declared.",
        ),
        sa.Column(
            "trained_on",
            sa.String(),
            nullable=True,
            comment="JSON array of tasks it was trained on.",
        ),
        sa.Column("stream_id", sa.Integer(), nullable=False, comment="The stream that shows it."),
        sa.Column(
            "valid_from", sa.String(), nullable=False, comment="First snapshot that shows it."
        ),
        sa.Column(
            "valid_to", sa.String(), nullable=True, comment="First later snapshot that does not."
        ),
        sa.CheckConstraint("valid_to is null or valid_to > valid_from"),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
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
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_board_row_edition_valid",
        "board_row",
        ["edition_id", "valid_to", "valid_from", "listing_id", "n_tasks"],
        unique=False,
    )
    op.create_index(op.f("ix_board_row_listing_id"), "board_row", ["listing_id"], unique=False)
    op.create_index("ix_board_row_stream", "board_row", ["stream_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("fact_id", sa.Integer(), nullable=False, comment="The fact."),
        sa.Column(
            "kind", sa.String(), nullable=False, comment="curated, config, card, paper or registry."
        ),
        sa.Column("source", sa.String(), nullable=False, comment="Address of the source."),
        sa.Column("locator", sa.String(), nullable=True, comment="Section, line or key."),
        sa.Column("confidence", sa.String(), nullable=False, comment="high, medium or low."),
        sa.Column("date", sa.String(), nullable=True, comment="When it was checked."),
        sa.Column("note", sa.String(), nullable=True, comment="Remark."),
        sa.ForeignKeyConstraint(
            ["fact_id"],
            ["fact.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_evidence_fact_id"), "evidence", ["fact_id"], unique=False)
    op.create_table(
        "model_record",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("listing_id", sa.Integer(), nullable=False, comment="The model, as listed."),
        sa.Column(
            "properties",
            sa.String(),
            nullable=False,
            comment="JSON object of properties under the source's own names.",
        ),
        sa.Column("stream_id", sa.Integer(), nullable=False, comment="The stream that shows it."),
        sa.Column(
            "valid_from", sa.String(), nullable=False, comment="First snapshot that shows it."
        ),
        sa.Column(
            "valid_to", sa.String(), nullable=True, comment="First later snapshot that does not."
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
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
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_model_record_listing_id"), "model_record", ["listing_id"], unique=False
    )
    op.create_index("ix_model_record_stream", "model_record", ["stream_id"], unique=False)
    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), nullable=False, comment="Opaque id."),
        sa.Column("edition_id", sa.Integer(), nullable=False, comment="The board."),
        sa.Column(
            "listing_ids",
            sa.String(),
            nullable=False,
            comment="JSON array of the listing ids of the ranked rows, best first.",
        ),
        sa.Column(
            "ranks",
            sa.String(),
            nullable=True,
            comment="JSON array of their ranks; null: 1, 2, 3 …",
        ),
        sa.Column("stream_id", sa.Integer(), nullable=False, comment="The stream that shows it."),
        sa.Column(
            "valid_from", sa.String(), nullable=False, comment="First snapshot that shows it."
        ),
        sa.Column(
            "valid_to", sa.String(), nullable=True, comment="First later snapshot that does not."
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
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
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_standing_edition_valid", "standing", ["edition_id", "valid_from"], unique=False
    )
    op.create_index("ix_standing_stream", "standing", ["stream_id"], unique=False)


def downgrade() -> None:

    op.drop_index("ix_standing_stream", table_name="standing")
    op.drop_index("ix_standing_edition_valid", table_name="standing")
    op.drop_table("standing")
    op.drop_index("ix_model_record_stream", table_name="model_record")
    op.drop_index(op.f("ix_model_record_listing_id"), table_name="model_record")
    op.drop_table("model_record")
    op.drop_index(op.f("ix_evidence_fact_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("ix_board_row_stream", table_name="board_row")
    op.drop_index(op.f("ix_board_row_listing_id"), table_name="board_row")
    op.drop_index("ix_board_row_edition_valid", table_name="board_row")
    op.drop_table("board_row")
    op.drop_table("task")
    op.drop_table("snapshot")
    op.drop_index(op.f("ix_relation_other_id"), table_name="relation")
    op.drop_index(op.f("ix_relation_model_id"), table_name="relation")
    op.drop_table("relation")
    op.drop_index(op.f("ix_paper_link_paper_id"), table_name="paper_link")
    op.drop_index(op.f("ix_paper_link_model_id"), table_name="paper_link")
    op.drop_table("paper_link")
    op.drop_index(op.f("ix_listing_model_id"), table_name="listing")
    op.drop_table("listing")
    op.drop_index(op.f("ix_fact_model_id"), table_name="fact")
    op.drop_table("fact")
    op.drop_index(op.f("ix_edition_name"), table_name="edition")
    op.drop_table("edition")
    op.drop_table("board_about")
    op.drop_table("term")
    op.drop_table("stream")
    op.drop_table("series")
    op.drop_table("paper")
    op.drop_table("model")
    op.drop_table("finding")
    op.drop_table("correction")
    op.drop_index(op.f("ix_board_note_board"), table_name="board_note")
    op.drop_table("board_note")
