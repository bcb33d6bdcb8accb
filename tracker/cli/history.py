"""Commands on boards through time: history, leaders, changes, and why a model is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.answers.frames import listing_of, why_frame
from tracker.cli.completion import model_names
from tracker.cli.options import (
    AsOfOption,
    BoardArgument,
    DatabaseOption,
    FormatOption,
    LanguageOption,
    open_database,
)
from tracker.cli.output import Format, check_language, say, show
from tracker.common.times import moment

if TYPE_CHECKING:
    from tracker.answers.history import Why

ModelArgument = Annotated[
    str,
    typer.Argument(
        help="Public id, present or former, or short name, e.g. NV-Embed-v2.",
        autocompletion=model_names,
    ),
]
SinceOption = Annotated[str | None, typer.Option("--since", help="Earlier date, as for --as-of.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="Later date; now.")]


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
        found = catalog.history_list(board, model, all_editions=all_editions)
    columns = ["edition", "model", "origin", "from_at", "to_at", "rank", "mean_task"]
    columns += ["mean_task_type", "n_tasks", "n_tasks_total", "partial"]
    is_partial = any(point.partial for point in found)
    shown = [name for name in columns if name != "partial" or is_partial]
    show(listing_of("history", found), format_, columns=shown)


def leaders(
    board: BoardArgument,
    since: SinceOption = None,
    until: UntilOption = None,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Leads of a board: days, model, margin and why each ended: tracker leaders c-mteb."""
    with open_database(database) as catalog:
        found = catalog.leader_list(board, since=since, until=until)
    if not found:
        say("nobody led in this time")
    columns = ["from_day", "until_day", "model", "board", "unit", "by", "mean_by", "reason"]
    show(listing_of("leaders", found), format_, columns=columns)


def changes(
    board: Annotated[
        str | None, typer.Argument(help="Edition or series, e.g. french; all.")
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    all_shifts: Annotated[
        bool,
        typer.Option("--all", help="Also ranks that moved only because of other models."),
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Models that appeared, left, moved or changed value between two dates, and why."""
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
    language: LanguageOption = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Why a model is not on a board: tracker why bchoiced/CHAIN19 mteb-english."""
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
