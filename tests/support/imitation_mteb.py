"""A package that imitates the parts of mteb that the registry export reads."""

from __future__ import annotations

IMITATION = {
    "__init__.py": """
        print("mteb says hello")
        from types import SimpleNamespace as New
        from mteb.benchmarks.benchmark import Benchmark, Hiding
        from mteb.get_tasks import TASKS
        __version__ = "3.0"
        one, two = (kind.metadata for kind in TASKS)
        whole = New(metadata=one, eval_splits=["test"], hf_subsets=["default"])
        part = New(metadata=two, eval_splits=["test"], hf_subsets=["de"])
        length = New(name="Length", groups=[New(label="short", tasks=[whole, part])])
        def get_benchmarks():
            return [
                Hiding("Z", [whole], ["mean_task"], ()),
                Benchmark("A", [part, whole], ["mean_task_type", length], "Mean (TaskType)"),
            ]
    """,
    "get_tasks.py": """
        from types import SimpleNamespace as New
        def told(name, subsets, **more):
            given = dict(
                name=name, type="STS", main_score="m", is_public=True, eval_splits=["test"],
                hf_subsets=subsets, bcp47_codes=["eng-Latn", "eng-Latn"], domains=None,
                eval_langs=["eng-Latn"],
                modalities=["text"], dataset={"path": "org/" + name, "revision": "1", "x": 1},
                reference=None, bibtex_citation=" @misc{} ", adapted_from=None, superseded_by=None,
            )
            return New(metadata=New(**{**given, **more}))
        TASKS = told("T1", ["default"]), told(
            "T2", ["en", "de"], is_public=False, eval_langs={"en": [], "de": []},
            hf_subsets_to_langscripts={"en": ["eng-Latn"], "de": ["deu-Latn", "deu-Latf"]},
        )
        _TASKS_REGISTRY = {kind.metadata.name: kind for kind in reversed(TASKS)}
    """,
    "models/__init__.py": "",
    "models/get_model_meta.py": '_MODEL_RENAMES = {"old/a": "org/a"}',
    "models/model_implementations.py": """
        from types import SimpleNamespace as New
        def meta(name, trained_on, **more):
            given = dict.fromkeys(
                "revision release_date n_parameters n_active_parameters n_embedding_parameters"
                " memory_usage_mb embed_dim max_tokens license open_weights languages"
                " similarity_fn_name use_instructions reference public_training_code"
                " public_training_data training_datasets adapted_from superseded_by"
                " citation".split()
            )
            given |= dict(name=name, framework=[], modalities=["text"], model_type=["dense"])
            found = New(**{**given, **more})
            found.get_training_datasets = lambda: trained_on
            return found
        MODEL_REGISTRY = {
            "org/b": meta("org/b", None, max_tokens=float("inf")),
            "org/a": meta("org/a", {"T2", "T1"}, training_datasets={"T1"}, max_tokens=512.0),
        }
    """,
    "benchmarks/__init__.py": "",
    "benchmarks/benchmark.py": """
        from types import SimpleNamespace as New
        class Benchmark:
            aliases = language_view = superseded_by = ()
            display_name = reference = citation = None
            display_on_leaderboard = show_zero_shot = True
            def __init__(self, name, tasks, aggregations, sort):
                self.name, self.tasks, self.summary_sort_column = name, tasks, sort
                self.aggregations = [
                    New(value=one) if isinstance(one, str) else one for one in aggregations
                ]
            def _create_summary_table(self, frame):
                raise AssertionError("no table is wanted")
        class Hiding(Benchmark):
            def _create_summary_table(self, frame):
                return super()._create_summary_table(frame.filter(frame["is_public"]))
    """,
}
"""Text of its modules by path."""
