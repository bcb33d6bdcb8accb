"""Small repositories of invented results, committed by git at chosen moments.

Files may be given as what they say instead of as bytes::

    repository = ResultRepository(folder)
    one = result_path("lab/one", "abc", "TaskA")
    repository.commit({one: result("TaskA", {"default": 0.5})}, at="2025-01-01T00:00:00Z")
    repository.commit({one: None}, at="2025-01-02T00:00:00Z", message="remove TaskA")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from tests.support.boards import BoardRepository


def result_path(
    model: str, revision: str, task: str, *, experiment: str | None = None, name: str | None = None
) -> str:
    """Path of a result file; a model without organisation has the path used until August 2024.

    Args:
        model: Public id ``org/name``.
        revision: Its revision; ``external`` for scores from a model card.
        task: Task, and name of the file.
        experiment: Folder of an experiment with the model.
        name: Name of the file without its ending, where it is not the task's.
    """
    folder = f"results/{model.replace('/', '__')}/{revision}"
    if experiment is not None:
        folder += f"/experiments/{experiment}"
    return f"{folder}/{name or task}.json"


def metadata_path(model: str, revision: str, *, experiment: str | None = None) -> str:
    """Path of the ``model_meta.json`` of a folder."""
    return result_path(model, revision, "model_meta", experiment=experiment)


def metadata(model: str | None, revision: str | None, **experiment: Any) -> dict[str, Any]:
    """Content of a ``model_meta.json``: the model and the settings of an experiment."""
    return {"name": model, "revision": revision, "experiment_kwargs": experiment or None}


def result(
    task: str,
    scores: Mapping[str, float | None] | float,
    *,
    split: str = "test",
    version: str | None = "1.30.0",
    dataset: str = "d1",
    seconds: float | None = 1.0,
) -> dict[str, Any]:
    """Content of a result file in the present format: main scores, 0 to 1, by subset.

    One number means the subset ``default``.
    """
    by_subset = scores if isinstance(scores, Mapping) else {"default": scores}
    return {
        "dataset_revision": dataset,
        "evaluation_time": seconds,
        "mteb_version": version,
        "scores": {
            split: [
                {"hf_subset": subset, "languages": ["eng-Latn"], "main_score": score}
                for subset, score in by_subset.items()
            ]
        },
        "task_name": task,
    }


class ResultRepository:
    """A bare repository of result files on one line of commits."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.git = BoardRepository(path)
        self.path = path

    def commit(
        self,
        files: Mapping[str, dict[str, Any] | bytes | None],
        *,
        at: str,
        message: str = "Add results",
        parents: Sequence[str] | None = None,
    ) -> str:
        """Commit files and return the id of the commit.

        Args:
            files: By path what a file says, its bytes, or ``None`` to remove it.
            at: ISO moment with its zone.
            message: Commit message.
            parents: Instead of the newest commit; an empty list begins a new history.
        """
        bodies = {
            path: orjson.dumps(told) if isinstance(told, dict) else told
            for path, told in files.items()
        }
        return self.git.commit(at, bodies, message=message, parents=parents)

    def stand_at(self, commit: str) -> None:
        """Reset the main branch to a commit, like a mirror that lags behind."""
        self.git.run("update-ref", "refs/heads/main", commit)
