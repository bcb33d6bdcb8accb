"""Models to curate next, by how much the first fifty of the leading boards lack their facts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl
from sqlalchemy import Connection

from tracker.answers.methods import Coverage, Proposal
from tracker.catalog import queries
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.insights.methods.coverage import SEED


def read_proposals(connection: Connection, coverage: Coverage) -> tuple[Proposal, ...]:
    """Models of the coverage with something unknown, those that are missed most first.

    What a model lacks counts once for each board that has it among its first fifty. Among equals,
    models come first of which texts state what is missing, so that it only has to be accepted.

    Args:
        connection: The catalog.
        coverage: What is documented of the models of those boards.
    """
    stated = _stated(connection)
    proposals = []
    for row in coverage.rows:
        missing = tuple(cell.property for cell in row.cells if cell.state == "unknown")
        boards = tuple(group for group in row.groups if group != SEED)
        if missing:
            ready = tuple(name for name in missing if name in stated[row.model])
            lack = len(missing) * max(1, len(boards))
            proposals.append(Proposal(row.model, lack, missing, ready, boards))
    return tuple(sorted(proposals, key=lambda p: (-p.lack, -len(p.ready), p.model.casefold())))


def _stated(connection: Connection) -> dict[str, set[str]]:
    """Properties that texts state with more than low confidence, by name of the model."""
    names = {row.id: row.name for row in queries.models(connection)}
    found: dict[str, set[str]] = defaultdict(set)
    for row in knowledge_queries.candidates(connection):
        if row.confidence != "low":
            found[names[row.model_id]].add(row.property)
    return found


def proposals_frame(proposals: tuple[Proposal, ...]) -> pl.DataFrame:
    """The same as a frame, one row a model."""
    names = pl.List(pl.String)
    schema: dict[str, Any] = {"model": pl.String, "lack": pl.Int64, "missing": names}
    rows = [(p.model, p.lack, list(p.missing), list(p.ready), list(p.boards)) for p in proposals]
    return pl.DataFrame(rows, schema={**schema, "ready": names, "boards": names}, orient="row")
