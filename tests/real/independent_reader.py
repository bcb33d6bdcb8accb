"""Independent reader of raw result files: a board's rows on a day, in plain Python.

It imports nothing of the tracker. It reads the results repository with git and ``json``, the
bundled registry export and the curated renames, and ranks as the publisher's server does, so that
the tests can compare stored states with a second computation. The rules, as published:

* The state of a day is the last commit that ``main`` publicly stood at whose time is not after the
  end of the day in UTC: the line of first parents, but at a merge that pulled the public ``main``
  into a private copy, what was pulled. A commit whose clock runs backwards counts from the moment
  of its predecessor.
* A folder belongs to the model that its ``model_meta.json`` names, otherwise to the one in its
  path. Curated renames, and moves that git sees as exact renames of a whole folder, lead to the
  present name. Only models of the registry count.
* Of several files of a model, experiment and task one counts: the registry's revision first, then
  a file with an evaluator version, then a real revision, then the latest evaluator version, then
  the first by revision and by path. Experiments that vary nothing count as the model itself.
* A file with a value outside its metric's range counts as missing.
* A task's score is the mean of the benchmark's cells. It is whole if it has as many cells as the
  observed splits times the observed subsets of all rows.
* Borda: on each task a model earns the number of rows less its average rank there; partial scores
  count. Equal points share the lowest rank. A mean needs a whole score on every task.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
import zstandard
from packaging.version import InvalidVersion, Version

from tests.real.independent_board import Board, Cells, File, Row, Task
from tests.real.independent_repository import PATH, Repository, public_id, scores_folder

DB = Path(__file__).resolve().parents[2] / "db"
REGISTRY, RELATIONS = DB / "starter/registry.json.zst", DB / "curated/relations.yaml"

# Former names, as the evaluator's history tells them.
RENAMED = {
    "NorwegianParliament": "NorwegianParliamentClassification",
    "CMedQAv1": "CMedQAv1-reranking",
    "CMedQAv2": "CMedQAv2-reranking",
    "8TagsClustering": "EightTagsClustering",
    "PPC": "PpcPC",
}
_PREFIXES = {"cos_sim": "cosine"}
_GROUPS = {"cos_sim", "manhattan", "euclidean", "dot", "max", "similarity"}
_SIGNED = ("spearman", "pearson", "kendall", "p-mrr")


class Registry:
    """The bundled registry export."""

    def __init__(self, path: Path = REGISTRY) -> None:
        packed = path.read_bytes()
        body = zstandard.ZstdDecompressor().decompress(packed, max_output_size=1 << 28)
        exported = json.loads(body)
        self.task_entries: dict[str, dict[str, Any]] = {
            task["name"]: task for task in exported["tasks"]
        }
        self._benchmarks = {one["name"]: one for one in exported["benchmarks"]}
        self.models = {model["name"]: model for model in exported["models"]}
        self.revisions: dict[str, str | None] = {
            model["name"]: model.get("revision") for model in exported["models"]
        }
        self.metrics = {
            name.lower(): (name, task["main_score"]) for name, task in self.task_entries.items()
        }

    def borda_boards(self) -> list[str]:
        """Boards that :meth:`tasks` knows and that show a mean over tasks, by name."""
        return sorted(
            name
            for name, benchmark in self._benchmarks.items()
            if not benchmark.get("rank_by")
            and not benchmark["public_tasks_only"]
            and "mean_task" in benchmark["aggregations"]
            and "mean_subset" not in benchmark["aggregations"]
        )

    def tasks(self, board: str) -> list[Task]:
        """The tasks of a board that ranks by Borda count and has public tasks only."""
        benchmark = self._benchmarks[board]
        assert not benchmark.get("rank_by")
        assert not benchmark["public_tasks_only"]
        found = []
        for entry in benchmark["tasks"]:
            pinned = {"task": entry} if isinstance(entry, str) else entry
            task = self.task_entries[pinned["task"]]
            splits = pinned.get("splits", task["splits"])
            subsets = pinned.get("subsets", task["subsets"])
            found.append(Task(task["name"], tuple(splits), tuple(subsets)))
        return found

    def lowest(self, task: str) -> float:
        """The lowest possible value of a task's metric."""
        metric = self.task_entries[task]["main_score"].casefold()
        return -1.0 if any(part in metric for part in _SIGNED) else 0.0


def curated_renames(path: Path = RELATIONS) -> dict[str, str]:
    """The next name of every model that a curated relation moves or renames."""
    relations = yaml.safe_load(path.read_text(encoding="utf-8"))["relations"]
    return {r["model"]: r["of"] for r in relations if r["kind"] in ("moved", "renamed")}


def read_cells(body: bytes, metrics: Mapping[str, tuple[str, str]]) -> tuple[str, Cells]:
    """Task and cells of a result file in its present or its older format."""
    data = json.loads(body)
    if "task_name" in data:
        return data["task_name"], tuple(
            (split, cell["hf_subset"], number(cell["main_score"]))
            for split, cells in data["scores"].items()
            for cell in cells
        )
    task = RENAMED.get(data["mteb_dataset_name"], data["mteb_dataset_name"])
    task, metric = metrics.get(task.lower(), (task, "accuracy"))
    found: list[tuple[str, str, float | None]] = []
    splits = {split: scores for split, scores in data.items() if isinstance(scores, dict)}
    nested = any(
        isinstance(value, dict) and name not in _GROUPS | {"v_measures"}
        for scores in splits.values()
        for name, value in scores.items()
    )
    for split, scores in splits.items():
        subsets = scores if nested else {"default": scores}
        for subset, values in subsets.items():
            if isinstance(values, dict):
                found.append((split, subset, number(_main_score(values, metric))))
    if task.startswith("MLSUM") and data.get("mteb_version") in ("1.1.2.dev0", "1.1.3.dev0"):
        found = [(split, "fr", value) for split, _, value in found]
    if task == "XPQARetrieval":
        found = [(split, "fra-fra" if name == "fr" else name, v) for split, name, v in found]
    return task, tuple(found)


def _main_score(values: dict[str, Any], metric: str) -> Any:
    if "main_score" in values:
        return values["main_score"]
    if metric in values:
        return values[metric]
    for group in _GROUPS & values.keys():
        head = _PREFIXES.get(group, group) + "_"
        if metric.startswith(head) and metric.removeprefix(head) in values[group]:
            return values[group][metric.removeprefix(head)]
    return None


def number(value: Any) -> float | None:
    """A score as a number; ``None`` and NaN mean that there is none."""
    return None if value is None or math.isnan(value) else float(value)


class Reader:
    """Boards of one results repository, each of any day."""

    def __init__(self, place: Path, boards: Iterable[str]) -> None:
        self.repository = Repository(place)
        self.registry = Registry()
        self.boards = {board: self.registry.tasks(board) for board in boards}
        self._wanted = {task.name for tasks in self.boards.values() for task in tasks}
        self._scores: dict[str, tuple[str, Version | None, Cells] | None] = {}
        self._metadata: dict[str, dict[str, Any]] = {}
        folders = self.repository.moved_folders()
        moved = {public_id(old): public_id(new) for old, new in folders.items()}
        self._renames = moved | curated_renames()

    def present(self, name: str) -> str:
        """The present name of a model."""
        seen = {name}
        while (following := self._renames.get(name, name)) not in seen:
            seen.add(name := following)
        return name

    def read(self, day: date) -> list[File]:
        """The files of registered models on any of the boards at the end of a day in UTC."""
        commit = self.repository.commit_of(day)
        tree = self.repository.tree(commit) if commit else {}
        self._read_blobs(tree)
        found = []
        for path, blob in tree.items():
            match = PATH.fullmatch(path)
            scores = self._scores.get(blob)
            if match is None or match[4] == "model_meta" or scores is None:
                continue
            folder = path.rpartition("/")[0]
            said = self._metadata.get(tree.get(f"{folder}/model_meta.json", ""), {})
            if match[3] and not said:
                continue
            name = public_id(said.get("name") or match[1])
            if self.present(name) in self.registry.revisions:
                revision = said.get("revision") or match[2]
                experiment = json.dumps(said.get("experiment_kwargs") or {}, sort_keys=True)
                task, version, cells = scores
                model = self.present(name)
                found.append(File(path, name, model, revision, experiment, version, task, cells))
        return sorted(found)

    def _read_blobs(self, tree: Mapping[str, str]) -> None:
        metadata = {blob for path, blob in tree.items() if path.endswith("/model_meta.json")}
        files = {blob for path, blob in tree.items() if scores_folder(path)}
        for blob, body in self.repository.blobs(metadata - self._metadata.keys()):
            try:
                said = json.loads(body)
            except ValueError:
                said = {}
            self._metadata[blob] = said if isinstance(said, dict) else {}
        unread = files - self._scores.keys()
        self._scores |= dict.fromkeys(unread)
        for blob, body in self.repository.blobs(unread):
            self._scores[blob] = self._wanted_scores(body)

    def _wanted_scores(self, body: bytes) -> tuple[str, Version | None, Cells] | None:
        """What a file says of a task of the boards; ``None`` for any other file."""
        named = re.search(rb'"(?:task_name|mteb_dataset_name)": ?"([^"]*)"', body)
        if named is not None:
            task = named[1].decode()
            task = RENAMED.get(task, task)
            if self.registry.metrics.get(task.lower(), (task, ""))[0] not in self._wanted:
                return None
        try:
            data = json.loads(body)
            task, cells = read_cells(body, self.registry.metrics)
        except (ValueError, KeyError, TypeError):
            return None
        if task not in self._wanted:
            return None
        try:
            version = Version(data.get("mteb_version") or "")
        except (InvalidVersion, TypeError):
            version = None
        return task, version, cells

    def board(self, board: str, files: Iterable[File]) -> list[Row]:
        """A board's rows from the files of a day, in order of rank, equals by name."""
        return Board(self.boards[board], self.registry, files).rows()
