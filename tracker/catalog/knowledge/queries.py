"""Queries on datasets, papers, comparisons and extracted statements."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection, Row

from tracker.catalog.queries import Rows, all_rows
from tracker.catalog.results.registry_queries import newest_registry, present_models


def datasets(connection: Connection) -> Rows:
    """Return all datasets, by kind and name."""
    return all_rows(connection, "select * from dataset order by kind, name")


def dataset_uses(connection: Connection) -> Rows:
    """Return which models were trained on which datasets, curated uses before registered ones."""
    return all_rows(
        connection,
        """
        select u.dataset_id, d.slug as dataset, u.model_id, m.name as model, m.slug, u.declared,
               u.qualifier, u.source, u.locator, u.confidence, u.date
          from dataset_use u join dataset d on d.id = u.dataset_id join model m on m.id = u.model_id
         order by u.declared, m.name, u.id
        """,
    )


def paper(connection: Connection, arxiv_id: str) -> Row[Any] | None:
    """Return one paper, if it exists."""
    found = all_rows(connection, "select * from paper where arxiv_id = :id", id=arxiv_id)
    return found[0] if found else None


def models_of_papers(connection: Connection) -> Rows:
    """Return all links of papers to models, curated and strong links first."""
    return all_rows(
        connection,
        """
        select p.arxiv_id, m.name as model, m.slug, k.reason, k.strength, k.role_en, k.role_zh
          from paper_link k join paper p on p.id = k.paper_id join model m on m.id = k.model_id
         order by p.arxiv_id,
                  case when k.reason = 'curated' then 0 when k.strength = 'strong' then 1
                       else 2 end,
                  m.name
        """,
    )


def missing_papers(connection: Connection) -> Rows:
    """Return the models that no paper describes."""
    return all_rows(connection, "select model_id, text_en, text_zh, checked, source from no_paper")


def cited_pages(connection: Connection) -> Rows:
    """Return the cited web pages as last seen, by address."""
    return all_rows(
        connection, "select url, title, published, status, seen_at from web_page order by url"
    )


def organisations(connection: Connection) -> Rows:
    """Return all curated organisations, by slug."""
    return all_rows(connection, "select * from organisation order by slug")


def comparisons(connection: Connection) -> Rows:
    """Return all written comparisons."""
    return all_rows(connection, "select * from method_comparison order by id")


def comparison_lines(connection: Connection) -> Rows:
    """Return the statements of all written comparisons, in their order."""
    return all_rows(connection, "select * from comparison_line order by comparison_id, position")


def registry_properties(connection: Connection) -> tuple[str, dict[str, dict[str, Any]]]:
    """Return name and version of the newest registry, and its properties of models, by name."""
    newest = newest_registry(connection)
    if newest is None:
        return "", {}
    rows = present_models(connection, newest.id)
    properties = {name: orjson.loads(row.properties) for name, row in rows.items()}
    return f"mteb {newest.mteb_version}", properties


def cues(connection: Connection) -> Rows:
    """Return the terms of the vocabulary with the phrases that indicate them."""
    return all_rows(
        connection, 'select "group", slug, label_en, label_zh, cues from term order by slug'
    )


def candidates(connection: Connection, model_id: int | None = None) -> Rows:
    """Return extracted statements of one model or all models, by property and text."""
    return all_rows(
        connection,
        """
        select t.model_id, c.property, c.value, c.quote, c.start, c.section, c.rule, c.confidence,
               t.kind, t.url, t.fetched_at, t.extractor
          from candidate c join read_text t on t.id = c.text_id
         where t.model_id = coalesce(:model_id, t.model_id)
         order by c.property, t.kind, t.document, c.start, c.value, c.id
        """,
        model_id=model_id,
    )
