"""Every answer of a catalog, to compare two catalogs with each other."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import GeneratorType
from typing import Any

import polars as pl

from tracker.api import Catalog
from tracker.errors import TrackerError

_BY_BOARD = (
    "board", "board_reference", "leaderboard", "leader_list", "frontier_list", "catch_up_list",
    "replay", "change_list", "state_of_the_art",
)  # fmt: skip
_BY_MODEL = ("model", "lineage", "evidence", "claim_list")
_OTHER = {
    "close", "history_points", "unmatched_papers",
    "editions", "choice_boards", "all_absences", "with_causes", "interval_job", "sql",
}  # fmt: skip
SEARCHES = (
    "contrastive", "hard negatives", "难负例", "qwen3 embed", "Qwen3-Embedding-8B", "bge", "腾讯",
    "multi", "a", "the model is not", "naïve", "2405.17428", "last token pooling", "池化 token",
    "e5_", "_", "(", "训练数据", "MTEB", "nv-embed-v2", "running trained models", "100",
)  # fmt: skip


def _plain(found: Any) -> Any:
    if isinstance(found, pl.DataFrame):
        return found.schema, found.rows()
    if isinstance(found, GeneratorType | map | zip):
        return [_plain(one) for one in found]
    return found


def _asked(question: Callable[[], Any]) -> Any:
    try:
        return _plain(question())
    except TrackerError as error:
        return type(error), str(error)


def whole_questions() -> Iterator[str]:
    """Names of all questions of a catalog that need no argument."""
    for name, member in inspect.getmembers(Catalog, callable):
        if not name.startswith("_") and name not in _OTHER and not name.startswith("all_"):
            needed = [
                p
                for p in list(inspect.signature(member).parameters.values())[1:]
                if p.default is p.empty and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
            ]
            if not needed:
                yield name


def every_answer(
    catalog: Catalog, boards: tuple[str, ...], models: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    """Ask everything that needs no argument, and much about some boards and models."""
    for name in whole_questions():
        yield name, _asked(getattr(catalog, name))
    for name in ("digest", "data_until"):
        yield name, getattr(catalog, name)
    for words in SEARCHES:
        yield f"search {words}", _asked(lambda w=words: catalog.search_list(w, limit=50))
    for board in boards:
        for name in _BY_BOARD:
            yield f"{name} {board}", _asked(lambda n=name, b=board: getattr(catalog, n)(b))
    for model in models:
        for name in _BY_MODEL:
            yield f"{name} {model}", _asked(lambda n=name, m=model: getattr(catalog, n)(m))
        for board in boards:
            for name in ("history_list", "why"):
                arguments = (board, model) if name == "history_list" else (model, board)
                yield (
                    f"{name} {board} {model}",
                    _asked(lambda n=name, a=arguments: getattr(catalog, n)(*a)),
                )
