"""Options of ``tracker leaderboard``: which part of the board, which rows, and in which order."""

from __future__ import annotations

from typing import Annotated

import typer

_PART = "A part of the board"
_ROWS = "Which rows"

RankBy = Annotated[
    str, typer.Option("--rank-by", help="published, borda, mean_task or mean_task_type.")
]
Origin = Annotated[str | None, typer.Option("--origin", help="published or recomputed.")]
Identity = Annotated[
    str,
    typer.Option(
        "--identity",
        help="resolved: one model through all its names; registry: by spelling alone, as the"
        " publisher's server.",
    ),
]
Top = Annotated[int | None, typer.Option("--top", min=1, help="At most so many rows.")]
CompleteOnly = Annotated[
    bool, typer.Option("--complete-only", help="Only models with a score for every task.")
]
CollapseCopies = Annotated[
    bool,
    typer.Option(
        "--collapse-copies/--all-rows",
        help="One row for a model and its re-uploads, or the archived board as published.",
    ),
]
WithPartial = Annotated[
    bool,
    typer.Option(
        "--with-partial/--without-partial",
        help="Also models with scores for fewer than half of the tasks.",
    ),
]
Type = Annotated[
    str | None,
    typer.Option(
        "--type",
        help="Rank by tasks of this type alone, e.g. Retrieval.",
        rich_help_panel=_PART,
    ),
]
Task = Annotated[
    list[str] | None,
    typer.Option(
        "--task",
        help="Rank by this task alone; may be given several times.",
        rich_help_panel=_PART,
    ),
]
Tasks = Annotated[
    str | None,
    typer.Option("--tasks", help="The same, separated by commas.", rich_help_panel=_PART),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        help="Rank by the subsets in this language: deu, de, German, 德语.",
        rich_help_panel=_PART,
    ),
]
WithoutSuspect = Annotated[
    bool,
    typer.Option(
        "--without-suspect",
        help="Suspect scores (tracker lint) count as missing; ranks are computed without them.",
        rich_help_panel=_PART,
    ),
]
Intervals = Annotated[
    bool,
    typer.Option("--intervals", help="Add 95 % intervals of rank and mean, and tie groups."),
]
FoldFinetunes = Annotated[
    bool,
    typer.Option(
        "--fold-finetunes",
        help="Fold fine-tunes that are not clearly ahead of their base model into its row.",
    ),
]
Sort = Annotated[
    str | None,
    typer.Option("--sort", help="Show rows by this column, largest first.", rich_help_panel=_ROWS),
]
