"""Order in which the cards and papers of models are fetched and read."""

from __future__ import annotations

from collections import defaultdict

import orjson
from sqlalchemy import Connection, select

from tracker.catalog import tables
from tracker.catalog.ids import table_of
from tracker.catalog.queries import Rows, all_rows


def models_by_weight(connection: Connection) -> list[str]:
    """Names of all models in the order in which their cards matter.

    Models on a current board come first, by their best rank; then models with curated facts; then
    the others by name.
    """
    listing = table_of(tables.ListingTable)
    model_of = {
        row.id: row.model_id for row in connection.execute(select(listing.c.id, listing.c.model_id))
    }
    best: dict[int, int] = {}
    for row in all_rows(connection, "select listing_ids from standing where valid_to is null"):
        for place, listing_id in enumerate(orjson.loads(row.listing_ids)):
            model_id = model_of[listing_id]
            best[model_id] = min(place, best.get(model_id, place))
    curated = {row[0] for row in all_rows(connection, "select distinct model_id from fact")}
    models = all_rows(connection, "select id, name from model")
    order = sorted(
        models,
        key=lambda row: (row.id not in best, best.get(row.id, 0), row.id not in curated, row.name),
    )
    return [row.name for row in order]


def describing_papers(connection: Connection) -> Rows:
    """Papers that curators say describe a model: ``name``, ``arxiv_id``, ``updated``, by model."""
    return all_rows(
        connection,
        """
        select m.name, p.arxiv_id, p.updated from paper_link l
          join model m on m.id = l.model_id join paper p on p.id = l.paper_id
         where l.reason = 'curated' and not p.withdrawn
           and l.role_en in ('describes the model', 'technical report of the model')
         order by m.name, p.arxiv_id
        """,
    )


def papers_of_models(connection: Connection) -> list[tuple[str, str]]:
    """Papers that describe a model: arXiv id, and the day of the newest version or ``""``.

    Papers of the models that matter most come first.
    """
    by_model: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in describing_papers(connection):
        by_model[row.name].append((row.arxiv_id, row.updated or ""))
    ordered = (paper for model in models_by_weight(connection) for paper in by_model[model])
    return list(dict.fromkeys(ordered))
