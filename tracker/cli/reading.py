"""Verbs that ask the catalog."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.output import Format, check_language, say, show
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.api import Catalog

FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="table, json, csv or markdown.")
]
DatabaseOption = Annotated[
    str | None, typer.Option("--db", help="Catalog to ask: SQLAlchemy URL or path.")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="The end of this day in UTC: YYYY-MM-DD.")
]


def _open(database: str | None) -> Catalog:
    from tracker.api import open_catalog

    return open_catalog(database)


def boards(
    all_tables: Annotated[
        bool, typer.Option("--all-tables", help="Also tables of single task types.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Every board: its series, period and size."""
    with _open(database) as catalog:
        frame = catalog.boards(all_tables=all_tables)
    show(
        frame,
        format_,
        columns=["series", "edition", "n_tasks", "n_rows", "first_at", "last_at", "current"],
    )


def leaderboard(
    board: Annotated[str, typer.Argument(help="Edition, slug or series, e.g. mteb-english.")],
    as_of: AsOfOption = None,
    rank_by: Annotated[
        str, typer.Option("--rank-by", help="published, borda, mean_task or mean_task_type.")
    ] = "published",
    origin: Annotated[str | None, typer.Option("--origin", help="published or recomputed.")] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="At most so many lines.")] = None,
    complete_only: Annotated[
        bool, typer.Option("--complete-only", help="Only models with a score for every task.")
    ] = False,
    collapse_copies: Annotated[
        bool,
        typer.Option(
            "--collapse-copies/--all-rows",
            help="One line for a model and its re-uploads, or the board as printed.",
        ),
    ] = True,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """A board on a date: tracker leaderboard mteb-english --as-of 2024-10-22."""
    from tracker.insights.frames import board_frame

    with _open(database) as catalog:
        found = catalog.board(
            board,
            as_of,
            rank_by=rank_by,
            origin=origin,
            complete_only=complete_only,
            collapse_copies=collapse_copies,
            top=top,
        )
    edition, where = found.edition, found.provenance
    say(
        f"{edition.name} · {edition.n_tasks} tasks · as of {found.as_of} · "
        + (
            f"recomputed with {found.registry} from results of {found.published_at}"
            if found.registry
            else f"published {found.published_at} · last seen {where.fetched_at}"
        )
        + f" · {where.source}"
        + (f" {where.commit[:12]}" if where.commit else "")
    )
    if found.note:
        say(found.note.en)
    if found.n_collapsed:
        say(f"{found.n_collapsed} copies are collapsed; --all-rows shows the board as printed")
    columns = ["rank", "model", "mean_task", "mean_task_type", "n_tasks", "parameters"]
    columns += ["embedding_dimensions", "max_tokens", "licence", "zero_shot_pct"]
    frame = board_frame(found)
    show(frame, format_, columns=[c for c in columns if _told(frame, c)])


def _told(frame: Any, column: str) -> bool:
    """Whether a column says anything: an old board has no zero-shot share, for example."""
    return column in ("rank", "model", "mean_task") or frame[column].null_count() < frame.height


def history(
    board: Annotated[str, typer.Argument(help="Edition, slug or series.")],
    model: Annotated[str, typer.Argument(help="Public id, e.g. nvidia/NV-Embed-v2.")],
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Rank and value of a model over time: as published, and recomputed before that."""
    with _open(database) as catalog:
        frame = catalog.history(board, model)
    show(
        frame,
        format_,
        columns=[
            "edition",
            "origin",
            "from_at",
            "to_at",
            "rank",
            "mean_task",
            "mean_task_type",
            "n_tasks",
        ],
    )


def changes(
    board: Annotated[str | None, typer.Argument(help="Edition, slug or series; all.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Earlier date.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Later date; now.")] = None,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """What appeared, left, moved or changed its value between two dates, and why."""
    from tracker.cli.results import show_changes

    with _open(database) as catalog:
        show_changes(catalog.changes(board, since=since, until=until), format_)


def claims(
    model: Annotated[str, typer.Argument(help="Public id, e.g. nvidia/NV-Embed-v2.")],
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Self-reported scores beside runs of the same task, split and subset, now or ever."""
    from tracker.cli.results import show_claims

    with _open(database) as catalog:
        show_claims(catalog.claims(model), format_)


def models(
    organisation: Annotated[
        str | None, typer.Option("--org", help="Only models of this organisation.")
    ] = None,
    pooling: Annotated[
        str | None, typer.Option("--pooling", help="A pooling, e.g. last-token.")
    ] = None,
    technique: Annotated[
        str | None, typer.Option("--technique", help="Any term, e.g. synthetic-data, 难负例.")
    ] = None,
    objective: Annotated[
        str | None, typer.Option("--objective", help="A training objective, e.g. infonce.")
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", help="Part of the base model's name.")
    ] = None,
    trained_on: Annotated[
        str | None, typer.Option("--trained-on", help="A dataset, e.g. MEDI.")
    ] = None,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Models: size, dimensions, licence, boards; all, or those with a method."""
    with _open(database) as catalog:
        frame = catalog.models(
            organisation=organisation,
            pooling=pooling,
            technique=technique,
            objective=objective,
            base=base,
            trained_on=trained_on,
        )
    if frame.is_empty():
        say("no models")
    show(
        frame,
        format_,
        columns=[
            "model",
            "parameters",
            "embedding_dimensions",
            "max_tokens",
            "licence",
            "release_date",
            "n_boards",
            "n_facts",
        ],
    )


def model(
    name: Annotated[str, typer.Argument(help="Public id, e.g. nvidia/NV-Embed-v2.")],
    language: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """All that is known of one model, each statement with its receipt."""
    from tracker.cli.model import show_model

    check_language(language)
    with _open(database) as catalog:
        show_model(catalog.model(name), format_, language)


def compare(
    names: Annotated[list[str], typer.Argument(metavar="MODEL MODEL…", help="Public ids.")],
    board: Annotated[
        str | None, typer.Option("--board", help="Add rank and means on this board.")
    ] = None,
    as_of: AsOfOption = None,
    language: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Models side by side: what differs first, then what they share."""
    check_language(language)
    with _open(database) as catalog:
        frame = catalog.compare(*names, board=board, as_of=as_of, language=language)
    show(frame, format_)


def note(
    as_of: AsOfOption = None,
    language: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
    database: DatabaseOption = None,
) -> None:
    """A dated note as Markdown: who leads and why, Chinese models, training data and methods."""
    from tracker.exports.notes import make_note
    from tracker.insights.editions import moment

    check_language(language)
    with _open(database) as catalog:
        typer.echo(make_note(catalog, moment(as_of)[:10], language), nl=False)


def papers(
    query: Annotated[str | None, typer.Argument(help="Words in title or authors.")] = None,
    unmatched: Annotated[
        bool, typer.Option("--unmatched", help="Those of no known model, with proposals.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Papers, newest first; those that wait for a person with the models they may present."""
    if unmatched and query:
        raise UsageError("--unmatched lists all of them: leave out the words")
    with _open(database) as catalog:
        frame = catalog.unmatched() if unmatched else catalog.papers(query)
    if frame.is_empty():
        say("no papers")
    show(frame, format_)


def status(format_: FormatOption = Format.table, database: DatabaseOption = None) -> None:
    """Each source: last success and failure, newest data, rows, and whether it is late."""
    from tracker.health_answers import SourceStatus
    from tracker.insights.frames import frame_of

    with _open(database) as catalog:
        found = catalog.status()
    show(
        frame_of(found, SourceStatus),
        format_,
        columns=[
            "source",
            "state",
            "last_success",
            "last_failure",
            "data_until",
            "snapshots",
            "rejected",
            "rows",
        ],
    )
    for source in found:
        if source.failure:
            say(f"{source.source}: {source.failure}")


def doctor(
    coverage: Annotated[
        bool, typer.Option("--coverage", help="What is documented of the leading models.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """What in the data a person should look at: unreadable files, lost averages, copies."""
    from tracker.health_answers import Finding
    from tracker.insights.frames import frame_of

    with _open(database) as catalog:
        if coverage:
            show(catalog.coverage(), format_)
            return
        found = catalog.doctor()
    show(frame_of(found, Finding), format_, columns=["severity", "check", "place", "message"])
    say(f"{len(found)} findings" if found else "no findings")


def sql(
    query: Annotated[str, typer.Argument(help="One query; the connection refuses to write.")],
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Ask the catalog in SQL."""
    with _open(database) as catalog:
        show(catalog.sql(query), format_)


VERBS: tuple[Callable[..., None], ...] = (
    boards,
    leaderboard,
    history,
    changes,
    claims,
    models,
    model,
    compare,
    note,
    papers,
    status,
    doctor,
    sql,
)
