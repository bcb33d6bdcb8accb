"""Verbs for those who write curated files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import DatabaseOption, FormatOption, open_database
from tracker.cli.output import Format, say, show
from tracker.errors import one_line

if TYPE_CHECKING:
    from tracker.answers.models import EvidenceLine
    from tracker.exports.accepting import Question

curate = typer.Typer(help="Check and extend the curated knowledge.", no_args_is_help=True)
new = typer.Typer(help="An entry to start from.", no_args_is_help=True)
curate.add_typer(new, name="new")


@curate.command("check")
def check() -> None:
    """Read every curated file; the first mistake is one line: file, line, remedy."""
    from tracker.curated import read_curated
    from tracker.settings import load_settings

    folder = load_settings().curated
    found = read_curated(folder)
    counts = {
        "models": found.models,
        "papers": found.papers,
        "terms": found.terms,
        "datasets": found.datasets,
        "comparisons": found.comparisons,
        "relations": found.relations,
        "corrections": found.corrections,
    }
    told = ", ".join(f"{len(entries)} {name}" for name, entries in counts.items())
    typer.echo(f"{folder}: {told}")


@curate.command("schema")
def schema() -> None:
    """Write the JSON Schemas by which editors complete and check curated files."""
    from tracker.exports.curating import write_schemas
    from tracker.settings import load_settings

    for name in write_schemas(load_settings().curated):
        say(f"wrote {name}")


@curate.command("verify")
def verify(
    model: Annotated[
        str | None, typer.Option("--model", help="Only models whose public id contains this.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Only sources whose address contains this.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Print receipts that hold and unchecked ones as well.")
    ] = False,
    format_: FormatOption = Format.table,
) -> None:
    """Compare receipts with their sources: verified, moved, not there, changed, unreachable.

    Sources that are neither archived nor on record are fetched, unless TRACKER_OFFLINE is set.
    Exit code 1 if a receipt has moved, is not there, or its source has changed.
    """
    from collections import Counter

    from tracker.answers.frames import frame_of
    from tracker.settings import load_settings
    from tracker.update.receipts import WRONG, verify_receipts

    lines = verify_receipts(load_settings(), model=model, source=source, notify=say)
    shown = [its for its in lines if everything or its.state not in ("verified", "unchecked")]
    show(frame_of("curate verify", shown), format_)
    counts = Counter(its.state for its in lines)
    say(", ".join(f"{n} {state}" for state, n in counts.most_common()) or "no receipts")
    raise typer.Exit(1 if any(its.state in WRONG for its in lines) else 0)


@curate.command("copy")
def copy(
    source: Annotated[str, typer.Argument(help="Address of the source, as it is cited.")],
    file: Annotated[Path, typer.Argument(help="File with the copied bytes.")],
    server: Annotated[str, typer.Option("--server", help="Address at which the copy is kept.")],
) -> None:
    """Archive a copy of a cited source, so that its receipts can be verified by it.

    They are marked as read in a copy until the source itself is fetched.
    """
    from tracker.settings import load_settings
    from tracker.update.receipts import add_copy

    add_copy(load_settings(), source, file, server)
    say(f"archived {file} for {source}; run: tracker curate verify --source {source}")


@new.command("model")
def model(
    name: Annotated[str, typer.Argument(help="Public id, e.g. nvidia/NV-Embed-v2.")],
) -> None:
    """Start an entry for a model with what the catalog knows of it."""
    from tracker.api import open_catalog
    from tracker.exports.curating import new_model
    from tracker.settings import load_settings

    with open_catalog() as catalog:
        found = catalog.model(name)
    typer.echo(str(new_model(load_settings().curated, found)))


@curate.command("propose")
def propose(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many models.")] = 20,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """List models to curate next: those whose facts the first fifty of boards lack most."""
    with open_database(database) as catalog:
        frame = catalog.proposals()
    show(frame.head(limit), format_, columns=["model", "lack", "missing", "ready"])
    say(f"{frame.height} models lack something; accept what is ready: tracker curate accept MODEL")


@curate.command("accept")
def accept(
    name: Annotated[str, typer.Argument(help="Public id, e.g. nvidia/NV-Embed-v2.")],
    database: DatabaseOption = None,
) -> None:
    """Accept what texts state of a model as curated facts, one question at a time."""
    from tracker.answers.models import EvidenceLine
    from tracker.common.times import now_text
    from tracker.curated import read_curated
    from tracker.exports.accepting import ModelFile
    from tracker.settings import load_settings

    with open_database(database) as catalog:
        model = catalog.model(name)
        lines = [EvidenceLine(**row) for row in catalog.evidence(name).to_dicts()]
    folder = load_settings().curated
    file = ModelFile(folder, read_curated(folder), model.name, model.organisation)
    questions = list(file.questions(lines))
    accepted = 0
    for number, question in enumerate(questions, 1):
        _ask(question, f"{number} of {len(questions)}")
        answer = _answer(len(question.choices))
        if answer is None:
            break
        if answer:
            file.accept(question.choices[answer - 1], now_text()[:10])
            accepted += 1
    if not questions:
        say(f"no text states more of {model.name} than is curated")
    elif accepted:
        say(f"{accepted} facts written to {file.path}; load them: tracker load")


def _ask(question: Question, number: str) -> None:
    """Show a question with its numbered choices, each with its quote and source."""
    typer.echo(f"\n{question.property} ({number})")
    if question.decision:
        typer.echo(f"  {one_line(question.decision)}")
    for place, line in enumerate(question.choices, 1):
        typer.echo(f"  {place}  {_shown(line)}")
        typer.echo(f"     {one_line(line.source)}")


def _shown(line: EvidenceLine) -> str:
    quote = f" \u201c{line.quote}\u201d" if line.quote else ""
    return one_line(f"{line.value} [{line.kind}, {line.confidence}]{quote}")


def _answer(n_choices: int) -> int | None:
    """The number of a choice, 0 to skip, ``None`` to stop."""
    which = (
        "Enter or 1 accepts" if n_choices == 1 else f"Enter accepts 1, 2\u2013{n_choices} others"
    )
    while True:
        try:
            given = typer.prompt(f"{which}, s skips, q stops", default="1", show_default=False)
        except typer.Abort:  # the end of the input, or Ctrl-C
            return None
        given = given.strip().casefold()
        if given in ("s", "q"):
            return 0 if given == "s" else None
        if given.isdecimal() and 1 <= int(given) <= n_choices:
            return int(given)
        say(f"{given!r} is not a choice")
