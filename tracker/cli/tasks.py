"""Verbs that ask about single tasks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import AsOfOption, DatabaseOption, FormatOption, open_database
from tracker.cli.output import Format, say, show

if TYPE_CHECKING:
    import polars as pl

    from tracker.answers.tasks import Task
    from tracker.api import Catalog

_SHOWN = 8
"""Names that a line lists at most."""
_COLUMNS = ("rank", "model", "score", "exposure", "parameters", "licence", "since")


def tasks(
    language: Annotated[
        str | None, typer.Option("--language", help="A language: deu, de, German, 德语.")
    ] = None,
    type_: Annotated[str | None, typer.Option("--type", help="A type, e.g. Retrieval.")] = None,
    domain: Annotated[str | None, typer.Option("--domain", help="A domain, e.g. Legal.")] = None,
    board: Annotated[str | None, typer.Option("--board", help="Tasks of this board.")] = None,
    all_tasks: Annotated[
        bool, typer.Option("--all", help="Also tasks that no present board uses.")
    ] = False,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Tasks of the present boards: tracker tasks --language de --type Retrieval."""
    with open_database(database) as catalog:
        frame = catalog.tasks(
            language=language, type=type_, domain=domain, board=board, all_tasks=all_tasks
        )
    if frame.is_empty():
        say("no tasks")
    columns = ["name", "type", "metric", "languages", "domains", "n_boards", "dataset"]
    if format_ in (Format.table, Format.markdown):
        frame = _shortened(frame)
    show(frame, format_, columns=columns)


def _shortened(frame: pl.DataFrame) -> pl.DataFrame:
    """Long lists of languages as a few of them and their number."""
    import polars as pl

    few = pl.col("languages").list.head(_SHOWN).list.join(", ")
    n = pl.col("languages").list.len()
    return frame.with_columns(
        languages=pl.when(n > _SHOWN).then(pl.format("{} … ({})", few, n)).otherwise(few)
    )


def task(
    name: Annotated[str, typer.Argument(help="Name of the task, e.g. T2Retrieval.")],
    as_of: AsOfOption = None,
    board: Annotated[
        str | None,
        typer.Option("--board", help="Count the splits and subsets that this board counts."),
    ] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="At most so many rows.")] = None,
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """One task: what it is, who leads it since when, its table, and who was trained on it."""
    from dataclasses import replace

    import polars as pl

    with open_database(database) as catalog:
        found = catalog.task(name, as_of, board=board)
        is_read = format_ in (Format.table, Format.markdown)
        suspects = _suspects(catalog, found, as_of) if is_read else {}
    found = replace(found, rows=found.rows[:top])
    if format_ is Format.json:
        _show_json(found)
        return
    for line in _about(found):
        say(line)
    frame, columns = found.to_polars(), list(_COLUMNS)
    marks = [suspects.get(row.model_now) for row in found.rows]
    if any(marks):
        say(f"suspect scores are leads, not verdicts: tracker lint --task {found.info.name}")
        frame = frame.with_columns(pl.Series("suspect", marks, pl.String))
        columns.insert(3, "suspect")
    show(frame, format_, columns=columns)


def _suspects(catalog: Catalog, found: Task, as_of: str | None) -> dict[str, str]:
    """Rules that find a model's score on the task suspect, by present name."""
    from tracker.errors import NoDataError, SourceError
    from tracker.ranking.suspect_rules import OF_SCORES

    rules: dict[str, dict[str, None]] = {}
    # Ranks may be known without the result files.
    with suppress(NoDataError, SourceError):
        for one in catalog.lint_list(task=found.info.name, as_of=as_of):
            if one.rule in OF_SCORES:
                rules.setdefault(one.model_now, {})[one.rule] = None
    return {model: ", ".join(names) for model, names in rules.items()}


def _show_json(found: Task) -> None:
    """Print all of a task as one object."""
    from dataclasses import asdict

    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    sys.stdout.buffer.write(orjson.dumps(asdict(found), option=options))


def _about(found: Task) -> Iterator[str]:
    """What a reader should know of a task before its table."""
    info = found.info
    yield (
        f"{info.name} · {info.type} · {info.metric} · {_listed(info.languages)}"
        f" · {_listed(info.domains) or 'no domain stated'} · {info.registry}"
    )
    data = f"data {info.dataset or 'not stated'}"
    if info.revision:
        data += f" at {info.revision[:12]}"
    splits = f"splits {', '.join(found.splits)} · {_some(found.subsets, 'subset')}"
    yield f"{data}{'' if info.public else ' (private)'} · {splits}"
    if info.superseded_by:
        yield f"superseded by {info.superseded_by}"
    yield f"boards: {_listed(info.board_names) or 'no present board'}"
    lead = found.leader
    if lead is not None:
        by = "" if lead.by is None else f", {lead.by:+.2f} before the next"
        now = f" (now {lead.model_now})" if lead.model_now != lead.model else ""
        yield f"led by {lead.model}{now} since {lead.from_day} ({lead.score:.2f} then{by})"
    counts = {kind: sum(one.exposure == kind for one in found.trained) for kind in _TRAINED}
    told = ", ".join(f"{n} {_TRAINED[kind]}" for kind, n in counts.items())
    n = found.n_undeclared
    rest = "1 model declares nothing" if n == 1 else f"{n} models declare nothing"
    yield f"declared training: {told}; {rest}"
    if not found.scored:
        yield "no raw scores are in the catalog; fetch result-files, then load"
    elif not found.rows:
        yield f"no model has a score on {found.as_of[:10]}"


_TRAINED = {"itself": "on the task itself", "base": "by a base model", "sibling": "on a sibling"}


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} … ({len(names)})"


def _some(names: tuple[str, ...], what: str) -> str:
    return f"{what} {names[0]}" if len(names) == 1 else f"{len(names)} {what}s: {_listed(names)}"
