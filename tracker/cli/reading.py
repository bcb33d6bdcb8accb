"""Verbs that ask the catalog about models, papers, sources and data."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.completion import model_names
from tracker.cli.options import (
    AsOfOption,
    DatabaseOption,
    FormatOption,
    LanguageOption,
    open_database,
)
from tracker.cli.output import Format, check_language, say, show
from tracker.errors import UsageError


def claims(
    model: Annotated[
        str, typer.Argument(help="Public id, e.g. nvidia/NV-Embed-v2.", autocompletion=model_names)
    ],
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Self-reported scores beside runs of the same task, split and subset, now or ever."""
    from tracker.cli.results import show_claims

    with open_database(database) as catalog:
        show_claims(catalog.claims(model), format_)


def models(
    organisation: Annotated[
        str | None,
        typer.Option("--org", help="Only models of this organisation, e.g. Tencent, 腾讯, BAAI."),
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
    with open_database(database) as catalog:
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
    name: Annotated[
        str, typer.Argument(help="Public id, e.g. nvidia/NV-Embed-v2.", autocompletion=model_names)
    ],
    language: LanguageOption = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """All that is known of one model, each statement with its receipt."""
    from tracker.cli.model import show_model

    check_language(language)
    with open_database(database) as catalog:
        show_model(catalog.model(name), format_, language)


def lineage(
    model: Annotated[
        str, typer.Argument(help="Public id, e.g. nvidia/NV-Embed-v2.", autocompletion=model_names)
    ],
    data: Annotated[
        bool, typer.Option("--data", help="The training data that it inherits, instead.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """What a model was made of and what was made of it: bases, fine-tunes, builds, copies."""
    with open_database(database) as catalog:
        found = catalog.lineage(model)
    frame = found.inherited_data() if data else found.to_polars()
    if frame.is_empty():
        say("no inherited training data" if data else "no relatives")
    show(frame, format_, columns=frame.columns[1:])


def compare(
    names: Annotated[
        list[str],
        typer.Argument(metavar="MODEL MODEL…", help="Public ids.", autocompletion=model_names),
    ],
    board: Annotated[
        str | None,
        typer.Option(
            "--board", help="Add rank, means, and the paired difference to the first model."
        ),
    ] = None,
    as_of: AsOfOption = None,
    language: LanguageOption = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Models side by side: what differs first, then what they share."""
    check_language(language)
    with open_database(database) as catalog:
        found = catalog.comparison(*names, board=board, as_of=as_of, language=language)
    if board and not found.differences:
        say("no paired differences: they need scores of single tasks of both models on this board")
    show(found.to_polars(), format_, wrapped=True)


def note(
    as_of: AsOfOption = None,
    language: LanguageOption = "en",
    database: DatabaseOption = None,
) -> None:
    """A dated note as Markdown: who leads and why, Chinese models, training data and methods."""
    from tracker.common.times import moment
    from tracker.exports.notes import make_note

    check_language(language)
    with open_database(database) as catalog:
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
    with open_database(database) as catalog:
        frame = catalog.unmatched() if unmatched else catalog.papers(query)
    if frame.is_empty():
        say("no papers")
    show(frame, format_)


def doctor(
    coverage: Annotated[
        bool, typer.Option("--coverage", help="What is documented of the leading models.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """What in the data a person should look at: unreadable files, lost averages, copies."""
    from tracker.answers.frames import frame_of

    with open_database(database) as catalog:
        if coverage:
            show(catalog.coverage(), format_)
            return
        found = catalog.doctor()
    show(
        frame_of("doctor", found),
        format_,
        columns=["severity", "check", "place", "message"],
        wrapped=True,
    )
    say(f"{len(found)} findings" if found else "no findings")


def sql(
    query: Annotated[str, typer.Argument(help="One query; the connection refuses to write.")],
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Ask the catalog in SQL."""
    with open_database(database) as catalog:
        show(catalog.sql(query), format_)
