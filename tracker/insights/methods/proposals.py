"""Models to curate next, by how much the first fifty of the leading boards lack their facts."""

from __future__ import annotations

from collections import defaultdict

from tracker.answers.coverage import Coverage, Proposal
from tracker.catalog import queries
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.insights.methods.coverage import SEED
from tracker.insights.reader import Reader


def read_proposals(reader: Reader, coverage: Coverage) -> tuple[Proposal, ...]:
    """Models of the coverage with something unknown, those that are missed most first.

    What a model lacks counts once for each board that has it among its first fifty. Among equals,
    models come first of which texts state what is missing, so that it only has to be accepted.

    Args:
        reader: The open catalog.
        coverage: What is documented of the models of those boards.
    """
    stated = _stated(reader)
    proposals = []
    for row in coverage.rows:
        missing = tuple(cell.property for cell in row.cells if cell.state == "unknown")
        boards = tuple(group for group in row.groups if group != SEED)
        if missing:
            ready = tuple(name for name in missing if name in stated[row.model])
            lack = len(missing) * max(1, len(boards))
            proposals.append(Proposal(row.model, lack, missing, ready, boards))
    return tuple(sorted(proposals, key=lambda p: (-p.lack, -len(p.ready), p.model.casefold())))


def _stated(reader: Reader) -> dict[str, set[str]]:
    """Properties that texts state with more than low confidence, by name of the model."""
    names = {row.id: row.name for row in queries.models(reader.connection)}
    found: dict[str, set[str]] = defaultdict(set)
    for row in knowledge_queries.candidates(reader.connection):
        if row.confidence != "low":
            found[names[row.model_id]].add(row.property)
    return found
