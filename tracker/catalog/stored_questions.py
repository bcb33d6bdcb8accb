"""Example SQL queries of the catalog, with names and parameters, for Datasette and alike."""

from __future__ import annotations

from typing import NamedTuple


class StoredQuestion(NamedTuple):
    """One query with named parameters."""

    name: str
    title: str
    about: str
    sql: str


STORED_QUESTIONS = (
    StoredQuestion(
        "leaders",
        "Who leads each board now",
        "The first model of the last known state of every board, and since when this state holds.",
        "select edition.name as board, model.name as leader, standing.valid_from as since"
        " from standing join edition on edition.id = standing.edition_id"
        " join listing on listing.id = json_extract(standing.listing_ids, '$[0]')"
        " join model on model.id = listing.model_id"
        " where standing.valid_to is null order by edition.name",
    ),
    StoredQuestion(
        "facts_of_a_model",
        "What is documented of a model",
        "Every statement about its method, with the source that shows it.",
        "select fact.property, fact.value, fact.qualifier, evidence.source, evidence.locator"
        " from fact join model on model.id = fact.model_id"
        " left join evidence on evidence.fact_id = fact.id"
        " where model.name = :model order by fact.position",
    ),
    StoredQuestion(
        "models_with_a_value",
        "Models with a value of a property",
        "For example property pooling, value last-token.",
        "select model.name, fact.value, fact.qualifier from fact"
        " join model on model.id = fact.model_id"
        " where fact.property = :property and fact.value = :value order by model.name",
    ),
    StoredQuestion(
        "papers_with_words",
        "Papers with words in their title",
        "Newest first; part of a title.",
        "select arxiv_id, title, published, venue from paper"
        " where title like '%' || :words || '%' order by published desc",
    ),
)
"""They have no parameters that change anything, and read only tables of the catalog."""
