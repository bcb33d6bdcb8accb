"""JSON file of a model, for programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

import orjson

from tracker.answers.boards import MAIN_SERIES
from tracker.answers.history import HistoryPoint
from tracker.answers.lineage import Lineage
from tracker.answers.models import Claim, Model
from tracker.pages.views.facts import fact_label
from tracker.pages.views.models import condensed


def model_json(
    model: Model,
    history: Sequence[HistoryPoint],
    claims: Sequence[Claim],
    scores: Mapping[str, Mapping[str, float]],
    lineage: Lineage | None = None,
) -> bytes:
    """Return everything the catalog holds about a model as JSON.

    Histories on the leading series are complete; on other boards they hold the points that the
    model's page shows, and ``tracker history`` prints the rest.

    Args:
        model: The model.
        history: Its history on every edition.
        claims: Self-reported scores beside measured ones.
        scores: Means of task types in percent, by edition slug and task type.
        lineage: Its relatives, if it has any.
    """
    document = {field.name: getattr(model, field.name) for field in fields(model)}
    leading = {ranked.edition_slug for ranked in model.standings if ranked.series in MAIN_SERIES}
    by_edition: dict[str, list[HistoryPoint]] = defaultdict(list)
    for point in history:
        by_edition[point.edition_slug].append(point)
    shown = [
        point
        for slug, points in by_edition.items()
        for point in (points if slug in leading else condensed(points))
    ]
    document |= {"history": shown, "whole_histories": sorted(leading), "claims": claims}
    document["task_types"] = scores
    document["relatives"] = lineage.relatives if lineage else ()
    document["inherited_data"] = lineage.inherited if lineage else ()
    document["facts"] = [replace(fact, label=fact_label(fact)) for fact in model.facts]
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(document, default=str, option=options)
