"""Structured data in the head of pages: boards are a Dataset, papers a ScholarlyArticle.

A model is a CreativeWork: schema.org has no type for weights, and they are no application.

The vocabulary is that of schema.org, as JSON-LD.
"""

from __future__ import annotations

from typing import Any

import orjson

from tracker.pages.contexts import AnyPage, BoardPage, DatedBoardPage, ModelPage, PaperPage
from tracker.pages.language.filters import plain, safe_url

_MEDIA = {
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}


def structured_data(context: AnyPage, to_root: str, title: str, description: str) -> str:
    """Return the script element of a page; empty for kinds of pages without structured data.

    Args:
        context: What the page shows.
        to_root: Address of the data files' root, relative to the page or absolute.
        title: Title of the page as plain text.
        description: Description of the page as plain text.
    """
    if isinstance(context, BoardPage | DatedBoardPage):
        data = _board(context, to_root)
    elif isinstance(context, PaperPage):
        data = _paper(context)
    elif isinstance(context, ModelPage):
        data = _model(context)
    else:
        return ""
    known = {"name": title, "description": description, **data}
    fields = {"@context": "https://schema.org", **{k: v for k, v in known.items() if v}}
    # The text of a script element ends at the first tag-like text, whatever JSON says.
    text = orjson.dumps(fields).decode().replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def _board(context: BoardPage | DatedBoardPage, to_root: str) -> dict[str, Any]:
    board = context.leaderboard
    files = {
        "json": context.json_path, "csv": context.csv_path, "parquet": context.parquet_path
    }  # fmt: skip
    return {
        "@type": "Dataset",
        "version": f"{context.citation.day} {context.citation.digest}",
        "dateModified": board.as_of,
        "temporalCoverage": context.citation.day,
        "measurementTechnique": plain(board.edition.name),
        "isBasedOn": safe_url(board.provenance.url),
        "variableMeasured": ["rank", "mean_task", "n_tasks"],
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": _MEDIA[kind], "contentUrl": to_root + path}
            for kind, path in files.items()
        ],
    }


def _model(context: ModelPage) -> dict[str, Any]:
    licences = [known.value for known in context.metadata if known.property == "licence"]
    return {
        "@type": "CreativeWork",
        "name": plain(context.model),
        "creator": {"@type": "Organization", "name": plain(context.organisation.en)},
        "datePublished": context.released,
        "license": plain(licences[0]) if licences else None,
        "sameAs": [url for link in context.links if (url := safe_url(link))],
        "citation": [
            {
                "@type": "ScholarlyArticle",
                "name": plain(paper.title or paper.arxiv_id),
                "identifier": f"arXiv:{plain(paper.arxiv_id)}",
            }
            for paper in context.papers
        ],
    }


def _paper(context: PaperPage) -> dict[str, Any]:
    paper = context.paper
    identifiers = [f"arXiv:{paper.arxiv_id}", *([f"doi:{plain(paper.doi)}"] if paper.doi else [])]
    return {
        "@type": "ScholarlyArticle",
        "headline": plain(paper.title) if paper.title else None,
        "author": [{"@type": "Person", "name": plain(name)} for name in paper.authors],
        "datePublished": paper.published,
        "dateModified": paper.updated,
        "isPartOf": {"@type": "Periodical", "name": plain(paper.venue)} if paper.venue else None,
        "identifier": identifiers,
        "sameAs": safe_url(paper.url),
    }
