"""Answers as frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from operator import attrgetter
from typing import Any

import polars as pl

from tracker.answers.boards import Comparison, EditionInfo, Leaderboard, Model
from tracker.answers.history import HistoryPoint, Leader, Why


def frame_of(records: tuple[object, ...], kind: type) -> pl.DataFrame:
    """Frozen dataclasses of plain fields as a frame, typed also when there are none."""
    types = {"str": pl.String, "int": pl.Int64, "float": pl.Float64, "bool": pl.Boolean}
    schema = {
        name: types[str(annotation).removesuffix(" | None")]
        for name, annotation in kind.__annotations__.items()
    }
    return pl.DataFrame([asdict(r) for r in records], schema=schema)  # type: ignore[call-overload]


def history_frame(points: tuple[HistoryPoint, ...]) -> pl.DataFrame:
    """Points of a history as a frame, one row each."""
    partial = pl.Series("partial", [point.partial for point in points], dtype=pl.Boolean)
    return frame_of(points, HistoryPoint).with_columns(partial)


def why_frame(found: Why, language: str) -> pl.DataFrame:
    """Why a model is not on a board, one row a reason."""
    texts = ("model", "model_now", "board", "as_of", "kind", "reason", "remedy", "day")
    schema: dict[str, Any] = dict.fromkeys((*texts, "commit", "url", "message"), pl.String)
    schema |= {"tasks": pl.List(pl.String), "listed": pl.Boolean, "rank": pl.Int64}
    rows = [
        {
            "model": found.model,
            "model_now": found.model_now,
            "board": found.board,
            "as_of": found.as_of,
            "kind": reason.kind,
            "reason": getattr(reason.text, language),
            "remedy": getattr(reason.remedy, language) if reason.remedy else None,
            "day": reason.at[:10] if reason.at else None,
            "commit": reason.commit,
            "url": reason.url,
            "message": reason.message,
            "tasks": list(reason.tasks),
            "listed": found.listed,
            "rank": found.rank,
        }
        for reason in found.reasons
    ]
    return pl.DataFrame(rows, schema=schema)


def leaders_frame(leaders: Iterable[Leader]) -> pl.DataFrame:
    """Leads as a frame, one row each, the oldest first."""
    texts = ("from_day", "until_day", "model", "board", "unit")
    more = ("model_now", "series", "board_slug", "origin")
    schema: dict[str, Any] = dict.fromkeys(texts, pl.String)
    schema |= {"by": pl.Float64, "reason": pl.String} | dict.fromkeys(more, pl.String)
    schema |= {"mean_task": pl.Float64, "mean_by": pl.Float64, "partial": pl.Boolean}
    schema |= dict.fromkeys(("cause", "next_model", "commit", "commit_url"), pl.String)
    values = attrgetter(*schema)
    return pl.DataFrame([values(one) for one in leaders], schema=schema, orient="row")


def editions_frame(editions: Iterable[EditionInfo]) -> pl.DataFrame:
    """Boards with their series, period and size, one line an edition."""
    records = [
        {
            "series": e.series,
            "edition": e.name,
            "slug": e.slug,
            "title_en": e.title.en,
            "title_zh": e.title.zh,
            "source": e.source,
            "task_type": e.task_type,
            "n_tasks": e.n_tasks,
            "n_rows": e.n_rows,
            "first_at": e.first_at,
            "last_at": e.last_at,
            "archived": e.archived,
            "current": e.current,
        }
        for e in editions
    ]
    text_columns = ("series", "edition", "slug", "title_en", "title_zh", "source", "task_type")
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(text_columns, pl.String)
    schema |= {"n_tasks": pl.Int64, "n_rows": pl.Int64, "first_at": pl.String}
    schema |= {"last_at": pl.String, "archived": pl.Boolean, "current": pl.Boolean}
    return pl.DataFrame(records, schema=schema)


def models_frame(models: Iterable[Model]) -> pl.DataFrame:
    """Models with size, dimensions, licence and where they stand, one line a model."""
    records = []
    for model in models:
        values = {v.property: v.value for v in reversed(model.metadata)}
        records.append(
            {
                "model": model.name,
                "organisation": model.organisation,
                "parameters": values.get("parameters"),
                "embedding_dimensions": values.get("embedding_dimensions"),
                "max_tokens": values.get("max_tokens"),
                "licence": values.get("licence"),
                "release_date": values.get("release_date"),
                "first_seen_at": model.first_seen_at,
                "n_boards": len(model.standings),
                "n_facts": len(model.facts),
                "papers": [p.arxiv_id for p in model.papers],
            }
        )
    schema: dict[str, Any] = {
        "model": pl.String,
        "organisation": pl.String,
        "parameters": pl.Int64,
        "embedding_dimensions": pl.Int64,
        "max_tokens": pl.Int64,
        "licence": pl.String,
        "release_date": pl.String,
        "first_seen_at": pl.String,
        "n_boards": pl.Int64,
        "n_facts": pl.Int64,
        "papers": pl.List(pl.String),
    }
    return pl.DataFrame(records, schema=schema)


def papers_frame(rows: Iterable[Any], query: str) -> pl.DataFrame:
    """Papers that have all words of a query in id, title or authors; one line a paper.

    Hyphens and plurals make no difference.
    """
    words = _folded(query).split()
    records = [
        {
            "arxiv_id": row.arxiv_id,
            "title": row.title,
            "published": row.published,
            "version": row.version,
            "venue": row.venue,
            "withdrawn": bool(row.withdrawn),
            "n_models": row.n_models,
        }
        for row in rows
        if all(
            word.removesuffix("s") in _folded(f"{row.arxiv_id} {row.title or ''} {row.authors}")
            for word in words
        )
    ]
    schema: dict[str, Any] = {
        "arxiv_id": pl.String,
        "title": pl.String,
        "published": pl.String,
        "version": pl.Int64,
        "venue": pl.String,
        "withdrawn": pl.Boolean,
        "n_models": pl.Int64,
    }
    return pl.DataFrame(records, schema=schema)


def comparison_frame(comparison: Comparison) -> pl.DataFrame:
    """Models side by side: one line a property, one column a model."""
    columns: dict[str, list[Any]] = {
        "property": [row.property for row in comparison.rows],
        "differs": [row.differs for row in comparison.rows],
    }
    for position, model in enumerate(comparison.models):
        columns[model] = [row.values[position] for row in comparison.rows]
    schema: dict[str, Any] = dict.fromkeys(columns, pl.String) | {"differs": pl.Boolean}
    return pl.DataFrame(columns, schema=schema)


def _folded(text: str) -> str:
    return text.casefold().replace("-", " ")


_COLUMNS: dict[str, Any] = {
    "rank": pl.Int64,
    "printed_rank": pl.Int64,
    "model": pl.String,
    "model_now": pl.String,
    "points": pl.Float64,
    "mean_task": pl.Float64,
    "mean_task_type": pl.Float64,
    "mean_common": pl.Float64,
    "mean_public": pl.Float64,
    "mean_private": pl.Float64,
    "task_types": None,
    "n_tasks": pl.Int64,
    "n_tasks_total": pl.Int64,
    "partial": pl.Boolean,
    "zero_shot_pct": pl.Int64,
    "declares_training": pl.Boolean,
    "as_of": pl.String,
    "published_at": pl.String,
    "origin": pl.String,
    "registry": pl.String,
    "edition": pl.String,
    "label": pl.String,
    "organisation": pl.String,
    "parameters": pl.Int64,
    "active_parameters": pl.Int64,
    "embedding_dimensions": pl.Int64,
    "max_tokens": pl.Int64,
    "licence": pl.String,
    "open_weights": pl.Boolean,
    "release_date": pl.String,
    "since": pl.String,
    "copies": pl.List(pl.String),
}


def board_frame(board: Leaderboard) -> pl.DataFrame:
    """A board as a frame: one line a model; scores in percent; ``task_types`` is a struct."""
    types = [name for name, _ in board.edition.task_types]
    schema = dict(_COLUMNS)
    schema["task_types"] = pl.Struct(dict.fromkeys(types, pl.Float64))
    whole = {
        "as_of": board.as_of,
        "published_at": board.published_at,
        "origin": board.origin,
        "registry": board.registry,
        "edition": board.edition.name,
    }
    own = [name for name in _COLUMNS if name not in whole]
    values = attrgetter(*own)
    records = [dict(zip(own, values(row), strict=True)) | whole for row in board.rows]
    return pl.DataFrame(records, schema=schema)
