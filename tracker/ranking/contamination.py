"""Training on the test: how a model's declared training data meet a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Exposure = Literal["itself", "base", "sibling", "none", "undeclared"]
"""``itself``: the task's data are among the declared training data; ``base``: among those of a
model that it was made from; ``sibling``: only data of a similar task are, by either; ``none``:
declared, and none of these; ``undeclared``: the model declares no training data."""
EXPOSURES: tuple[Exposure, ...] = ("itself", "base", "sibling", "none", "undeclared")


class Declaration(NamedTuple):
    """What the registry declares of a model's training."""

    tasks: frozenset[str] | None
    """All tasks that it was trained on, with those of its base models and similar ones; ``None``
    if it declares nothing."""
    own: frozenset[str]
    """Names of tasks and datasets that it declares itself."""
    base: str | None
    """The model that it was made from."""


def exposure(task: str, model: str, declared: Mapping[str, Declaration]) -> Exposure:
    """How a model was exposed to a task.

    Args:
        task: Name of the task.
        model: Public id of the model.
        declared: Declarations by model; a model that is missing declares nothing.
    """
    found = declared.get(model)
    if found is None or found.tasks is None:
        return "undeclared"
    if task in found.own:
        return "itself"
    if task not in found.tasks:
        return "none"
    return "base" if exposing_base(task, model, declared) else "sibling"


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
