"""The board on a date: which part of it, which rows, and what a reader must know first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from tracker.cli.leaderboard_options import (
    CollapseCopies,
    CompleteOnly,
    FoldFinetunes,
    Identity,
    Intervals,
    Language,
    Origin,
    RankBy,
    Sort,
    Task,
    Tasks,
    Top,
    Type,
    WithoutSuspect,
    WithPartial,
)
from tracker.cli.options import (
    AsOfOption,
    BoardArgument,
    DatabaseOption,
    FormatOption,
    fields_of,
    open_database,
)
from tracker.cli.output import Format, say, show
from tracker.common.text import did_you_mean
from tracker.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from tracker.answers.boards import Leaderboard

_COLUMNS = (
    "rank", "place", "model", "points", "mean_task", "mean_task_type", "mean_common", "n_tasks",
    "partial", "parameters", "embedding_dimensions", "max_tokens", "licence", "zero_shot_pct",
)  # fmt: skip


def leaderboard(
    board: BoardArgument,
    as_of: AsOfOption = None,
    rank_by: RankBy = "published",
    origin: Origin = None,
    identity: Identity = "resolved",
    top: Top = None,
    complete_only: CompleteOnly = False,
    collapse_copies: CollapseCopies = True,
    with_partial: WithPartial = True,
    type_: Type = None,
    task: Task = None,
    tasks: Tasks = None,
    language: Language = None,
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
    without_suspect: WithoutSuspect = False,
    intervals: Intervals = False,
    fold_finetunes: FoldFinetunes = False,
    sort: Sort = None,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """A board on a date: tracker leaderboard mteb-english --as-of 2024-10-22."""
    tasks = ",".join([*(task or ()), *([tasks] if tasks else ())]) or None
    # The first rows of another order are not those of the first ranks.
    question = locals() | {"type": type_, "top": top if sort is None else None}
    with open_database(database) as catalog:
        found = catalog.board(**fields_of("BoardQuery", question))
    for line in _header(found):
        say(line)
    frame = found.to_polars()
    if sort is not None:
        frame = _sorted(frame, sort)[:top]
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
