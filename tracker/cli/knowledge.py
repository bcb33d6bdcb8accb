"""Verbs that ask about methods: papers, references, datasets, techniques, search."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import (
    AsOfOption,
    BoardArgument,
    DatabaseOption,
    FormatOption,
    LanguageOption,
    open_database,
)
from tracker.cli.output import Format, check_language, say, show

if TYPE_CHECKING:
    from tracker.answers.methods import Paper


def _show_one(record: object, lines: list[tuple[str, str | None]], format_: Format) -> None:
    """Print one thing: JSON has all of it as one object, the others a line for each statement."""
    from dataclasses import asdict

    import orjson
    import polars as pl

    if format_ is Format.json:
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        sys.stdout.buffer.write(orjson.dumps(asdict(record), option=options))  # type: ignore[call-overload]
        return
    told = [line for line in lines if line[1]]
    columns = dict.fromkeys(("what", "value"), pl.String)
    show(pl.DataFrame(told, schema=columns, orient="row"), format_, wrapped=True)


def search(
    text: Annotated[list[str], typer.Argument(metavar="TEXT…", help="Words, also Chinese: 池化.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 20,
    language: LanguageOption = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Find models, papers, datasets, techniques and comparisons that have all words."""
    check_language(language)
    with open_database(database) as catalog:
        frame = catalog.search(" ".join(text), limit=limit)
    if frame.is_empty():
        say("nothing found")
    columns = ["kind", "key", "title", "about"]
    if language == "zh":
        columns[2:] = ["title_zh", "about_zh"]
    show(frame, format_, columns=columns, wrapped=True)


def paper(
    arxiv_id: Annotated[str, typer.Argument(help="arXiv id or address, e.g. 2405.17428.")],
    language: LanguageOption = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """One paper: what it brought, and which models, datasets and terms refer to it."""
    check_language(language)
    with open_database(database) as catalog:
        found = catalog.paper(arxiv_id)
    brought = getattr(found.introduces, language) if found.introduces else None
    lines: list[tuple[str, str | None]] = [
        ("paper", found.arxiv_id),
        ("title", found.title),
        ("authors", ", ".join(found.authors)),
        ("published", found.published),
        ("venue", found.venue),
        ("introduces", brought),
        ("abstract", found.abstract),
        ("address", found.url),
        ("withdrawn", _withdrawal(found)),
    ]
    for its in found.models:
        role = getattr(its.role, language) if its.role else its.reason
        lines.append(("model", f"{its.model}: {role}"))
    lines += [("dataset", slug) for slug in found.datasets]
    lines += [("term", slug) for slug in found.terms]
    lines.append(("boards", ", ".join(found.boards)))
    lines.append(("tasks", ", ".join(found.tasks)))
    _show_one(found, lines, format_)


def _withdrawal(found: Paper) -> str | None:
    """When and why a paper was withdrawn."""
    if not found.withdrawn:
        return None
    day = f", {found.withdrawn_on}" if found.withdrawn_on else ""
    return f"by its authors{day}" + (
        f": {found.withdrawn_because}" if found.withdrawn_because else ""
    )


class Bibliography(StrEnum):
    """A format that reference managers read."""

    bibtex = "bibtex"
    csl_json = "csl-json"
    ris = "ris"


def bibtex(
    names: Annotated[
        list[str],
        typer.Argument(metavar="MODEL|PAPER…", help="Public ids, or arXiv ids in any spelling."),
    ],
    format_: Annotated[
        Bibliography, typer.Option("--format", "-f", help="bibtex, csl-json or ris.")
    ] = Bibliography.bibtex,
    database: DatabaseOption = None,
) -> None:
    """References of papers, or of the papers of models, for a reference manager."""
    with open_database(database) as catalog:
        text = catalog.bibtex(*names, form=format_.value)
    sys.stdout.buffer.write(f"{text}\n".encode())


def cite(
    board: BoardArgument,
    as_of: AsOfOption = None,
    format_: Annotated[
        Bibliography, typer.Option("--format", "-f", help="bibtex, csl-json or ris.")
    ] = Bibliography.bibtex,
    database: DatabaseOption = None,
) -> None:
    """The reference of a board as it stood on a day, with the digest of the data."""
    with open_database(database) as catalog:
        text = catalog.cite(board, as_of, form=format_.value)
    sys.stdout.buffer.write(f"{text}\n".encode())


def datasets(format_: FormatOption = Format.table, database: DatabaseOption = None) -> None:
    """Benchmarks and training data, with how many models declare each."""
    with open_database(database) as catalog:
        frame = catalog.datasets()
    columns = ["slug", "name", "kind", "size", "languages", "n_models", "n_curated", "n_tasks"]
    show(frame, format_, columns=columns)


def dataset(
    name: Annotated[str, typer.Argument(help="Slug, name or alias, e.g. MEDI.")],
    language: LanguageOption = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """One dataset: who was trained on it, declared where, and which tasks it overlaps."""
    check_language(language)
    with open_database(database) as catalog:
        found = catalog.dataset(name)

    def said(text: object) -> str | None:
        return getattr(text, language) if text else None

    lines: list[tuple[str, str | None]] = [
        ("dataset", found.name),
        ("kind", said(found.kind_label)),
        ("what", said(found.what)),
        ("size", said(found.size)),
        ("languages", said(found.languages)),
        ("note", said(found.note)),
        ("paper", found.paper),
        ("part of", ", ".join(found.part_of)),
        ("contains", ", ".join(found.parts)),
        ("tasks", ", ".join(found.tasks)),
        ("source", f"{found.source} ({found.confidence})"),
    ]
    for use in found.uses:
        limits = f" ({use.qualifier})" if use.qualifier else ""
        where = f"{use.source}" + (f": {use.locator}" if use.locator else "")
        lines.append((f"{use.declared} use", f"{use.model}{limits}, {where}"))
    _show_one(found, lines, format_)


def organisations(
    name: Annotated[
        str | None, typer.Argument(help="Name, alias or account, e.g. Tencent, 腾讯, BAAI.")
    ] = None,
    language: LanguageOption = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Organisations: names, accounts, number of models; or one of them with its models."""
    check_language(language)
    with open_database(database) as catalog:
        if name is None:
            title = "name_zh" if language == "zh" else "name"
            columns = ["slug", title, "kind", "parent", "n_models"]
            show(catalog.organisations(), format_, columns=columns)
            return
        found = catalog.organisation(name)
    lines: list[tuple[str, str | None]] = [
        ("organisation", getattr(found.name, language)),
        ("kind", found.kind),
        ("belongs to", found.parent),
        ("also called", ", ".join(found.aliases)),
        ("accounts", ", ".join(found.owners)),
        ("parts", ", ".join(found.parts)),
    ]
    lines += [("model", model) for model in found.models]
    _show_one(found, lines, format_)


def techniques(format_: FormatOption = Format.table, database: DatabaseOption = None) -> None:
    """Techniques: who uses them, first seen, and their share of each year's top 20 in English."""
    with open_database(database) as catalog:
        frame = catalog.techniques()
    columns = ["group", "slug", "label", "n_models", "first_seen", "first_model", "top20"]
    show(frame, format_, columns=columns)


def bases(format_: FormatOption = Format.table, database: DatabaseOption = None) -> None:
    """Base models: which of the first fifty of the main boards descend from each, with ranks."""
    with open_database(database) as catalog:
        frame = catalog.bases()
    if format_ is Format.table:
        import polars as pl

        indented = pl.concat_str(pl.lit("  ").repeat_by("depth").list.join(""), "model")
        frame = frame.with_columns(indented.alias("model"), pl.col("ranks").list.join(", "))
    show(frame, format_, columns=["model", "best", "ranks"])


def technique(
    name: Annotated[str, typer.Argument(help="Slug, label or phrase, e.g. slerp, 模型合并.")],
    language: LanguageOption = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """One technique: who brought it, the first model with it on a board, its share, its users."""
    check_language(language)
    with open_database(database) as catalog:
        found = catalog.technique(name)
    term = found.term
    lines: list[tuple[str, str | None]] = [
        ("technique", getattr(term.label, language)),
        ("group", term.group),
        ("what", getattr(term.definition, language)),
        ("paper", term.paper),
    ]
    lines += [("first on a board", first.text) for first in found.firsts]
    for board in found.boards:
        through = ", ".join(f"{share.at} {share.n}/{share.of}" for share in board.shares)
        lines.append(("of the first fifty", f"{board.series}: {through}"))
    for use in found.uses:
        lines.append(("model", f"{use.model} ({use.released})" if use.released else use.model))
    _show_one(found, lines, format_)
