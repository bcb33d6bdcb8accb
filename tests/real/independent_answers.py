"""Independent answers to questions, from raw result files, the registry export and curated YAML.

It imports nothing of the tracker; see ``independent_reader`` for the rules of a board. An answer is
a list of rows with the keys that the command of the question prints as JSON.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import yaml

from tests.real.independent_board import Board, File, Row, Task, mean, varies
from tests.real.independent_conditions import Conditions, Knowledge, code
from tests.real.independent_draws import difference_bounds, rank_bounds
from tests.real.independent_reader import DB, Reader
from tests.real.independent_repository import PATH
from tests.support.questions import Question

Answer = list[dict[str, Any]]

_SIZES = {"0.5B": 5e8, "1B": 1e9, "2B": 2e9, "8B": 8e9, "any": math.inf}
_LEAST_DIFFERENCE = 1e-3
"""From this on MRR@1 is not precision@1."""


class Answers:
    """Answers from one results repository."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.registry = reader.registry
        self.known = Knowledge(DB / "curated")
        self._files: dict[date, list[File]] = {}
        self._verbs: dict[str, Callable[[Question, argparse.Namespace], Answer]] = {
            "leaderboard": self._leaderboard,
            "choose": self._choose,
            "compare": self._compare,
            "contamination": self._contamination,
            "frontier": self._frontier,
            "lint": self._lint,
            "task": self._task,
            "tasks": self._of_tasks,
        }

    def answer(self, question: Question) -> Answer:
        """The rows that answer a question."""
        return self._verbs[question.asked.verb](question, question.asked)

    def _files_of(self, asked: argparse.Namespace) -> list[File]:
        day = date.fromisoformat(asked.as_of)
        if day not in self._files:
            self._files[day] = self.reader.read(day)
        return self._files[day]

    def _part(self, question: Question, asked: argparse.Namespace) -> tuple[Board, list[Task]]:
        """The part of a board that a question asks for, ranked among all rows of the board."""
        whole = self.reader.boards[str(question.board)]
        names = [*asked.task, *(asked.tasks or "").split(",")]
        wanted = {name.strip() for name in names} - {""}
        # The weights of a choice are no part of a board.
        types = set((asked.type or "").split(",")) - {""} if asked.verb != "choose" else set()
        language = question.language if asked.language else None
        tasks = [
            task._replace(subsets=subsets)
            for task in whole
            if not wanted or task.name in wanted
            if not types or self.registry.task_entries[task.name]["type"] in types
            if (subsets := self._in_language(task, language))
        ]
        files = self._files_of(asked)
        n_rows = len(Board(whole, self.registry, files).whole)
        return Board(tasks, self.registry, files, n_rows), tasks

    def _in_language(self, task: Task, language: str | None) -> tuple[str, ...]:
        """The subsets of a task that are in a language."""
        if language is None:
            return task.subsets
        entry = self.registry.task_entries[task.name]
        by_subset = entry.get("subset_languages") or {}
        return tuple(
            subset
            for subset in task.subsets
            if language in map(code, by_subset.get(subset, entry["languages"]))
        )

    def _zero_shot(self, model: str, tasks: Iterable[str]) -> int:
        """Percentage of the tasks of a board that a model was not trained on; -1: undeclared."""
        own = self.registry.models[model].get("training_tasks")
        names = set(tasks)
        if own is None:
            return -1
        return int(100 - 100 * (len(set(own) & names) / len(names)))

    def _leaderboard(self, question: Question, asked: argparse.Namespace) -> Answer:
        board, _ = self._part(question, asked)
        rows = board.rows()
        answer = [self._shown(row, board) for row in rows]
        if asked.rank_by == "mean_task":
            answer = _ranked_by(answer, "mean_task")
        if asked.sort:
            answer.sort(key=lambda row: (row[asked.sort] is None, -(row[asked.sort] or 0)))
        if asked.complete_only:
            answer = [row for row in answer if row["n_tasks"] == row["n_tasks_total"]]
        conditions = Conditions(asked, self.registry.models, self.known)
        if conditions.checks:
            met = [
                row
                for row in answer
                if not conditions.unmet(
                    row["model_now"], self._zero_shot(row["model_now"], board.tasks)
                )
            ]
            answer = [row | {"place": place} for place, row in enumerate(met, 1)]
        answer = answer[: asked.top]
        if asked.intervals:
            shown = rows[: asked.top]
            found = rank_bounds(shown, board, self._types(board))
            for row, own, (low, high) in zip(answer, shown, found, strict=True):
                row |= {"rank_low": low, "rank_high": high} | self._mean_bounds(own, board)
        return answer

    def _mean_bounds(self, row: Row, board: Board) -> dict[str, float | None]:
        """Bounds of the mean of a row; missing where a task is."""
        if row.mean is None:
            return {"mean_low": None, "mean_high": None}
        scores = [[100 * row.scores[t] for t in tasks] for tasks in self._types(board).values()]
        return dict(zip(("mean_low", "mean_high"), difference_bounds(scores), strict=True))

    def _types(self, board: Board) -> dict[str, list[str]]:
        """Tasks of a board by type, in its order."""
        found: dict[str, list[str]] = {}
        for task in board.tasks:
            found.setdefault(self.registry.task_entries[task]["type"], []).append(task)
        return found

    def _shown(self, row: Row, board: Board) -> dict[str, Any]:
        types = self._means(row, board)
        zero_shot = self._zero_shot(row.model, board.tasks)
        whole = len(types) == len(self._types(board))
        return {
            "rank": row.rank,
            "place": None,
            "model": row.name,
            "model_now": row.model,
            "points": row.points,
            "mean_task": row.mean,
            "mean_task_type": mean(list(types.values())) if whole else None,
            "task_types": types,
            "n_tasks": row.n_tasks,
            "n_tasks_total": len(board.tasks),
            "zero_shot_pct": None if zero_shot < 0 else zero_shot,
            "parameters": self.registry.models[row.model].get("n_parameters"),
        }

    def _means(self, row: Row, board: Board) -> dict[str, float]:
        """Means of the types of which a row has all tasks, in percent."""
        return {
            kind: 100 * mean([row.scores[task] for task in tasks])
            for kind, tasks in self._types(board).items()
            if all(task in row.scores for task in tasks)
        }

    def _choose(self, question: Question, asked: argparse.Namespace) -> Answer:
        whole = argparse.Namespace(**{**vars(asked), "language": None, "type": None})
        board, _ = self._part(question, whole)
        part = self._part(question, asked)[0] if asked.language else board
        means = {(row.model, row.experiment): self._means(row, part) for row in part.rows()}
        present = {kind for known in means.values() for kind in known}
        weights = {kind: 1.0 for kind in self._types(board) if kind in present}
        if asked.type:
            stated = dict(entry.partition("=")[::2] for entry in asked.type.split(","))
            weights = {k: float(stated[k] or 1) for k in self._types(board) if k in stated}
        if asked.language:
            weights = {kind: w for kind, w in weights.items() if kind in present}
        conditions = Conditions(asked, self.registry.models, self.known)
        answer: Answer = []
        for row in board.rows():
            known = {
                k: math.floor(m * 1000 + 0.5)
                for k, m in means.get((row.model, row.experiment), {}).items()
            }
            lacks = [] if weights.keys() <= known.keys() else ["tasks"]
            unmet = conditions.unmet(row.model, self._zero_shot(row.model, board.tasks))
            score = None
            if not lacks:
                score = sum(w * known[k] for k, w in weights.items()) / sum(weights.values()) / 1000
            answer.append(
                {
                    "rank": row.rank,
                    "model": row.model,
                    "score": score,
                    "task_types": {k: known[k] / 1000 for k in weights if k in known},
                    "conditions": lacks + unmet,
                }
            )
        if asked.dropped:
            return [row for row in answer if row["conditions"]]
        chosen = [row for row in answer if not row["conditions"]]
        for row in chosen:
            row["place"] = 1 + sum(other["score"] > row["score"] for other in chosen)
        chosen.sort(key=lambda row: row["place"])
        return (self._front(chosen) if asked.front else chosen)[: asked.top]

    def _front(self, rows: Answer) -> Answer:
        """The rows that no other one beats for its size or for its dimensions."""
        costs = {
            field: {row["model"]: self._cost(row["model"], field) for row in rows}
            for field in ("n_parameters", "embed_dim")
        }

        def is_best(row: dict[str, Any], cost: Mapping[str, float | None]) -> bool:
            own = cost[row["model"]]
            if own is None:
                return False
            return not any(
                (other["score"], -theirs) != (row["score"], -own)
                and other["score"] >= row["score"]
                and theirs <= own
                for other in rows
                if (theirs := cost[other["model"]]) is not None
            )

        return [row for row in rows if any(is_best(row, cost) for cost in costs.values())]

    def _cost(self, model: str, field: str) -> float | None:
        """Parameters, or the most dimensions."""
        value = self.known.corrected(model, self.registry.models[model]).get(field)
        return max(value) if isinstance(value, list) else value

    def _compare(self, question: Question, asked: argparse.Namespace) -> Answer:
        board, _ = self._part(question, asked)
        rows = {row.model: row for row in board.rows() if not varies(row)}
        first, second = (rows[name] for name in asked.names)
        types = self._types(board)
        shared = {
            kind: [100 * (second.scores[t] - first.scores[t]) for t in tasks if t in common]
            for kind, tasks in types.items()
            if (common := first.scores.keys() & second.scores.keys())
        }
        gaps = [gap for own in shared.values() for gap in own]
        low, high = difference_bounds([own for own in shared.values() if own])
        shown = [self._shown(row, board) for row in (first, second)]
        return [
            {"property": name, "values": [row[name] for row in shown]}
            for name in ("rank", "mean_task", "mean_task_type", "n_tasks")
        ] + [
            {"property": "difference", "values": [mean(gaps), low, high]},
            {"property": "ahead", "values": [sum(gap > 0 for gap in gaps), len(gaps)]},
        ]

    def _contamination(self, question: Question, asked: argparse.Namespace) -> Answer:
        board, _ = self._part(question, asked)
        answer: Answer = []
        for row in board.rows():
            kinds = {task: self._exposure(task, row.model) for task in board.tasks}
            untrained = [
                row.scores[t] for t, kind in kinds.items() if kind == "none" and t in row.scores
            ]
            answer.append(
                {"rank": row.rank, "model_now": row.model, "mean_task": row.mean}
                | {
                    f"n_{kind}": list(kinds.values()).count(kind)
                    for kind in ("itself", "base", "sibling", "none", "undeclared")
                }
                | {
                    "n_untrained": len(untrained),
                    "mean_untrained": 100 * mean(untrained) if untrained else None,
                }
            )
        return answer[: asked.top]

    def _exposure(self, task: str, model: str) -> str:
        entry = self.registry.models[model]
        if task in (entry.get("training_datasets") or ()):
            return "itself"
        if task in (entry.get("training_tasks") or ()):
            seen, base = {model}, entry.get("adapted_from")
            while base is not None and base not in seen:
                seen.add(base)
                ancestor = self.registry.models.get(base, {})
                if task in (ancestor.get("training_datasets") or ()):
                    return "base"
                base = ancestor.get("adapted_from")
            return "sibling"
        if task in self.known.tasks_of_training(model, [task]):
            return "sibling"
        return "undeclared" if entry.get("training_tasks") is None else "none"

    def _frontier(self, question: Question, asked: argparse.Namespace) -> Answer:
        board, _ = self._part(question, asked)
        models = self.registry.models
        candidates = [
            row
            for row in board.rows()
            if row.mean is not None and not varies(row)
            if models[row.model].get("open_weights") and models[row.model].get("n_parameters")
        ]
        answer: Answer = []
        for limit, most in _SIZES.items():
            small = [row for row in candidates if models[row.model]["n_parameters"] < most]
            if small:
                best = max(small, key=lambda row: row.mean or 0)
                size = models[best.model]["n_parameters"]
                answer.append(
                    {"limit": limit, "model": best.model, "parameters": size, "mean": best.mean}
                )
        return answer

    def _lint(self, question: Question, asked: argparse.Namespace) -> Answer:
        (task,) = asked.task
        excluded = [
            pattern
            for rule in yaml.safe_load((DB / "curated/suspects.yaml").read_text("utf-8"))[
                "excluded"
            ]
            if rule["rule"] == asked.rule
            for pattern in rule["tasks"]
        ]
        if any(fnmatch.fnmatchcase(task, pattern) for pattern in excluded):
            return []
        repository = self.reader.repository
        commit = repository.commit_of(date.fromisoformat(asked.as_of))
        tree = repository.tree(commit) if commit else {}
        files = {
            p: b for p, b in tree.items() if (m := PATH.fullmatch(p)) and m[4].startswith(task)
        }
        bodies = dict(repository.blobs(files.values()))
        answer: Answer = []
        for path, blob in sorted(files.items()):
            data = json.loads(bodies[blob])
            for split, cells in data["scores"].items() if data.get("task_name") == task else ():
                for cell in cells:
                    value, expected = cell.get("mrr_at_1"), cell.get("precision_at_1")
                    if (
                        value is None
                        or expected is None
                        or abs(value - expected) <= _LEAST_DIFFERENCE
                    ):
                        continue
                    answer.append(
                        {
                            "rule": asked.rule,
                            "task": task,
                            "split": split,
                            "subset": cell["hf_subset"],
                            "value": 100 * value,
                            "expected": 100 * expected,
                            "path": path,
                        }
                    )
        return answer

    def _task(self, question: Question, asked: argparse.Namespace) -> Answer:
        (name,) = asked.names
        (task,) = (task for task in self.reader.boards[str(question.board)] if task.name == name)
        board = Board([task], self.registry, self._files_of(asked))
        rows = sorted(board.rows(), key=lambda row: -(row.mean or 0))
        scores = [round(row.mean or 0, 9) for row in rows]
        return [
            {
                "rank": scores.index(score) + 1,
                "model": row.name,
                "model_now": row.model,
                "score": row.mean,
                "exposure": self._exposure(name, row.model),
                "parameters": self.registry.models[row.model].get("n_parameters"),
            }
            for row, score in zip(rows, scores, strict=True)
        ]

    def _of_tasks(self, question: Question, asked: argparse.Namespace) -> Answer:
        entries = [
            self.registry.task_entries[t.name] for t in self.reader.boards[str(question.board)]
        ]
        return [
            {key: entry[key] for key in ("name", "type", "languages", "domains")}
            | {"metric": entry["main_score"], "dataset": entry["dataset"]["path"]}
            for entry in sorted(entries, key=lambda entry: entry["name"].casefold())
            if not asked.type or entry["type"] == asked.type
            if not asked.language or question.language in map(code, entry["languages"])
            if not asked.domain or asked.domain in entry["domains"]
        ]


def _ranked_by(rows: Answer, column: str) -> Answer:
    """Rows ranked by a column; those without a value are last and have no rank."""
    values = [row[column] for row in rows if row[column] is not None]
    places = {round(v, 9): 0 for v in values}
    for value in places:
        places[value] = 1 + sum(round(other, 9) > value for other in values)
    ranked = [
        row | {"rank": None if row[column] is None else places[round(row[column], 9)]}
        for row in rows
    ]
    return sorted(ranked, key=lambda row: (row["rank"] is None, row["rank"] or 0))
