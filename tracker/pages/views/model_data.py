"""The data files beside the pages: the same rows, for programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields

import orjson

from tracker.answers.history import HistoryPoint
from tracker.answers.models import Claim, Model
from tracker.pages.views.boards import LEADING_SERIES
from tracker.pages.views.models import condensed


def model_json(
    model: Model,
    history: Sequence[HistoryPoint],
    claims: Sequence[Claim],
    scores: Mapping[str, Mapping[str, float]],
) -> bytes:
    """All that the catalog knows of a model, with its history and all claims.

    The history is whole on the leading series. On other boards it has the telling points, as the
    model's page shows them; ``tracker history`` gives the rest. ``scores`` are the model's means of
    task types in percent, by edition slug and task type.
    """
    document = {its.name: getattr(model, its.name) for its in fields(model)}
    leading = {its.edition_slug for its in model.standings if its.series in LEADING_SERIES}
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
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(document, default=str, option=options)
