"""Training on the test: how a model's declared training data meet a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Exposure = Literal["itself", "base", "sibling", "none", "undeclared"]
"""``itself``: the task's data are among the declared training data; ``base``: among those of a
model that it was made from; ``sibling``: only data of a similar task, or of the dataset that the
task was made of, are; ``none``: declared, and none of these; ``undeclared``: the model declares no
training data."""
EXPOSURES: tuple[Exposure, ...] = ("itself", "base", "sibling", "none", "undeclared")


class Declaration(NamedTuple):
    """What is declared of a model's training."""

    tasks: frozenset[str] | None
    """All tasks that the registry says it was trained on, with those of its base models and similar
    ones; ``None`` if it declares nothing."""
    own: frozenset[str]
    """Names of tasks and datasets that its own entry in the registry names."""
    base: str | None
    """The model that it was made from."""
    documented: Mapping[str, str] = {}
    """Tasks that are made of a dataset that a card, paper or code names as training data, with the
    address where that can be read."""


def exposure(task: str, model: str, declared: Mapping[str, Declaration]) -> Exposure:
    """How a model was exposed to a task.

    Args:
        task: Name of the task.
        model: Public id of the model.
        declared: Declarations by model; a model that is missing declares nothing.
    """
    found = declared.get(model)
    if found is None:
        return "undeclared"
    if task in found.own:
        return "itself"
    if task in (found.tasks or ()):
        return "base" if exposing_base(task, model, declared) else "sibling"
    if task in found.documented:
        return "sibling"
    return "undeclared" if found.tasks is None else "none"


def exposing_base(task: str, model: str, declared: Mapping[str, Declaration]) -> str | None:
    """The nearest of the models that a model was made from that declares a task, if any."""
    seen = {model}
    found = declared.get(model)
    while found is not None and found.base is not None and found.base not in seen:
        seen.add(base := found.base)
        found = declared.get(base)
        if found is not None and task in found.own:
            return base
    return None


def untrained_shares(
    scores: NDArray[np.float64], is_clean: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Share of comparisons that each row wins on tasks that neither of two rows was trained on.

    On each task every two such rows with a score are compared; a tie is half a win. It is the Borda
    count without the tasks that either was trained on, as a share because rows have different
    numbers of comparisons.

    Args:
        scores: By row and task, NaN if missing.
        is_clean: By row and task: whether the row was declared not to be trained on the task.

    Returns:
        From 0 to 1 by row; NaN for a row without any comparison.
    """
    wins, n_compared = np.zeros(len(scores)), np.zeros(len(scores))
    for task in range(scores.shape[1]):
        rows = np.flatnonzero(is_clean[:, task] & ~np.isnan(scores[:, task]))
        own = scores[rows, task]
        ordered = np.sort(own)
        lower = np.searchsorted(ordered, own, "left")
        equal = np.searchsorted(ordered, own, "right") - lower - 1
        wins[rows] += lower + equal / 2
        n_compared[rows] += len(rows) - 1
    with np.errstate(invalid="ignore"):
        shares: NDArray[np.float64] = wins / n_compared
    return shares
