"""Comparison of models: all properties, those that differ first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tracker.answers.boards import Leaderboard, LeaderboardRow, PairedDifference
from tracker.answers.models import Comparison, ComparisonRow, Model

# Properties of metadata that facts may have, too; facts fill in where metadata is missing.
_FROM_FACTS = {"licence", "released", "parameters", "embedding_dimensions", "max_tokens"}
_METHOD = (
    "base_model",
    "attention",
    "pooling",
    "instructions",
    "objective",
    "negatives",
    "stages",
    "training_data",
    "innovation",
)
_METADATA = (
    "parameters",
    "active_parameters",
    "embedding_dimensions",
    "max_tokens",
    "licence",
    "open_weights",
    "release_date",
    "languages",
)


def compare_models(
    models: Sequence[Model],
    board: Leaderboard | None,
    language: str,
    differences: tuple[PairedDifference, ...] = (),
) -> Comparison:
    """Compare models.

    Args:
        models: Two or more, in the order of the columns.
        board: Adds the rank and the means on this board.
        language: ``en`` or ``zh``, for the words of facts.
        differences: Of each model to the first one on this board, where they are known.

    Returns:
        One row for each property that at least one of them has.
    """
    properties: list[tuple[str, list[str | None]]] = []
    if board is not None:
        by_model = rows_by_model(board)
        for name in ("rank", "mean_task", "mean_task_type", "n_tasks"):
            values = [getattr(by_model.get(model.name), name, None) for model in models]
            properties.append((f"{board.edition.name}: {name}", [_shown(v) for v in values]))
        properties += _paired(models, differences)
    properties += [(name, [_metadata(model, name) for model in models]) for name in _METADATA]
    properties += [(name, [_facts(model, name, language) for model in models]) for name in _METHOD]
    properties.append(("papers", [_papers(model, language) for model in models]))
    rows = [
        ComparisonRow(name, tuple(values), differs=len(set(values)) > 1)
        for name, values in properties
        if any(value is not None for value in values)
    ]
    return Comparison(
        tuple(model.name for model in models),
        tuple(sorted(rows, key=lambda row: not row.differs)),
        differences,
    )


def rows_by_model(board: Leaderboard) -> dict[str, LeaderboardRow]:
    """Rows by present name; that of the model itself where experiments have rows, too."""
    found: dict[str, LeaderboardRow] = {}
    for row in board.rows:
        name = row.model_now or row.model
        if name not in found or row.label == row.model:
            found[name] = row
    return found


def _paired(
    models: Sequence[Model], differences: Sequence[PairedDifference]
) -> Iterator[tuple[str, list[str | None]]]:
    """Differences to the first model: the mean with its interval, and the tasks ahead."""
    known = {found.model: found for found in differences}
    columns = [known.get(model.name) for model in models]
    for found in differences[:1]:
        means = [None if one is None else _with_bounds(one) for one in columns]
        ahead = [f"{d.n_ahead}/{d.n_tasks}" if d else None for d in columns]
        yield f"{found.board}: mean less that of {found.other}", means
        yield f"{found.board}: tasks ahead of {found.other}", ahead


def _with_bounds(found: PairedDifference) -> str:
    if found.low is None or found.high is None:
        return f"{found.difference:+.2f}"
    return f"{found.difference:+.2f} [{found.low:+.2f}, {found.high:+.2f}]"


def _shown(value: object) -> str | None:
    if value is None:
        return None
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _joined(values: Iterable[str]) -> str | None:
    return "; ".join(dict.fromkeys(values)) or None


def _metadata(model: Model, name: str) -> str | None:
    for known in model.metadata:
        if known.property == name:
            value = known.value
            return _joined(map(str, value)) if isinstance(value, list) else _shown(value)
    if name in _FROM_FACTS:
        return _joined(fact.value for fact in model.facts if fact.property == name)
    return None


def _papers(model: Model, language: str) -> str | None:
    """Ids of a model's papers, and the result of a search that found none."""
    found = [paper.arxiv_id for paper in model.papers]
    if model.no_paper:
        found.insert(0, f"{getattr(model.no_paper.text, language)} ({model.no_paper.checked})")
    return _joined(found)


def _facts(model: Model, name: str, language: str) -> str | None:
    return _joined(getattr(f.label, language) for f in model.facts if f.property == name)
