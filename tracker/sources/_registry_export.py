"""Print the registry of the installed mteb as JSON: facts of benchmarks, tasks and models.

A program of its own, run by the interpreter that has mteb; it imports nothing of the tracker. The
same mteb gives the same bytes. Lists without an order of their own are sorted; the tasks of a
benchmark, the splits and the subsets keep the order in which mteb has them.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any

FORMAT = 1
"""Raised when the meaning of the export changes."""
NO_MTEB = 3
"""Exit code where there is no mteb at all."""

_COLUMNS = {
    "Mean (Task)": "mean_task",
    "Mean (TaskType)": "mean_task_type",
    "Mean (Public)": "mean_public",
    "Mean (Private)": "mean_private",
    "Mean (Subset)": "mean_subset",
}
"""Columns that a benchmark may sort by, as the tracker calls them."""


def export() -> dict[str, Any]:
    """The whole registry."""
    import mteb
    from mteb.get_tasks import _TASKS_REGISTRY
    from mteb.models import get_model_meta as lookup
    from mteb.models.model_implementations import MODEL_REGISTRY

    former: dict[str, list[str]] = {}
    for old, new in getattr(lookup, "_MODEL_RENAMES", {}).items():
        former.setdefault(new, []).append(old)
    by_name = sorted(MODEL_REGISTRY.items())
    return {
        "format": FORMAT,
        "mteb_version": mteb.__version__,
        "benchmarks": [
            _benchmark(one) for one in sorted(mteb.get_benchmarks(), key=lambda one: one.name)
        ],
        "tasks": [_task(kind.metadata) for _, kind in sorted(_TASKS_REGISTRY.items())],
        "models": [_model(meta, former.get(name, ())) for name, meta in by_name],
    }


def _benchmark(benchmark: Any) -> dict[str, Any]:
    sort = benchmark.summary_sort_column or ()
    dimensions = [a for a in benchmark.aggregations if hasattr(a, "groups")]
    shown = [a for a in benchmark.aggregations if not hasattr(a, "groups")]
    return _told(
        name=benchmark.name,
        display_name=benchmark.display_name,
        aliases=sorted(benchmark.aliases or ()),
        reference=benchmark.reference,
        citation=_stripped(benchmark.citation),
        language_view=_language_view(benchmark.language_view),
        superseded_by=sorted(benchmark.superseded_by or ()),
        on_leaderboard=benchmark.display_on_leaderboard,
        tasks=[_selection(task) for task in benchmark.tasks],
        aggregations=[str(one.value) for one in shown],
        groupings=[
            {
                "name": one.name,
                "groups": [
                    {"label": group.label, "tasks": [_selection(task) for task in group.tasks]}
                    for group in one.groups
                ],
            }
            for one in dimensions
        ],
        rank_by=[_COLUMNS[column] for column in ([sort] if isinstance(sort, str) else sort)],
        public_tasks_only=_hides_private_tasks(benchmark),
        show_zero_shot=benchmark.show_zero_shot,
    )


def _hides_private_tasks(benchmark: Any) -> bool:
    """Whether the benchmark drops private tasks before it makes its table.

    It says so only by what it does, so a table of one public and one private task is given to it.
    """
    import polars as pl
    from mteb.benchmarks.benchmark import Benchmark

    if type(benchmark)._create_summary_table is Benchmark._create_summary_table:
        return False
    seen: list[int] = []

    def look(_: Any, frame: Any, *__: Any, **___: Any) -> None:
        seen.append(frame.height)

    whole = Benchmark._create_summary_table
    Benchmark._create_summary_table = look
    try:
        benchmark._create_summary_table(pl.DataFrame({"is_public": [True, False]}))
    finally:
        Benchmark._create_summary_table = whole
    if seen not in ([1], [2]):
        raise ValueError(f"{benchmark.name}: its table is made in an unknown way")
    return seen == [1]


def _selection(task: Any) -> str | dict[str, Any]:
    """A task of a benchmark: its name, and splits and subsets where they are not simply all."""
    meta = task.metadata
    splits, subsets = list(task.eval_splits), list(task.hf_subsets)
    told: dict[str, Any] = {"task": meta.name}
    if splits != list(meta.eval_splits):
        told["splits"] = splits
    if subsets != list(meta.hf_subsets):
        told["subsets"] = subsets
    return told if len(told) > 1 else meta.name


def _task(meta: Any) -> dict[str, Any]:
    return _told(
        name=meta.name,
        type=meta.type,
        main_score=meta.main_score,
        is_public=meta.is_public is not False,
        splits=list(meta.eval_splits),
        subsets=list(meta.hf_subsets),
        languages=sorted(set(meta.bcp47_codes)),
        subset_languages=_subset_languages(meta),
        domains=sorted(meta.domains or ()),
        modalities=sorted(meta.modalities),
        dataset={key: meta.dataset[key] for key in ("path", "revision") if meta.dataset.get(key)},
        reference=meta.reference,
        citation=_stripped(meta.bibtex_citation),
        parts=[_selection(part) for part in getattr(meta, "tasks", ())],
        adapted_from=sorted(meta.adapted_from or ()),
        superseded_by=meta.superseded_by,
    )


def _subset_languages(meta: Any) -> dict[str, list[str]]:
    """Languages by subset; empty where all subsets have those of the task."""
    if not isinstance(meta.eval_langs, dict):
        return {}
    return {subset: sorted(codes) for subset, codes in meta.hf_subsets_to_langscripts.items()}


def _model(meta: Any, former_names: Iterable[str]) -> dict[str, Any]:
    declared, trained_on = meta.training_datasets, meta.get_training_datasets()
    size = meta.embed_dim
    return _told(
        name=meta.name,
        former_names=sorted(former_names),
        revision=meta.revision,
        release_date=meta.release_date,
        n_parameters=meta.n_parameters,
        n_active_parameters=meta.n_active_parameters,
        n_embedding_parameters=meta.n_embedding_parameters,
        memory_usage_mb=meta.memory_usage_mb,
        embed_dim=size if size is None or isinstance(size, int) else list(size),
        max_tokens=_count(meta.max_tokens),
        license=meta.license,
        open_weights=meta.open_weights,
        languages=sorted(meta.languages or ()),
        framework=sorted(meta.framework),
        modalities=sorted(meta.modalities),
        model_type=sorted(meta.model_type),
        similarity=meta.similarity_fn_name and str(meta.similarity_fn_name.value),
        use_instructions=meta.use_instructions,
        reference=meta.reference,
        public_training_code=meta.public_training_code,
        public_training_data=meta.public_training_data,
        training_datasets=None if declared is None else sorted(declared),
        training_tasks=None if trained_on is None else sorted(trained_on),
        adapted_from=meta.adapted_from,
        superseded_by=meta.superseded_by,
        citation=_stripped(meta.citation),
    )


def _told(**fields: Any) -> dict[str, Any]:
    """Without what is not told. An empty list of training sets is told, other empty ones not."""
    kept = ("training_datasets", "training_tasks", "tasks", "aggregations", "splits", "subsets")
    return {
        key: value
        for key, value in fields.items()
        if value is not None and (value not in ("", [], {}) or key in kept)
    }


def _stripped(bibtex: str | None) -> str | None:
    return bibtex.strip() if bibtex else None


def _language_view(view: Any) -> list[str]:
    return [view] if isinstance(view, str) else list(view)


def _count(number: float | None) -> int | None:
    """A limit as a whole number; one that is infinite is none."""
    return None if number is None or math.isinf(number) else int(number)


def _stay_inside(event: str, _: Any) -> None:
    """Refuse every outside connection that mteb or a library of it would open."""
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise OSError("no outside connection is allowed here")


def _as_text(registry: Mapping[str, Any]) -> bytes:
    text = json.dumps(
        registry, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def main() -> int:
    """Print the registry; whatever libraries print meanwhile goes to standard error."""
    sys.addaudithook(_stay_inside)
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        try:
            import mteb  # noqa: F401
        except ModuleNotFoundError as error:
            if error.name != "mteb":
                raise
            return NO_MTEB
        out.write(_as_text(export()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
