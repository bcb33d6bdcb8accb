"""Helpers for the columns of all tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field


def about(description: str, **options: Any) -> Any:
    """Define a column with a description, which is also its comment and its text in the docs."""
    return Field(description=description, sa_column_kwargs={"comment": description}, **options)


def first_shown() -> ForeignKeyConstraint:
    """Make the foreign key from the start of an interval to the snapshot that shows it first."""
    return ForeignKeyConstraint(
        ["stream_id", "valid_from"],
        ["snapshot.stream_id", "snapshot.published_at"],
        # A load changes snapshots and intervals together, so the key is checked at its commit.
        deferrable=True,
        initially="DEFERRED",
    )
