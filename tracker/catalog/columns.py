"""What the columns of all tables have in common."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field


def about(description: str, **options: Any) -> Any:
    """A column with its description, which becomes its comment and its line in the docs."""
    return Field(description=description, sa_column_kwargs={"comment": description}, **options)


def first_shown() -> ForeignKeyConstraint:
    """Every interval begins at a snapshot: provenance is a foreign key."""
    return ForeignKeyConstraint(
        ["stream_id", "valid_from"],
        ["snapshot.stream_id", "snapshot.published_at"],
        # A load rearranges snapshots and intervals together; checked when it commits.
        deferrable=True,
        initially="DEFERRED",
    )
