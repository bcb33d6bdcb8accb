"""Fine-tunes on a board: rows that are not clearly ahead of the model they were made from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.insights.boards.differences import row_difference
from tracker.insights.boards.score_table import ScoreTable
from tracker.insights.models.bases import read_bases
from tracker.insights.reader import Reader


def fold_finetunes(reader: Reader, board: Leaderboard, scores: ScoreTable) -> Leaderboard:
    """Fold fine-tunes that are not clearly ahead of their base model into its row.

    Clearly ahead means that the 95 % interval of the paired difference is above zero. A fine-tune
    of a folded one goes into the same row. Only bases that have a ranked row of their own count,
    and of several the best.
    """
    rows = {_model(row): row for row in reversed(board.rows) if row.rank is not None}
    under: dict[str, str] = {}
    for model, bases in read_bases(reader).items():
        known = [rows[base] for base in bases if base in rows]
        if model in rows and known:
            base = min(known, key=lambda row: row.rank or 0)
            found = row_difference(scores, rows[model], base)
            if found is not None and found.low is not None and found.low <= 0:
                under[model] = _model(base)
    roots = {model: root for model in under if (root := _root(model, under))}
    folded: dict[str, list[str]] = defaultdict(list)
    for row in board.rows:
        if _model(row) in roots:
            folded[roots[_model(row)]].append(_model(row))
    shown = [row for row in board.rows if _model(row) not in roots]
    return replace(
        board,
        rows=tuple(
            replace(row, place=place, finetunes=tuple(folded[_model(row)]))
            for place, row in enumerate(shown, 1)
        ),
        n_folded=len(board.rows) - len(shown),
    )


def _model(row: LeaderboardRow) -> str:
    return row.model_now or row.model


def _root(model: str, under: dict[str, str]) -> str | None:
    """The row into which a model is folded; ``None`` for a model that is shown."""
    seen = [model]
    while (base := under.get(seen[-1])) is not None:
        if base in seen:  # Models that name each other are all shown.
            return None
        seen.append(base)
    return seen[-1] if len(seen) > 1 else None
