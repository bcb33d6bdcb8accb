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
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml
import zstandard
from packaging.version import InvalidVersion, Version

from tests.real.independent_repository import PATH, Repository, public_id, scores_folder

DB = Path(__file__).resolve().parents[2] / "db"
REGISTRY, RELATIONS = DB / "starter/registry.json.zst", DB / "curated/relations.yaml"

Cells = tuple[tuple[str, str, float | None], ...]
"""Split, subset and main score, in the order of the file."""

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
_NO_REVISION = (None, "external", "no_revision_available")


class Task(NamedTuple):
    """A task of a benchmark with the cells that count."""

    name: str
    splits: tuple[str, ...]
    subsets: tuple[str, ...]


class Row(NamedTuple):
    """A row of a board; the mean in percent is missing where a task is."""

    rank: int
    name: str
    """Public id on that day."""
    model: str
    """Public id today."""
    points: float
    mean: float | None
    n_tasks: int


class File(NamedTuple):
    """A result file of a model that counts."""

    path: str
    name: str
    model: str
    revision: str
    experiment: str
    version: Version | None
    task: str
    cells: Cells


class Registry:
    """The bundled registry export."""

    def __init__(self, path: Path = REGISTRY) -> None:
        packed = path.read_bytes()
        body = zstandard.ZstdDecompressor().decompress(packed, max_output_size=1 << 28)
        exported = json.loads(body)
        self._tasks = {task["name"]: task for task in exported["tasks"]}
        self._benchmarks = {one["name"]: one for one in exported["benchmarks"]}
        self.revisions: dict[str, str | None] = {
            model["name"]: model.get("revision") for model in exported["models"]
        }
        self.metrics = {
            name.lower(): (name, task["main_score"]) for name, task in self._tasks.items()
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
            task = self._tasks[pinned["task"]]
            splits = pinned.get("splits", task["splits"])
            subsets = pinned.get("subsets", task["subsets"])
            found.append(Task(task["name"], tuple(splits), tuple(subsets)))
        return found

    def lowest(self, task: str) -> float:
        """The lowest possible value of a task's metric."""
        metric = self._tasks[task]["main_score"].casefold()
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
        return _Board(self.boards[board], self.registry, files).rows()


class _Board:
    """One board on one day."""

    def __init__(self, tasks: list[Task], registry: Registry, files: Iterable[File]) -> None:
        self._tasks = {task.name: task for task in tasks}
        self._registry = registry
        candidates: dict[tuple[str, str, str], list[tuple[File, Cells]]] = defaultdict(list)
        self._names: dict[str, set[str]] = defaultdict(set)
        for file in files:
            task = self._tasks.get(file.task)
            if task is None:
                continue
            cells = tuple(c for c in file.cells if c[0] in task.splits and c[1] in task.subsets)
            lowest = registry.lowest(file.task)
            if any(s is not None and not lowest <= s <= 1.0 for _, _, s in cells):
                cells = ()
            candidates[file.model, file.experiment, file.task].append((file, cells))
        self._files: dict[str, dict[tuple[str, str], list[Cells]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for (model, experiment, name), rivals in candidates.items():
            file, cells = min(rivals, key=lambda rival: self._precedence(rival[0]))
            if cells:
                self._files[name][model, _varied(experiment)].append(cells)
                self._names[model].add(file.name)

    def _precedence(self, file: File) -> tuple[Any, ...]:
        main = self._registry.revisions[file.model]
        no_version = file.version is None
        return (
            file.revision != main or main is None,
            no_version,
            file.revision in _NO_REVISION,
            _Descending(file.version),
            file.revision,
            file.path,
        )

    def rows(self) -> list[Row]:
        """All rows."""
        whole: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        ballots: dict[str, dict[str, float]] = {}
        for name, lines in self._files.items():
            scored = {
                key: [c for cells in several for c in cells if c[2] is not None]
                for key, several in lines.items()
            }
            seen = {cell[:2] for cells in scored.values() for cell in cells}
            needed = len({split for split, _ in seen}) * len({subset for _, subset in seen})
            pooled: dict[str, list[float]] = defaultdict(list)
            for key, cells in scored.items():
                values = [score for _, _, score in cells]
                pooled[key[0]] += values
                if values and len({cell[:2] for cell in cells}) >= needed:
                    whole[key][name] = mean(values)
            ballots[name] = {model: mean(values) for model, values in pooled.items() if values}
        points: dict[str, float] = defaultdict(float)
        for votes in ballots.values():
            for model, place in average_places(votes).items():
                points[model] += len(whole) - place
        all_points = sorted((points[model] for model in self._names), reverse=True)
        rows = [
            Row(
                all_points.index(points[model]) + 1,
                self._name(model),
                model,
                points[model],
                100 * mean(list(scores.values())) if len(scores) == len(self._files) else None,
                len(scores),
            )
            for (model, _), scores in whole.items()
        ]
        return sorted(rows, key=lambda row: (row.rank, row.model, row.n_tasks))

    def _name(self, model: str) -> str:
        """The name of the day: the present one as soon as any of its files has it."""
        names = self._names[model]
        return model if model in names else min(names)


class _Descending:
    """A version that sorts before the older ones; a missing version sorts after all others."""

    def __init__(self, version: Version | None) -> None:
        self._version = version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and self._version == other._version

    def __lt__(self, other: _Descending) -> bool:
        if self._version is None or other._version is None:
            return other._version is None and self._version is not None
        return self._version > other._version


def _varied(experiment: str) -> str:
    """What an experiment varies, without empty settings."""
    settings = json.loads(experiment)
    return json.dumps({k: v for k, v in settings.items() if v not in (None, "", [], {})})


def mean(values: list[float]) -> float:
    """The mean of numbers that are added one after the other."""
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def average_places(votes: Mapping[str, float]) -> dict[str, float]:
    """Places by score, the highest first; equal scores share the average of their places."""
    by_score: dict[float, list[str]] = defaultdict(list)
    for model, score in votes.items():
        by_score[score].append(model)
    places = {}
    before = 0
    for score in sorted(by_score, reverse=True):
        equal = by_score[score]
        places |= dict.fromkeys(equal, before + (len(equal) + 1) / 2)
        before += len(equal)
    return places
