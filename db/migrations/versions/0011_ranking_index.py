"""Let questions about the spans of rankings read an index instead of the rankings."""

from alembic import op

revision = "0011_ranking_index"
down_revision = "0010_stored_results"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, columns in (
        ("ix_standing_edition_valid", ["edition_id", "valid_from", "valid_to", "stream_id"]),
        ("ix_standing_stream", ["stream_id", "edition_id", "valid_from", "valid_to"]),
    ):
        op.drop_index(name, table_name="standing")
        op.create_index(name, "standing", columns)
