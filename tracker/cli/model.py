"""One model as a small report in the terminal."""

from __future__ import annotations

import sys
from dataclasses import asdict
from operator import attrgetter

import orjson
import polars as pl

from tracker.answers.models import Model, ModelStanding
from tracker.cli.output import OPTIONS, Format, show, show_card


def _rows(model: Model, language: str) -> list[dict[str, str | None]]:
    """Everything as (kind, what, value, source) lines."""
    rows: list[dict[str, str | None]] = []

    def add(
        kind: str,
        what: str,
        value: object,
        source: str | None,
        date: str | None,
        receipt: str | None = None,
    ) -> None:
        rows.append(
            {
                "kind": kind,
                "what": what,
                "value": str(value),
                "receipt": receipt,
                "source": source,
                "date": date,
            }
        )

    for standing in sorted(model.standings, key=attrgetter("weight")):
        add("board", standing.edition, _standing(standing), None, standing.last_at)
    for value in model.metadata:
        add("metadata", value.property, value.value, value.source, value.since)
    for fact in model.facts:
        text = fact.statement or fact.label
        shown = getattr(text, language)
        if fact.conflict:
            shown += " [sources disagree]"
        receipt = fact.evidence[0]
        where = receipt.source + (f" ({receipt.locator})" if receipt.locator else "")
        add("method", fact.property, shown, where, receipt.read_on or receipt.date, receipt.mark)
    for paper in model.papers:
        add("paper", paper.arxiv_id, paper.title or "-", paper.url, paper.published)
    if found := model.no_paper:
        add("paper", "none", getattr(found.text, language), found.source, found.checked)
    for other in model.related:
        why = getattr(other.reason, language)
        add("related", other.kind, f"{other.model}: {why}", other.status, None)
    return rows


def _sections(
    name: str, rows: list[dict[str, str | None]]
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The lines as sections of a card, each with its source below."""
    sections: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        remarks = (row["receipt"], row["source"], row["date"])
        if row["kind"] == "board":
            remarks = (None, None, None)
        line = (row["what"] or "", row["value"] or "", " · ".join(filter(None, remarks)))
        sections.setdefault(row["kind"] or "", []).append(line)
    return [(name, []), *sections.items()]


def _standing(standing: ModelStanding) -> str:
    """Rank, mean and coverage in words."""
    ranked = standing.rank is not None
    parts = [f"{standing.rank} of {standing.n_ranked}" if ranked else "not ranked"]
    if standing.mean_task is not None:
        parts.append(f"mean {standing.mean_task:.2f}")
    n_tasks, total = standing.n_tasks, standing.n_tasks_total
    if n_tasks is not None and n_tasks < total:
        partial = ": partial" if standing.partial else ""
        parts.append(f"results for {n_tasks} of {total} tasks{partial}")
    if not standing.listed:
        parts.append("left")
    return ", ".join(parts)


def show_model(model: Model, format_: Format, language: str) -> None:
    """Print a model; JSON has everything as one object, the others one line a statement."""
    if format_ is Format.json:
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        sys.stdout.buffer.write(orjson.dumps(asdict(model), option=options))
        return
    if format_ is Format.table and not OPTIONS.columns:
        show_card(_sections(model.name, _rows(model, language)))
        return
    columns = ("kind", "what", "value", "receipt", "source", "date")
    show(pl.DataFrame(_rows(model, language), schema=dict.fromkeys(columns, pl.String)), format_)
