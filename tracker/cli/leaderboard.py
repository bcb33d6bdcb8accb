"""The board on a date: which part of it, which rows, and what a reader must know first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.conditions import (
    Base,
    Commercial,
    Licence,
    MaxMemory,
    MaxParameters,
    MinContext,
    NoInstructions,
    OpenWeights,
    Organisation,
    Pooling,
    ReleasedSince,
    UntrainedOnly,
)
from tracker.cli.options import (
    AsOfOption,
    BoardArgument,
    DatabaseOption,
    FormatOption,
    open_database,
)
from tracker.cli.output import Format, say, show
from tracker.common.text import did_you_mean
from tracker.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from tracker.answers.boards import Leaderboard

_PART = "A part of the board"
_ROWS = "Which rows"
_COLUMNS = (
    "rank", "place", "model", "points", "mean_task", "mean_task_type", "mean_common", "n_tasks",
    "partial", "parameters", "embedding_dimensions", "max_tokens", "licence", "zero_shot_pct",
)  # fmt: skip


def leaderboard(
    board: BoardArgument,
    as_of: AsOfOption = None,
    rank_by: Annotated[
        str, typer.Option("--rank-by", help="published, borda, mean_task or mean_task_type.")
    ] = "published",
    origin: Annotated[str | None, typer.Option("--origin", help="published or recomputed.")] = None,
    identity: Annotated[
        str,
        typer.Option(
            "--identity",
            help="resolved: one model through all its names; registry: by spelling alone, as the"
            " publisher's server.",
        ),
    ] = "resolved",
    top: Annotated[int | None, typer.Option("--top", min=1, help="At most so many rows.")] = None,
    complete_only: Annotated[
        bool, typer.Option("--complete-only", help="Only models with a score for every task.")
    ] = False,
    collapse_copies: Annotated[
        bool,
        typer.Option(
            "--collapse-copies/--all-rows",
            help="One row for a model and its re-uploads, or the archived board as published.",
        ),
    ] = True,
    with_partial: Annotated[
        bool,
        typer.Option(
            "--with-partial/--without-partial",
            help="Also models with scores for fewer than half of the tasks.",
        ),
    ] = True,
    type_: Annotated[
        str | None,
        typer.Option(
            "--type",
            help="Rank by tasks of this type alone, e.g. Retrieval.",
            rich_help_panel=_PART,
        ),
    ] = None,
    task: Annotated[
        list[str] | None,
        typer.Option(
            "--task",
            help="Rank by this task alone; may be given several times.",
            rich_help_panel=_PART,
        ),
    ] = None,
    tasks: Annotated[
        str | None,
        typer.Option("--tasks", help="The same, separated by commas.", rich_help_panel=_PART),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            help="Rank by the subsets in this language: deu, de, German, 德语.",
            rich_help_panel=_PART,
        ),
    ] = None,
    max_parameters: MaxParameters = None,
    max_memory: MaxMemory = None,
    min_context: MinContext = None,
    open_weights: OpenWeights = False,
    licence: Licence = None,
    commercial: Commercial = False,
    organisation: Organisation = None,
    untrained_only: UntrainedOnly = False,
    no_instructions: NoInstructions = False,
    pooling: Pooling = None,
    base: Base = None,
    released_since: ReleasedSince = None,
    without_suspect: Annotated[
        bool,
        typer.Option(
            "--without-suspect",
            help="Suspect scores (tracker lint) count as missing; ranks are computed without them.",
            rich_help_panel=_PART,
        ),
    ] = False,
    intervals: Annotated[
        bool,
        typer.Option("--intervals", help="Add 95 % intervals of rank and mean, and tie groups."),
    ] = False,
    fold_finetunes: Annotated[
        bool,
        typer.Option(
            "--fold-finetunes",
            help="Fold fine-tunes that are not clearly ahead of their base model into its row.",
        ),
    ] = False,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort", help="Show rows by this column, largest first.", rich_help_panel=_ROWS
        ),
    ] = None,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """A board on a date: tracker leaderboard mteb-english --as-of 2024-10-22."""
    with open_database(database) as catalog:
        found = catalog.board(
            board,
            as_of,
            rank_by=rank_by,
            origin=origin,
            identity=identity,
            complete_only=complete_only,
            collapse_copies=collapse_copies,
            with_partial=with_partial,
            top=top,
            type=type_,
            tasks=",".join([*(task or ()), *([tasks] if tasks else ())]) or None,
            language=language,
            max_parameters=max_parameters,
            max_memory=max_memory,
            min_context=min_context,
            open_weights=open_weights,
            licence=licence,
            commercial=commercial,
            organisation=organisation,
            untrained_only=untrained_only,
            no_instructions=no_instructions,
            pooling=pooling,
            base=base,
            released_since=released_since,
            without_suspect=without_suspect,
            intervals=intervals,
            fold_finetunes=fold_finetunes,
        )
    for line in _header(found):
        say(line)
    frame = found.to_polars()
    if sort is not None:
        frame = _sorted(frame, sort)
    columns = [c for c in _COLUMNS if _is_told(frame, c)]
    if fold_finetunes:
        columns.append("finetunes")
    if intervals and format_ in (Format.table, Format.markdown):
        from tracker.cli.intervals import COLUMNS, EXPLAINED, with_spans

        say(EXPLAINED)
        frame, columns = with_spans(frame), [*columns, *COLUMNS]
    show(frame, format_, columns=columns)


def _sorted(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rows by a column, the largest value first; a task type is a column, too.

    Raises:
        UsageError: There is no such column, or it has no order.
    """
    import polars as pl

    types = frame.schema["task_types"]
    names = [field.name for field in types.fields] if isinstance(types, pl.Struct) else []
    if column in names:
        return frame.sort(
            pl.col("task_types").struct.field(column),
            descending=True,
            nulls_last=True,
            maintain_order=True,
        )
    flat = [name for name, kind in frame.schema.items() if not kind.is_nested()]
    if column not in flat:
        raise UsageError(f"no column {column!r}", remedy=did_you_mean(column, [*flat, *names]))
    return frame.sort(column, descending=column != "rank", nulls_last=True, maintain_order=True)


def _header(board: Leaderboard) -> list[str]:
    """What a reader must know before the table."""
    edition, where = board.edition, board.provenance
    if board.origin == "recomputed":
        origin = f"recomputed with {board.registry} from results of {board.published_at}"
        if board.computed_now:
            origin += f" for this question (identity {board.identity})"
    elif board.origin == "recorded":
        origin = f"recorded from {where.server} at {board.published_at}, not as the public saw it"
    else:
        origin = f"published {board.published_at} · last seen {where.fetched_at}"
    if board.part:
        origin += f" · ranked by {board.part} alone"
    rule = "Borda count over tasks" if board.rule == "points" else board.rule.replace("_", " ")
    commit = f" {where.commit[:12]}" if where.commit else ""
    lines = [
        f"{edition.name} · {edition.n_tasks} tasks · as of {board.as_of} · {origin}"
        f" · {where.source}{commit} · ranked by {rule}"
    ]
    if board.asked_at:
        lines.append(
            f"nothing is known after {board.known_until}: this is the last known state,"
            f" not that of {board.asked_at[:10]}"
        )
    if board.note:
        lines.append(board.note.en)
    if board.common:
        common = board.common
        shown = ", ".join(common.missing[:5]) + (" …" if len(common.missing) > 5 else "")
        lines.append(
            f"mean_task is empty where a score is missing: some of the first twenty lack {shown};"
            f" mean_common is over the other {common.n} of {common.n_total} tasks"
        )
    for task, n_files in board.unavailable:
        lines.append(f"{task}: the recorded copy lacks {n_files} result files of this task")
    if board.n_unattributed:
        lines.append(
            f"{board.n_unattributed} models with results here are not in the registry:"
            " see tracker doctor"
        )
    if board.left_out:
        counts = ", ".join(f"{rule} {n}" for rule, n in board.left_out)
        lines.append(
            f"without suspect scores: results in which some count as missing, by rule: {counts};"
            " tracker lint lists them with reasons"
        )
    if board.n_folded:
        lines.append(
            f"{board.n_folded} fine-tunes that are not clearly ahead of their base model (95 %) are"
            " folded into its row; column finetunes names them"
        )
    if board.n_collapsed:
        lines.append(
            f"{board.n_collapsed} copies are collapsed; --all-rows shows the board as published"
        )
    return lines


def _is_told(frame: Any, column: str) -> bool:
    """Whether a column says anything: an old board has no zero-shot share, for example."""
    if column == "partial":
        return bool(frame[column].any())
    return column in ("rank", "model", "mean_task") or frame[column].null_count() < frame.height
