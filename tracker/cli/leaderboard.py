"""The board on a date: which part of it, which rows, and what a reader must know first."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from tracker.answers.boards import Leaderboard
    from tracker.answers.layouts import Listing

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
    listing = found.listing()
    if sort is not None:
        listing = listing.rows(_order(listing, sort)[:top])
    columns = [c for c in _COLUMNS if _is_told(listing, c)]
    if fold_finetunes:
        columns.append("finetunes")
    if intervals and format_ in (Format.table, Format.markdown):
        from tracker.cli.intervals import COLUMNS, EXPLAINED, with_spans

        say(EXPLAINED)
        show(with_spans(listing.frame()), format_, columns=[*columns, *COLUMNS])
    else:
        show(listing, format_, columns=columns)


def _order(listing: Listing, column: str) -> list[int]:
    """Places of rows by a column, the largest value first; a task type is a column, too.

    Raises:
        UsageError: There is no such column, or it has no order.
    """
    types = listing.types["task_types"].fields
    flat = [name for name, kind in listing.types.items() if not kind.is_nested]
    if column in types:
        values = [means.get(column) for means in listing.columns["task_types"]]
    elif column in flat:
        values = list(listing.columns[column])
    else:
        raise UsageError(f"no column {column!r}", remedy=did_you_mean(column, [*flat, *types]))
    known = [place for place, value in enumerate(values) if value is not None]
    missing = [place for place, value in enumerate(values) if value is None]
    return sorted(known, key=values.__getitem__, reverse=column != "rank") + missing


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


def _is_told(listing: Listing, column: str) -> bool:
    """Whether a column says anything: an old board has no zero-shot share, for example."""
    values = listing.columns[column]
    if column == "partial":
        return any(values)
    return column in ("rank", "model", "mean_task") or any(value is not None for value in values)
