"""Receipts that can be checked: kind, terms, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0007_receipts"
down_revision = "0006_board_states"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Every load writes the evidence again; what stands there until then was checked by nobody.
    with op.batch_alter_table("evidence") as table:
        table.alter_column(
            "kind",
            existing_type=sa.String(),
            existing_nullable=False,
            comment="primary, secondary, inherited or registry.",
        )
        table.alter_column(
            "locator",
            existing_type=sa.String(),
            comment="Heading, symbol, key, lines or page.",
        )
        table.alter_column("date", existing_type=sa.String(), comment="When a person checked it.")
        for name, comment, default in (
            ("of_model", "The model that an inherited receipt describes.", None),
            ("shows", "JSON array of terms that occur together there.", "[]"),
            (
                "state",
                "verified, moved, not-there, unreachable, source-changed or unchecked.",
                "unchecked",
            ),
            ("read_on", "Day of the reading that decided the state.", None),
            ("position", "Lines or page where the terms were found.", None),
            ("found_at", "Locator of the place where they are instead.", None),
            ("reason", "Why it is not verified.", None),
            ("copied_at", "Address of the copy that was read instead.", None),
        ):
            table.add_column(
                sa.Column(
                    name,
                    sa.String(),
                    nullable=default is None,
                    server_default=default,
                    comment=comment,
                )
            )
    with op.batch_alter_table("evidence") as table:
        for name in ("shows", "state"):
            table.alter_column(name, existing_type=sa.String(), server_default=None)
    op.execute("update evidence set kind = 'primary'")
