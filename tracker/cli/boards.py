"""Verbs that ask about boards: states, histories, leaders, changes, and who is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.options import AsOfOption, DatabaseOption, FormatOption, open_database
from tracker.cli.output import Format, check_language, say, show
from tracker.common.text import did_you_mean
from tracker.common.times import moment
from tracker.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from tracker.answers.boards import Leaderboard
    from tracker.answers.history import Why

BoardArgument = Annotated[str, typer.Argument(help="Edition, slug or series, e.g. mteb-english.")]
ModelArgument = Annotated[
    str, typer.Argument(help="Public id, present or former, e.g. nvidia/NV-Embed-v2.")
]
SinceOption = Annotated[str | None, typer.Option("--since", help="Earlier date.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="Later date; now.")]
_PART = "A part of the board"
_ROWS = "Which rows"
_COLUMNS = (
    "rank", "place", "model", "points", "mean_task", "mean_task_type", "mean_common", "n_tasks",
    "partial", "parameters", "embedding_dimensions", "max_tokens", "licence", "zero_shot_pct",
)  # fmt: skip


def boards(
    all_tables: Annotated[
        bool, typer.Option("--all-tables", help="Also tables of single task types.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Every board: its series, period and size."""
    with open_database(database) as catalog:
        frame = catalog.boards(all_tables=all_tables)
    show(
        frame,
        format_,
        columns=["series", "edition", "n_tasks", "n_rows", "first_at", "last_at", "current"],
    )


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
    max_parameters: Annotated[
        str | None,
        typer.Option(
            "--max-parameters", help="At most so many parameters, e.g. 600M.", rich_help_panel=_ROWS
        ),
    ] = None,
    max_memory: Annotated[
        str | None,
        typer.Option(
            "--max-memory", help="At most so much memory, e.g. 4GB.", rich_help_panel=_ROWS
        ),
    ] = None,
    min_context: Annotated[
        int | None,
        typer.Option(
            "--min-context", min=1, help="Inputs of at least so many tokens.", rich_help_panel=_ROWS
        ),
    ] = None,
    open_weights: Annotated[
        bool,
        typer.Option("--open-weights", help="Weights can be downloaded.", rich_help_panel=_ROWS),
    ] = False,
    licence: Annotated[
        str | None,
        typer.Option(
            "--licence", help="One of these licences, e.g. apache-2.0,mit.", rich_help_panel=_ROWS
        ),
    ] = None,
    commercial: Annotated[
        bool,
        typer.Option(
            "--commercial", help="A licence that allows commercial use.", rich_help_panel=_ROWS
        ),
    ] = False,
    organisation: Annotated[
        str | None,
        typer.Option("--org", help="Models of this organisation.", rich_help_panel=_ROWS),
    ] = None,
    untrained_only: Annotated[
        bool,
        typer.Option(
            "--untrained-only",
            help="Declared to be trained on none of the tasks.",
            rich_help_panel=_ROWS,
        ),
    ] = False,
    no_instructions: Annotated[
        bool,
        typer.Option("--no-instructions", help="Needs no instructions.", rich_help_panel=_ROWS),
    ] = False,
    pooling: Annotated[
        str | None,
        typer.Option("--pooling", help="A pooling, e.g. last-token.", rich_help_panel=_ROWS),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", help="A part of the base model's name.", rich_help_panel=_ROWS),
    ] = None,
    released_since: Annotated[
        str | None,
        typer.Option(
            "--released-since", help="Released on this day or later.", rich_help_panel=_ROWS
        ),
    ] = None,
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
        )
    for line in _header(found):
        say(line)
    frame = found.to_polars()
    if sort is not None:
        frame = _sorted(frame, sort)
    show(frame, format_, columns=[c for c in _COLUMNS if _is_told(frame, c)])


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
    rule = "Borda count over tasks" if board.unit == "points" else board.unit.replace("_", " ")
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
            f"mean_common: over the {common.n} of {common.n_total} tasks that all of the first"
            f" twenty have; without {shown}"
        )
    for task, n_files in board.unavailable:
        lines.append(f"{task}: the recorded copy lacks {n_files} result files of this task")
    if board.n_unattributed:
        lines.append(
            f"{board.n_unattributed} models with results here are not in the registry:"
            " see tracker doctor"
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


def history(
    board: BoardArgument,
    model: ModelArgument,
    all_editions: Annotated[
        bool, typer.Option("--all-editions", help="Every edition of a series for all its time.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Rank and value of a model over time: tracker history mteb-english nvidia/NV-Embed-v2."""
    with open_database(database) as catalog:
        frame = catalog.history(board, model, all_editions=all_editions)
    columns = ["edition", "model", "origin", "from_at", "to_at", "rank", "mean_task"]
    columns += ["mean_task_type", "n_tasks", "n_tasks_total", "partial"]
    show(frame, format_, columns=[c for c in columns if c != "partial" or frame[c].any()])


def leaders(
    board: BoardArgument,
    since: SinceOption = None,
    until: UntilOption = None,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Who led from which day to which, by how much, and why it ended: tracker leaders c-mteb."""
    with open_database(database) as catalog:
        frame = catalog.leaders(board, since=since, until=until)
    if frame.is_empty():
        say("nobody led in this time")
    columns = ["from_day", "until_day", "model", "board", "unit", "by", "mean_by", "reason"]
    show(frame, format_, columns=columns)


def changes(
    board: Annotated[str | None, typer.Argument(help="Edition, slug or series; all.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    all_shifts: Annotated[
        bool,
        typer.Option("--all", help="Also ranks that moved only because of other models."),
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """What appeared, left, moved or changed its value between two dates, and why."""
    from tracker.cli.results import show_changes

    with open_database(database) as catalog:
        found = catalog.changes(board, since=since, until=until, all_shifts=True)
        known = catalog.data_until
    if until is not None and known is not None and moment(until)[:10] > known[:10]:
        say(f"nothing is known after {known}: these are the changes until then")
    show_changes(found, format_, all_shifts=all_shifts)


def why(
    model: ModelArgument,
    board: BoardArgument,
    as_of: AsOfOption = None,
    language: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Why a model is not on a board: tracker why bchoiced/CHAIN19 mteb-english."""
    from tracker.answers.frames import why_frame

    check_language(language)
    with open_database(database) as catalog:
        found = catalog.why(model, board, as_of)
    say(_subject(found))
    columns = ["kind", "reason", "remedy", "day", "commit"]
    show(why_frame(found, language), format_, columns=columns)


def _subject(found: Why) -> str:
    now = f" (now {found.model_now})" if found.model_now != found.model else ""
    state = f"rank {found.rank} of {found.n_ranked}" if found.listed else "not listed"
    return f"{found.model}{now} on {found.board} as of {found.as_of}: {state}"


VERBS: tuple[Callable[..., None], ...] = (boards, leaderboard, history, leaders, changes, why)
