"""The data files beside the pages: the same rows, for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

import orjson

from tracker.answers import Claim, HistoryPoint, Model


def model_json(
    model: Model,
    history: Sequence[HistoryPoint],
    claims: Sequence[Claim],
    scores: Mapping[str, Mapping[str, float]],
) -> bytes:
    """All that the catalog knows of a model, its whole history and all claims included.

    ``scores`` are its means of task types in percent, by edition slug and task type.
    """
    document = {its.name: getattr(model, its.name) for its in fields(model)}
    document |= {"history": history, "claims": claims}
    document["task_types"] = scores
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(document, default=str, option=options)
